"""The table of ``compare``: which figures a row has, each a mean over the seeds with an interval over subjects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mmcore.evaluation import metrics
from mmcore.evaluation.answers import Answers
from mmcore.model_spec import ModelSpec
from mmcore.training.dataset import TrainingSet

CONFIDENCE_KEYS = ("coverage", "set_size", "abstained", "accuracy_answered", "accuracy_abstained")

Figure = Callable[[np.ndarray, Answers], float]


@dataclass(frozen=True)
class Table:
    """What every row of one comparison is measured on.

    Attributes:
        draws: row numbers of each bootstrap draw, whole subjects at a time.
        figures: name -> figure of (labels, answers): what a row holds with an interval.
    """

    cases: TrainingSet
    draws: Sequence[np.ndarray]
    figures: Mapping[str, Figure]

    def row(self, name: str, kind: str, subset: str, runs: Sequence[Answers]) -> dict[str, Any]:
        """A row from one Answers a seed: over the cases that have all of ``subset``, over all cases where it is ""."""
        labels = self.cases.labels
        there = self.cases.present().get(subset, np.ones(len(self.cases), bool))
        draws = [draw[there[draw]] for draw in self.draws] if subset else self.draws
        whole = np.flatnonzero(there)
        row: dict[str, Any] = {"name": name, "kind": kind, "subset": subset, "n": len(whole), "seeds": len(runs)}
        for key, figure in self.figures.items():
            row[key] = float(np.mean([figure(labels[whole], rows_of(run, whole)) for run in runs]))
            row[f"{key}_ci"] = percentiles([float(np.mean([figure(labels[at], rows_of(run, at)) for run in runs])) for at in draws])
        return row | confidence_figures([rows_of(run, whole) for run in runs], labels[whole])

    def row_of_probabilities(self, name: str, subset: str, probabilities: Sequence[np.ndarray]) -> dict[str, Any]:
        """A row of something that gives (N, C) probabilities a seed and nothing else: no sets, no abstention."""
        runs = [Answers(p, np.zeros_like(p, bool), np.zeros(len(p), bool)) for p in probabilities]
        return {key: value for key, value in self.row(name, "baseline", subset, runs).items() if key not in CONFIDENCE_KEYS}


def figures_of(spec: ModelSpec) -> dict[str, Figure]:
    """The figures of a model's rows: over all its classes, and each of its groups of classes against the rest."""
    found: dict[str, Figure] = {
        "auroc": lambda y, a: metrics.macro_auroc(y, a.probabilities),
        "balanced_accuracy": lambda y, a: metrics.balanced_accuracy(y, a.probabilities),
    }
    for name, members in spec.groups.items():
        found[f"{name}_auroc"] = partial(group_auroc, [spec.label_ids.index(m) for m in members])
    return found


def group_auroc(columns: Sequence[int], labels: np.ndarray, answers: Answers) -> float:
    """AUROC of the classes in ``columns`` together against all others."""
    return metrics.auroc(np.isin(labels, columns), answers.probabilities[:, list(columns)].sum(axis=1))


def confidence_figures(runs: Sequence[Answers], labels: np.ndarray) -> dict[str, float]:
    """Calibration, sets and abstention, means over the seeds."""

    def mean(figure: Callable[[Answers], float]) -> float:
        return float(np.nanmean([figure(run) for run in runs]))

    right = [run.probabilities.argmax(axis=1) == labels for run in runs]
    answered = [
        (hit[~run.abstain].mean(), hit[run.abstain].mean() if run.abstain.any() else np.nan) for hit, run in zip(right, runs, strict=True)
    ]
    return {
        "ece": mean(lambda run: metrics.expected_calibration_error(labels, run.probabilities)),
        "coverage": mean(lambda run: metrics.coverage(labels, run.sets)),
        "set_size": mean(lambda run: metrics.set_size(run.sets)),
        "abstained": mean(lambda run: run.abstain.mean()),
        "accuracy_answered": float(np.mean([a for a, _ in answered])),
        "accuracy_abstained": float(np.nanmean([b for _, b in answered])) if any(run.abstain.any() for run in runs) else float("nan"),
    }


def reliability_bins(runs: Sequence[Answers], labels: np.ndarray) -> list[dict[str, float]]:
    """Reliability of the top label over all seeds together, ten bins."""
    found = metrics.reliability(np.concatenate([labels] * len(runs)), np.concatenate([run.probabilities for run in runs]))
    return [{"confidence": b.confidence, "accuracy": b.accuracy, "n": b.n / len(runs)} for b in found if b.n]


def rows_of(answers: Answers, rows: np.ndarray) -> Answers:
    """The answers for these cases alone."""
    return Answers(answers.probabilities[rows], answers.sets[rows], answers.abstain[rows])


def percentiles(values: Sequence[float]) -> list[float]:
    """The 95 % interval [low, high] of bootstrap values; those that are NaN do not count."""
    return [float(v) for v in np.nanpercentile(values, [2.5, 97.5])]
