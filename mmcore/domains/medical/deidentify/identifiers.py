"""The values of the original that say whose data it is: to look for in notes, in what is kept, and in what is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME, NUMBER, DATE, UID, WORDS = "name", "number", "date", "UID", "text"
LEAST_NAME, LEAST_NUMBER, LEAST_WORDS = 3, 4, 6
_NAME_PARTS = re.compile(r"[\^=\\,;\s]+")
_TEXTS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "UR", "UN", "AE", "OB"})
_NO_NAMES = frozenset({"mrs", "mister", "miss", "prof", "doctor", "anonymous", "anonymized", "unknown", "none", "patient", "name", "test"})


@dataclass(frozen=True)
class Identifier:
    """One string to look for. Never shown, logged or written; only where it came from is.

    Attributes:
        kind: NAME, NUMBER, DATE, UID or WORDS.
        place: its tag, such as "(0010,0010)"; inside sequences the tags on the way, joined by ">".
    """

    text: str
    kind: str
    place: str

    def __repr__(self) -> str:
        return f"Identifier({self.kind} of {self.place})"


def identifiers(place: str, keyword: str, vr: str, values: Iterable[str]) -> list[Identifier]:
    """What to look for of an element that was taken out; of a person's name each part by itself."""
    found = []
    for value in (v.strip(" \0") for v in values):
        if vr == "PN":
            found += names(value, place)
        elif vr == "UI":
            found.append(Identifier(value, UID, place))
        elif vr in ("DA", "DT"):
            found.append(Identifier(value[:8], DATE, place))
        elif vr in _TEXTS and any(c.isdigit() for c in value) and len(value) >= LEAST_NUMBER and " " not in value:
            found.append(Identifier(value, NUMBER, place))
        elif vr in _TEXTS and len(value) >= LEAST_WORDS:
            named = ("Name" in keyword and "Department" not in keyword) or "Address" in keyword
            found.append(Identifier(value, NAME if named else WORDS, place))
    return [item for item in found if len(item.text) >= LEAST_NAME]


def names(value: str, place: str) -> list[Identifier]:
    """The parts of a person's name as DICOM writes it: family^given^middle^prefix^suffix=ideographic=phonetic."""
    parts = {part.strip(".") for part in _NAME_PARTS.split(value)}
    return [
        Identifier(part, NAME, place)
        for part in sorted(parts)
        if part.casefold() not in _NO_NAMES and (len(part) >= LEAST_NAME or (len(part) > 1 and not part.isascii()))
    ]


def pattern(found: Iterable[Identifier]) -> re.Pattern[str] | None:
    """Matches any of them as whole words, in whatever case; None where there is nothing to look for."""
    words = sorted({re.escape(item.text) for item in found}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE) if words else None
