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
        conflict_level: modalities contradict each other where their own prediction sets at this level share no class.
        unfamiliar_share: share of real training inputs that may lie beyond the threshold on distance.
    """

    widest_set: int = 3
    conflict_level: float = 0.85
    unfamiliar_share: float = 0.01


def contradict(sets: np.ndarray) -> np.ndarray:
    """Whether two modalities cannot both be right: (..., M, C) bool prediction sets, one a modality -> (...,) bool.

    True where the sets of some two share no class: at least one of them then misses the truth, which a set does only as often as
    its level says. A modality that says little has a wide set and contradicts nobody.
    """
    shared = np.einsum("...mc,...nc->...mn", sets.astype(int), sets.astype(int))
    return (shared == 0).any(axis=(-2, -1))


def unlike(distances: Mapping[str, float], distance_limits: Mapping[str, float]) -> tuple[str, ...]:
    """The names whose input lies further from training than its limit."""
    return tuple(name for name, distance in distances.items() if distance > distance_limits[name])


def reasons(
    settings: AbstainSettings,
    set_size: int,
    level: float,
    contradicted: bool,
    distances: Mapping[str, float],
    distance_limits: Mapping[str, float],
    leading: Mapping[str, str],
) -> tuple[str, ...]:
    """Why the model abstains, in plain words; empty where it answers.

    Args:
        contradicted: whether the modalities contradict each other.
        distances, distance_limits: by modality, how unlike training its input is.
        leading: modality (as named to people) -> name of the class that it alone finds most probable.
    """
    out = []
    for name in unlike(distances, distance_limits):
        found, limit = distances[name], distance_limits[name]
        out.append(f"The {name} is unlike anything seen in training (distance {found:.2f}, limit {limit:.2f}).")
    if contradicted:
        said = "; ".join(f"the {name} alone says {label}" for name, label in leading.items())
        apart = f"the classes that each allows at {settings.conflict_level * 100:g} % certainty do not meet"
        out.append(f"The inputs contradict each other: {said}; {apart}.")
    if set_size > settings.widest_set:
        needed = f"{set_size} classes are needed to reach {level * 100:g} % certainty"
        out.append(f"{needed}, more than the {settings.widest_set} that still help.")
    return tuple(out)
