"""Notes written by hand for the test: names that nothing announces, each marked {so}, and what looks like names and is none."""

from __future__ import annotations

import re

NOTES = (
    "{Halloway} denies chest pain. 3 days of fever and dry cough. Discussed with {Adebayo} from the chest team.",
    "CXR AP supine. Patchy opacities right lower zone. Reported, {J. Fenwick}.",
    "54F with fever 38.9. Her husband {Dmitri} says she was confused overnight. Sats 91% on air.\n\n{Priya Raman}",
    "Seen by {Okonkwo} on the ward round; plan agreed with {Lindqvist}. Continue oxygen, repeat film on day 3.",
    "{Maria Gonzalez} is a 61-year-old woman with hypertension. {Gonzalez} attended with {Luis}, her son.",
    "Cough for two weeks. Lives with daughter {Aoife}. No haemoptysis. Reviewed by {S. Venkataraman}, bloods sent.",
    "Chest clear on the left. Handed over to {Tomasz} at 20:00. {Tomasz} will chase the CRP.",
    "Thank you for asking me to see {Eleanor Whitcombe}, who has had dyspnoea for 9 days.",
    "Bilateral ground-glass opacities. Compared with the film of {Ingrid Sorensen} on the same list: different patient.",
    "Pt known as {Bob}. Ex-smoker, 40 pack years. Wheeze throughout.\n{A Chaudhry}",
    "{Nguyen} rang the ward: result is positive. Told {Mbeki} to isolate bay 4.",
    "WALKER, {Ahmed} was on my list, no show.".replace("WALKER", "{WALKER}"),
    "mr {delacroix} feels better today, afebrile since Tuesday, walks to the toilet.",
    "Right pleural effusion, drained 800 mL. Consent by {Yusuf Demir}. Procedure by {Katarzyna Wisniewska}.",
    "Temp 39.1, RR 28. Neighbour {Svetlana} found him on the floor. GP {Patel} had started doxycycline.",
    "Fever, myalgia. Travelled with {Hiroshi Tanaka} from Osaka. No rash.",
    "Follow up with {van der Berg} in clinic in 6 weeks. cc {Rosalind}",
    "Infiltrate persists. {Kimberly} wants to go home; explained the risk. {Kimberly}'s mother agrees.",
    "Summary for {Grace White}: community pneumonia, day 4, improving.",
    "Film reviewed, no change. Thanks, {Bartholomew}",
    "Desaturated at 3 am, {Chidi} from ICU came. Settled on 4 L. {Ferreira} informed.",
    "The patient, {Olufemi Bankole}, smokes 20 a day and works with {Pieter} on a farm.",
    "{Jean-Luc Moreau} complains of pleuritic pain. {Moreau} is allergic to penicillin.",
    "Cavity left upper lobe. Discussed at MDT with {Rahman} and {O'Brien}.",
    # Nothing in these is a name.
    "Kerley B lines and a Hampton hump are absent. Swan-Ganz catheter tip in the right pulmonary artery, Foley in place.",
    "Ceftriaxone and Azithromycin given for 5 days, then Levofloxacin. Tazocin on day 6. Patient reports nausea.",
    "Returned from Wuhan, Hubei on 3 Feb. Husband well. Mother has diabetes. Denies travel to Italy or Iran.",
    "IMPRESSION: Bilateral Lower Lobe Consolidation. Small Left Effusion. RECOMMENDATION: Follow Up In 6 Weeks.",
    "Streptococcus pneumoniae and Haemophilus influenzae in sputum; Legionella antigen negative. Started Meropenem.",
    "History of Hodgkin lymphoma, Crohn's disease and Parkinson's disease. Wells score 2. Glasgow Coma Scale 15.",
    "Discussed with Radiology and the Intensive Care team. Seen by Physiotherapy. Referred to Respiratory Medicine.",
    "Pleural effusion on the Right. Heart size Normal. No Pneumothorax. Chest X-ray in the PA view, Portable.",
    "Oxygen by nasal cannula. Increased opacities since Monday. Cough resolved. Steroids stopped in March.",
)

HELD = (  # written after the rules were mended with the notes above, and counted once
    "Dyspnoea since Friday, orthopnoea. {Marguerite} lives alone in a flat on the third floor.",
    "Night shift: called to {Obinna Eze}, sats 84 % on 2 L, now on high flow. {Eze} remains full escalation.",
    "New patient {Thorvald Nystrom}, 71, ex-miner. Crackles at both bases.",
    "Old films requested from {Karolina} in the archive. Nodule unchanged.",
    "Daughter ({Noor}) interprets. Productive cough, green sputum, night sweats.",
    "{Hernandez}: 4 days of fever, headache. Rapid test pending.",
    "Chest drain removed by {Wei Zhang} and {Alistair}. No pneumothorax afterwards.",
    "PMH asthma, eczema. Next of kin is her partner, {Siobhan Kearney}.",
    "Pneumonia, improving. Please copy to {McAllister} and the practice nurse {Beata}.",
    "Plan made together with {Rajesh}: stop antibiotics on day 7.\n{T. Oyelaran}",
    "{Abdullahi} has no fever today. Walks with a frame. Drinks little.",
    "Slept badly, {Mr Pemberton} says the mask hurts. Wife {June} visits daily.",
    "Bed 12 {Castellanos}, bed 13 {Featherstone}: swap the films, labels were wrong.",
    "{ABERNATHY}, {Fiona}. Bilateral hilar enlargement, query sarcoid.",
    "Consolidation behind the heart. Agree with {Ludovic}. No further imaging needed.",
    "Spoke with {Ngozi} ({Emeka}'s sister): he fell on Sunday and has coughed since.",
    "Aspergillus in the cavity, voriconazole started. Voriconazole levels on Thursday. Haemoglobin 9.8.",
    "Ghon focus right base. Ranke complex. Quantiferon positive, Isoniazid and Rifampicin started.",
    "Portable AP film, rotated. Nasogastric tube below the diaphragm, Hickman line tip in the SVC. Cardiomegaly.",
    "Presented with Dyspnea, Fever and Cough. Past History of Hypertension, Diabetes Mellitus and Stroke.",
)


def plain(note: str) -> str:
    """The note as a clinician wrote it."""
    return note.replace("{", "").replace("}", "")


def planted(note: str) -> set[str]:
    """The words of its names, without initials and particles."""
    return {word for name in re.findall(r"\{([^}]*)\}", note) for word in re.findall(r"[^\W\d_][\w'’-]{2,}", name)} - {"van", "der"}
