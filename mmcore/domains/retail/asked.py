"""A typed wish, taken apart: colours, patterns and kinds that the catalogue knows by these words, and what is to be left out.

A sentence vector says what a wish is about but hardly tells colours apart: "red sweater" lies nearly as close to a green one, and "white"
nearer to some black checks than to white ones in plain. So words that stand in the catalogue's own colours and kinds also count by
themselves: in the space of the field's vectors, along the direction that tells the values with these words from the others (ridge
regression of the share of the words that a value holds). What follows "without" counts against.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

FIELDS = ("colour", "kind")
NAMED = 2.0
"""Weight of a named colour or kind beside the whole wish, which has 1. Chosen on the bundled catalogue, with RIDGE, among 1, 2 and 4."""
RIDGE = 0.1
UNNAMED = -0.5
"""Weight of what is unwanted and names neither a colour nor a kind."""
SHORTEST, ENDING = 3, 3
"""Letters that a word has at least, and by which "dotted" may differ from "dot"."""
EMPTY = frozenset({"the", "and", "with", "for", "from", "all", "over", "any", "some", "other", "unknown"})
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_UNWANTED = re.compile(
    r"\b(?:without|with no|but not|not|no|except|excluding|ohne|kein\w*|sans|pas de|sin|sem|senza)\s+(?P<what>[^,.;:!?]+?)"
    r"(?=\s*(?:[,.;:!?]|\b(?:but|and with|with|mit|avec|con|com)\b|$))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """A part of a wish.

    Attributes:
        text: of a field the words that it names, between spaces.
        field: the only text field that it is held against; "" for all of them.
        weight: below zero for what is unwanted.
    """

    text: str
    field: str
    weight: float


@dataclass(frozen=True)
class Values:
    """What a text field says in a catalogue.

    Attributes:
        vectors: (V, D) of the values, each once.
        words: the words of each value.
    """

    vectors: np.ndarray
    words: tuple[frozenset[str], ...]

    @staticmethod
    def of(texts: Sequence[str], vectors: np.ndarray) -> Values:
        """From the field's (N,) texts and (N, D) vectors over all products."""
        first = {text.lower(): row for row, text in reversed(list(enumerate(texts))) if text}
        words = (frozenset(word for word in _WORD.findall(text) if _tells(word)) for text in first)
        return Values(vectors[list(first.values())], tuple(words))

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word of the field."""
        return frozenset().union(*self.words)

    def direction(self, words: Sequence[str]) -> np.ndarray:
        """(D,) along which the values that hold these words lie; zeros where none or all do."""
        meant = [frozenset(other for other in self.known if _same(word, other)) for word in words]
        share = np.array([np.mean([bool(one & value) for one in meant]) for value in self.words], dtype=np.float32)
        gram = self.vectors.T @ self.vectors + RIDGE * np.eye(self.vectors.shape[1], dtype=np.float32)
        return np.linalg.solve(gram, self.vectors.T @ (share - share.mean())).astype(np.float32)


def pieces(wish: str, known: Mapping[str, frozenset[str]]) -> tuple[Piece, ...]:
    """The wish as a whole, without what is unwanted, and each field's words in it; then the same of what is unwanted."""
    unwanted = " ".join(match["what"] for match in _UNWANTED.finditer(wish)).strip()
    wanted = " ".join(_UNWANTED.sub(" ", wish).split()).strip(" ,.;:!?")
    against = _named(unwanted, known, -NAMED)
    if unwanted and not against:
        against = [Piece(unwanted, "", UNNAMED)]
    return (*([Piece(wanted, "", 1.0)] if wanted else []), *_named(wanted, known, NAMED), *against)


def _named(text: str, known: Mapping[str, frozenset[str]], weight: float) -> list[Piece]:
    words = [word for word in _WORD.findall(text.lower()) if _tells(word)]
    found = ((field, " ".join(word for word in words if _names(word, known[field]))) for field in FIELDS)
    return [Piece(said, field, weight) for field, said in found if said]


def _tells(word: str) -> bool:
    return len(word) >= SHORTEST and word not in EMPTY


def _names(word: str, known: frozenset[str]) -> bool:
    """Whether a word is one of these, but for its ending."""
    return word in known or any(_same(word, other) for other in known)


def _same(word: str, other: str) -> bool:
    return abs(len(other) - len(word)) <= ENDING and (other.startswith(word) or word.startswith(other))
