"""White cells and their parts in a note, in 10^9 a litre. A percentage is no count, whether it says so or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_UNIT = (
    r"(?:10\s*[\^*e]?\s*[39]\s*/?\s*(?:µl|ul|mm3|mm³|l|μl)?|10[³⁹]\s*/\s*(?:l|µl|μl|ul|mm3)|g/l|k/ul|k/µl|"
    r"/\s*(?:µl|μl|ul|mm3|mm³|cmm)|per (?:microlitre|microliter|mm3)|cells/\w+)"
)
_NUMBER = r"(\d{1,3}(?:[.,]\d+)?|\d{4,6})(?!\d|[.,]\d|\s*(?:%|per\s?cent|[\^+⁹³]|/\s*hpf|[-–]\s*\d))"
_NAMES = {
    "leukocyte_count": r"wbc|wcc|white (?:blood )?cells?(?: count)?|leu[ck]ocytes?(?: count)?",
    "neutrophil_count": r"(?:neutrophils?|neuts?)(?: count)?",
    "lymphocyte_count": r"(?:lymphocytes?|lymphs?)(?: count)?|lymphopenia",
}
_MOST = {"leukocyte_count": 100, "neutrophil_count": 30, "lymphocyte_count": 10}
"""10^9 a litre: more is believed only where a unit stands beside it."""
_PARTS = ("neutrophil_count", "lymphocyte_count")


@dataclass(frozen=True)
class Count:
    value: float
    unit: bool
    span: tuple[int, int]


def counts(text: str, link: str, counted: Callable[[tuple[int, int]], bool]) -> Mapping[str, Count]:
    """The first count of each kind.

    Neutrophils and lymphocytes are given alike: where one without a unit is too many for a count, or marked as a percentage, the other
    without one is no count either. No part is more than the whole.
    """
    found: dict[str, Count] = {}
    percentages = False
    for name, words in _NAMES.items():
        if name in _PARTS:
            percentages |= bool(re.search(rf"\b(?:{words})\b{link}\d[\d.,]*\s*(?:%|per\s?cent)", text, re.IGNORECASE))
        pattern = rf"\b(?:{words})\b{link}(?:{_UNIT}\s*[)\]]?\s*[:=]?\s*)?{_NUMBER}(?:\s*(?:[x×*]\s*|\()?({_UNIT}))?"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            count = _read(match)
            if count is None or not counted(match.span()):
                continue
            if count.unit or count.value <= _MOST[name]:
                found[name] = count
                break
            percentages |= name in _PARTS
    parts = {name: found.pop(name) for name in _PARTS if name in found}
    whole = found["leukocyte_count"].value if found else float("inf")
    bare = sum(part.value for part in parts.values() if not part.unit)
    percentages |= bare > whole
    return found | {name: part for name, part in parts.items() if (part.unit or not percentages) and part.value <= whole}


def _read(match: re.Match[str]) -> Count | None:
    text = match[1]
    grouped = re.fullmatch(r"\d{1,3}[.,]\d{3}", text)
    value = float(re.sub(r"[.,]", "", text)) if grouped else float(text.replace(",", "."))
    unit = (match[2] or "").casefold().replace(" ", "")
    small = value >= 200 or unit.startswith(("/", "per", "cells"))
    if small:
        value = value / 1000
    return Count(round(value, 3), bool(unit) or small, match.span()) if 0 <= value <= 200 else None
