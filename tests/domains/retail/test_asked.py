"""What is read in a typed wish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcore.domains.retail.asked import FIELDS, NAMED, UNNAMED, Piece, pieces, vocabulary

KNOWN = vocabulary([
    {"colour": "Red, Dark, Dot", "kind": "T-shirt, Garment Upper body"},
    {"colour": "Light Blue, Stripe, All over pattern", "kind": "Dress"},
])  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("red dress", [("red dress", "", 1.0), ("red", "colour", NAMED), ("dress", "kind", NAMED)]),
        ("Dotted T-shirts", [("Dotted T-shirts", "", 1.0), ("dotted", "colour", NAMED), ("t-shirts", "kind", NAMED)]),
        ("over the knee", [("over the knee", "", 1.0)]),
        ("something for the beach", [("something for the beach", "", 1.0)]),
        ("dress without dots", [("dress", "", 1.0), ("dress", "kind", NAMED), ("dots", "colour", -NAMED)]),
        ("a dress, no stripes", [("a dress", "", 1.0), ("dress", "kind", NAMED), ("stripes", "colour", -NAMED)]),
        ("no hood", [("hood", "", UNNAMED)]),
        ("Kleid ohne Rüschen mit Taschen", [("Kleid mit Taschen", "", 1.0), ("Rüschen", "", UNNAMED)]),
        ("", []),
    ],
)  # fmt: skip
def test_colours_kinds_and_what_is_unwanted_are_told_apart(wish: str, found: list[tuple[str, str, float]]) -> None:
    assert [(p.text, p.field, p.weight) for p in pieces(wish, KNOWN)] == found


def test_a_word_that_only_begins_alike_is_another_word() -> None:
    assert pieces("reduced", KNOWN) == (Piece("reduced", "", 1.0),) and pieces("knot top", KNOWN) == (Piece("knot top", "", 1.0),)


@given(st.text(max_size=200))
def test_any_text_gives_pieces_of_known_fields(wish: str) -> None:
    assert all(piece.text and piece.field in ("", *FIELDS) and piece.weight for piece in pieces(wish, KNOWN))
    assert pieces(wish, {field: frozenset() for field in FIELDS}) is not None
