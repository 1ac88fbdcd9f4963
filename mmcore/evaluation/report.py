"""The contract's figures of one subset of modalities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mmcore.evaluation import metrics
from mmcore.evaluation.bootstrap import interval
from mmcore.evaluation.jsonable import jsonable


def summarise(
    truth: np.ndarray,
    probabilities: np.ndarray,
    sets: Sequence[Sequence[str]],
    abstain: np.ndarray,
    subjects: np.ndarray,
    label_ids: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    calibration_n: int,
    seed: int = 0,
) -> dict[str, Any]:
    """The figures of N cases that all have this subset's modalities.

    Args:
        truth: (N,) int, positions in ``label_ids``.
        probabilities: (N, C) calibrated, columns as ``label_ids``.
        sets: N prediction sets of label ids.
        abstain: (N,) bool.
        subjects: (N,) whose case each is; intervals are drawn over them.
        groups: name -> its labels, such as malignant; each adds a dictionary of its own.
        calibration_n: cases behind this subset's calibration.

    Returns:
        Plain numbers, None where the cases cannot give a figure.
    """
    members = set_members(sets, label_ids)
    abstain = np.asarray(abstain, dtype=bool)
    figures = {
        "n": len(truth),
        "auroc": metrics.macro_auroc(truth, probabilities),
        "auroc_ci": interval(metrics.macro_auroc, subjects, truth, probabilities, seed=seed),
        "balanced_accuracy": metrics.balanced_accuracy(truth, probabilities),
        "balanced_accuracy_ci": interval(metrics.balanced_accuracy, subjects, truth, probabilities, seed=seed),
        "ece": metrics.expected_calibration_error(truth, probabilities),
        "brier": metrics.brier(truth, probabilities),
        "coverage": metrics.coverage(truth, members),
        "set_size": metrics.set_size(members),
        "calibration_n": calibration_n,
        "abstained": float(abstain.mean()) if len(abstain) else float("nan"),
        "accuracy_answered": metrics.accuracy(truth[~abstain], probabilities[~abstain]),
        "accuracy_abstained": metrics.accuracy(truth[abstain], probabilities[abstain]),
    }
    columns = {name: [list(label_ids).index(label) for label in labels] for name, labels in groups.items()}
    figures |= {name: _group(truth, probabilities, subjects, chosen, seed) for name, chosen in columns.items()}
    return jsonable(figures)


def set_members(sets: Sequence[Sequence[str]], label_ids: Sequence[str]) -> np.ndarray:
    """(N, C) bool: which labels are in each prediction set."""
    return np.array([[label in chosen for label in label_ids] for chosen in sets], dtype=bool).reshape(len(sets), len(label_ids))


def _group(truth: np.ndarray, probabilities: np.ndarray, subjects: np.ndarray, columns: Sequence[int], seed: int) -> dict[str, Any]:
    positive, score = np.isin(truth, columns), probabilities[:, columns].sum(axis=1)
    return {
        "auroc": metrics.auroc(positive, score),
        "auroc_ci": interval(metrics.auroc, subjects, positive, score, seed=seed),
        "sensitivity_at_90_specificity": metrics.sensitivity_at_specificity(positive, score, 0.9),
    }
