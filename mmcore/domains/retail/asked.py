"""A typed wish, taken apart: colours, patterns and kinds that the catalogue knows by these words, and what is to be left out.

A sentence vector says what a wish is about but hardly tells colours apart: "red sweater" lies nearly as close to a green one. So the words
that stand in the catalogue's own colours and kinds are also held against these fields alone. What follows "without" counts against.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

FIELDS = ("colour", "kind")
NAMED = 2.0
"""Weight of a named colour or kind beside the whole wish, which has 1. Chosen on the bundled catalogue among .5, 1, 2, 3 and 4."""
UNNAMED = -0.5
"""Weight of what is unwanted and names neither a colour nor a kind."""
SHORTEST, ENDING = 3, 3
"""Letters that a word has at least, and by which "dotted" may differ from "dot"."""
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
        field: the only text field that it is held against; "" for all of them.
        weight: below zero for what is unwanted.
    """

    text: str
    field: str
    weight: float


def vocabulary(texts: Iterable[Mapping[str, str]]) -> dict[str, frozenset[str]]:
    """Field -> the words of its values, over all products."""
    found: dict[str, set[str]] = {field: set() for field in FIELDS}
    for words in texts:
        for field in FIELDS:
            found[field].update(_WORD.findall(words.get(field, "").lower()))
    return {field: frozenset(word for word in words if _tells(word)) for field, words in found.items()}


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
    return len(word) >= SHORTEST and word not in ENGLISH_STOP_WORDS


def _names(word: str, known: frozenset[str]) -> bool:
    """Whether a word is one of these, but for its ending."""
    if word in known:
        return True
    return any(abs(len(other) - len(word)) <= ENDING and (other.startswith(word) or word.startswith(other)) for other in known)
