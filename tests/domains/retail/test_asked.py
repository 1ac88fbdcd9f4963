"""What is read in a typed wish."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcore.domains.retail.asked import FIELDS, NAMED, UNNAMED, Piece, Values, pieces

COLOURS = ("Red, Dark, Dot", "Light Blue, Stripe, All over pattern", "Off White, Solid", "White, Check", "")
KINDS = ("T-shirt, Garment Upper body", "Dress", "Top", "Dress", "")
VECTORS = np.concatenate([np.random.default_rng(0).normal(size=(4, 16)), np.zeros((1, 16))]).astype(np.float32)
COLOUR = Values.of(COLOURS, VECTORS)
KNOWN = {"colour": COLOUR.known, "kind": Values.of(KINDS, VECTORS).known}


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


def test_the_direction_of_words_tells_the_values_that_hold_them_from_the_others() -> None:
    def along(*words: str) -> list[float]:
        return (VECTORS[:4] @ COLOUR.direction(words)).round(2).tolist()

    assert along("dotted")[0] - max(along("dotted")[1:]) > 0.8
    red, blue, off, white = along("off", "white")
    assert off > white + 0.3 > red + 0.6 and abs(red - blue) < 0.1
    assert not COLOUR.direction(["green"]).any() and len(COLOUR.words) == 4


def test_a_word_that_only_begins_alike_is_another_word() -> None:
    assert pieces("reduced", KNOWN) == (Piece("reduced", "", 1.0),) and pieces("knot", KNOWN) == (Piece("knot", "", 1.0),)


@given(st.text(max_size=200))
def test_any_text_gives_pieces_of_known_fields(wish: str) -> None:
    assert all(piece.text and piece.field in ("", *FIELDS) and piece.weight for piece in pieces(wish, KNOWN))
    assert pieces(wish, {field: frozenset() for field in FIELDS}) is not None
