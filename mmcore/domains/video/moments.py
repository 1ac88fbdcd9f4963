"""Moments of a film by words: what is said or written, word for word or in meaning, and what is seen or heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.understanding import Understanding
from mmcore.domains.video.written import Written
from mmcore.encoders.transcript import Said, Word

MOST = 8
ALIKE, NEARLY = 0.35, 0.7
_WORD = re.compile(r"[a-z0-9']+")
NUMBERS = {str(i): word for i, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))}


@dataclass(frozen=True)
class Moment:
    """A stretch that answers a search: why, and how well from 0 to 1."""

    start_s: float
    end_s: float
    why: str
    score: float


def search(model: EventModel, found: Understanding, query: str) -> list[Moment]:
    """The best moments for some words, best first; [] where nothing is near."""
    wanted = plain_words(query)
    if not wanted:
        return []
    words = [word for part in found.said for word in part.words]
    exact = said_word_for_word(words, wanted)
    exact += written_word_for_word(found.written, wanted)
    vector = model.texts.sentences([query])
    near = [] if exact else said_nearly(words, wanted)
    lines: list[tuple[str, Said | Written]] = [("said", part) for part in found.said]
    lines += [("written", line) for line in found.written]
    if lines:
        likeness = model.texts.sentences([part.text for _, part in lines]) @ vector[0]
        rows = zip(lines, likeness, strict=True)
        near += [Moment(part.start_s, part.end_s, f"{how}: {part.text}", float(s)) for (how, part), s in rows if s > ALIKE]
    near += _known(found, model.kinds_of_picture, model.names, found.pictures, vector[0], "seen")
    if found.sounds is not None:
        near += _known(found, list(model.head.kinds[:-1]), model.sound_names, found.sounds[:, :-1], vector[0], "heard")
    taken: list[Moment] = []
    for moment in exact + sorted(near, key=lambda m: -m.score):
        how = moment.why.split(":")[0]
        if all(moment.end_s <= t.start_s or moment.start_s >= t.end_s or not t.why.startswith(how) for t in taken):
            taken.append(moment)
    return taken[:MOST]


def plain_words(text: str) -> list[str]:
    """Its words in small letters without punctuation, numbers up to ten as words."""
    return [NUMBERS.get(word, word) for word in _WORD.findall(text.lower())]


def said_word_for_word(words: Sequence[Word], wanted: Sequence[str]) -> list[Moment]:
    """Every place where these words are said one after another."""
    said = ["".join(plain_words(word.text)) for word in words]
    out = []
    for i in range(len(said) - len(wanted) + 1):
        if said[i : i + len(wanted)] == list(wanted):
            part = words[i : i + len(wanted)]
            out.append(Moment(part[0].start_s, part[-1].end_s, "said: " + " ".join(w.text for w in part), 1.0))
    return out


def said_nearly(words: Sequence[Word], wanted: Sequence[str]) -> list[Moment]:
    """Stretches of as many words, or one more or fewer, that are spelled nearly like these: what was written down wrongly is found too."""
    said, query = ["".join(plain_words(word.text)) for word in words], " ".join(wanted)
    matcher = SequenceMatcher(None, "", query, autojunk=False)
    found = []
    for length in range(max(1, len(wanted) - 1), len(wanted) + 2):
        for i in range(len(said) - length + 1):
            matcher.set_seq1(" ".join(said[i : i + length]))
            if matcher.real_quick_ratio() >= NEARLY and matcher.quick_ratio() >= NEARLY and (alike := matcher.ratio()) >= NEARLY:
                part = words[i : i + length]
                found.append(Moment(part[0].start_s, part[-1].end_s, "said: " + " ".join(w.text for w in part), alike))
    out: list[Moment] = []
    for moment in sorted(found, key=lambda m: -m.score):
        if all(moment.end_s <= other.start_s or moment.start_s >= other.end_s for other in out):
            out.append(moment)
    return out[:MOST]


def written_word_for_word(lines: Sequence[Written], wanted: Sequence[str]) -> list[Moment]:
    """Every line on the screen that holds these words one after another."""
    out = []
    for line in lines:
        words = plain_words(line.text)
        if any(words[i : i + len(wanted)] == list(wanted) for i in range(len(words))):
            out.append(Moment(line.start_s, line.end_s, f"written: {line.text}", 1.0))
    return out


def _known(
    found: Understanding, names: Sequence[str], vectors: np.ndarray, probabilities: np.ndarray | None, query: np.ndarray, how: str
) -> list[Moment]:
    """Runs of moments in which a kind that is near the query in meaning is likely."""
    if probabilities is None:
        return []
    likeness = vectors @ query
    near = np.flatnonzero(likeness > max(ALIKE, float(likeness.max()) - 0.15))
    if not len(near):
        return []
    score = np.nan_to_num(probabilities)[:, near] @ likeness[near]
    kind = near[np.nan_to_num(probabilities)[:, near].argmax(axis=1)]
    high = score > 0.1
    out, start = [], None
    for i in range(len(score) + 1):
        if i < len(score) and high[i]:
            start = i if start is None else start
        elif start is not None:
            rows = np.arange(start, i)
            best = int(rows[score[rows].argmax()])
            begin, end = found.moments[start] - found.every_s / 2, found.moments[i - 1] + found.every_s / 2
            out.append(Moment(max(0.0, float(begin)), min(found.seconds, float(end)), f"{how}: {names[kind[best]]}", float(score[best])))
            start = None
    return out
