"""Exponents of a product of experts, fitted to out-of-fold scores: how much each expert counts beside the others.

An expert's certainty in training says little of its certainty on new cases: the picture's expert reads features trained on the same
photos. One exponent a modality, fitted where no expert saw the case, puts that right (a logarithmic opinion pool, Heskes 1998).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import minimize

from mmcore.confidence.calibration import log_softmax
from mmcore.tokens import subset_name

PULL = 5.0
"""Weight of the squared logarithms beside the summed log loss: with few cases the exponents stay near one."""


def fit_exponents(single: np.ndarray, log_prior: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(M,) exponents with the least log loss.

    Args:
        single: (N, M, C) log posterior of each modality alone; the log prior where it is missing.
        log_prior: (N, C) under which each was given.
        labels: (N,) class numbers.
    """
    evidence, rows = single - log_prior[:, None], np.arange(len(labels))

    def loss(logs: np.ndarray) -> float:
        pooled = log_softmax(log_prior + (np.exp(logs)[:, None] * evidence).sum(axis=1))
        return float(-pooled[rows, labels].sum() + PULL * (logs**2).sum()) / len(rows)

    return np.exp(minimize(loss, np.zeros(single.shape[1]), method="L-BFGS-B").x)


def raise_to(single: np.ndarray, log_prior: np.ndarray, exponents: np.ndarray, modalities: tuple[str, ...], subset: str) -> np.ndarray:
    """(N, C) log posterior of a subset of the modalities under these exponents."""
    chosen = np.array([name in subset.split("+") for name in modalities])
    return log_softmax(log_prior + ((exponents * chosen)[:, None] * (single - log_prior[:, None])).sum(axis=1))


def singles(scores: Mapping[str, np.ndarray], modalities: tuple[str, ...]) -> np.ndarray:
    """(N, M, C) of the scores of each modality alone."""
    return np.stack([scores[subset_name([name])] for name in modalities], axis=1)
