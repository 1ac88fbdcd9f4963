from dataclasses import replace

from mmcore.report import findings
from tests.figures.results import SPEC, explanation, result


def test_no_sentence_is_drafted_without_a_number():
    text = findings.draft(result(explanation=explanation(reasoning=("It looks bad.", "The photo gives 30 points."))), SPEC)
    lines = findings.sentences(text)
    assert len(lines) == 3 and all(any(c.isdigit() for c in line) for line in lines)
    assert "It looks bad." not in text and "Nevus 60" in lines[0] and "Malignant" in lines[1]


def test_an_unsure_model_says_so_and_why():
    unsure = replace(result().confidence, abstain=True, reasons=("Distance 1.4, limit 0.9.", "For no measured reason."))
    text = findings.draft(result(confidence=unsure), SPEC)
    assert "Not sure. Distance 1.4, limit 0.9." in text and "no measured reason" not in text
