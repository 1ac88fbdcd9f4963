"""What all inputs together gain over the best single one: the difference on the same cases, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from mmcore.evaluation.answers import Answers
from mmcore.evaluation.comparison_table import Figure, Table, group_auroc, percentiles, rows_of
from mmcore.model_spec import ModelSpec
from mmcore.tokens import subset_name

GAIN_DRAWS = 500


def alone_and_gain(spec: ModelSpec, runs: Sequence[dict[str, Answers]], table: Table) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Each modality alone as rows, and what all of them together gain over the best of these.

    Args:
        runs: one a seed: subset -> answers.

    Returns:
        The rows, and {"best_single": subset, figure: {"gain", "ci"}, "auroc CLASS": ...}.
    """
    rows = [table.row(f"{m} alone", "single", m, [run[m] for run in runs]) for m in spec.modalities]
    best, whole = max(rows, key=lambda row: row["auroc"])["subset"], subset_name(spec.modalities)
    there, labels = table.cases.present()[whole], table.cases.labels
    draws = [draw[there[draw]] for draw in table.draws[:GAIN_DRAWS]]
    classes: dict[str, Figure] = {f"auroc {label.id}": partial(group_auroc, [i]) for i, label in enumerate(spec.labels)}
    pairs = [(run[whole], run[best]) for run in runs]
    gain: dict[str, Any] = {"best_single": best}
    for key, figure in {**table.figures, **classes}.items():
        drawn = [_difference(figure, pairs, labels, at) for at in draws]
        gain[key] = {"gain": _difference(figure, pairs, labels, np.flatnonzero(there)), "ci": percentiles(drawn)}
    return rows, gain


def _difference(figure: Figure, pairs: Sequence[tuple[Answers, Answers]], labels: np.ndarray, at: np.ndarray) -> float:
    """Mean over the seeds of how much better the first of a pair is on these rows."""
    return float(np.mean([figure(labels[at], rows_of(a, at)) - figure(labels[at], rows_of(b, at)) for a, b in pairs]))
