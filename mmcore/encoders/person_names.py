"""Names of people in free text, whose reader is to see none of them: announced ones, and those that nothing announces. English.

Announced is what follows a title, a greeting or a heading ("Mrs", "Dear", "Patient name:"). Of the others a capitalised word is taken for
a name where lists of names know it and a dictionary does not, inside a sentence also where neither does. One that is a word too ("Green"),
stands unknown at the start of a sentence or is written small, only where the words around speak of a person ("seen by", "wife", "denies",
"mr"). So a drug by an unusual trade name can go as well: rather that than a name that stays.

The lists are those of the census of the United States of 1990 (5,494 first and 88,799 last names, package names); the words are those of
Webster's second edition (package english-words).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CAP = r"(?<!\w)[A-Z][^\W\d_]{0,40}(?:['’-][A-Za-z][^\W\d_]{0,40}){0,3}"  # bounded, or a hostile note could take hours
_PARTICLE = r"(?:(?:van|von|der|den|de|da|di|del|la|le|bin|al|el|ten|ter)\s){0,3}"
_PERSON = rf"(?:[A-Z]\.\s?|{_PARTICLE}{_CAP}\s?)(?:[ ]?(?:[A-Z]\.|{_PARTICLE}{_CAP})\s?){{0,3}}"
_ABOUT = (
    r"(?:(?:seen|reviewed|examined|reported|dictated|typed|signed|verified|assessed|discussed|admitted|accompanied|referred|informed|read|"
    r"interpreted|performed|approved|checked|brought in|looked after|cared for|given|handed over|transferred|told|scribed|authori[sz]ed)"
    r"\s+(?:by|with|to|from)|d/w|cc|spoke (?:to|with)|on behalf of|under (?:the care of )?|care of|copy to|thanks?(?: you)?,?|hi|hello|"
    r"(?:his|her|their|the)?\s*(?:wife|husband|son|daughter|mother|father|mum|dad|brother|sister|partner|carer|neighbou?r|friend|niece|"
    r"nephew|aunt|uncle|grandson|granddaughter|guardian|gp|registrar|resident|intern|colleague|nurse|midwife|paramedic|"
    r"physio)(?:,| is| was| named| called)?|"
    r"named|known as|goes by|prefers)"
)
_VERB = (
    r"(?:reports?|reported|den(?:ies|ied)|complain\w*|attend\w*|says?|said|states?|stated|feels?|felt|lives?|lived|came|returned|tolerated|"
    r"was (?:seen|admitted|discharged|reviewed|referred|brought)|is an? \d|has been (?:well|unwell|seen|admitted)|presented|walked|worked|"
    r"works|smokes|smoked|rang|called|agreed|agrees|consented|wants|wishes|asked|informed|aware|notified|updated)"
)
_AFTER = re.compile(rf"(?i:\b{_ABOUT})[\s:]+(?P<what>{_PERSON})")
_BEFORE = re.compile(rf"(?P<what>{_PERSON})(?<![^\s,])\s*(?={_VERB}\b)")
_RUN = re.compile(rf"(?:[A-Z]\.\s?|{_CAP})(?:[ ,]{{1,2}}(?:[A-Z]\.|{_PARTICLE}{_CAP})){{1,3}}")
_INITIAL = re.compile(rf"(?<!\d\s)\b[A-Z](?:(?P<dot>\.)\s?|\s)(?P<last>{_CAP})")
_WITH_PARTICLE = re.compile(rf"\b(?:van|von|van de[rn]|de la|della|bin|ibn)\s+{_CAP}")
_SMALL = re.compile(r"(?i:\b(?:mr|mrs|ms|miss|dr|prof))\.?\s+(?P<what>[a-z][a-z'’-]{2,})")
_LINE = re.compile(rf"(?m)^[^\S\n]*[–—/*-]{{0,9}}[^\S\n]*(?:/?s/)?[^\S\n]*(?P<what>{_PERSON})[.,]?[^\S\n]*$")
_PART = re.compile(rf"[A-Z]\.|{_PARTICLE}{_CAP}")
_NEXT = re.compile(rf"[ ](?:{_PARTICLE})({_CAP})")
_ALONE = re.compile(rf"(?<![\w'’-]){_CAP}(?![\w'’-])")
_SIGNED = 4  # last lines of a note, among which a name that stands alone is a signature
_STARTS = re.compile(r"(?:^|[.!?:;•*\n\r])\s*[-–—]?\s*$")
_NEAR = 200  # characters of a line that are looked at on either side of a word
_HEADING = 0.6  # share of capitalised words from which a line tells nothing by its capitals
_MEDICAL = re.compile(
    r"(?:itis|osis|emia|aemia|oma|opathy|pathy|ectasis|pnea|pnoea|uria|algia|ology|scopy|ostomy|otomy|graphy|gram|plasty|cillin|mycin|oxacin|"
    r"cycline|azole|vir|mab|nib|pril|sartan|olol|statin|penem|profen|parin|xaban|sone|olone|amine|idine|azepam|ine|coccus|cocci|"
    r"bacter|virus|monas|philus|fungin|asone|onide|terol|tropium|semide|thiazide|formin|gliptin|phylline|chloroquine|axone|oxime|therapy|iatry|care|surgery|icin|azid|iency|iasis|tracheal|thoracic|pulmonary|cardiac|vascular)$"
)
_ENDINGS = ("'s", "’s", "ies", "es", "s", "ed", "ing", "ly")


_NO_NAME = r"(?!(?:MRN|DOB|ID|NHS|SSN|MD|DO|RN|Tel|Phone|Fax|Age|Aged|Date|On|The|A|An|In|No|Not|And|Is|Was|Has|Had|Who)\b)"
_NAME = rf"(?:{_NO_NAME}[A-Z][\w'’-]+|[A-Z]\.)"
_NAMES = rf"(?P<what>{_NAME}(?:[ ,]+{_NAME}){{0,3}})"
_ANNOUNCED = (
    re.compile(rf"\b(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Professor|Doctor|Nurse|Sister|DR|MR|MRS|MS|PROF)\b\.?\s+{_NAMES}"),
    re.compile(
        r"(?i:\b(?:patient(?:'s)? name|name|surname|forename|first name|last name|next of kin|nok|referred by|referring physician|"
        rf"reported by|signed(?: by)?|dictated by|attending|consultant|radiologist|physician|dear|regards))\s*[:,]?\s*{_NAMES}"
    ),
    re.compile(rf"(?i:\bpatient)\s*:\s*{_NAMES}"),
    re.compile(rf"\b(?P<what>{_NAME}(?:\s+{_NAME}){{1,2}}),?\s+(?:MD|M\.D\.|DO|MBBS|RN|FRCR|PhD)\b"),
)


def find(text: str) -> list[tuple[int, int]]:
    """(from, to) of every name in ``text``; finds may overlap."""
    found = [match.span("what") for rule in _ANNOUNCED for match in rule.finditer(text)]
    found += [match.span("what") for match in _SMALL.finditer(text) if not word(match["what"]) or last(match["what"])]
    for rule in (_AFTER, _BEFORE):
        for match in rule.finditer(text):
            found += _names_in(text, match.span("what"), also_words=rule is _AFTER)
    found += [span for match in _RUN.finditer(text) for span in _run(match)]
    for match in _INITIAL.finditer(text):
        surname = match["last"]
        if (known(surname) or match["dot"]) and not word(surname) and len(surname) > 2:
            found.append(match.span())
    found += [match.span() for match in _WITH_PARTICLE.finditer(text)]
    found += _signatures(text)
    found += _single(text)
    return [(start, _absorbed(text, end)) for start, end in found]


def again(text: str, found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where a name that was found once stands again, without its title this time."""
    words = {word for start, stop in found for word in re.findall(r"[^\W\d_][\w'’-]{2,}", text[start:stop])}
    capital = sorted(re.escape(word) for word in words if word[0].isupper())
    pattern = rf"(?<!\w)(?:{'|'.join(capital)})(?!\w)"
    return [match.span() for match in re.finditer(pattern, text)] if capital else []


def _absorbed(text: str, end: int) -> int:
    """The end of a name with the capitalised words behind it that are no words."""
    while (more := _NEXT.match(text, end)) and not word(more[1]):
        end = more.end()
    return end


def _names_in(text: str, span: tuple[int, int], *, also_words: bool) -> list[tuple[int, int]]:
    """The leading words of a run that are no words; with ``also_words`` those that are both a word and a name count too ("Green")."""
    end = span[0]
    for part in _PART.finditer(text[span[0] : span[1]]):
        core = part.group().split()[-1]
        named = first(core) or (known(core) and (also_words or end > span[0]))
        if not part.group().endswith(".") and ((_barred(core) and not first(core)) or (word(core) and not named)):
            break
        if core.isupper() and len(core) > 2 and not known(core):
            break
        end = span[0] + part.end()
    return [(span[0], end)] if re.search(r"[^\W\d_]{2,}", text[span[0] : end]) else []


def _run(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Two to four capitalised words side by side: a first name and another, or "HALLOWAY, John"."""
    text, parts = match.string, list(_PART.finditer(match.group()))
    cores = [part.group().split()[-1] for part in parts]
    for at in range(len(parts) - 1):
        one, two = cores[at], cores[at + 1]
        if _barred(one) or _barred(two) or (one.isupper() and two.isupper() and _shouted(text, match.start())):
            continue
        between = match.group()[parts[at].end() : parts[at + 1].start()]
        given, family = ((two, one) if "," in between else (one, two))
        if not first(given) or len(family) < 3 or (word(family) and not last(family)):
            continue
        if word(given) and word(family) and ("," in between or _starts(text, match.start() + parts[at].start())):
            continue
        yield match.start() + parts[at].start(), match.start() + parts[at + 1].end()


def _signatures(text: str) -> Iterator[tuple[int, int]]:
    """A name alone on one of the last lines."""
    lines = [match.start() for match in re.finditer(r"(?m)^.*\S.*$", text)]
    if len(lines) < 2:
        return
    for match in _LINE.finditer(text, lines[max(1, len(lines) - _SIGNED)]):
        cores = [w for w in re.findall(_CAP, match["what"]) if len(w) > 1]
        if cores and not any(_barred(w) for w in cores) and (any(known(w) and not word(w) for w in cores) or _full(cores)):
            yield match.span("what")


def _full(cores: list[str]) -> bool:
    """True for two or three words of which none is a word, or a first name and a last one."""
    return len(cores) in (2, 3) and (not any(word(w) for w in cores) or (first(cores[0]) and last(cores[-1])))


def _single(text: str) -> Iterator[tuple[int, int]]:
    """A capitalised word that the dictionary does not know; one that lists of names do not know either, inside a sentence alone."""
    for match in _ALONE.finditer(text):
        core = match.group()
        if word(core) or _barred(core) or not (known(core) or (len(core) > 3 and core[1:].islower())) or core.isupper() or len(core) < 3:
            continue
        if (known(core) or not _starts(text, match.start())) and not _shouted(text, match.start()):
            yield match.span()


def _starts(text: str, at: int) -> bool:
    """True at the start of a sentence, a line or a list's entry, where every word has a capital."""
    return bool(_STARTS.search(text[max(0, at - 12) : at]))


def _shouted(text: str, at: int) -> bool:
    """True where the line is a heading or all in capitals, so that a capital says nothing."""
    begins, ends = text.rfind("\n", max(0, at - _NEAR), at) + 1 or max(0, at - _NEAR), text.find("\n", at, at + _NEAR)
    line = text[begins : ends if ends >= 0 else at + _NEAR]
    inside = [m.group() for m in _WORD.finditer(line) if len(m.group()) > 3 and not _starts(line, m.start())]
    return len(inside) > 2 and sum(w[0].isupper() for w in inside) > _HEADING * len(inside)


def first(text: str) -> bool:
    """True for a first name of the lists."""
    return _plain(text) in _first()


def last(text: str) -> bool:
    """True for a last name of the lists."""
    return _plain(text) in _last()


def known(text: str) -> bool:
    """True for a first or a last name; of a double name either half is enough."""
    parts = re.split(r"['’-]", _plain(text))
    return any(part in _first() or part in _last() for part in (_plain(text), *parts) if len(part) > 2) and max(map(len, parts)) > 2


def word(text: str) -> bool:
    """True for a word of the dictionary in any form, or a term of medicine."""
    plain = _plain(text)
    if "-" in plain:
        return all(len(part) < 3 or word(part) for part in plain.split("-"))
    if plain in _no_names() or plain in _words() or (len(plain) > 5 and _MEDICAL.search(plain)):
        return True
    stems = {plain.removesuffix(end) for end in _ENDINGS if plain.endswith(end) and len(plain) > len(end) + 2}
    return any(stem in _words() or stem + "e" in _words() or stem + "y" in _words() for stem in stems)


def _barred(text: str) -> bool:
    return _plain(text) in _no_names()


def _plain(text: str) -> str:
    return re.sub(r"['’]s$", "", text.lower())


@cache
def _no_names() -> frozenset[str]:
    """Of people, and yet no patients or staff: signs, diseases, devices and scales; and words younger than the dictionary."""
    return frozenset(Path(__file__).with_name("no_names.txt").read_text(encoding="ascii").split())


@cache
def _first() -> frozenset[str]:
    return _listed("dist.male.first") | _listed("dist.female.first")


@cache
def _last() -> frozenset[str]:
    return _listed("dist.all.last")


def _listed(name: str) -> frozenset[str]:
    lines = (files("names") / name).read_text(encoding="ascii").splitlines()
    return frozenset(line.split()[0].lower() for line in lines if line.strip())


@cache
def _words() -> frozenset[str]:
    from english_words import get_english_words_set

    return frozenset(w for w in get_english_words_set(["web2"]) if w[0].islower())
