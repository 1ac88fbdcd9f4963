"""What changed between two results of one model for one class, such as a prior and a current study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mmcore.result import Explanation, Result


@dataclass(frozen=True)
class Change:
    """Before and after; the target's probability changes by exactly the sum of the changes of its shares.

    Attributes:
        probabilities: label -> (before, after).
        shares: modality -> (before, after); None where the modality was not there, which counts as 0.
        boxes: (P, 4) [x, y, w, h] in pixels of the picture now.
        patches: (P,) evidence now less evidence before at the same place; both empty where the two cannot be compared.
    """

    probabilities: Mapping[str, tuple[float, float]]
    shares: Mapping[str, tuple[float | None, float | None]]
    boxes: np.ndarray
    patches: np.ndarray


def between(before: Result, after: Result) -> Change:
    """The change from one result to another, both explained for the same class.

    Raises:
        ValueError: the results are of different models or explain different classes.
    """
    first, second = before.explanation, after.explanation
    if before.model != after.model or before.version != after.version or first is None or second is None or first.target != second.target:
        raise ValueError("the two results do not explain the same class of the same model")
    old = {item.label: item.probability for item in before.predictions}
    probabilities = {item.label: (old[item.label], item.probability) for item in after.predictions}
    shares = {m: (first.shares.get(m), second.shares.get(m)) for m in after.inputs if m in first.shares or m in second.shares}
    return Change(probabilities, shares, *_patches(first, second))


def _patches(first: Explanation, second: Explanation) -> tuple[np.ndarray, np.ndarray]:
    (_, before), (boxes, after) = _grid(first), _grid(second)
    if before.shape != after.shape or not after.size:
        return np.zeros((0, 4)), np.zeros(0)
    return boxes, after - before


def _grid(explanation: Explanation) -> tuple[np.ndarray, np.ndarray]:
    """Boxes and scores of the patches, row by row from the top left."""
    pieces = [(piece.where["box"], piece.score) for piece in explanation.evidence if "box" in piece.where]
    pieces.sort(key=lambda pair: (pair[0][1], pair[0][0]))
    return np.array([box for box, _ in pieces], dtype=float).reshape(-1, 4), np.array([score for _, score in pieces], dtype=float)
