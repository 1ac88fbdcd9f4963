"""A Result in a notebook."""

from __future__ import annotations

from dataclasses import replace

from mmcore.result import LabelProbability
from tests.commands.toy_result import result


def test_a_notebook_shows_answer_set_and_what_each_input_adds() -> None:
    shown = result()._repr_html_().replace("\u00a0", " ")
    for part in (
        "Answer",
        "Melanoma 61 %",
        "In 90 % of cases it is among",
        "Melanoma, Nevus",
        "image adds",
        "+29 pts",
        "ot a medical device",
    ):
        assert part in shown
    assert "Not sure" not in shown


def test_a_notebook_says_why_it_is_not_sure_and_where_nothing_is_promised() -> None:
    given = result()
    unsure = replace(given.confidence, abstain=True, reasons=("the inputs contradict each other",), unlike=("image",))
    shown = replace(given, confidence=unsure, explanation=None)._repr_html_()
    assert "Not sure" in shown and "The inputs contradict each other" in shown and "No guarantee here: the image is unlike" in shown


def test_a_name_in_a_notebook_is_no_markup() -> None:
    shown = result(predictions=(LabelProbability("MEL", "<b>x</b>", 0.6), LabelProbability("NEV", "Nevus", 0.4)))._repr_html_()
    assert "<b>" not in shown and "&lt;b&gt;x" in shown
