"""Where a patch lies, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def place(box: Sequence[int], size: tuple[int, int]) -> str:
    """One of nine places of a picture of this (width, height), such as "at the upper left" or "in the centre"."""
    column = min(2, int(3 * (box[0] + box[2] / 2) / size[0]))
    row = min(2, int(3 * (box[1] + box[3] / 2) / size[1]))
    if row == column == 1:
        return "in the centre"
    names = [["upper left", "top", "upper right"], ["left", "", "right"], ["lower left", "bottom", "lower right"]]
    return f"at the {names[row][column]}"


def half_of_evidence(scores: np.ndarray) -> int:
    """How few of (P,) patches carry half of the positive scores."""
    positive = np.sort(scores[scores > 0])[::-1]
    return int(np.searchsorted(np.cumsum(positive), positive.sum() / 2) + 1) if len(positive) else 0
