"""Taking words of a text away: they become spaces, so that every other word stays where it was, and the rest is read anew."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Span = tuple[int, int]
MOST = 32
"""Pieces of a text at most: of a longer one neighbouring words are taken together, as evenly as possible."""


def word_pieces(spans: Sequence[Span], most: int = MOST) -> list[list[Span]]:
    """Words (from, to) in their order, as at most ``most`` runs of neighbours of nearly the same number of words."""
    count = min(most, len(spans))
    edges = [round(at * len(spans) / count) for at in range(count + 1)] if count else [0]
    return [list(spans[start:end]) for start, end in pairwise(edges)]


def without_spans(text: str, spans: Sequence[Span]) -> str:
    """``text`` with these characters as spaces."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)
