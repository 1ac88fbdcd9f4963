"""Names, numbers, dates and addresses in free text. English rules; what the headers name is found in any language.

What is found is replaced by its kind in brackets: "[name]". Names come from the headers, from titles, greetings and signatures, and from
how a word stands in its sentence (``person_names``); a name that none of these tells is left, and the second look cannot know it either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mmcore.domains.medical.deidentify import identifiers
from mmcore.domains.medical.deidentify.identifiers import DATE, NAME, NUMBER, UID, Identifier
from mmcore.domains.medical.deidentify.report import Removed
from mmcore.encoders import person_names

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_COUNTED = r"(?!\s*(?:/|per\b|x\s*10|cells|platelets|µ|u/|iu\b|units?\b|mg|ml|copies))"


@dataclass(frozen=True)
class Cleaned:
    """A text without what says whose it is.

    Attributes:
        pieces: (from, to, what stands there now), in characters of the text as it was, in order.
    """

    text: str
    pieces: tuple[tuple[int, int, str], ...]

    def moved(self, span: tuple[int, int]) -> tuple[int, int]:
        """Where characters of the text as it was stand now; what was inside a replaced piece becomes the whole piece."""
        return self._moved(span[0], False), self._moved(span[1], True)

    def _moved(self, at: int, end: bool) -> int:
        shift = 0
        for start, stop, new in self.pieces:
            if at <= start:
                break
            if at < stop or (at == stop and end):
                return start + shift + (len(new) if end else 0)
            shift += len(new) - (stop - start)
        return at + shift

    def removed(self, place: str = "note") -> tuple[Removed, ...]:
        """How many of each kind."""
        counts = Counter(new.strip("[]") for _, _, new in self.pieces)
        return tuple(Removed(place, kind, "replaced by its kind", n) for kind, n in sorted(counts.items()))


def clean(text: str, known: Iterable[Identifier] = ()) -> Cleaned:
    """The text with each name, number, date, address ... replaced.

    Args:
        known: from the headers of the same study.
    """
    found: list[tuple[int, int, str]] = []
    for kind, label in ((NAME, "name"), (NUMBER, "number"), (UID, "number"), (DATE, "date")):
        if pattern := identifiers.pattern(item for item in known if item.kind == kind):
            found += [(*match.span(), f"[{label}]") for match in pattern.finditer(text)]
    for label, rule in _RULES:
        found += [(*match.span("what" if "what" in rule.groupindex else 0), f"[{label}]") for match in rule.finditer(text)]
    found += [(start, stop, "[name]") for start, stop in person_names.find(text)]
    names = [(start, stop) for start, stop, label in found if label == "[name]"]
    found += [(start, stop, "[name]") for start, stop in person_names.again(text, names)]
    pieces = _joined(sorted((s, e, label) for s, e, label in found if e > s), text)
    out, at = [], 0
    for start, stop, label in pieces:
        out += [text[at:start], label]
        at = stop
    return Cleaned("".join([*out, text[at:]]), tuple(pieces))


def _joined(found: list[tuple[int, int, str]], text: str) -> list[tuple[int, int, str]]:
    """Overlapping finds as one, called after the first; names side by side as one name."""
    out: list[tuple[int, int, str]] = []
    for start, stop, label in found:
        if out and (start < out[-1][1] or (label == out[-1][2] == "[name]" and not text[out[-1][1] : start].strip(" ,.^"))):
            out[-1] = (out[-1][0], max(out[-1][1], stop), out[-1][2])
        else:
            out.append((start, stop, label))
    return out


def _re(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(pattern, flags)


# In order of precedence where two begin at the same character is by their place in the text; longer finds swallow shorter ones.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mail", _re(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("web address", _re(r"\b(?:https?://|www\.)\S+")),
    ("date", _re(r"\b(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])\b")),
    ("date", _re(r"\b(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:(?:19|20)\d\d|\d\d)\b")),
    ("date", _re(rf"\b(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{_MONTH}(?:[\s,-]+(?:(?:19|20)\d\d|'?\d\d))?\b")),
    ("date", _re(rf"\b{_MONTH}\s+(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b(?:,?\s+(?:19|20)\d\d)?")),
    ("date", _re(r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")),
    ("age over 89", _re(r"\b(?P<what>9\d|1[01]\d)(?=[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old|o)\b|\s*y/?o\b|[MF]\b)")),
    ("age over 89", _re(r"\baged?\s*:?\s*(?P<what>9\d|1[01]\d)\b")),
    ("number", _re(r"\b\d{3}-\d{2}-\d{4}\b")),
    (
        "number",
        _re(
            r"\b(?:mrn|m\.r\.n\.|medical record|record|hospital|patient|pat|case|chart|nhs|ssn|insurance|policy|accession|acc|account|id|"
            r"passport|licen[cs]e)\b\.?\s*(?:number|num|no|nr|id|#)?\.?\s*[:#=]?\s*#?\s*(?P<what>(?=[\w/-]*\d)[A-Z]{0,4}[-/]?\d[\w/-]{3,})"
        ),
    ),
    ("number", _re(rf"\b(?=[A-Z]*\d)[A-Z]{{1,4}}-?\d{{5,}}\b{_COUNTED}", 0)),
    (
        "phone",
        _re(r"\b(?:tel|telephone|phone|ph|mobile|mob|cell|fax|call(?:ed)?|ext|bleep|pager)\b[\s.:]*(?P<what>\+?\(?\d[\d\s().-]{2,18}\d)"),
    ),
    ("phone", _re(r"(?<![\w.])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)|\d{2,5})[\s.-]\d{3,4}[\s.-]\d{3,4}\b")),
    ("phone", _re(r"(?<![\w.])\+\d[\d\s().-]{6,16}\d\b")),
    ("number", _re(rf"(?<![\w.,])\d{{6,}}\b{_COUNTED}")),
    (
        "address",
        _re(
            r"\b\d{1,5}[A-Za-z]?,?\s+(?:[A-Z][\w'’-]+\s+){1,3}"
            r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard|Blvd|Way|Court|Ct|Place|Square|Sq|Close|Crescent|Terrace|Gardens)\b",
            0,
        ),
    ),
    ("address", _re(r"\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b", 0)),
    ("address", _re(r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b", 0)),
)
