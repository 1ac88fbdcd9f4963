import numpy as np
import pypdfium2

from mmcore.report import findings, origin, pdf
from mmcore.result import Confidence
from tests.figures.results import SPEC, case, explanation, result


def pages(data: bytes) -> tuple[str, list[np.ndarray]]:
    """All words, and each page as a picture."""
    document = pypdfium2.PdfDocument(data)
    words = "\n".join(page.get_textpage().get_text_range() for page in document)
    return words.replace("\r", ""), [page.render(scale=0.5).to_numpy() for page in document]


def test_it_reads_back_with_answer_findings_record_notice_licence_grade_and_hashes():
    text, drawn = pages(pdf.render(result(), SPEC, case(), "The photo gives 30 points.", "2026-01-02"))
    joined = text.replace("\n", "")
    for piece in ("Nevus 60 %", "Findings (Draft)", "The photo gives 30 points.", "61 years", "Melanoma", "2026-01-02", findings.DRAFTED):
        assert piece in text
    for _, said in origin.facts(result(), case()):
        assert said.replace(" ", "") in joined.replace(" ", "")
    assert 1 <= len(drawn) <= 3 and all(page.std() > 5 for page in drawn)


def test_where_the_model_does_not_commit_itself_that_comes_first_and_the_class_is_small():
    unsure = Confidence(0.9, ("NEV",), True, ("The photo is unlike anything seen.",), "image+record", 120, ("image",))
    text, _ = pages(pdf.render(result(confidence=unsure), SPEC, case(), ""))
    places = [text.index(said) for said in ("Not sure", "Most probable: Nevus 60 %", "unlike anything seen", "No guarantee here")]
    assert places == sorted(places) and "Nevus 60 %" not in text[: places[1]]


def test_what_would_change_it_has_a_heading_of_its_own_and_the_set_is_explained():
    built = explanation(edits={"age": {"90": 0.45}})
    text, _ = pages(pdf.render(result(explanation=built), SPEC, case(), ""))
    assert text.index("Together") < text.index("What would change it") < text.index("Age = 90 years")
    assert "cannot be ruled out" in text


def test_it_tells_what_the_page_tells():
    told = result(changed=("age 24 → 61",))
    text = pages(pdf.render(told, SPEC, case(), ""))[0].replace("\n", " ")
    for said in ("Changed by hand: age 24 to 61.", "Interaction: +5 pts", "Calibrated on 120 cases with photo and clinical record"):
        assert said in text
    for said in ("Clinical record: Age: 430 is above 120", "Malignant, any of Melanoma and Basal cell carcinoma: 40 %"):
        assert said in text


def test_the_same_result_gives_the_same_bytes():
    assert pdf.render(result(), SPEC, case(), "1") == pdf.render(result(), SPEC, case(), "1")


def test_markup_and_strange_signs_in_findings_are_written_as_they_are():
    text, _ = pages(pdf.render(result(), SPEC, case("<b>x</b>"), "a < b & <font size=99>5 → 6 \u2212 1 漢</font>"))
    assert "<b>x</b>" in text and "a < b & <font size=99>5 to 6 - 1 ?</font>" in text


def test_a_case_without_picture_or_explanation_still_makes_a_page():
    text, _ = pages(pdf.render(result(explanation=None), SPEC, case().without("image"), ""))
    assert "Clinical record" in text and "Findings" not in text
