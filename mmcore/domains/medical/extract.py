"""What a clinical note says in so many words: age, sex, view, vitals, blood counts, days since onset, symptoms and history.

Each finding keeps the characters that it came from. A value follows its name with nothing but linking words between; what is said of
others than the patient is left out, and so is a number that cannot be what it seems to be. Values in other units are converted.
English only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from mmcore.domains.medical.assertion import Sentences, Span, denied, of_patient, sentences
from mmcore.domains.medical.counts import counts
from mmcore.domains.medical.onset import days_since_onset
from mmcore.domains.medical.symptoms import HISTORY, SYMPTOMS


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
    span: Span


def extract(note: str) -> tuple[Finding, ...]:
    """Everything found, in the order of the note; of a value given several times the first counts that is not said to be past."""
    text = sentences(note)
    found: dict[str, Finding] = {}

    def add(name: str, kind: str, value: float | str | bool, span: Span) -> None:
        found.setdefault(name, Finding(name, kind, value, span))

    for name, pattern, read in _VALUES:
        values = [
            (value, match.span())
            for match in pattern.finditer(text.text)
            if of_patient(text, match.span()) and (value := read(match)) is not None
        ]
        if values:
            add(name, "value", *next((one for one in values if not _PAST.match(text.text, one[1][1])), values[0]))
    sex = _sex(text)
    if sex is not None:
        word = next(group for group in sex.groups() if group)
        add("sex", "value", "F" if re.match(r"f|wom|girl|lady", word, re.IGNORECASE) else "M", sex.span())
    for name, count in counts(text.text, LINK, lambda span: of_patient(text, span)).items():
        add(name, "value", count.value, count.span)
    onset = days_since_onset(text)
    if onset is not None:
        add("offset", "value", *onset)
    for kind, words in (("symptom", SYMPTOMS), ("history", HISTORY)):
        for name, pattern in words.items():
            said = next((at.span() for at in pattern.finditer(text.text) if of_patient(text, at.span())), None)
            if said is not None:
                add(name, kind, not denied(text, said, kind), said)
    return tuple(sorted(found.values(), key=lambda item: item.span))


def _sex(text: Sentences) -> re.Match[str] | None:
    """The word of sex nearest to an age or to the word "patient" in its sentence; where none is near to either, the first."""
    words = [word for word in _SEX.finditer(text.text) if of_patient(text, word.span())]
    return min(words, key=lambda word: _from_patient(text, word.span()), default=None)


def _from_patient(text: Sentences, span: Span) -> float:
    sentence, (start, end) = text.around(span)
    marks = [mark.span() for pattern in (_AGE, _PATIENT) for mark in pattern.finditer(sentence)]
    nearest = min((max(start - mark[1], mark[0] - end) for mark in marks), default=NEAR + 1)
    return nearest if nearest <= NEAR else float("inf")


NEAR = 30
"""Characters from a word of sex to the age or the "patient" that it goes with."""


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _between(low: float, high: float) -> Callable[[re.Match[str]], float | None]:
    def read(match: re.Match[str]) -> float | None:
        value = _number(next(group for group in match.groups() if group))
        return value if low <= value <= high else None

    return read


def _temperature(match: re.Match[str]) -> float | None:
    value = _number(next(group for group in match.groups() if group))
    if re.search(r"\d[^\w\d]*(?:deg\w*\s*)?(?:f(?:ahrenheit)?|℉)$", match[0], re.IGNORECASE) or 90 <= value <= 110:
        value = round((value - 32) / 1.8, 1)
    return value if 30 <= value <= 43 else None


def _view(match: re.Match[str]) -> str:
    text = match[0].casefold()
    supine = "supine" in text
    return "AP Supine" if supine else "PA" if text.startswith(("pa", "postero")) else "AP"


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# What may stand between a name and its value. A line ends only behind such a word: below a heading stands a table.
LINK = (
    r"[^\S\n]*(?:(?:[:=()\[\]~≈|]|-(?!\d)|\d{1,2}\s*(?:l|lit(?:er|re)s?)(?:/min)?\b|(?:was|is|were|are|of|at|to|up|about|around|approx\w*|now|"
    r"currently|initially|only|on|in|room|air|ra|o2|oxygen|measured|recorded|read|reading|level|noted|low|high|elevated|raised|reduced|"
    r"increased|decreased|dropped|fell|down|rose|peaked|peak|max|maximum|min|the|an?|today|arrival|admission|presentation|exam\w*|rest|"
    r"triage|abs\w*|spik\w+|oral|tympanic|axillary|rectal|regular|irregular|normal|stable)\b)\s*)*"
)
NUMBER = (
    r"(\d{1,3}(?:[.,]\d+)?)(?![.,]?\d|\s*(?:[-–/]|to\b)\s*\d|\s*-?\s*(?:(?:year|yr|week|day|hour|month|min|minute)s?|y/?o|(?-i:hr?|hrs)|mg|ml|cm|mm|"
    r"kg|l/min|pack)\b)"
)
_DEGREES = r"(?:[°º?℃℉]|deg\w*)?"
_PICTURE = r"(?:view|chest|cxr|radiograph|x-?ray|film|portable|projection|study|supine)"
_NO_BED = r"(?<!bed )(?<!room )(?<!ward )"
_SEX = _re(
    r"\b(female|woman|women|girl|lady|male|man|boy|gentleman)\b|\b(?:sex|gender)\s*[:=]\s*([mf])\b"
    r"|(?<![\w.])(?-i:\d{1,3}[\s-]*(?:y/?o|[Yy]rs?|[Yy]|[Yy]ears?[\s-]old)[\s,/-]*([MF])|\d\d(M)|[1-8]\d(F)|([MF])/\d{1,3})\b"
    rf"|{_NO_BED}\b(?-i:\d{{1,3}}/([MF]))\b"
)
_PAST = _re(r"\W*[cf]?\W*(?:yesterday|last\s+(?:night|week|month)|previously|earlier|(?:\w+\s+){1,2}ago|at\s+(?:home|its\s+peak))\b")
_PATIENT = _re(r"\b(?:patient|pt|sex|gender)\b")
_AGE = _re(
    r"\b(\d{1,3}(?:[.,]\d+)?)[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old\b|o\b\.?)"
    r"|(?<!at )(?<!since )(?<!from )(?<!of )\baged?\s*(?:(?:is|was|of|about|around|:|=)\s*)*(\d{1,3})\b"
    r"|\b(\d{1,3})\s*y/?o\b|(?<![\w.])(?-i:(\d\d)M|([1-8]\d)F|[MF]/(\d{1,3})|(\d{1,3})\s*(?:[Yy]rs?|[Yy])[\s,/-]*[MF])\b"
    rf"|{_NO_BED}\b(?-i:(\d{{1,3}})/[MF])\b"
)
Reader = Callable[[re.Match[str]], float | str | None]
_VALUES: tuple[tuple[str, re.Pattern[str], Reader], ...] = (
    ("age", _AGE, _between(0, 120)),
    (
        "temperature",
        _re(
            rf"\b(?:temperature|temp\.?|t\s?max|fever|a?febrile|pyrexia|t)\b{LINK}{NUMBER}\s*{_DEGREES}\s*(?:c|f)?\b"
            rf"|\b{NUMBER}\s*(?:[°º]|deg(?:rees)?)\s*(?:c|f|celsius|fahrenheit)\b|\b{NUMBER}\s*[℃℉]|\b(\d{{2,3}}[.,]\d)\s*[CF]\b"
        ),
        _temperature,
    ),
    (
        "pO2_saturation",
        _re(
            rf"\b(?:spo2|sao2|sp02|o2 sat\w*|oxygen(?:ation)? satur\w+|(?:de)?satur\w+|sats?|pulse ox\w*)\b{LINK}{NUMBER}(?!\s*[°d])\s*%?"
            rf"|\b{NUMBER}\s*%\s*(?:(?:on|in)\s+(?:room air|ra\b|air\b)|saturation)"
        ),
        _between(40, 100),
    ),
    (
        "heart_rate",
        _re(rf"\b(?:heart rate|hr|pulse(?: rate)?)\b{LINK}{NUMBER}(?!\s*%)|\b{NUMBER}\s*(?:beats per minute|beats/min)"),
        _between(20, 250),
    ),
    (
        "view",
        _re(
            rf"\b(?:AP\s+supine|supine\s+AP|supine|PA|AP|postero-?anterior|antero-?posterior)\b"
            rf"(?:(?=[^.]{{0,30}}\b{_PICTURE})|(?<=(?:cxr|ray|ilm|aph) [AP][AP]))"
        ),
        _view,
    ),
)
