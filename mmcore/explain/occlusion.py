"""Taking pieces of a picture away: their pixels are blurred until nothing can be read from them (Fong and Vedaldi 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter

SIGMA = 1 / 14
"""Width of the blur as a share of the picture's side: half a patch, so that no structure of a patch is left."""


def blur(pixels: np.ndarray) -> np.ndarray:
    """(3, S, S) -> the same picture with everything smaller than a patch smoothed away."""
    return gaussian_filter(pixels, sigma=(0, pixels.shape[1] * SIGMA, pixels.shape[2] * SIGMA), mode="nearest")


def without_cells(pixels: np.ndarray, blurred: np.ndarray, cells: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """Copies of a picture, each with one group of cells blurred.

    Args:
        pixels, blurred: (3, S, S).
        cells: (P, 4) int [x, y, w, h] in these pixels.
        groups: K groups of cell numbers.

    Returns:
        (K, 3, S, S).
    """
    out = np.repeat(pixels[None], len(groups), axis=0)
    for picture, group in zip(out, groups, strict=True):
        for cell in group:
            x, y, w, h = cells[cell]
            picture[:, y : y + h, x : x + w] = blurred[:, y : y + h, x : x + w]
    return out
