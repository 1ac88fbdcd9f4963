"""Scores of patches as one smooth surface over the picture."""

from __future__ import annotations

import numpy as np

from mmcore.figures.palette import AGAINST_RGB, FOR_RGB

CELLS = 72
FLOOR = 0.02  # probability: weaker scores than this never reach full colour


def smooth(boxes: np.ndarray, scores: np.ndarray, size: tuple[int, int], cells: int = CELLS) -> np.ndarray:
    """Patch scores between patch centres, on a grid over the picture: bilinear where the patches are a grid themselves.

    Args:
        boxes: (P, 4) [x, y, w, h] in pixels.
        scores: (P,) in units of probability.
        size: (width, height) of the picture in pixels.
        cells: grid cells along the longer side.
    Returns:
        (rows, columns) float64 surface; NaN where no patch reaches.
    """
    width, height = size
    columns = max(2, round(cells * width / max(size)))
    rows = max(2, round(cells * height / max(size)))
    xs = (np.arange(columns) + 0.5) * width / columns
    ys = (np.arange(rows) + 0.5) * height / rows
    boxes = np.asarray(boxes, dtype=float)
    x0, y0, w, h = boxes.T
    weight_x = np.maximum(0.0, 1 - np.abs(xs[:, None] - (x0 + w / 2)) / w)
    weight_y = np.maximum(0.0, 1 - np.abs(ys[:, None] - (y0 + h / 2)) / h)
    total = weight_y @ weight_x.T
    surface = (weight_y * np.asarray(scores, dtype=float)) @ weight_x.T / np.maximum(total, 1e-12)
    inside_x = (xs[:, None] >= x0) & (xs[:, None] <= x0 + w)
    inside_y = (ys[:, None] >= y0) & (ys[:, None] <= y0 + h)
    covered = inside_y.astype(float) @ inside_x.T.astype(float) > 0
    return np.where(covered, surface, np.nan)


def scale(scores: np.ndarray, floor: float = FLOOR) -> float:
    """The score that gets full colour: the strongest one, but never less than ``floor``, so that noise stays pale."""
    return max(float(np.max(np.abs(scores), initial=0.0)), floor)


def blend(pixels: np.ndarray, surface: np.ndarray, full: float, opacity: float = 0.6) -> np.ndarray:
    """The picture with the surface laid over it.

    Args:
        pixels: (H, W, 3) uint8.
        surface: (rows, columns), NaN for nothing.
        full: score of full colour.
    Returns:
        (H, W, 3) uint8.
    """
    height, width = pixels.shape[:2]
    filled = np.nan_to_num(surface)
    rows = np.linspace(-0.5, filled.shape[0] - 0.5, 2 * height + 1)[1::2].clip(0, filled.shape[0] - 1)
    columns = np.linspace(-0.5, filled.shape[1] - 0.5, 2 * width + 1)[1::2].clip(0, filled.shape[1] - 1)
    stretched = _interpolate(_interpolate(filled, rows).T, columns).T
    alpha = (np.clip(np.abs(stretched) / full, 0, 1) ** 0.8 * opacity)[..., None]
    colour = np.where(stretched[..., None] >= 0, FOR_RGB, AGAINST_RGB)
    return np.rint(pixels * (1 - alpha) + colour * alpha).astype(np.uint8)


def _interpolate(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Rows of ``values`` (R, C) at fractional row numbers ``at`` (N,), linearly between them: (N, C)."""
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(values) - 1)
    part = (at - low)[:, None]
    return values[low] * (1 - part) + values[high] * part
