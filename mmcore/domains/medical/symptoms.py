"""The words of symptoms and diseases that a note is searched for, and those that only tell what a list or a time is about."""

from __future__ import annotations

import re


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


SYMPTOMS = {
    "fever": _re(r"\b(?:fever\w*|febrile|pyrexi\w+)\b"),
    "cough": _re(r"\bcough\w*\b"),
    "dyspnea": _re(
        r"\b(?:dyspn\w+|short(?:ness)?\s+of\s+breath|breathless\w*|sob(?:oe)?|difficulty\s+(?:in\s+)?breathing|breathing\s+difficult\w+)\b"
    ),
    "chest pain": _re(r"\b(?:chest|pleuritic|thoracic)\s+(?:chest\s+)?pain\b"),
    "sore throat": _re(r"\b(?:sore\s+throat|odynophagia)\b"),
    "myalgia": _re(r"\b(?:myalgias?|muscle\s+(?:aches?|pain))\b"),
    "diarrhea": _re(r"\bdiarrh\w+\b"),
    "headache": _re(r"\bheadaches?\b"),
    "fatigue": _re(r"\b(?:fatigued?|malaise|tired\w*)\b"),
    "haemoptysis": _re(r"\bha?emoptysis\b"),
}
HISTORY = {
    "hypertension": _re(r"\b(?:hypertensi(?:on|ve)|htn)\b"),
    "diabetes": _re(r"\b(?:diabet\w+|t[12]dm|dm)\b"),
    "asthma": _re(r"\basthma\w*\b"),
    "COPD": _re(r"\b(?:copd|emphysema|chronic\s+obstructive)\b"),
    "smoking": _re(r"\b(?:smok\w+|pack[- ]years?)\b"),
    "heart disease": _re(r"\b(?:heart\s+(?:failure|disease)|coronary\s+(?:artery\s+)?disease|atrial\s+fibrillation)\b"),
    "kidney disease": _re(r"\b(?:renal\s+(?:failure|disease)|kidney\s+(?:failure|disease)|dialysis|ckd)\b"),
}
OTHER_SYMPTOMS = (
    r"\b(?:chills?|rigors?|(?:night\s+)?sweats?|wheez\w*|sputum|phlegm|nausea|vomit\w*|weight\s+loss|rash|runny\s+nose|rhinorrh\w+|coryza|"
    r"anosmia|ageusia|loss\s+of\s+(?:smell|taste|appetite)|palpitations?|dizz\w+|syncope|pain|aches?|swelling|congestion|anorexia|weakness|"
    r"confusion|tachypn\w+|flu-?like)\b"
)
OTHER_DISEASES = r"\b(?:cancer|malignan\w+|tubercul\w+|stroke|epilep\w+|liver\s+disease|hepatitis|immun\w+|thyroid\w*|angina|infarct\w*)\b"


def _any(words: dict[str, re.Pattern[str]], others: str) -> re.Pattern[str]:
    return _re("|".join((*(item.pattern for item in words.values()), others)))


ANY = {"symptom": _any(SYMPTOMS, OTHER_SYMPTOMS), "history": _any(HISTORY, OTHER_DISEASES)}
"""kind -> anything of it, whether searched for or not."""
