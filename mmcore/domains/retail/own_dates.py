"""A column of dates as shops write them: year first, with the month in words, or in numbers of which the column says what is the day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from mmcore.readers.names import shown

FIRST, LAST = pd.Timestamp("1970-01-01"), pd.Timestamp("2100-01-01")
QUIET = pd.Timedelta(days=365)
FEW = 0.02
"""Days that lie more than QUIET after all others are taken for mistyped where they are at most this share of them."""
CENTURY = 70  # a year of two digits from here on is of the last century
_NUMBERS = re.compile(r"(?:[^\W\d]+[.,]*\s+)?(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?:[\s,T]+\d{1,2}[:.h]\d.*)?")
_WORDS = re.compile(r"\d{4}[-/.]|.*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_DAY, _MONTH = "day", "month"
_OTHER = {_DAY: _MONTH, _MONTH: _DAY}


@dataclass(frozen=True)
class Dates:
    """One day a text.

    Attributes:
        days: None where a text is no date, or one that contradicts the others.
        doubts: number of the text, from 0 -> what else it could mean, or what it contradicts.
        notes: how the column is read.
    """

    days: tuple[pd.Timestamp | None, ...]
    doubts: Mapping[int, str]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Numbers:
    """A date in numbers, ``text`` to be told; ``numbers`` the two before the year."""

    text: str
    numbers: tuple[int, int]
    year: int
    dotted: bool

    def day(self, first: str) -> pd.Timestamp | None:
        """The day where the first number is the day, or the month; None where there is no such day."""
        day, month = self.numbers if first == _DAY else self.numbers[::-1]
        try:
            return _believed(pd.Timestamp(self.year, month, day))
        except ValueError:
            return None

    @property
    def first(self) -> str:
        """What alone the first number can be; "" where it can be both."""
        found = [first for first in (_DAY, _MONTH) if self.day(first) is not None]
        return found[0] if len(found) == 1 else ""


def read_dates(texts: Sequence[str]) -> Dates:
    """Days of a column. Day first or month first is decided once for all of it, by the texts in which only one of the two is a date."""
    written = {at: found for at, text in enumerate(texts) if (found := _numbers(text)) is not None}
    rest = [at for at in range(len(texts)) if at not in written]
    days: list[pd.Timestamp | None] = [None] * len(texts)
    for at, day in zip(rest, _plain([texts[at] for at in rest]), strict=True):
        days[at] = day
    if not written:
        return Dates(tuple(days), {}, ())
    sides = _sides(written)
    said = {first: [at for at, side in sides.items() if side == first] for first in (_DAY, _MONTH)}
    order = _DAY if len(said[_DAY]) >= len(said[_MONTH]) else _MONTH
    against = said[_OTHER[order]]
    sure = bool(said[order]) and not against
    doubts = {}
    for at, one in written.items():
        if sides[at] == _OTHER[order]:
            doubts[at] = f"the date {one.text} has the {_OTHER[order]} first, the others are read {order} first"
            continue
        day, other = one.day(order), one.day(_OTHER[order])
        days[at] = day
        if not sure and not sides[at] and day is not None and other is not None and day != other:
            doubts[at] = f"the date {one.text} is read as {_spoken(day)}, but could be {_spoken(other)}"
    return Dates(tuple(days), doubts, (_note(written, said, order, bool(doubts)),))


def last_believed(days: Sequence[pd.Timestamp]) -> pd.Timestamp:
    """The last day that is no mistyped one: see QUIET and FEW."""
    ordered = sorted(days)
    strays = [count for count in range(1, 1 + int(FEW * len(ordered))) if ordered[-count] - ordered[-count - 1] > QUIET]
    return ordered[-1 - max(strays, default=0)]


def _numbers(text: str) -> _Numbers | None:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    year = int(match[4])
    if len(match[4]) == 2:
        year += 1900 if year >= CENTURY else 2000
    return _Numbers(shown(text, 30), (int(match[1]), int(match[3])), year, match[2] == ".")


def _sides(written: Mapping[int, _Numbers]) -> dict[int, str]:
    """What each date says that its first number is, "" where nothing. Dots mean day first, unless dates with dots prove otherwise."""
    dotted = {one.first for one in written.values() if one.dotted}
    convention = "" if _MONTH in dotted and _DAY not in dotted else _DAY
    same = {at for at, one in written.items() if one.numbers[0] == one.numbers[1]}
    return {
        at: one.first or (convention if one.dotted and at not in same and one.day(_DAY) is not None else "") for at, one in written.items()
    }


def _note(written: Mapping[int, _Numbers], said: Mapping[str, Sequence[int]], order: str, doubted: bool) -> str:
    if not said[order]:
        return f"dates are read {order} first" + ("; no date proves that, so see whether it is right" if doubted else "")
    told = f"dates are read {order} first, as in {_example(written, said[order])}"
    against = said[_OTHER[order]]
    if not against:
        return told
    rows, left = ("rows have", "and are left out") if len(against) > 1 else ("row has", "and is left out")
    return f"{told}; {len(against):,} {rows} the {_OTHER[order]} first, as {_example(written, against)}, {left}"


def _example(written: Mapping[int, _Numbers], listed: Sequence[int]) -> str:
    """The first date that can be nothing else, where there is one."""
    return written[next((at for at in listed if written[at].first), listed[0])].text


def _plain(texts: Sequence[str]) -> list[pd.Timestamp | None]:
    """Days of texts that are year first or have the month in English words; None for all others."""
    cells = pd.Series(list(texts), dtype=object)
    found = pd.to_datetime(cells, errors="coerce", format="ISO8601", utc=True)
    other = found.isna() & cells.map(lambda text: _WORDS.match(text) is not None).astype(bool)
    found[other] = pd.to_datetime(cells[other], errors="coerce", format="mixed", utc=True)
    return [None if pd.isna(value) else _believed(value.tz_localize(None).normalize()) for value in found]


def _believed(day: pd.Timestamp) -> pd.Timestamp | None:
    return day if FIRST <= day < LAST else None


def _spoken(day: pd.Timestamp) -> str:
    return f"{day.day} {day:%B} {day.year}"
