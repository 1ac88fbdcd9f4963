"""Free text by hand: what must go, and what must stay though it looks alike."""

from __future__ import annotations

import pytest

from mmcore.domains.medical.deidentify import files, notes
from mmcore.domains.medical.deidentify.identifiers import NAME, Identifier, names
from tests.readers.test_pdf import pdf

GOES = (
    ("Dear Dr Halloway, thank you", "Halloway"),
    ("Mr. J. P. Okonkwo attended", "Okonkwo"),
    ("Mrs Mary-Anne O'Shaughnessy was seen", "O'Shaughnessy"),
    ("Patient name: Lindqvist, Tove", "Lindqvist"),
    ("Reported by Priya Raman, MD", "Raman"),
    ("Signed: Tomas Horvath", "Horvath"),
    ("MRN 4455667", "4455667"),
    ("MRN: A-0049321", "A-0049321"),
    ("hospital number B99120", "B99120"),
    ("NHS no. 9434765919", "9434765919"),
    ("SSN 078-05-1120", "078-05-1120"),
    ("accession CX2024001122", "CX2024001122"),
    ("Tel 01632 960 983", "960 983"),
    ("phone: (555) 867-5309", "867-5309"),
    ("call +44 20 7946 0000 tonight", "7946"),
    ("bleep 4471", "4471"),
    ("write to ann.lee@clinic.example.org", "ann.lee"),
    ("see https://records.example.org/p/33", "records.example.org"),
    ("seen 12/03/2024", "12/03/2024"),
    ("seen 2024-03-12", "2024-03-12"),
    ("seen on 12 March 2024", "March"),
    ("seen March 12th, 2024", "12th"),
    ("admitted 3rd of Feb", "Feb"),
    ("born 19610902", "19610902"),
    ("lives at 12 Harbour View Road", "Harbour"),
    ("of Leeds LS1 4AP", "LS1 4AP"),
    ("Springfield, IL 62704", "62704"),
    ("a 94-year-old man", "94"),
    ("93F with cough", "93"),
    ("aged 101", "101"),
)
STAYS = (
    "A 62-year-old woman with 5 days of fever, 39.2 °C.",
    "SpO2 93% on room air, HR 104, BP 120/80, WBC 9,800/mm3.",
    "Platelets 250000/µL and CRP 120 mg/L; ferritin 1250 ng/mL.",
    "Opacities in the right upper lobe, 12 mm, unchanged since 2019.",
    "Ground-glass opacities in 4 of 5 lobes. No pleural effusion.",
    "Ceftriaxone 2 g daily for 7 days; repeat film in 2-3 weeks.",
    "Type 2 diabetes, stage 3 CKD, COPD. Temperature may vary.",
    "Patient is stable. The consultant agrees. Name unknown.",
    "T 38.5, RR 24, 10 x 10^9/L neutrophils.",
)


@pytest.mark.parametrize(("text", "secret"), GOES)
def test_what_says_whose_it_is_goes(text: str, secret: str) -> None:
    assert secret not in notes.clean(text).text


@pytest.mark.parametrize("text", STAYS)
def test_what_says_what_is_wrong_stays(text: str) -> None:
    assert notes.clean(text).text == text


def test_a_name_from_the_header_goes_in_whatever_case_and_place() -> None:
    known = names("Wren^Jenny", "(0010,0010)")
    assert notes.clean("JENNY WREN coughs, wren's mother too; jennyology stays", known).text == (
        "[name] coughs, [name]'s mother too; jennyology stays"
    )


def test_spans_follow_their_words() -> None:
    text = "Mrs Okonkwo has fever since 12/03/2024 and a dry cough."
    done = notes.clean(text)
    for word in ("fever", "dry cough"):
        start = text.index(word)
        moved = done.moved((start, start + len(word)))
        assert done.text[slice(*moved)] == word
    inside = text.index("konk")
    assert done.text[slice(*done.moved((inside, inside + 4)))] == "[name]"
    across = done.moved((text.index("Okonkwo"), text.index("fever") + 5))
    assert done.text[slice(*across)] == "[name] has fever"


def test_the_report_counts_kinds_and_holds_no_value() -> None:
    done = notes.clean("Mr Okonkwo, tel 01632 960 983, tel 01632 960 984", [Identifier("Okonkwo", NAME, "(0010,0010)")])
    assert {(r.name, r.count) for r in done.removed()} == {("name", 1), ("phone", 2)}
    assert "Okonkwo" not in repr(done.removed())


def test_of_a_pdf_the_text_is_taken_and_cleaned() -> None:
    (done,) = files.clean([pdf(("Mrs Okonkwo, seen 12/03/2024, has a dry cough.",))], None)
    assert done.ending == "txt" and done.data == b"Mrs [name], seen [date], has a dry cough.\n"
