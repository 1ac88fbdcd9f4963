"""Figures broken down by the columns that model.toml names, such as age, sex and region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mmcore.evaluation import metrics
from mmcore.evaluation.answers import Answers
from mmcore.model_spec import ModelSpec
from mmcore.training.dataset import TrainingSet

LEAST = 20
AGES = (0, 40, 60, 200)
NOT_KNOWN = "not known"


def subgroup_figures(spec: ModelSpec, cases: TrainingSet, runs: Sequence[Answers]) -> dict[str, dict[str, Any]]:
    """Column -> group -> figures, for groups of at least 20 cases; numbers are cut at 40 and 60, empty cells are a group."""
    out: dict[str, dict[str, Any]] = {}
    for column in (name for name in spec.data.subgroups if name in cases.columns):
        texts = groups(cases.columns[column])
        texts = np.where(texts == "", NOT_KNOWN, texts) if (texts != "").any() else texts
        out[column] = {
            str(group): _figures(texts == group, cases.labels, runs)
            for group in sorted(set(texts) - {""})
            if (texts == group).sum() >= LEAST
        }
    return out


def groups(values: np.ndarray) -> np.ndarray:
    """(N,) texts; numbers as "under 40", "40 to 59" or "60 and over" where every filled cell is a number."""
    filled = [v for v in values if v]
    try:
        numbers = {v: float(v) for v in filled}
    except ValueError:
        return values
    names = ("under 40", "40 to 59", "60 and over")
    return np.array([names[int(np.searchsorted(AGES, numbers[v], side="right")) - 1] if v else "" for v in values])


def _figures(at: np.ndarray, labels: np.ndarray, runs: Sequence[Answers]) -> dict[str, float]:
    return {
        "n": int(at.sum()),
        "accuracy": float(np.mean([metrics.accuracy(labels[at], run.probabilities[at]) for run in runs])),
        "auroc": float(np.mean([metrics.macro_auroc(labels[at], run.probabilities[at]) for run in runs])),
        "coverage": float(np.mean([metrics.coverage(labels[at], run.sets[at]) for run in runs])),
        "set_size": float(np.mean([metrics.set_size(run.sets[at]) for run in runs])),
    }
