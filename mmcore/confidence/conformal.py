"""Prediction sets that hold the true class as often as they say (Vovk et al. 2005; the LAC score of Sadinle et al. 2019)."""

from __future__ import annotations

import math

import numpy as np

from mmcore.errors import ConfigError


def nonconformity(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(N,) one minus the probability of the true class, sorted: what a set is read from at any level."""
    return np.sort(1.0 - probabilities[np.arange(len(labels)), labels])


def threshold(scores: np.ndarray, level: float) -> float:
    """The least probability that a class of the set must have, from (N,) sorted scores.

    The ceil((N + 1) level)-th smallest score, as finite samples ask; 0 (all classes) where N is too small for the level.

    Raises:
        ConfigError: ``level`` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ConfigError(f"level {level} is not between 0 and 1", "Use for example 0.9")
    rank = math.ceil((len(scores) + 1) * level)
    return 0.0 if rank > len(scores) else 1.0 - float(scores[rank - 1])


def prediction_set(probabilities: np.ndarray, least: float) -> np.ndarray:
    """Class numbers whose (C,) probability is at least ``least``, most probable first; never empty."""
    order = np.argsort(-probabilities, kind="stable")
    chosen = order[probabilities[order] >= least - 1e-12]
    return chosen if len(chosen) else order[:1]


def in_sets(probabilities: np.ndarray, least: float) -> np.ndarray:
    """`prediction_set` of (N, C) probabilities as an (N, C) bool matrix."""
    chosen = probabilities >= least - 1e-12
    chosen[np.arange(len(probabilities)), probabilities.argmax(axis=1)] = True
    return chosen
