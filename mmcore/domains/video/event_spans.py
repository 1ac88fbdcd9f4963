"""From probabilities over time to events with a start and an end, each with what sight, sound and speech add to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from mmcore.domains.video.event_model import Evidence
from mmcore.explain.shapley import shapley_shares
from mmcore.tokens import all_subsets, subset_name

SMOOTH = 3
LEAST, ENOUGH, TIMES_EVEN = 0.3, 0.5, 3.0
"""An event's label must be the first there, and as probable as this many times an even share, but between the two others."""
TURNS = 0.5
"""By how much sight's probability of a label must fall or rise at a cut for an event to end or start there to the moment."""
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


def find_events(
    labels: Sequence[str], evidence: Evidence, moments: np.ndarray, every_s: float, seconds: float, cuts: Sequence[float] = ()
) -> list[Event]:
    """Runs of moments with the same label first and probable enough, in order of time.

    Args:
        cuts: seconds at which one shot gives way to the next; see `_at_cut`.
    """
    p = smooth(evidence.fused)
    top, limit = p.argmax(axis=1), max(LEAST, min(ENOUGH, TIMES_EVEN / len(labels)))
    sure = p.max(axis=1) >= limit
    edges = [0, *(1 + np.flatnonzero((top[1:] != top[:-1]) | (sure[1:] != sure[:-1]))).tolist(), len(moments)]
    sight = evidence.subset(["visual"])
    exact: dict[int, float] = {}
    for before, edge, after in zip(edges, edges[1:], edges[2:], strict=False):
        if min(edge - before, after - edge) >= SMOOTH:
            cut = _at_cut(sight[:, [top[edge - 1], top[edge]]], moments, every_s, edge, cuts)
            exact |= {edge: cut} if cut is not None else {}
    out: list[Event] = []
    for first, last in pairwise(edges):
        if sure[first]:
            event = event_at(labels, evidence, moments, every_s, seconds, np.arange(first, last), int(top[first]))
            out.append(replace(event, start_s=exact.get(first, event.start_s), end_s=exact.get(last, event.end_s)))
    return out


def _at_cut(sight: np.ndarray, moments: np.ndarray, every_s: float, edge: int, cuts: Sequence[float]) -> float | None:
    """The cut within a moment of where one run gives way to the next, if sight turns there; None where there is none.

    The mean over three moments carries what is seen over a cut, where it cannot be.

    Args:
        sight: (N, 2) what sight alone gives the labels of the two runs.
        edge: first moment of the second run.
    """
    rough = float(moments[edge]) - every_s / 2
    cut = min(cuts, key=lambda one: abs(one - rough), default=np.inf)
    if abs(cut - rough) > every_s:
        return None
    before = sight[(moments < cut) & (moments > cut - 2 * every_s)].mean(axis=0)
    after = sight[(moments >= cut) & (moments < cut + 2 * every_s)].mean(axis=0)
    return float(cut) if max(before[0] - after[0], after[1] - before[1]) >= TURNS else None


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
