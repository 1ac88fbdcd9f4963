"""Does a stated probability come true: of a shown product, and of at least one of the shelf; by length of the past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mmcore.domains.retail.accuracy import Judged
from mmcore.domains.retail.chances import Chances

BINS = 10
LENGTHS = ((0, 0), (1, 1), (2, 3), (4, 7), (8, None))


def trust(chances: Chances, subset: str, shelves: Sequence[Sequence[int]], stated: np.ndarray, people: Sequence[Judged]) -> dict[str, Any]:
    """Calibration errors with equally filled bins, Brier scores, reliability curves and the same by length of the past.

    Args:
        stated: (B, K) probabilities of the shelves' products.
    """
    hit = np.array([[row in one.truth for row in shelf] for shelf, one in zip(shelves, people, strict=True)], dtype=bool)
    length = np.array([len(one.past) for one in people])
    any_hit, any_stated = np.asarray(hit.any(axis=1)), chances.of_shelf(subset, stated, length)
    by_past = {}
    for low, high in LENGTHS:
        at = (length >= low) & (length <= (high if high is not None else length.max(initial=0)))
        if at.any():
            label = str(low) if low == high else f"{low} to {high}" if high is not None else f"{low} and more"
            by_past[label] = {
                "users": int(at.sum()),
                "product": {"stated": float(stated[at].mean()), "bought": float(hit[at].mean())},
                "any": {"stated": float(any_stated[at].mean()), "bought": float(any_hit[at].mean())},
            }
    return {
        "product": _figures(stated.ravel(), hit.ravel()),
        "any": _figures(any_stated, any_hit),
        "by_past": by_past,
        "calibration_n": chances.counted.get(subset, 0),
    }


def _figures(stated: np.ndarray, happened: np.ndarray) -> dict[str, Any]:
    order = np.argsort(stated, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    bins = [{"confidence": float(stated[p].mean()), "accuracy": float(happened[p].mean()), "n": len(p)} for p in parts]
    error = sum(b["n"] * abs(b["confidence"] - b["accuracy"]) for b in bins) / max(1, len(stated))
    base = float(happened.mean())
    return {
        "ece": float(error), "brier": float(np.mean((stated - happened) ** 2)), "brier_of_the_mean": base * (1 - base),
        "stated": float(stated.mean()), "bought": base, "bins": bins,
    }  # fmt: skip
