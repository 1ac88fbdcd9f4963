"""Out-of-fold scores turned into honest answers: each fold calibrated on the patients of the other folds only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mmcore.confidence.abstain import AbstainSettings, contradict
from mmcore.confidence.model import fit_confidence
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
    modalities = [subset for subset in present if "+" not in subset]
    count, classes = next(iter(fitted.log_probabilities.values())).shape
    out = {
        s: Answers(np.zeros((count, classes)), np.zeros((count, classes), bool), np.zeros(count, bool)) for s in fitted.log_probabilities
    }
    for fold in np.unique(fitted.fold):
        here, rest = fitted.fold == fold, fitted.fold != fold
        scores = {s: values[rest] for s, values in fitted.log_probabilities.items()}
        distances = {m: values[rest & present[m]] for m, values in fitted.distances.items()}
        prior = np.full(classes, 1 / classes)
        confidence = fit_confidence(scores, labels[rest], prior, settings, {}, distances, {s: at[rest] for s, at in present.items()})
        alone = {m: confidence.probabilities(m, fitted.log_probabilities[m][here]) for m in modalities}
        single = {m: confidence.sets(m, p, settings.conflict_level) for m, p in alone.items()}
        far = {m: (fitted.distances[m][here] > limit) & present[m][here] for m, limit in confidence.distance_limits.items()}
        for subset, answers in out.items():
            names = subset.split("+")
            answers.probabilities[here] = confidence.probabilities(subset, fitted.log_probabilities[subset][here])
            answers.sets[here] = confidence.sets(subset, answers.probabilities[here], LEVEL)
            answers.abstain[here] = abstains(
                answers.sets[here],
                np.stack([single[m] for m in names], axis=1),
                {m: far[m] for m in names if m in far},
                settings,
            )
    return out


def abstains(
    sets: np.ndarray, single: np.ndarray, far: Mapping[str, np.ndarray], settings: AbstainSettings
) -> np.ndarray:
    """(N,) bool: the rule of ``mmcore.confidence.abstain`` for many cases at once; ``single``: (N, M, C) each modality's own set."""
    out = (sets.sum(axis=1) > settings.widest_set) | contradict(single)
    for values in far.values():
        out |= values
    return out
