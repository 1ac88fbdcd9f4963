"""From probabilities over time to events with a start and an end, each with what sight, sound and speech add to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.domains.video.event_model import Evidence
from mmcore.explain.shapley import shapley_shares
from mmcore.tokens import all_subsets, subset_name

SMOOTH = 3
LEAST, ENOUGH, TIMES_EVEN = 0.3, 0.5, 3.0
"""An event's label must be the first there, and as probable as this many times an even share, but between the two others."""
OPINION = 0.1
"""A modality that goes less than this share of the way from an even share to certainty has no opinion: it agrees with nothing."""


@dataclass(frozen=True)
class Event:
    """A label that holds over a stretch of a film.

    Attributes:
        probability: the mean over its moments, from everything.
        values: subset of modalities -> the same from these alone; "" is an even share.
        shares: modality -> Shapley share; with ``values[""]`` they sum to the probability.
        alone: modality -> the label that it alone would put first there; None where it has no opinion, as sound that is none of the
            kinds it knows.
    """

    label: str
    start_s: float
    end_s: float
    probability: float
    values: Mapping[str, float]
    shares: Mapping[str, float]
    alone: Mapping[str, str | None]

    @property
    def agreeing(self) -> tuple[str, ...]:
        """Modalities that alone would say the same."""
        return tuple(name for name, label in self.alone.items() if label == self.label)

    @property
    def contradicted(self) -> tuple[str, ...]:
        """Modalities that alone would say something else."""
        return tuple(name for name, label in self.alone.items() if label not in (None, self.label))

    @property
    def without_opinion(self) -> tuple[str, ...]:
        """Modalities that are there but favour no label."""
        return tuple(name for name, label in self.alone.items() if label is None)


def smooth(values: np.ndarray) -> np.ndarray:
    """(N, L) -> (N, L): a running mean over three moments, shorter at the ends."""
    padded = np.concatenate([values[:1], values, values[-1:]])
    return (padded[:-2] + padded[1:-1] + padded[2:]) / SMOOTH


def find_events(labels: Sequence[str], evidence: Evidence, moments: np.ndarray, every_s: float, seconds: float) -> list[Event]:
    """Runs of moments with the same label first and probable enough, in order of time."""
    p = smooth(evidence.fused)
    top, limit = p.argmax(axis=1), max(LEAST, min(ENOUGH, TIMES_EVEN / len(labels)))
    sure = p.max(axis=1) >= limit
    out: list[Event] = []
    start = 0
    for i in range(1, len(moments) + 1):
        if i == len(moments) or top[i] != top[start] or sure[i] != sure[start]:
            if sure[start]:
                out.append(event_at(labels, evidence, moments, every_s, seconds, np.arange(start, i), int(top[start])))
            start = i
    return out


def event_at(
    labels: Sequence[str], evidence: Evidence, moments: np.ndarray, every_s: float, seconds: float, rows: np.ndarray, label: int
) -> Event:
    """A label over the moments at ``rows``, with its values for every subset of the modalities that say anything there."""
    names = tuple(name for name in evidence.probabilities if evidence.weights[name][rows].max() > 0)
    values = {subset_name(s): float(smooth(evidence.subset(s))[rows, label].mean()) for s in all_subsets(names)[1:]}
    values = {"": 1 / len(labels), **values}
    alone = {name: favoured(labels, evidence.subset([name])[rows].mean(axis=0)) for name in names}
    start, end = max(0.0, float(moments[rows[0]]) - every_s / 2), min(seconds, float(moments[rows[-1]]) + every_s / 2)
    return Event(labels[label], start, end, values[subset_name(names)], values, shapley_shares(values, names), alone)


def favoured(labels: Sequence[str], probabilities: np.ndarray) -> str | None:
    """The label that (L,) probabilities put first; None where they are hardly more than an even share."""
    even, first = 1 / len(labels), int(probabilities.argmax())
    return labels[first] if probabilities[first] - even >= OPINION * (1 - even) else None
