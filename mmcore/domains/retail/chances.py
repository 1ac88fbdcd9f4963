"""From scores to calibrated probabilities: that a shown product is bought, and that at least one of a shelf is.

For each subset a logistic regression (Platt 1999) on the shelf's products alone: on the shelf's edge, on how far the score lies above
it and on the length of the past. Below the edge the probability falls from there by two weights fitted to the other products, so that
the many that nobody is shown do not bend what is said of those that are. One more regression is of the shelf as a whole. All are fitted
on a day that towers and counts had not seen; weights are held to the sign that keeps a better score from being told as less probable.
All probabilities are of shoppers who buy something on the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load, save_file
from scipy.optimize import minimize

from mmcore.domains.retail.scores import HIDDEN, NEVER, top

SHELF = 20
NEAR = 100
"""Products next below the shelf that are all used in fitting; of the rest a sample stands for all."""
SAMPLED = 150
Bounds = Sequence[tuple[float | None, float | None]]
ABOVE: Bounds = ((None, None), (None, None), (0.0, None))
BELOW: Bounds = ((None, 0.0), (None, 0.0))
WEIGHTS, RIDGE = 6, 0.005
FEWEST = 30
"""Purchases below which a regression is not fitted and the prior is told."""


@dataclass(frozen=True)
class Chances:
    """Fitted calibration.

    Attributes:
        product: subset -> (6,) intercept and weights of `_inputs`.
        shelf: subset -> (3,) intercept, weight of the logit of the shelf's independent chance and of the log of the past's length.
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

    def of_shelf(self, subset: str, probabilities: np.ndarray, past: np.ndarray) -> np.ndarray:
        """(..., K) probabilities of a shelf's products and (...,) number of past products -> (...,) that at least one is bought.

        Never below the most probable product's, nor above the sum of all.
        """
        alone = 1 - np.prod(1 - probabilities, axis=-1)
        if subset not in self.shelf:
            return alone
        weights = self.shelf[subset]
        told = _sigmoid(weights[0] + weights[1] * _logit(alone) + weights[2] * np.log1p(past))
        return np.clip(told, probabilities.max(axis=-1), probabilities.sum(axis=-1))


def edges(scores: np.ndarray) -> np.ndarray:
    """(B, N) -> (B,) score of each shopper's 20th product, or of the last that may be shown where there are fewer."""
    count = min(SHELF, scores.shape[1])
    best = np.partition(scores, -count, axis=1)[:, -count:]
    last = np.where(best > NEVER, best, np.inf).min(axis=1)
    return np.where(np.isfinite(last), last, HIDDEN)


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
        edge, best = edges(values), top(values, SHELF)
        shown = np.take_along_axis(bought, best, axis=1)
        if shown.sum() < FEWEST:
            continue
        on = _inputs(np.take_along_axis(values, best, axis=1), edge[:, None], past[:, None]).reshape(-1, 5)
        first = fit_logistic(on[:, :3], shown.ravel(), np.ones(len(on)), np.zeros(len(on)), ABOVE)
        rows, columns, weight = _sample(values, hidden, best, rng)
        below = _inputs(values[rows, columns], edge[rows], past[rows])
        start = first[0] + below[:, :3] @ first[1:]
        rest = fit_logistic(below[:, 3:], bought[rows, columns], weight, start, BELOW, intercept=False)
        product[subset], counted[subset] = np.r_[first, rest], int(values.shape[0])
        here = Chances(product, {}, 0.0, {})
        alone = 1 - np.prod(1 - here.of_products(subset, np.take_along_axis(values, best, 1), edge[:, None], past[:, None]), axis=1)
        hit = np.asarray(shown.any(axis=1))
        if FEWEST <= hit.sum() < len(hit):
            inputs = np.stack([_logit(alone), np.log1p(past)], axis=1)
            shelf[subset] = fit_logistic(inputs, hit, np.ones(len(hit)), np.zeros(len(hit)), ((0.0, None), (None, None)))
    prior = float(bought.sum() / max(1, (~hidden).sum()))
    return Chances(product, shelf, prior, counted)


def fit_logistic(
    inputs: np.ndarray, truth: np.ndarray, weight: np.ndarray, start: np.ndarray, bounds: Bounds, intercept: bool = True
) -> np.ndarray:  # fmt: skip
    """Weights, the intercept first where there is one, that make the truth most likely.

    Args:
        start: (K,) logits to which the weighted inputs are added.
        bounds: lowest and highest value of each weight.
    """
    given = np.concatenate([np.ones((len(inputs), 1)), inputs], axis=1) if intercept else inputs
    aim = np.asarray(truth, float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits = start + given @ weights
        value = (weight * (np.logaddexp(0, logits) - aim * logits)).sum() + RIDGE * (weights[-inputs.shape[1] :] ** 2).sum()
        slope = given.T @ (weight * (_sigmoid(logits) - aim))
        slope[-inputs.shape[1] :] += 2 * RIDGE * weights[-inputs.shape[1] :]
        return float(value), slope

    limits = ((None, None), *bounds) if intercept else bounds
    return np.asarray(minimize(loss, np.zeros(given.shape[1]), jac=True, method="L-BFGS-B", bounds=limits).x)


def _sample(
    scores: np.ndarray, hidden: np.ndarray, best: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Rows, columns and weights of products below the shelf: the next NEAR, and a few of the others that stand for all of them."""
    near = top(scores, SHELF + NEAR)[:, best.shape[1] :]
    rows, columns, weights = [], [], []
    for row in range(len(scores)):
        rest = np.setdiff1d(np.flatnonzero(~hidden[row]), np.r_[best[row], near[row]])
        drawn = rng.choice(rest, min(SAMPLED, len(rest)), replace=False)
        kept = near[row][~hidden[row][near[row]]]
        rows.append(np.full(len(kept) + len(drawn), row))
        columns.append(np.r_[kept, drawn])
        weights.append(np.r_[np.ones(len(kept)), np.full(len(drawn), len(rest) / max(1, len(drawn)))])
    return np.concatenate(rows), np.concatenate(columns).astype(int), np.concatenate(weights)


def _inputs(scores: np.ndarray, edge: np.ndarray, past: np.ndarray) -> np.ndarray:
    """(..., 5): logs of the shelf's edge, of the past's length, of what the score lies above the edge and below it; and the latter.

    Counts have a long tail: taken as they are, a few products would be called nearly certain.
    """
    scores, edge, past = np.broadcast_arrays(np.asarray(scores, float), np.asarray(edge, float), np.asarray(past, float))
    above, below = np.maximum(scores - edge, 0), np.maximum(edge - scores, 0).clip(max=30)
    return np.stack([np.log1p(np.maximum(edge, 0)), np.log1p(past), np.log1p(above), np.log1p(below), below], axis=-1)


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
    """From the bytes that `save_chances` wrote; ValueError where another version of the program wrote them."""
    tensors = load(data)

    def part(kind: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(kind): values for name, values in tensors.items() if name.startswith(kind)}

    if any(len(weights) != WEIGHTS for weights in part("product/").values()) or any(len(w) != 3 for w in part("shelf/").values()):
        raise ValueError("calibration of another version")
    counted = {name: int(values[0]) for name, values in part("counted/").items()}
    return Chances(part("product/"), part("shelf/"), float(tensors["prior"][0]), counted)
