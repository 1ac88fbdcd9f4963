"""How unlike the training inputs an input is: probabilistic PCA on pooled tokens (Tipping and Bishop 1999)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COMPONENTS = 48
LEAST_VARIANCE = 1e-4
"""Least variance in any direction, as a share of that in the leading one. Inputs that repeat leave directions without any, in which the
rounding of the stored components would count as infinitely far."""


@dataclass(frozen=True)
class Familiarity:
    """A Gaussian over pooled tokens: full in its leading directions, round in the rest.

    Attributes:
        mean: (D,). components: (K, D). variances: (K,) along them. noise: variance in every other direction.
    """

    mean: np.ndarray
    components: np.ndarray
    variances: np.ndarray
    noise: float

    @classmethod
    def fit(cls, pooled: np.ndarray) -> Familiarity:
        """Fitted to (N, D) pooled tokens of real training inputs."""
        from sklearn.decomposition import PCA  # takes seconds to import, and answering needs none of it

        pca = PCA(min(COMPONENTS, len(pooled) // 4, pooled.shape[1] - 1), svd_solver="full").fit(pooled)
        least = max(LEAST_VARIANCE * float(pca.explained_variance_.max()), 1e-9)
        return cls(pca.mean_, pca.components_, np.maximum(pca.explained_variance_, least), float(max(pca.noise_variance_, least)))

    def distance(self, pooled: np.ndarray) -> np.ndarray:
        """(N, D) -> (N,) squared Mahalanobis distance per dimension: about 1 for inputs like those of training."""
        centred = pooled - self.mean
        inside = centred @ self.components.T
        outside = np.maximum((centred**2).sum(axis=1) - (inside**2).sum(axis=1), 0.0)
        return ((inside**2 / self.variances).sum(axis=1) + outside / self.noise) / pooled.shape[1]
