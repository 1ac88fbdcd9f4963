"""What a review says of fit, fabric, colour, quality, price and comfort: the clauses that name them, by a list of terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mmcore.domains.retail.reviews.sentiment import lowered
from mmcore.settings import parse, read_toml

FILE = Path(__file__).parent / "aspects.toml"
ASPECTS = ("fit", "fabric", "colour", "quality", "price", "comfort")
LONGEST = 20_000  # characters that are looked at

# A clause ends at punctuation (a comma inside a number and the dot of 5.5 are none), at a line's end, and before a joining word.
_JOINS = "and|but|though|although|because|however|while|so|yet|which|except|or"
_BREAK = re.compile(rf"[.!?;:()\n⏎]+(?!\d)|,(?!\d)|\s-+\s|--+|(?<=\w)-\s|\s(?=(?:{_JOINS}|i'd|i am|i'm)\s)", re.IGNORECASE)
_EDGES = re.compile(rf"^(?:{_JOINS}|also|overall)\b[\s,]*", re.IGNORECASE)


@dataclass(frozen=True)
class Terms:
    """One aspect in aspects.toml: terms that name it, and longer ones that hide a term within."""

    terms: tuple[str, ...]
    hidden: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Mention:
    """An aspect named in characters [start, end) of the text."""

    aspect: str
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """Every clause that names an aspect, in the order of the text; a clause that names two is there for each."""
    lower = lowered(text[:LONGEST])
    found = []
    for start, end in clauses(lower):
        for aspect, (wanted, hidden) in _patterns().items():
            visible = hidden.sub(lambda match: " " * len(match.group()), lower[start:end]) if hidden else lower[start:end]
            if wanted.search(visible):
                found.append(Mention(aspect, start, end))
    return found


def clauses(text: str) -> list[tuple[int, int]]:
    """(from, to) of every clause, without the joining word and spaces around it."""
    found, start = [], 0
    for end, after in [*((m.start(), m.end()) for m in _BREAK.finditer(text)), (len(text), len(text))]:
        piece = text[start:end]
        left = len(piece) - len(piece.lstrip())
        left += len(_EDGES.match(piece[left:]).group()) if _EDGES.match(piece[left:]) else 0  # type: ignore[union-attr]
        right = len(piece.rstrip())
        if right > left and any(c.isalnum() for c in piece[left:right]):
            found.append((start + left, start + right))
        start = after
    return found


@cache
def _patterns() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    table = {
        name: parse(Terms, {"hidden" if key == "not" else key: value for key, value in part.items()}, f"{FILE.name} [{name}]")
        for name, part in read_toml(FILE).items()
    }
    return {name: (_any_of(table[name].terms), _any_of(table[name].hidden) if table[name].hidden else None) for name in ASPECTS}


def _any_of(terms: tuple[str, ...]) -> re.Pattern[str]:
    parts = [re.escape(term).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for term in sorted(terms, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
