"""Flips and quarter turns of a picture's input: the eight views a photo of skin has no reason to prefer among."""

from __future__ import annotations

import numpy as np


def view(pixels: np.ndarray, number: int) -> np.ndarray:
    """View 0 to 7 of (N, 3, S, S) pixels: 0 is the picture itself, odd ones are mirrored, each second one turned once more.

    The order makes the first four a balanced choice: as it is, mirrored, turned, both.
    """
    turned = np.rot90(pixels, (number // 2) % 4, axes=(2, 3))
    return np.ascontiguousarray(turned[:, :, :, ::-1] if number % 2 else turned)
