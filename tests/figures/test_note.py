from __future__ import annotations

from mmcore.figures import note


def test_words_are_marked_hidden_ones_struck_and_everything_is_escaped() -> None:
    drawn = note.draw("<b>fever</b> & covid", [(3, 8, 0.2)], [(15, 20)])
    assert "&lt;b&gt;<mark" in drawn and ">fever</mark>&lt;/b&gt; &amp; " in drawn
    assert "<s " in drawn and ">covid</s>" in drawn and "<b>" not in drawn


def test_the_strongest_words_are_said_in_words() -> None:
    assert "“cough”" in note.alt("dry cough", [(0, 3, 0.01), (4, 9, -0.2)], "COVID-19").split(",")[0]
    assert note.alt("dry", [], "X").startswith("No evidence")


def test_two_spans_of_one_piece_show_it_once() -> None:
    assert note.draw("by [name] today", [(3, 9, 0.2), (3, 9, 0.1), (5, 9, 0.1)]).count("[name]") == 1
