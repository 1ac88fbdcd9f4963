"""What analyze prints for people."""

from dataclasses import replace

from mmcore.commands.summary import lines
from mmcore.result import Confidence, Evidence
from tests.commands.toy_result import SPEC, result


def test_the_answer_its_set_its_reasons_and_the_notice_are_told():
    text = "\n".join(lines(result(), SPEC, "A mole"))
    for told in (
        "A mole (generated",
        "Melanoma",
        "61",
        "malignant",
        "Nevus",
        "Bleeds: yes",
        "patch at 0, 0 (32 × 32)",
        "The photo speaks",
        SPEC.notice,
    ):
        assert told in text
    assert "Photo" in text and "+29" in text and "Clinical record: Age: not understood" in text


def test_scores_stand_under_each_other_however_long_a_piece_is():
    words = "ground-glass opacities in both lower lobes"
    pieces = (Evidence("record", {"field": "bleed"}, 0.11, "True"), Evidence("note", {"span": [0, 9]}, 0.06, words))
    why = replace(result().explanation, evidence=pieces)
    first, second = (line for line in lines(result(explanation=why), SPEC) if "Bleeds" in line or words in line)
    assert f"“{words}”" in second and first.index("+11") == second.index("+6")


def test_the_strongest_evidence_comes_first_whatever_its_sign():
    text = lines(result(), SPEC)
    places = [line for line in text if "patch at 0" in line or "Bleeds" in line]
    assert "patch" in places[0] and "−20" in places[0]


def test_an_abstention_says_why_and_a_result_without_explanation_is_told_too():
    unsure = Confidence(0.9, (), True, ("unlike anything seen in training",), "image", 120)
    text = "\n".join(lines(result(confidence=unsure, explanation=None, generated=None), SPEC))
    assert "Not sure. Most probable" in text
    assert "Not sure: unlike anything seen in training" in text and "none of them" in text and "Why" not in text
