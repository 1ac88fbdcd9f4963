"""Plain baselines that a fused model has to beat, on the same folds: no tokens, no training loop, settings fixed beforehand.

Missing fields are filled from the training part alone and **without an indicator**: in clinical data, whether a field is filled can tell
the label, and a baseline that reads it would win for the wrong reason. Trees get the answer of another case, drawn at random as in the
network's training, for a median that many share would be an indicator too; the linear model gets the mean in every column, those of
categories among them, which adds nothing to its logits.

Classes are weighted alike, so every baseline speaks under a uniform class prior.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight

from mmcore.case import Record
from mmcore.errors import ConfigError
from mmcore.model_spec import Field

RECORD_STRENGTH = 0.3
POOLED_STRENGTH = 0.003
TEXT_STRENGTH = 0.03
DRAWS = 10
"""How often gaps are drawn anew for trees: they learn from all draws, and answer by the mean over them."""


@dataclass(frozen=True)
class Plain:
    """N cases as plain tables.

    Attributes:
        record: (N, F) from ``record_matrix``, NaN where missing.
        pooled: (N, D) picture features, the mean over a picture's patches.
        y: (N,) int class numbers.
        text: (N, D) text features, the mean over a text's words, NaN where there is none; None for a model without text.
    """

    record: np.ndarray
    pooled: np.ndarray
    y: np.ndarray
    text: np.ndarray | None = None

    def rows(self, numbers: np.ndarray) -> Plain:
        """The cases at these row numbers, or where this (N,) mask is True."""
        text = None if self.text is None else self.text[numbers]
        return Plain(self.record[numbers], self.pooled[numbers], self.y[numbers], text)


def record_matrix(records: Sequence[Record], fields: Sequence[Field]) -> np.ndarray:
    """(N, F) float: a number as it is, a flag as 1 or -1, a category as one 0/1 column a value; NaN in every column of a missing field."""
    return np.array([[x for field in fields for x in _columns(field, record.values.get(field.name))] for record in records], dtype=float)


def fit_predict(name: str, train: Plain, test: Plain, seed: int, classes: int) -> np.ndarray:
    """(N, classes) probabilities of ``test`` from the baseline ``name``, fitted on ``train`` alone; a class not in ``train`` gets 0."""
    if name not in BASELINES:
        raise ConfigError(f"baseline {name!r} is not known", f"Use one of: {', '.join(BASELINES)}")
    return BASELINES[name](train, test, seed, classes)


def _columns(field: Field, value: float | str | None) -> list[float]:
    if value is None:
        return [np.nan] * (len(field.values) if field.type == "category" else 1)
    if field.type == "number":
        return [float(value)]
    if field.type == "flag":
        return [1.0 if value == "True" else -1.0]
    return [float(value == allowed) for allowed in field.values]


def _boosting_record(train: Plain, test: Plain, seed: int, classes: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    drawn, y = np.concatenate([_filled(train.record, train.record, rng) for _ in range(DRAWS)]), np.tile(train.y, DRAWS)
    trees = GradientBoostingClassifier(
        learning_rate=0.05, n_estimators=100, max_leaf_nodes=4, min_samples_leaf=10 * DRAWS, subsample=0.7, max_features="sqrt",
        random_state=seed,
    )  # fmt: skip
    trees.fit(drawn, y, sample_weight=compute_sample_weight("balanced", y))
    answers = [trees.predict_proba(_filled(test.record, train.record, rng)) for _ in range(DRAWS)]
    return _spread(np.mean(answers, axis=0), trees.classes_, classes)


def _filled(record: np.ndarray, donors: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Gaps take the values of a donor drawn at random (hot deck); columns that donors lack together, as those of one field, go together."""
    out = record.copy()
    known, group = np.unique(~np.isnan(donors), axis=1, return_inverse=True)
    for number, have in enumerate(known.T):
        columns, able = np.flatnonzero(group.ravel() == number), np.flatnonzero(have)
        gaps = np.flatnonzero(np.isnan(record[:, columns]).any(axis=1))
        out[np.ix_(gaps, columns)] = donors[np.ix_(rng.choice(able, len(gaps)), columns)] if len(able) else 0.0
    return out


def _linear_record(train: Plain, test: Plain, seed: int, classes: int) -> np.ndarray:
    centre, scale = _standard(train.record)
    model = LogisticRegression(C=RECORD_STRENGTH, class_weight="balanced", max_iter=2000, random_state=seed)
    model.fit(np.nan_to_num((train.record - centre) / scale), train.y)
    return _spread(model.predict_proba(np.nan_to_num((test.record - centre) / scale)), model.classes_, classes)


def _linear_picture(train: Plain, test: Plain, seed: int, classes: int) -> np.ndarray:
    regression = LogisticRegression(C=POOLED_STRENGTH, class_weight="balanced", max_iter=2000, random_state=seed)
    model = make_pipeline(StandardScaler(), regression).fit(train.pooled, train.y)
    return _spread(model.predict_proba(test.pooled), model.classes_, classes)


def _linear_text(train: Plain, test: Plain, seed: int, classes: int) -> np.ndarray:
    """Uniform over the classes seen where there is no text."""
    assert train.text is not None and test.text is not None
    there, here = ~np.isnan(train.text).any(axis=1), ~np.isnan(test.text).any(axis=1)
    regression = LogisticRegression(C=TEXT_STRENGTH, class_weight="balanced", max_iter=2000, random_state=seed)
    model = make_pipeline(StandardScaler(), regression).fit(train.text[there], train.y[there])
    out = np.tile(_spread(np.full((1, len(model.classes_)), 1 / len(model.classes_)), model.classes_, classes), (len(test.y), 1))
    if here.any():
        out[here] = _spread(model.predict_proba(test.text[here]), model.classes_, classes)
    return out


def _linear_product(train: Plain, test: Plain, seed: int, classes: int) -> np.ndarray:
    """Product of the linear models over the class prior they share, which is uniform because classes are weighted alike."""
    joint = _linear_record(train, test, seed, classes) * _linear_picture(train, test, seed, classes)
    if train.text is not None:
        joint = joint * np.maximum(_linear_text(train, test, seed, classes), 1e-6)
    return joint / joint.sum(axis=1, keepdims=True)


def _standard(record: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(F,) mean and scale; the scale of flags and categories is 1, for a rare value must not weigh more than a frequent one."""
    filled = ~np.isnan(record)
    count = np.maximum(filled.sum(axis=0), 1)
    centre = np.where(filled, record, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(filled, (record - centre) ** 2, 0.0).sum(axis=0) / count)
    number = np.abs(np.where(filled, record, 0.0)).max(axis=0) > 1
    return centre, np.where(number & (spread > 0), spread, 1.0)


def _spread(probabilities: np.ndarray, seen: np.ndarray, classes: int) -> np.ndarray:
    out = np.zeros((len(probabilities), classes))
    out[:, seen] = probabilities
    return out


BASELINES: Mapping[str, Callable[[Plain, Plain, int, int], np.ndarray]] = MappingProxyType(
    {
        "boosting_record": _boosting_record,
        "linear_record": _linear_record,
        "linear_image": _linear_picture,
        "linear_text": _linear_text,
        "linear_product": _linear_product,
    }
)
BASELINE_INPUTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "boosting_record": ("record",),
        "linear_record": ("record",),
        "linear_image": ("image",),
        "linear_text": ("text",),
        "linear_product": ("record", "image", "text"),
    }
)
