"""Does an explanation point at what the model used? Deletion and insertion (Petsiuk et al. 2018) against random orders.

Evidence is taken away in ``STEPS`` equal steps: after step k, ``ceil(k * P / STEPS)`` of P pieces are gone, so with fewer pieces than steps
some steps repeat the one before. It is given back on the same way: after step k, ``ceil((STEPS - k) * P / STEPS)`` are still gone.
Every figure is the mean probability, over the steps, of the class predicted on the whole input:

- deletion: the piece with the highest score goes first; low is good.
- insertion: from nothing, the piece with the highest score comes back first; high is good.
- random: the same two, averaged over ``ORDERS`` random orders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mmcore.evaluation.bootstrap import interval

STEPS = 10
ORDERS = 5

Probability = Callable[[Sequence[Sequence[int]]], np.ndarray]


class Pieces(Protocol):
    """One modality of one case, in P pieces that can be taken away.

    ``scores`` (P,): what the explanation says each piece is worth to the predicted class. ``probability`` takes K sets of piece
    numbers and gives (K,): the probability of that class after taking each set away from the input itself.
    """

    @property
    def scores(self) -> np.ndarray: ...

    @property
    def probability(self) -> Probability: ...


@dataclass(frozen=True)
class Areas:
    """Mean probabilities in 0..1 of one case; ``*_random`` are means over the random orders."""

    deletion: float
    deletion_random: float
    insertion: float
    insertion_random: float


def removal_counts(pieces: int, steps: int = STEPS) -> np.ndarray:
    """(steps + 1,) number of pieces gone after each step, from 0 to all."""
    return np.array([-(-step * pieces // steps) for step in range(steps + 1)])


def areas(pieces: Pieces, *, seed: int | Sequence[int], steps: int = STEPS, orders: int = ORDERS) -> Areas:
    """The areas of one case, with a single call of ``pieces.probability`` in which no set occurs twice.

    Args:
        seed: of the random orders; equal scores are also put in random order, so that no order of the pieces is favoured.
    """
    scores = np.asarray(pieces.scores, dtype=float)
    if not len(scores):
        raise ValueError("an input without pieces has no areas")
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(scores))
    best_first = shuffled[np.argsort(-scores[shuffled], kind="stable")]
    # Giving back the best first is taking away the worst first, read from its end.
    ways = [best_first, best_first[::-1], *(rng.permutation(len(scores)) for _ in range(orders))]
    best, worst, *random = _curves(pieces.probability, ways, removal_counts(len(scores), steps))
    return Areas(
        deletion=float(best[1:].mean()),
        deletion_random=float(np.mean([curve[1:] for curve in random])),
        insertion=float(worst[:-1].mean()),
        insertion_random=float(np.mean([curve[:-1] for curve in random])),
    )


def summarise_areas(cases: Sequence[Areas], subjects: np.ndarray, *, seed: int = 0) -> dict[str, Any]:
    """Means over the cases, and 95 % intervals of the gains over random, paired over cases, by bootstrap over ``subjects`` (N,)."""
    names = ("deletion", "deletion_random", "insertion", "insertion_random")
    columns = {name: np.array([getattr(case, name) for case in cases]) for name in names}
    means = {name: float(values.mean()) if len(cases) else float("nan") for name, values in columns.items()}
    lost = columns["deletion_random"] - columns["deletion"]
    found = columns["insertion"] - columns["insertion_random"]
    return {
        "cases": len(cases),
        "deletion": means["deletion"],
        "deletion_random": means["deletion_random"],
        "deletion_gain_ci": list(interval(np.mean, subjects, lost, seed=seed)),
        "insertion": means["insertion"],
        "insertion_random": means["insertion_random"],
        "insertion_gain_ci": list(interval(np.mean, subjects, found, seed=seed)),
    }


def _curves(probability: Probability, ways: Sequence[np.ndarray], counts: np.ndarray) -> list[np.ndarray]:
    """For each order of taking away, (len(counts),) probabilities after that many pieces are gone."""
    removed = [[frozenset(way[:count].tolist()) for count in counts] for way in ways]
    asked = list(dict.fromkeys(pieces for curve in removed for pieces in curve))
    answers = np.asarray(probability([sorted(pieces) for pieces in asked]), dtype=float)
    known = dict(zip(asked, answers, strict=True))
    return [np.array([known[pieces] for pieces in curve]) for curve in removed]
