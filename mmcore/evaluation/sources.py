"""What a model owes to where its cases come from: the source alone as an answer, and sources that no network had seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from mmcore.confidence.abstain import AbstainSettings
from mmcore.evaluation.answers import held_out_answers
from mmcore.evaluation.comparison_table import Table
from mmcore.fusion import FusionSettings
from mmcore.model_spec import ModelSpec
from mmcore.tokens import subset_name
from mmcore.training.crossfit import CrossFit, crossfit
from mmcore.training.dataset import TrainingSet
from mmcore.training.settings import TrainingSettings

STRENGTH = 1.0
FOLDS = 4


def source_rows(
    spec: ModelSpec, table: Table, fits: Sequence[CrossFit], fusion: FusionSettings, settings: TrainingSettings, abstain: AbstainSettings,
    device: torch.device,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows of the table of ``compare``, where the model says how to tell the source; none where it does not."""
    cases, whole = table.cases, subset_name(spec.modalities)
    source = sources(spec, cases)
    if source is None:
        return []
    alone = [source_alone(source, cases.labels, fit.fold, len(spec.labels)) for fit in fits]
    rows = [table.row_of_probabilities("source alone, no input", "", alone)]
    away = held_out_sources(cases, source, len(spec.labels), fusion, settings, range(len(fits)), device)
    apart = [held_out_answers(fit, cases.labels, cases.present(), abstain) for fit in away]
    for subset in (whole, *spec.modalities):
        name = f"{subset.replace('+', ' + ')}, sources held out"
        rows.append(table.row(name, "sources", subset, [run[subset] for run in apart]))
    return rows


def sources(spec: ModelSpec, cases: TrainingSet) -> np.ndarray | None:
    """(N,) source of each case, of an address its host; None where the model names no column for it or there are too few sources."""
    column = cases.columns.get(spec.data.source)
    if column is None:
        return None
    found = np.array([(urlsplit(cell).hostname or cell).removeprefix("www.") for cell in column])
    return found if len(set(found)) >= FOLDS else None


def source_alone(source: np.ndarray, labels: np.ndarray, fold: np.ndarray, classes: int) -> np.ndarray:
    """(N, classes) probabilities from the name of the source and nothing else, on the folds of the comparison."""
    names = sorted(set(source))
    table = (source[:, None] == np.array(names)[None, :]).astype(float)
    out = np.full((len(labels), classes), 1e-6)
    for number in np.unique(fold):
        inside, outside = fold != number, fold == number
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000).fit(table[inside], labels[inside])
        out[np.ix_(outside, model.classes_)] = model.predict_proba(table[outside])
    return out / out.sum(axis=1, keepdims=True)


def held_out_sources(
    cases: TrainingSet, source: np.ndarray, classes: int, fusion: FusionSettings, settings: TrainingSettings, seeds: Sequence[int],
    device: torch.device,
) -> list[CrossFit]:  # fmt: skip
    """Cross-fits whose folds hold whole sources: every case is scored by networks that saw none of its source."""
    by_source = replace(cases, subjects=source)
    return [crossfit(by_source, classes, fusion, replace(settings, folds=FOLDS), seed, device) for seed in seeds]
