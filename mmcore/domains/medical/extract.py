"""What a clinical note says in so many words: age, sex, view, vitals, blood counts, days since onset, symptoms and history.

Each finding keeps the characters that it came from. A symptom or a disease is negated where a negation stands before it in the same
clause (the rule of NegEx, Chapman et al. 2001) or directly behind it. Values in other units are converted; a number that cannot be
what it seems to be is left out. English only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
IS = r"\s*(?:was|is|were|of|at|to|=|:|\(|-)?\s*(?:up to|about|around|approximately)?\s*"


@dataclass(frozen=True)
class Finding:
    """One thing that a note says.

    Attributes:
        name: what it is about, such as "temperature" or "cough"; a field of a record, a symptom or a disease.
        kind: "value", "symptom" or "history".
        value: a number in the usual unit (years, °C, %, beats a minute, 10^9 a litre, days), a word, or False where negated.
        span: (from, to) in characters of the note.
    """

    name: str
    kind: str
    value: float | str | bool
    span: tuple[int, int]


def extract(note: str) -> tuple[Finding, ...]:
    """Everything found, in the order of the note; of a value given several times the first counts."""
    found: dict[str, Finding] = {}
    for name, pattern, read in _VALUES:
        for match in pattern.finditer(note):
            value = read(match)
            if value is not None:
                found.setdefault(name, Finding(name, "value", value, match.span()))
                break
    for kind, words in (("symptom", SYMPTOMS), ("history", HISTORY)):
        for name, pattern in words.items():
            said = pattern.search(note)
            if said is not None:
                found.setdefault(name, Finding(name, kind, not _negated(note, said.span()), said.span()))
    return tuple(sorted(found.values(), key=lambda item: item.span))


def _negated(note: str, span: tuple[int, int]) -> bool:
    before = _CLAUSE.split(note[: span[0]])[-1]
    after = re.split(r"[.;,\n]", note[span[1] : span[1] + 40])[0]
    started = [match.end() for match in _NEGATION.finditer(before)]
    ended = [match.start() for match in _END.finditer(before)]
    return bool(started and not any(end >= started[-1] for end in ended)) or bool(_NEGATION_AFTER.match(after))


_CLAUSE = re.compile(r"[.;\n!?]|\bbut\b|\bhowever\b|\balthough\b|\bexcept\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:no|not|non|without|den(?:y|ies|ied)|negative for|absence of|absent|free of|never|ruled out|nor|neither)\b", re.IGNORECASE
)
_END = re.compile(r"\b(?:with|has|had|presented|developed|reports?|reported|complain\w*|because|due to)\b", re.IGNORECASE)
_NEGATION_AFTER = re.compile(r"\s*(?:is|was|were|are)?\s*(?:absent|denied|negative|not present|ruled out)\b", re.IGNORECASE)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _between(low: float, high: float) -> Callable[[re.Match[str]], float | None]:
    def read(match: re.Match[str]) -> float | None:
        value = _number(next(group for group in match.groups() if group))
        return value if low <= value <= high else None

    return read


def _sex(match: re.Match[str]) -> str:
    return "F" if re.match(r"f|wom|girl|lady", match[1], re.IGNORECASE) else "M"


def _temperature(match: re.Match[str]) -> float | None:
    value = _number(match[1] or match[2])
    if re.search(r"\d[^\w\d]*(?:deg\w*\s*)?f(?:ahrenheit)?$", match[0], re.IGNORECASE) or 90 <= value <= 110:
        value = round((value - 32) / 1.8, 1)
    return value if 30 <= value <= 43 else None


_COUNT_UNIT = (
    r"\s*(?:x|×|\*)?\s*(10\s*\^?\s*[39]\s*/?\s*(?:µl|ul|mm3|mm³|l|μl)?|10[³⁹]\s*/\s*(?:l|µl|μl|ul|mm3)|g/l|k/ul|k/µl|"
    r"/\s*(?:µl|μl|ul|mm3|mm³|cmm)|per (?:microlitre|microliter|mm3)|cells/\w+)?"
)


def _count(match: re.Match[str]) -> float | None:
    text = match[1]
    grouped = re.fullmatch(r"\d{1,3}[.,]\d{3}", text)
    value = float(re.sub(r"[.,]", "", text)) if grouped else _number(text)
    unit = (match[2] or "").casefold().replace(" ", "")
    if value >= 200 or unit.startswith(("/", "per", "cells")):
        value = value / 1000
    return round(value, 3) if 0 <= value <= 200 else None


_UNITS_OF_TIME = {"day": 1, "week": 7, "month": 30, "d": 1}
_WORDS = {w: n for n, w in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))} | {"a": 1}


def _days(match: re.Match[str]) -> float | None:
    text = match["n"].casefold()
    number = float(_WORDS[text]) if text in _WORDS else _number(text)
    days = number * _UNITS_OF_TIME[match["unit"].casefold()]
    return days if 0 <= days <= 90 else None


def _view(match: re.Match[str]) -> str:
    text = match[0].casefold()
    supine = "supine" in text
    return "AP Supine" if supine else "PA" if text.startswith(("pa", "postero")) else "AP"


_N = r"(?P<n>\d{1,2}(?:\.\d)?|a|one|two|three|four|five|six|seven|eight|nine|ten)"
_SPAN_OF_TIME = rf"{_N}[\s-]*(?P<unit>day|week|month|d)s?\b"


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_DEGREES = r"(?:°|º|\?|deg\w*)?"
_COUNT = rf"{IS}(\d{{1,3}}(?:[.,]\d+)?|\d{{4,6}})(?!\d|\s*%){_COUNT_UNIT}"
_SINCE = r"(?:for|since|over|past|last)\s+(?:the\s+)?(?:past\s+|last\s+|about\s+)?"
_PICTURE = r"(?:view|chest|cxr|radiograph|x-?ray|film|portable|projection|study|supine)"
Reader = Callable[[re.Match[str]], float | str | None]
_VALUES: tuple[tuple[str, re.Pattern[str], Reader], ...] = (
    (
        "age",
        _re(
            rf"\b{NUMBER}[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old|o)\b"
            rf"|\baged?{IS}(\d{{1,3}})\b|\b(\d{{1,3}})\s*y/?o\b|(?<![\w.])(\d\d)[MF]\b"
        ),
        _between(0, 120),
    ),
    ("sex", _re(r"\b(female|woman|women|girl|lady|male|man|boy|gentleman)\b"), _sex),
    (
        "temperature",
        _re(
            rf"\b(?:temperature|temp\.?|fever|febrile|pyrexia|t)\b{IS}{NUMBER}\s*{_DEGREES}\s*(?:c|f)?\b"
            rf"|\b{NUMBER}\s*(?:°|º|deg(?:rees)?)\s*(?:c|f|celsius|fahrenheit)\b"
        ),
        _temperature,
    ),
    (
        "pO2_saturation",
        _re(
            rf"\b(?:spo2|sao2|sp02|o2 sat\w*|oxygen(?:ation)? satur\w+|satur\w+|sats?)\b[^.;\d]{{0,25}}?{NUMBER}\s*%?"
            rf"|\b{NUMBER}\s*%\s*(?:on room air|on ra|saturation)"
        ),
        _between(40, 100),
    ),
    (
        "heart_rate",
        _re(rf"\b(?:heart rate|hr|pulse(?: rate)?)\b{IS}{NUMBER}|\b{NUMBER}\s*(?:beats per minute|beats/min)"),
        _between(20, 250),
    ),
    ("leukocyte_count", _re(rf"\b(?:wbc|white (?:blood )?cells?(?: count)?|leu[ck]ocytes?(?: count)?)\b{_COUNT}"), _count),
    ("neutrophil_count", _re(rf"\bneutrophils?(?: count)?\b{_COUNT}"), _count),
    ("lymphocyte_count", _re(rf"\b(?:lymphocytes?(?: count)?|lymphopenia)\b{_COUNT}"), _count),
    ("offset", _re(rf"\b{_SPAN_OF_TIME}[\s-]*(?:history|hx)\s+of\b"), _days),
    ("offset", _re(rf"\b{_SINCE}{_SPAN_OF_TIME}"), _days),
    ("offset", _re(rf"\b{_SPAN_OF_TIME}\s+(?:after onset|from onset|since|following|of|prior|ago|earlier|before)\b"), _days),
    ("offset", _re(rf"\bonset{IS}{_SPAN_OF_TIME}"), _days),
    (
        "view",
        _re(
            rf"\b(?:AP\s+supine|supine\s+AP|supine|PA|AP|postero-?anterior|antero-?posterior)\b(?=[^.]{{0,30}}\b{_PICTURE})"
        ),
        _view,
    ),
)


SYMPTOMS = {
    "fever": _re(r"\b(?:fever\w*|febrile|pyrexi\w+)\b"),
    "cough": _re(r"\bcough\w*\b"),
    "dyspnea": _re(r"\b(?:dyspn\w+|shortness of breath|breathless\w*|sob)\b"),
    "chest pain": _re(r"\b(?:chest|pleuritic|thoracic)\s+(?:chest\s+)?pain\b"),
    "sore throat": _re(r"\b(?:sore throat|odynophagia)\b"),
    "myalgia": _re(r"\b(?:myalgias?|muscle (?:aches?|pain))\b"),
    "diarrhea": _re(r"\bdiarrh\w+\b"),
    "headache": _re(r"\bheadaches?\b"),
    "fatigue": _re(r"\b(?:fatigue|malaise|tired\w*)\b"),
    "haemoptysis": _re(r"\bha?emoptysis\b"),
}
HISTORY = {
    "hypertension": _re(r"\b(?:hypertensi(?:on|ve)|htn)\b"),
    "diabetes": _re(r"\b(?:diabet\w+|t[12]dm)\b"),
    "asthma": _re(r"\basthma\w*\b"),
    "COPD": _re(r"\b(?:copd|emphysema|chronic obstructive)\b"),
    "smoking": _re(r"\b(?:smok\w+|pack[- ]years?)\b"),
    "heart disease": _re(r"\b(?:heart (?:failure|disease)|coronary (?:artery )?disease|atrial fibrillation)\b"),
    "kidney disease": _re(r"\b(?:renal (?:failure|disease)|kidney (?:failure|disease)|dialysis|ckd)\b"),
}
