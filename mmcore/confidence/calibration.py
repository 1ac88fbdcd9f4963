"""Temperature scaling: one number that makes probabilities mean what they say (Guo et al. 2017)."""

from __future__ import annotations

import numpy as np

BOUNDS = (0.2, 5.0)


def fit_temperature(log_probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The temperature with the least log loss.

    Args:
        log_probabilities: (N, C) of cases that the model was not trained on.
        labels: (N,) class numbers.
    """
    from scipy.optimize import minimize_scalar  # takes a third of a second to import, and answering needs none of it

    def loss(log_temperature: float) -> float:
        scaled = log_softmax(log_probabilities / np.exp(log_temperature))
        return float(-scaled[np.arange(len(labels)), labels].mean())

    found = minimize_scalar(loss, bounds=tuple(np.log(BOUNDS)), method="bounded")
    return float(np.exp(found.x))


def calibrate(log_probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """(..., C) log probabilities -> probabilities that sum to one."""
    return np.exp(log_softmax(np.asarray(log_probabilities, dtype=float) / temperature))


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log of the softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
