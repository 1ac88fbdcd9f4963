import re
from dataclasses import replace

from mmcore.report import html
from mmcore.result import Confidence
from tests.figures.results import SPEC, case, explanation, result


def page(**changes) -> str:
    return html.render(result(**changes), SPEC, case()).replace("\u00a0", " ").replace("\u2212", "-")


def test_notice_grade_licence_version_and_case_are_on_the_page():
    text = page()
    for piece in ("Not a medical device.", "held-out patients", "Trained on nothing (CC0).", "f" * 64, "a" * 64, "not a real patient"):
        assert piece in text


def test_answer_set_group_shares_reasons_edits_and_warnings_are_there():
    text = page()
    assert "<b>Nevus 60 %</b>" in text and "Prediction set at 90 %: Nevus and Melanoma" in text and "Malignant" in text and "40 %" in text
    assert "+30 pts" in text and "-15 pts" in text and "Interaction: +5 pts" in text
    assert "The record speaks against it." in text and "25 % → 45 %" in text and "430 is above 120" in text
    assert "61 years" in text and "not given" in text


def test_what_was_changed_by_hand_stands_at_the_top():
    text = page(changed=("age 24 → 61", "photo left out"))
    assert text.index("Changed by hand: age 24 → 61; photo left out.") < text.index("Prediction set")
    assert "Changed by hand" not in page()


def test_nothing_is_loaded_from_anywhere_and_there_is_no_script():
    text = page()
    assert "<script" not in text and "@import" not in text
    sources = re.findall(r'(?:src|href)="([^"]{0,30})', text)
    assert sources and all(source.startswith("data:image/png;base64,") for source in sources)


def test_what_came_from_a_file_is_escaped():
    nasty = '<img src=x onerror="alert(1)">'
    text = html.render(result(explanation=explanation(reasoning=(nasty,))), SPEC, case(title=nasty))
    assert nasty not in text and "&lt;img src=x" in text


def test_an_abstaining_model_says_not_sure_and_why():
    unsure = Confidence(0.9, ("NEV", "MEL", "BCC"), True, ("The set is too wide to help.",), "image+record", 120)
    text = page(confidence=unsure)
    assert "<b>Not sure</b> <small>Most probable: Nevus 60 %</small>" in text and "The set is too wide to help." in text
    assert "Not sure" not in page() and "No guarantee" not in page()


def test_a_set_for_an_input_unlike_anything_seen_is_no_guarantee():
    odd = Confidence(0.9, ("NEV",), True, ("The photo is unlike anything seen.",), "image+record", 120, ("image",))
    assert "Prediction set at 90 %: Nevus. No guarantee here: the photo is unlike anything seen in training." in page(confidence=odd)


def test_a_result_without_explanation_still_makes_a_page():
    assert "Why" not in page(explanation=None)


def test_a_missing_modality_makes_a_page_without_it():
    text = html.render(result(), SPEC, case().without("image"))
    assert "<img" not in text and "Clinical record" in text


def test_a_real_case_is_not_called_generated():
    text = html.render(result(), SPEC, replace(case(), generated=False))
    assert "real case" in text and "generated" not in text
