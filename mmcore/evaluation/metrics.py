"""Figures of a classifier: how well it ranks, decides, knows its own confidence and bounds its answers.

Every function takes plain arrays: ``truth`` (N,) int class numbers, ``probabilities`` (N, C) in 0..1 with rows that sum to 1,
``members`` (N, C) bool prediction sets. A figure that the data cannot give (no case, one class only) is NaN, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_curve

ECE_BINS = 10


@dataclass(frozen=True)
class Bin:
    """One bar of a reliability diagram: cases whose top probability lies in (low, high]."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def auroc(positive: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve in 0..1 of ``score`` (N,) for ``positive`` (N,) bool; ties count one half, NaN where one side is empty."""
    positive = np.asarray(positive, dtype=bool)
    return float(_areas(positive[:, None], np.asarray(score, dtype=float)[:, None])[0])


def macro_auroc(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean one-against-the-rest AUROC over the classes that some, but not all, cases have."""
    areas = _areas(truth[:, None] == np.arange(probabilities.shape[1]), probabilities)
    return _mean(areas[~np.isnan(areas)])


def balanced_accuracy(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean recall over the classes that occur in ``truth``, each case decided for its most probable class."""
    classes = probabilities.shape[1]
    cases = np.bincount(truth, minlength=classes)
    hits = np.bincount(truth[probabilities.argmax(axis=1) == truth], minlength=classes)
    return _mean(hits[cases > 0] / cases[cases > 0])


def accuracy(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """Share of cases whose most probable class is the true one."""
    return _mean(probabilities.argmax(axis=1) == truth)


def brier(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """Multiclass Brier score (Brier 1950): mean squared distance to the one-hot truth, 0 (perfect) to 2."""
    distance = probabilities - (truth[:, None] == np.arange(probabilities.shape[1]))
    return _mean((distance**2).sum(axis=1))


def expected_calibration_error(truth: np.ndarray, probabilities: np.ndarray, bins: int = ECE_BINS) -> float:
    """Top-label ECE in 0..1 (Guo et al. 2017): mean gap of confidence and accuracy over equal-width bins, weighted by cases."""
    bars = reliability(truth, probabilities, bins)
    if not bars:
        return float("nan")
    return float(sum(bar.n * abs(bar.confidence - bar.accuracy) for bar in bars) / len(truth))


def reliability(truth: np.ndarray, probabilities: np.ndarray, bins: int = ECE_BINS) -> tuple[Bin, ...]:
    """The bars of a reliability diagram, those without a case left out."""
    confidence, hit = probabilities.max(axis=1, initial=0.0), probabilities.argmax(axis=1) == truth
    edges = np.linspace(0.0, 1.0, bins + 1)
    number = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    return tuple(
        Bin(float(edges[b]), float(edges[b + 1]), int(inside.sum()), float(confidence[inside].mean()), float(hit[inside].mean()))
        for b in range(bins)
        if (inside := number == b).any()
    )


def coverage(truth: np.ndarray, members: np.ndarray) -> float:
    """Share of cases whose true class is in their prediction set."""
    return _mean(members[np.arange(len(truth)), truth])


def set_size(members: np.ndarray) -> float:
    """Mean number of classes in a prediction set."""
    return _mean(members.sum(axis=1))


def sensitivity_at_specificity(positive: np.ndarray, score: np.ndarray, specificity: float = 0.9) -> float:
    """Highest share of positives found at any threshold that still clears at least ``specificity`` of the negatives."""
    positive = np.asarray(positive, dtype=bool)
    if positive.all() or not positive.any():
        return float("nan")
    false_rate, true_rate, _ = roc_curve(positive, score, drop_intermediate=False)
    return float(true_rate[false_rate <= 1 - specificity + 1e-12].max())


def _areas(positive: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """(C,) AUROC of each column by the rank sum (Mann and Whitney 1947): fast enough for a thousand bootstrap draws."""
    if not len(scores):
        return np.full(scores.shape[1], np.nan)
    found = positive.sum(axis=0).astype(float)
    pairs = found * (len(scores) - found)
    rank_sum = np.where(positive, rankdata(scores, axis=0), 0.0).sum(axis=0)
    return np.where(pairs > 0, (rank_sum - found * (found + 1) / 2) / np.maximum(pairs, 1), np.nan)


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
