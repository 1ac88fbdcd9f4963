"""Moments of a film by words: what is said, word for word or in meaning, and what is seen or heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.understanding import Understanding
from mmcore.encoders.transcript import Word

MOST = 8
ALIKE = 0.35
_WORD = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True)
class Moment:
    """A stretch that answers a search: why, and how well from 0 to 1."""

    start_s: float
    end_s: float
    why: str
    score: float


def search(model: EventModel, found: Understanding, query: str) -> list[Moment]:
    """The best moments for some words, best first; [] where nothing is near."""
    wanted = _WORD.findall(query.lower())
    if not wanted:
        return []
    exact = said_word_for_word([word for part in found.said for word in part.words], wanted)
    vector = model.texts.sentences([query])
    near = []
    if found.said:
        likeness = model.texts.sentences([part.text for part in found.said]) @ vector[0]
        near += [Moment(p.start_s, p.end_s, f"said: {p.text}", float(s)) for p, s in zip(found.said, likeness, strict=True) if s > ALIKE]
    near += _known(found, model.kinds_of_picture, model.names, found.pictures, vector[0], "seen")
    if found.sounds is not None:
        near += _known(found, list(model.head.kinds[:-1]), model.sound_names, found.sounds[:, :-1], vector[0], "heard")
    taken: list[Moment] = []
    for moment in exact + sorted(near, key=lambda m: -m.score):
        if all(moment.end_s <= t.start_s or moment.start_s >= t.end_s or moment.why != t.why for t in taken):
            taken.append(moment)
    return taken[:MOST]


def said_word_for_word(words: Sequence[Word], wanted: Sequence[str]) -> list[Moment]:
    """Every place where these words are said one after another."""
    said = ["".join(_WORD.findall(word.text.lower())) for word in words]
    out = []
    for i in range(len(said) - len(wanted) + 1):
        if said[i : i + len(wanted)] == list(wanted):
            part = words[i : i + len(wanted)]
            out.append(Moment(part[0].start_s, part[-1].end_s, "said: " + " ".join(w.text for w in part), 1.0))
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
