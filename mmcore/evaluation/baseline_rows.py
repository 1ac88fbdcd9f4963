"""The rows of plain baselines in the table of ``compare``, on the folds of the shipped fusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mmcore.evaluation.baselines import BASELINE_INPUTS, BASELINES, Plain, fit_predict
from mmcore.evaluation.comparison_table import Table
from mmcore.model_spec import ModelSpec
from mmcore.training.crossfit import CrossFit, pooled
from mmcore.training.load import RawSet


def baseline_rows(spec: ModelSpec, raw: RawSet, fits: Sequence[CrossFit], table: Table) -> list[dict[str, Any]]:
    """One row a baseline, its seeds those of ``fits``; the one on texts only where the model takes a text."""
    cases = table.cases
    record, picture = next(iter(cases.additive)), next(iter(raw.pixels))
    text = next(iter(raw.texts), None)
    words = np.where(cases.has(text)[:, None], pooled(cases, text), np.nan) if text else None
    plain = Plain(record_table(raw, record), pooled(cases, picture), cases.labels, words)
    named = {"record": record, "image": picture, "text": text}
    rows = []
    for name in (name for name in BASELINES if text or name != "linear_text"):
        used = {named[kind] for kind in BASELINE_INPUTS[name]}
        found = [_out_of_fold(name, plain, fit.fold, seed, len(spec.labels)) for seed, fit in enumerate(fits)]
        rows.append(table.row_of_probabilities(name, "+".join(m for m in spec.modalities if m in used), found))
    return rows


def record_table(raw: RawSet, record: str) -> np.ndarray:
    """(N, F) the record's tokens side by side, without the constants; NaN where a field is missing."""
    features, mask = raw.records[record]
    owner = (features != 0).any(dim=0)
    columns = [(token, column) for token in range(features.shape[1]) for column in owner[token].nonzero().flatten().tolist()]
    values = np.array([[float(row[t, c]) if known[t] else np.nan for t, c in columns] for row, known in zip(features, mask, strict=True)])
    return values[:, np.nanstd(values, axis=0) > 0]


def _out_of_fold(name: str, plain: Plain, fold: np.ndarray, seed: int, classes: int) -> np.ndarray:
    """(N, classes) probabilities; each fold's from a fit on the other folds."""
    out = np.zeros((len(fold), classes))
    for number in np.unique(fold):
        here = fold == number
        out[here] = fit_predict(name, plain.rows(~here), plain.rows(here), seed, classes)
    return out
