"""Whether what a note names is denied, and whether it is said of the patient at all.

Rules in the manner of NegEx (Chapman et al. 2001) and ConText (Harkema et al. 2009): words that deny or that bring in somebody else
reach as far as their clause or their list, never over the end of a sentence.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from mmcore.domains.medical.symptoms import ANY

Span = tuple[int, int]
FAR = 300
"""Characters of a sentence before and behind a word that can bear on it."""


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# A line that stops at a connecting word, or is as long as a page is wide and goes on in small letters, goes on in the next one.
_WRAP = re.compile(r"(?<=:)\n(?=\w)|(?:(?<=,)|(?<=\b(?:[Oo]r|of|an))|(?<=\b(?:and|for|the|any))|(?<=\bwith)|(?<=[^\n]{50}))\n(?=[a-z])")
_END = re.compile(r"[;!\n]|\?(?!:?\s*(?:yes|no)\b)|\.(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Sentences:
    """A note with its wrapped lines joined, character for character, and where its sentences end."""

    text: str
    ends: tuple[int, ...]

    def around(self, span: Span) -> tuple[str, Span]:
        """The sentence in which a span begins, as far as it is near, and the span in it."""
        at, after = bisect.bisect_right(self.ends, span[0]), bisect.bisect_left(self.ends, span[1])
        start = max(self.ends[at - 1] if at else 0, span[0] - FAR)
        end = min(self.ends[after] if after < len(self.ends) else len(self.text), span[1] + FAR)
        return self.text[start:end].rstrip(".;!?\n"), (span[0] - start, span[1] - start)


def sentences(note: str) -> Sentences:
    text = _WRAP.sub(" ", note)
    return Sentences(text, tuple(match.end() for match in _END.finditer(text)))


# An answer behind the word decides: "fever (-)", "cough: yes", "fever was denied".
_SEPARATOR = r"\s*(?:\?:?|[:=(\[]|[-–−](?=\s*[a-z]))?\s*(?:(?:is|was|were|are)\s+)?"
_STOP = r"(?=\s*(?:$|[,)\]/|]|\S+\s*[:=+]))"
_YES = _re(rf"\s*[:=(\[]?\s*\+|{_SEPARATOR}(?:yes|pos(?:itive)?){_STOP}|\s*[:=]\s*y{_STOP}")
_NO = _re(
    rf"{_SEPARATOR}(?:(?:absent|denied|negative|neg|not\s+present|ruled\s+out)\b|(?:no|none|nil|never){_STOP})|\s*[:=]\s*n{_STOP}|[\s-]*free\b"
    r"|\s*[(\[]\s*[-–−]\s*[)\]]|\s*[:=]?\s*[-–−]\s*(?=$|[,)\]/|])"
    r"|\s+(?:and|or)\s+\w+(?:\s\w+)?\s+(?:were|are)\s+(?:absent|denied|negative)\b"
)
_MINUS = re.compile(r"\s*[-–−](?!\s*\d)")
_PLUS = re.compile(r"\w\s*[:=(\[]?\s*\+")
# Signs before the words, "(+) cough (-) fever": a line that opens with one, in brackets or with a plus somewhere.
_SIGNS_FIRST = re.compile(r"\s*(?:[\w ]+:)?\s*(?:[(\[]\s*[-–−+]\s*[)\]]|(?=.*\+)[-–−+]\w)")
_SIGN_BEFORE = re.compile(r"([-–−+])\s*[)\]]?\s*$")

_TURN = _re(r"\b(?:but|however|although|except)\b")
_VERB = r"(?:\s+(?:ha[sd]|have|having|report\w*|complain\w*|develop\w*|endors\w*|admit\w*|present\w*)(?:\s+(?:of|to|with))?)?"
_NEGATION = _re(
    r"\b(?:no\s+longer|no(?!\s+(?:change|increase|improvement|relief)\b)|not(?!\s+only\b)|\w+n['’]t|non|without|den(?:y|ies|ied|ying)|"
    rf"negative(?:\s+for|s?:)|absence\s+of|absent|free\s+of|never|ruled\s+out|nor|neither){_VERB}(?!\w)(?!\s*[,)\]/+])"
)
_ASSERTS = _re(
    r"\b(?:with|has|had|presented|developed|reports?|reported|complain\w*|because|due\s+to|positive\s+for|endorses?|admits?|yes|known\s+to\s+have)\b"
)
_TOLD = _re(
    r"\d|\b(?:for|since|is|was|were|are|now|today|ago|persist\w*|remain\w*|continu\w*|worse\w*|improv\w*|on|began|started|present)\b"
)
_OR = _re(r"\bn?or\b")
_REACH = 6
"""Words between a negation and what it denies, where no list carries it on (NegEx)."""


def denied(note: Sentences, span: Span, kind: str) -> bool:
    """True where the symptom or disease at a span is said not to be there."""
    sentence, (start, end) = note.around(span)
    before, behind = _TURN.split(sentence[:start])[-1], sentence[end:]
    if _SIGNS_FIRST.match(sentence):
        sign = _SIGN_BEFORE.search(before)
        if sign is not None:
            return sign[1] != "+"
    elif _YES.match(behind):
        return False
    elif _NO.match(behind) or (_PLUS.search(sentence) and _MINUS.match(behind)):
        return True
    negations = list(_NEGATION.finditer(before))
    if not negations:
        return False
    between = before[negations[-1].end() :]
    return not _ASSERTS.search(between) and _reaches(between, _TURN.split(behind)[0], kind)


def _reaches(between: str, behind: str, kind: str) -> bool:
    """Whether a negation carries on over what stands between it and a word.

    Over a comma it does in a list that an "or" closes, and in a bare list that begins with something of the same kind: "no fever,
    cough" denies both; "no drug allergies, hypertension" and "no fever, cough for 3 days" deny the first alone.
    """
    first, *more = between.split(",")
    rest, *later = behind.split(",")
    if not more:
        return len(re.split(r"\b(?:and|or)\b", first)[-1].split()) <= _REACH
    *passed, last = more
    if any(_TOLD.search(item) for item in passed):
        return False
    for item in (last + " " + rest, *later):
        if _TOLD.search(item):
            break
        if _OR.search(item):
            return True
    bare = re.fullmatch(r"(?:.*\b(?:and|or)\b)?\s*(?:any\s+)?", last) and re.fullmatch(r"\s*(?:and\b.*)?", rest) and not _TOLD.search(rest)
    return bool(bare and ANY[kind].search(first) and not any(_OR.search(item) for item in (first, *passed)))


_OTHER = (
    r"(?:(?:grand|step)?(?:father|mother|parents?|dad|mum|mom|son|daughter)|wife|husband|spouse|partner|brothers?|sisters?|siblings?|aunt|"
    r"uncle|cousin|nephew|niece|fianc[eé]e?|boyfriend|girlfriend|friend|colleague|co-?worker|neighbou?r|room-?mate|flat-?mate|relatives|"
    r"(?:his|her|their)\s+(?:child|children|baby)|family\s+(?:history|hx)|fhx?|household)\b(?!\s+of\s+(?:\d|two|three|four))"
)
_WHOSE = r"(?:(?:the|an?|his|her|their|my|both|one|older|younger|elder|maternal|paternal|[\w.]+['’]s)\s+)*"
_TIES = r"(?:contacts?\s+(?:with|of)|expos(?:ed|ure)\s+to|liv(?:es|ing)\s+with|car(?:es|ing)\s+for)\b"
_OTHERS = _re(rf"\b(?:{_OTHER}|(?P<tie>{_TIES}))")
_OTHER_BEHIND = _re(rf"[\s-]*{_OTHER}|\s*(?:\(|\bin\s+){_WHOSE}{_OTHER}")
_LEADS = _re(rf"(?:^|[,:(]|\b(?:and|but|while|as|whose)\b)[\s•*-]*(?:whose\s+)?{_WHOSE}$")
_BY = _re(rf"\bby\s+{_WHOSE}$")
_INFORMS = _re(
    r"\s+(?:also\s+)?(?:reports?|reported|says|said|states?|stated|not(?:es|ed|iced)|describe[sd]|brought|measured|gave|worried)\b"
)
_RESUMES = _re(r"(?:,|\band\b|\bbut\b|\bwhile\b)\s*(?:the\s+|our\s+|this\s+)?(?:patient|pt|he|she)\b(?!['’]s)|\b[\w/]+\s*:")
_CLAUSE_END = _re(r",(?!\s*(?:\d|aged?\b|who\b))|\bbut\b|\band\s+(?:has|had|is|was|now|developed|presents?|reports?)\b")
_BY_END = _re(r"\b(?:with|for|because|after)\b")
_SUPPOSED = _re(
    r"\b(?:if|in\s+case\s+of|targets?|goal|aim(?:ing)?\s+for|(?:return|watch|monitor|screen\w*)\s+for|rule\s+out|r/o|risk\s+of)\b[^,]*$"
)


def of_patient(note: Sentences, span: Span) -> bool:
    """False where a span speaks of a relative or a contact, or only of what may come or is wished for.

    Who leads a clause is its subject to the end of the sentence, unless the patient is taken up again; who stands elsewhere in it, to
    the end of the clause. Who only reports, or brings the patient, is no subject.
    """
    sentence, (start, end) = note.around(span)
    if _OTHER_BEHIND.match(sentence[end:]) or _SUPPOSED.search(sentence[:start]):
        return False
    return not any(_carries(sentence, other, start) for other in _OTHERS.finditer(sentence[:start]))


def _carries(sentence: str, other: re.Match[str], start: int) -> bool:
    ahead, since = sentence[: other.start()], sentence[other.end() : start]
    if _INFORMS.match(since) or _RESUMES.search(since):
        return False
    if _BY.search(ahead) and _BY_END.search(since):
        return False
    ended = _CLAUSE_END.search(sentence, other.end())
    return bool(not other["tie"] and _LEADS.search(ahead)) or ended is None or ended.end() > start
