"""Days since the illness began: a time in a note counts only where its own clause ties it to a symptom or to the onset."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from mmcore.domains.medical.assertion import Sentences, Span, denied, of_patient
from mmcore.domains.medical.symptoms import ANY

LONGEST = 90
"""Days: an illness that is older is no acute one."""
_UNITS = {"day": 1, "d": 1, "week": 7, "wk": 7, "month": 30}
_WORDS = {w: n for n, w in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))} | {"a": 1}


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_N = rf"\d{{1,2}}(?:\.\d)?|{'|'.join(_WORDS)}"
_UNIT = rf"(?:{'|'.join(_UNITS)})"
_TIME = _re(rf"(?<![\w.,/–-])(?P<range>\d+\s*(?:[-–]|to|or)\s*)?x?(?P<n>{_N})[\s-]*(?P<unit>{_UNIT})s?\b")
_ONSET = r"\b(?:onset|symptom(?:s|atic)?|sx|illness|unwell)\b"
_EXPLICIT = _re(_ONSET)
_ANCHOR = _re(
    rf"{ANY['symptom'].pattern}|{_ONSET}|\bill\b|\bsick(?=\s+(?:for|since|over))"
    rf"|\b(?:began|begun|started|commenced)(?=\s+(?:(?:about|around|approximately|some)\s+)?(?:{_N})[\s-]*{_UNIT}s?\b)"
)
_DAY = _re(
    r"\b(?:illness|symptoms?)\s+day\s*[:#]?\s*(\d{1,2})\b"
    rf"|\b(?:day|d)\s*(\d{{1,2}})\s+(?:of|post|after|from|since|into)\s+(?:(?:the|his|her|first)\s+)*(?:{_ANCHOR.pattern})"
)
_CLAUSE = _re(r",(?!\d)|\bbut\b")
# Another thing that a time may belong to, the end of a symptom, or a time that is none since it began.
_ELSE = _re(
    r"\b(?:admi(?:tt|ss)\w*|hospitali\w*|present(?:ed|s|ation)|seen|visit\w*|surg\w*|operat\w*|procedure|replacement|\w+ectomy|transplant\w*|"
    r"discharg\w*|expos\w*|contact\w*|travel\w*|flight|return\w*|vaccin\w*|antibiotic\w*|\w+(?:cillin|mycin|solone|sone)|steroid\w*|treat\w*|"
    r"therapy|chemo\w*|prescri\w*|took|taking|medicat\w*|course|mg|diagnos\w*|test\w*|positive|swab\w*|pcr|ct|x-?ray|scan\w*|study|film|"
    r"intubat\w*|ventilat\w*|fall|fell|trauma|injur\w*|birth|resolv\w*|improv\w*|settl\w*|subsid\w*|stopp\w*|ceas\w*|better|after|"
    r"following|post\w*|despite|next|every|each|within|times|twice|once|follow-?up)\b"
)
_LEAD = _re(
    r"\b(?:for|from|since|over|past|last|lasting|of|duration|x)\W*(?:(?:the|past|last|about|around|approximately|some|at\s+least)\W+)*$"
)
_LINKS = _re(r"[\s:=(x×–-]*")
_BACK = _re(
    r"\s*(?:(?:ago|earlier)\b|(?:before|prior(?:\s+to)?)\b(?=\s*(?:$|[,)]))|(?:before|prior\s+to)\s+(?:his\s+|her\s+|the\s+|this\s+)?"
    r"(?:admission|presentation|presenting|arrival|hospitali\w+|consultation|visit|being\s+\w+)\b)"
)
_FROM = _re(r"\s*(?:before|prior|after|from|following|post|since|into)\b")
_TO_ONSET = _re(r"\s*(?:after|from|following|post|since|into)\s+(?:(?:the|a|his|her|their|first|initial|sudden|acute|disease)\s+)*$")
_OF = _re(r"\s*(?:(?:history|hx|h/o)\s+(?:of\s+)?|of\s+)(?!.*\b(?:for|with|after|without)\b)")
_OPENS = _re(r"\W*(?:(?:and|for|since|over|in|the|past|last|about|around|approximately|some|now|then|he|she|patient|pt|has|had|been)\W+)*")


def days_since_onset(note: Sentences) -> tuple[float, Span] | None:
    """Days and where they are said. What speaks of the onset, of symptoms or of the illness goes before the time of one symptom."""
    first = None
    for days, span, explicit in _times(note):
        if explicit:
            return days, span
        first = first or (days, span)
    return first


def _times(note: Sentences) -> Iterator[tuple[float, Span, bool]]:
    for day in _DAY.finditer(note.text):
        if of_patient(note, day.span()):
            yield float(day[1] or day[2]), day.span(), True
    if not _TIME.search(note.text):
        return
    anchors = [at.span() for at in _ANCHOR.finditer(note.text) if of_patient(note, at.span()) and not denied(note, at.span(), "symptom")]
    for time in _TIME.finditer(note.text):
        number = time["n"].casefold()
        days = (float(_WORDS[number]) if number in _WORDS else float(number)) * _UNITS[time["unit"].casefold()]
        anchor = _anchor(note, time.span(), anchors) if days <= LONGEST and not time["range"] else None
        if anchor is not None:
            yield days, (min(anchor[0], time.start()), max(anchor[1], time.end())), bool(_EXPLICIT.search(note.text, *anchor))


def _anchor(note: Sentences, time: Span, anchors: Sequence[Span]) -> Span | None:
    """The symptom or onset that a time belongs to, of all those that the patient has."""
    start, end = _clause(note, time)
    before, behind = note.text[start : time[0]], note.text[time[1] : end]
    back = _BACK.match(behind)
    at = bisect.bisect_left(anchors, time)
    left = anchors[at - 1] if at and anchors[at - 1][0] >= start else None
    right = anchors[at] if at < len(anchors) and anchors[at][1] <= end else None
    if right is not None:
        between = note.text[time[1] : right[0]]
        if _TO_ONSET.fullmatch(between) or (_OF.match(between) and not _ELSE.search(between)):
            return right
    if _FROM.match(behind) and not back:
        return None
    if left is not None:
        between = note.text[left[1] : time[0]]
        if not _ELSE.search(between) and (back or _LEAD.search(between) or _LINKS.fullmatch(between)):
            return left
    if right is not None and _OPENS.fullmatch(before) and not _ELSE.search(note.text[time[1] + (back.end() if back else 0) : right[0]]):
        return right
    return None


def _clause(note: Sentences, time: Span) -> Span:
    """Where the clause of a time begins and ends; a time that fills its clause belongs to the next one, or to the one before."""
    sentence, inner = note.around(time)
    offset = time[0] - inner[0]
    edges = [0, *(m.end() for m in _CLAUSE.finditer(sentence)), len(sentence) + 1]
    at = bisect.bisect_right(edges, inner[0]) - 1
    alone = _OPENS.fullmatch(sentence[edges[at] : inner[0]]) and re.fullmatch(
        rf"(?:{_BACK.pattern})?\W*", sentence[inner[1] : edges[at + 1]], re.IGNORECASE
    )
    start, stop = at, at + 1
    if alone and at == 0:
        stop = min(at + 2, len(edges) - 1)
    elif alone:
        start = at - 1
    return offset + edges[start], offset + min(edges[stop], len(sentence))
