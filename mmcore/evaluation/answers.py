"""Out-of-fold scores turned into honest answers: each fold calibrated on the patients of the other folds only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.confidence.abstain import AbstainSettings, contradict
from mmcore.confidence.model import ConfidenceModel, fit_confidence
from mmcore.training.crossfit import CrossFit

LEVEL = 0.9


@dataclass(frozen=True)
class Answers:
    """Answers for N cases from one subset of modalities.

    Attributes:
        probabilities: (N, C) calibrated. sets: (N, C) bool at level 0.9. abstain: (N,) bool.
    """

    probabilities: np.ndarray
    sets: np.ndarray
    abstain: np.ndarray


def held_out_answers(
    fitted: CrossFit, labels: np.ndarray, present: Mapping[str, np.ndarray], settings: AbstainSettings
) -> dict[str, Answers]:
    """Subset -> answers; temperatures, sets and thresholds for a fold come from the scores of the other folds.

    Args:
        present: subset -> (N,) bool, the cases that have all its modalities; the answers of the others rest on those that they have.
    """
    count, classes = next(iter(fitted.log_probabilities.values())).shape
    out = empty_answers(list(fitted.log_probabilities), count, classes)
    for fold in np.unique(fitted.fold):
        here, rest = fitted.fold == fold, fitted.fold != fold
        scores = {s: values[rest] for s, values in fitted.log_probabilities.items()}
        distances = {m: values[rest & present[m]] for m, values in fitted.distances.items()}
        prior = np.full(classes, 1 / classes)
        confidence = fit_confidence(scores, labels[rest], prior, settings, {}, distances, {s: at[rest] for s, at in present.items()})
        own = {s: values[here] for s, values in fitted.log_probabilities.items()}
        away = {m: values[here] for m, values in fitted.distances.items()}
        answer_into(out, here, confidence, own, away, {s: at[here] for s, at in present.items()}, settings)
    return out


def empty_answers(subsets: Sequence[str], count: int, classes: int) -> dict[str, Answers]:
    """Answers to be filled in by `answer_into`."""
    return {s: Answers(np.zeros((count, classes)), np.zeros((count, classes), bool), np.zeros(count, bool)) for s in subsets}


def answer_into(
    out: Mapping[str, Answers], here: np.ndarray, confidence: ConfidenceModel, log_probabilities: Mapping[str, np.ndarray],
    distances: Mapping[str, np.ndarray], present: Mapping[str, np.ndarray], settings: AbstainSettings,
) -> None:  # fmt: skip
    """Fills the rows ``here`` (N,) bool of every subset's answers; scores, distances and presence are those of these rows only."""
    modalities = [subset for subset in present if "+" not in subset]
    alone = {m: confidence.probabilities(m, log_probabilities[m]) for m in modalities}
    single = {m: confidence.sets(m, p, settings.conflict_level) for m, p in alone.items()}
    far = {m: (distances[m] > limit) & present[m] for m, limit in confidence.distance_limits.items()}
    for subset, answers in out.items():
        names = subset.split("+")
        answers.probabilities[here] = confidence.probabilities(subset, log_probabilities[subset])
        answers.sets[here] = confidence.sets(subset, answers.probabilities[here], LEVEL)
        apart = np.stack([single[m] for m in names], axis=1)
        answers.abstain[here] = abstains(answers.sets[here], apart, {m: far[m] for m in names if m in far}, settings)


def abstains(
    sets: np.ndarray, single: np.ndarray, far: Mapping[str, np.ndarray], settings: AbstainSettings
) -> np.ndarray:
    """(N,) bool: the rule of ``mmcore.confidence.abstain`` for many cases at once; ``single``: (N, M, C) each modality's own set."""
    out = (sets.sum(axis=1) > settings.widest_set) | contradict(single)
    for values in far.values():
        out |= values
    return out
