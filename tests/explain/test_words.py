from __future__ import annotations

from mmcore.explain.words import without_spans, word_pieces


def test_each_word_is_a_piece_until_there_are_too_many() -> None:
    spans = [(3 * i, 3 * i + 2) for i in range(10)]
    assert word_pieces(spans) == [[span] for span in spans]
    few = word_pieces(spans, most=4)
    assert [span for piece in few for span in piece] == spans
    assert len(few) == 4 and {len(piece) for piece in few} <= {2, 3}
    assert word_pieces([]) == []


def test_words_taken_away_leave_the_others_in_their_place() -> None:
    assert without_spans("dry cough, fever", [(4, 9), (11, 16)]) == "dry      ,      "
