"""Scores of a catalogue's products: brought to one scale, and the best of them."""

from __future__ import annotations

import numpy as np

HIDDEN = -1e9
"""Score of a product that may not be shown."""
NEVER = -1e3
"""Score of a product that was no candidate in a large catalogue: below all that were, above what is hidden."""


def standardised(values: np.ndarray, reference: np.ndarray | None = None) -> np.ndarray:
    """Each row to mean 0 and deviation 1 over the catalogue; zeros where all are alike.

    Args:
        reference: (B, R) of a sample of the catalogue, whose mean and deviation are taken instead.
    """
    values = np.asarray(values, dtype=np.float32)
    of = values if reference is None else np.asarray(reference, dtype=np.float32)
    mean, deviation = of.mean(axis=1, keepdims=True), of.std(axis=1, keepdims=True)
    return np.where(deviation > 1e-8, (values - mean) / np.maximum(deviation, 1e-8), 0).astype(np.float32)


def tamed(values: np.ndarray) -> np.ndarray:
    """Half a standardised score and half its square root, signs kept: what is counted has a long tail, and few products would decide."""
    return (0.5 * (values + np.sign(values) * np.sqrt(np.abs(values)))).astype(np.float32)


def of_bought(popularity: np.ndarray, count: np.ndarray) -> np.ndarray:
    """(N,) popularity with mean 0 and deviation 1 over the bought products; zeros where nothing, or all alike, was bought."""
    bought = popularity[count > 0]
    deviation = float(bought.std()) if len(bought) else 0.0
    return ((popularity - bought.mean()) / deviation if deviation > 1e-8 else np.zeros(len(popularity))).astype(np.float32)


def top(scores: np.ndarray, count: int) -> np.ndarray:
    """(B, count) rows of the highest scores, highest first; ties by row number."""
    count = min(count, scores.shape[1])
    part = np.sort(np.argpartition(-scores, count - 1, axis=1)[:, :count], axis=1)
    order = np.argsort(-np.take_along_axis(scores, part, axis=1), axis=1, kind="stable")
    return np.take_along_axis(part, order, axis=1)
