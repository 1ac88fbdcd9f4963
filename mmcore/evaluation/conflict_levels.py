"""How much is abstained from, and how often that is right, at each level at which inputs count as contradicting each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mmcore.confidence.abstain import AbstainSettings
from mmcore.evaluation.answers import held_out_answers
from mmcore.evaluation.comparison_table import confidence_figures, rows_of
from mmcore.training.crossfit import CrossFit
from mmcore.training.dataset import TrainingSet

CONFLICT_LEVELS = (0.8, 0.85, 0.9, 0.95)


def conflict_levels(fits: Sequence[CrossFit], cases: TrainingSet, abstain: AbstainSettings, whole: str) -> list[dict[str, float]]:
    """One row a level, over the cases that have all inputs (``whole``): share abstained, accuracy where answered and where not."""
    there, rows = np.flatnonzero(cases.present()[whole]), []
    for level in CONFLICT_LEVELS:
        settings = replace(abstain, conflict_level=level)
        runs = [rows_of(held_out_answers(fit, cases.labels, cases.present(), settings)[whole], there) for fit in fits]
        found = confidence_figures(runs, cases.labels[there])
        rows.append({"level": level, **{key: found[key] for key in ("abstained", "accuracy_answered", "accuracy_abstained")}})
    return rows
