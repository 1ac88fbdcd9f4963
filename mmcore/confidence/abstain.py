"""When the answer is "not sure", and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AbstainSettings:
    """Limits beyond which the model does not answer, as in model.toml [confidence].

    Attributes:
        widest_set: largest prediction set that still helps.
        conflict_share: share of training cases whose modalities may differ more than the threshold on conflict.
        unfamiliar_share: share of real training inputs that may lie beyond the threshold on distance.
    """

    widest_set: int = 3
    conflict_share: float = 0.05
    unfamiliar_share: float = 0.01


def conflict(probabilities: np.ndarray) -> np.ndarray:
    """How far the modalities contradict each other: (..., M, C) calibrated answers -> (...,) between 0 and 1.

    The Jensen-Shannon divergence of the answers in units of its greatest value, log M.
    """
    if probabilities.shape[-2] < 2:
        return np.zeros(probabilities.shape[:-2])
    mean = probabilities.mean(axis=-2)
    divergence = _entropy(mean) - _entropy(probabilities).mean(axis=-1)
    return divergence / np.log(probabilities.shape[-2])


def reasons(
    settings: AbstainSettings,
    set_size: int,
    level: float,
    difference: float,
    difference_limit: float,
    distances: Mapping[str, float],
    distance_limits: Mapping[str, float],
    leading: Mapping[str, str],
) -> tuple[str, ...]:
    """Why the model abstains, in plain words; empty where it answers.

    Args:
        difference, difference_limit: conflict of the modalities and its threshold.
        distances, distance_limits: by modality, how unlike training its input is.
        leading: modality (as named to people) -> name of the class that it alone finds most probable.
    """
    out = []
    for name, distance in distances.items():
        if distance > distance_limits[name]:
            out.append(f"The {name} is unlike anything seen in training (distance {distance:.2f}, limit {distance_limits[name]:.2f}).")
    if difference > difference_limit:
        said = "; ".join(f"the {name} alone says {label}" for name, label in leading.items())
        out.append(f"The inputs contradict each other: {said} (disagreement {difference:.2f}, limit {difference_limit:.2f}).")
    if set_size > settings.widest_set:
        needed = f"{set_size} classes are needed to reach {level * 100:g} % certainty"
        out.append(f"{needed}, more than the {settings.widest_set} that still help.")
    return tuple(out)


def _entropy(probabilities: np.ndarray) -> np.ndarray:
    return -(probabilities * np.log(np.maximum(probabilities, 1e-12))).sum(axis=-1)
