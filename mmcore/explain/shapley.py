"""What each modality contributed: exact Shapley values over subsets (Shapley 1953; Lundberg and Lee 2017)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import factorial


def shapley_shares(values: Mapping[str, float], modalities: tuple[str, ...]) -> dict[str, float]:
    """Modality -> share; base + their sum is the value of all.

    Args:
        values: subset name (joined by "+", "" for none) -> value, for every subset of ``modalities``.
    """
    count = len(modalities)
    shares = {}
    for name in modalities:
        others = [m for m in modalities if m != name]
        total = 0.0
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for rest in combinations(others, size):
                joined = [m for m in modalities if m in rest or m == name]
                total += weight * (values["+".join(joined)] - values["+".join(rest)])
        shares[name] = total
    return shares


def interaction(values: Mapping[str, float], modalities: tuple[str, ...]) -> float:
    """What the modalities give together beyond what each adds alone: v(all) - v() - sum of (v(m) - v())."""
    return values["+".join(modalities)] - values[""] - sum(values[name] - values[""] for name in modalities)
