"""From scores to calibrated probabilities: that a shown product is bought, and that at least one of a shelf is.

For each subset one logistic regression (Platt 1999) on the score, on how far it lies above the shelf's edge and on the length of the
past; fitted on a day that the towers and counts had not seen. All probabilities are of shoppers who buy something on the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load, save_file
from sklearn.linear_model import LogisticRegression

from mmcore.domains.retail.ranker import top

SHELF = 20
NEAR = 100
"""Products per shopper that are all used in fitting; of the rest a sample stands for all."""
SAMPLED = 150
FEWEST = 30
"""Purchases below which a regression is not fitted and the prior is told."""


@dataclass(frozen=True)
class Chances:
    """Fitted calibration.

    Attributes:
        product: subset -> (5,) intercept and weights of `_inputs`.
        shelf: subset -> (2,) intercept and weight of the logit of the shelf's independent chance.
        prior: share of all products that a shopper of the day buys: the probability before anything is known.
        counted: subset -> shoppers behind its calibration.
    """

    product: Mapping[str, np.ndarray]
    shelf: Mapping[str, np.ndarray]
    prior: float
    counted: Mapping[str, int]

    def of_products(self, subset: str, scores: np.ndarray, edge: np.ndarray, past: np.ndarray) -> np.ndarray:
        """Probabilities of scores.

        Args:
            scores: (...,) scores of products.
            edge: (...,) score of the shopper's 20th product, broadcast against ``scores``.
            past: (...,) number of past products.
        """
        if subset not in self.product:
            return np.full(np.broadcast(scores, edge).shape, self.prior)
        weights = self.product[subset]
        return _sigmoid(weights[0] + np.tensordot(_inputs(scores, edge, past), weights[1:], axes=(-1, 0)))

    def of_shelf(self, subset: str, probabilities: np.ndarray) -> np.ndarray:
        """(..., K) probabilities of a shelf's products -> (...,) that at least one of them is bought."""
        alone = 1 - np.prod(1 - probabilities, axis=-1)
        if subset not in self.shelf:
            return alone
        weights = self.shelf[subset]
        return _sigmoid(weights[0] + weights[1] * _logit(alone))


def edges(scores: np.ndarray) -> np.ndarray:
    """(B, N) -> (B,) score of each shopper's 20th product, or of the last where there are fewer."""
    count = min(SHELF, scores.shape[1])
    return np.partition(scores, -count, axis=1)[:, -count]


def fit_chances(
    scores: Mapping[str, np.ndarray], bought: np.ndarray, hidden: np.ndarray, past: np.ndarray, seed: int
) -> Chances:  # fmt: skip
    """From a day that nothing was fitted on.

    Args:
        scores: subset -> (B, N) with what may not be shown far below.
        bought: (B, N) bool.
        hidden: (B, N) bool, products that may not be shown.
        past: (B,) number of past products.
    """
    rng = np.random.default_rng(seed)
    product, shelf, counted = {}, {}, {}
    for subset, values in scores.items():
        edge = edges(values)
        rows, columns, weight = _sample(values, hidden, rng)
        inputs = _inputs(values[rows, columns], edge[rows], past[rows])
        truth = np.asarray(bought[rows, columns])
        if truth.sum() < FEWEST:
            continue
        fitted = LogisticRegression(C=100.0, max_iter=500).fit(inputs, truth, sample_weight=weight)
        product[subset] = np.r_[fitted.intercept_, fitted.coef_[0]]
        counted[subset] = int(values.shape[0])
        best = top(values, SHELF)
        here = Chances(product, {}, 0.0, {})
        alone = 1 - np.prod(1 - here.of_products(subset, np.take_along_axis(values, best, 1), edge[:, None], past[:, None]), axis=1)
        hit = np.asarray(np.take_along_axis(bought, best, axis=1).any(axis=1))
        if FEWEST <= hit.sum() < len(hit):
            line = LogisticRegression(C=100.0).fit(_logit(alone)[:, None], hit)
            shelf[subset] = np.r_[line.intercept_, line.coef_[0]]
    prior = float(bought.sum() / max(1, (~hidden).sum()))
    return Chances(product, shelf, prior, counted)


def _sample(scores: np.ndarray, hidden: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, columns and weights: each shopper's best products, and a few of the others that stand for all of them."""
    near = top(scores, NEAR)
    rows, columns, weights = [], [], []
    for row in range(len(scores)):
        rest = np.setdiff1d(np.flatnonzero(~hidden[row]), near[row])
        drawn = rng.choice(rest, min(SAMPLED, len(rest)), replace=False)
        best = near[row][~hidden[row][near[row]]]
        rows.append(np.full(len(best) + len(drawn), row))
        columns.append(np.r_[best, drawn])
        weights.append(np.r_[np.ones(len(best)), np.full(len(drawn), len(rest) / max(1, len(drawn)))])
    return np.concatenate(rows), np.concatenate(columns).astype(int), np.concatenate(weights)


def _inputs(scores: np.ndarray, edge: np.ndarray, past: np.ndarray) -> np.ndarray:
    """(..., 4): the score, what it lies above and below the shelf's edge, the log of the past's length."""
    scores, edge, past = np.broadcast_arrays(np.asarray(scores, float), np.asarray(edge, float), np.asarray(past, float))
    above = scores - edge
    return np.stack([edge, np.maximum(above, 0), np.minimum(above, 0).clip(-30), np.log1p(past)], axis=-1)


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(values, -40, 40)))


def _logit(share: np.ndarray) -> np.ndarray:
    share = np.clip(share, 1e-9, 1 - 1e-9)
    return np.log(share / (1 - share))


def save_chances(chances: Chances, path: Path) -> None:
    """As one .safetensors file."""
    tensors = {f"product/{s}": w for s, w in chances.product.items()} | {f"shelf/{s}": w for s, w in chances.shelf.items()}
    tensors |= {f"counted/{s}": np.array([n]) for s, n in chances.counted.items()} | {"prior": np.array([chances.prior])}
    save_file({name: np.ascontiguousarray(values) for name, values in tensors.items()}, path)


def load_chances(data: bytes) -> Chances:
    """From the bytes that `save_chances` wrote."""
    tensors = load(data)

    def part(kind: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(kind): values for name, values in tensors.items() if name.startswith(kind)}

    counted = {name: int(values[0]) for name, values in part("counted/").items()}
    return Chances(part("product/"), part("shelf/"), float(tensors["prior"][0]), counted)
