"""Plain baselines that a recommender has to beat, each tuned on the day before: popularity, item-kNN, ALS, EASE, image, text, their sum.

Each is a function of purchases and settings that gives (B, N) scores of shoppers by their past; what it may be tuned over stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch

from mmcore.domains.retail import counts
from mmcore.domains.retail.catalogue import Purchases
from mmcore.domains.retail.features import Features


@dataclass(frozen=True)
class Setting:
    """What a peer reads: purchases, the shoppers' past as a (B, N) matrix, and the products' features."""

    purchases: Purchases
    past: sp.csr_matrix
    features: Features

    @property
    def products(self) -> int:
        return self.past.shape[1]


def recency(setting: Setting, half_life: float) -> np.ndarray:
    """What everybody bought lately, the same for all."""
    popular = counts.popularity(setting.purchases, setting.products, half_life)
    return np.repeat(popular[None].astype(np.float32), setting.past.shape[0], axis=0)


def item_knn(setting: Setting, shrink: float, kept: int) -> np.ndarray:
    """Shrunk cosine between products (Sarwar et al. 2001)."""
    table = counts.neighbours(counts.matrix(setting.purchases, setting.products), shrink, kept)
    return (setting.past @ table).toarray()


def als(setting: Setting, factors: int, regularization: float, alpha: float, seed: int = 0) -> np.ndarray:
    """Implicit ALS (Hu et al. 2008) by the library ``implicit``; shoppers are folded in from their past."""
    model = counts.factorised(counts.matrix(setting.purchases, setting.products), factors, regularization, alpha, seed)
    shoppers = model.recalculate_user(np.arange(setting.past.shape[0]), setting.past)
    return np.asarray(shoppers @ model.item_factors.T)


def ease(setting: Setting, ridge: float) -> np.ndarray:
    """EASE (Steck 2019) on purchases alone."""
    bought = counts.matrix(setting.purchases, setting.products)
    gram = torch.from_numpy((bought.T @ bought).toarray())
    gram.diagonal().add_(ridge)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(gram))
    weights = inverse.div_(-inverse.diagonal().clone())
    weights.fill_diagonal_(0)
    return np.asarray(setting.past @ weights.numpy())


def image_only(setting: Setting) -> np.ndarray:
    """Mean likeness of pictures to the past."""
    return np.asarray((setting.past @ setting.features.image) @ setting.features.image.T)


def text_only(setting: Setting) -> np.ndarray:
    """Mean likeness of words to the past."""
    words = counts.flat_text(setting.features)
    return np.asarray((setting.past @ words) @ words.T)


ALS_GRID = [
    {"factors": factors, "regularization": regularization, "alpha": alpha}
    for factors in (64, 128, 256) for regularization in (0.1, 1.0, 10.0) for alpha in (1.0, 10.0, 40.0)
]  # fmt: skip
PEERS: Mapping[str, tuple[Callable[..., np.ndarray], Sequence[dict[str, Any]]]] = {
    "popularity by recency": (recency, [{"half_life": days} for days in (0.5, 1.0, 2.0)]),
    "item-kNN": (item_knn, [{"shrink": shrink, "kept": 1000} for shrink in (1.0, 10.0, 30.0)]),
    "ALS (implicit)": (als, ALS_GRID),
    "EASE": (ease, [{"ridge": ridge} for ridge in (100.0, 200.0, 400.0)]),
    "image only": (image_only, [{}]),
    "text only": (text_only, [{}]),
}
LIBRARY = ("popularity by recency", "item-kNN", "ALS (implicit)", "EASE")
"""Peers that know purchases alone: what a recommender library offers."""
SUM = "weighted sum of standardised scores"
SUM_TRIES = 20


def weighted_sum(scores: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> np.ndarray:
    """(B, N): each peer standardised over the catalogue, times its weight."""
    total = np.zeros_like(next(iter(scores.values())), dtype=np.float32)
    for name, values in scores.items():
        if weights[name]:
            deviation = np.maximum(values.std(axis=1, keepdims=True), 1e-8)
            total += np.float32(weights[name]) * ((values - values.mean(axis=1, keepdims=True)) / deviation).astype(np.float32)
    return total


def draw_weights(names: Sequence[str], seed: int) -> list[dict[str, float]]:
    """Weights to try for the sum: a random few of each (Bergstra and Bengio 2012)."""
    rng = np.random.default_rng(seed)
    return [{name: float(rng.choice([0.0, 0.1, 0.3, 0.6, 1.0])) for name in names} for _ in range(SUM_TRIES)]
