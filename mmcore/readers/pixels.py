"""Sizes that are accepted, and numbers of any depth as 8 bits."""

from __future__ import annotations

import numpy as np

from mmcore.errors import InputError
from mmcore.readers.limits import Limits

DEPTHS = (8, 10, 12, 14, 16)
BLANK_RANGE = 2
DARK = 32


def check_size(width: int, height: int, limits: Limits) -> tuple[str, ...]:
    """A warning for a small picture; InputError for one too large or too small. Called with the header's size, before decoding."""
    size = f"{width} x {height} pixels"
    if width < 1 or height < 1:
        raise InputError("the picture has no pixels", "The file is damaged: export it again")
    if width * height > limits.picture_pixels or max(width, height) > limits.picture_side:
        most = f"{limits.picture_pixels / 1e6:.3g} million pixels and {limits.picture_side} a side"
        raise InputError(f"the picture has {size}", f"At most {most}: make it smaller")
    if min(width, height) < limits.picture_side_refused:
        raise InputError(f"the picture has only {size}", f"At least {limits.picture_side_refused} pixels a side are needed")
    if min(width, height) < limits.picture_side_small:
        return (f"small picture ({size}): details may be lost",)
    return ()


def content_warnings(pixels: np.ndarray) -> tuple[str, ...]:
    """What is odd about (H, W, 3) uint8 pixels: one colour throughout, or almost black."""
    low, high = pixels.min(axis=0).min(axis=0).astype(int), pixels.max(axis=0).max(axis=0).astype(int)  # far faster than both axes at once
    if (high - low).max() <= BLANK_RANGE:
        return ("the picture is one colour throughout",)
    return ("the picture is almost black",) if high.max() < DARK else ()


def from_integers(values: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """(H, W) integers of up to 16 bits as uint8, with a warning where they are not plain 16-bit.

    The rule: the depth is the smallest of 8, 10, 12, 14 and 16 bits that holds the largest value, since cameras and scanners
    store 10 to 14 bits in 16; then 0 is black and the depth's highest number is white.
    """
    low, high = int(values.min()), int(values.max())
    if low < 0 or high >= 1 << DEPTHS[-1]:
        raise InputError(f"the picture's values run from {low} to {high}", "Export it with 8 or 16 bits a channel")
    depth = next(bits for bits in DEPTHS if high < 1 << bits)
    warnings = () if depth == DEPTHS[-1] else (f"16-bit picture with no value above {high}: read as {depth}-bit",)
    white = (1 << depth) - 1
    return ((values.astype(np.uint32) * 255 + white // 2) // white).astype(np.uint8), warnings


def from_floats(values: np.ndarray) -> np.ndarray:
    """Floating-point values as uint8. The rule: 0 is black; white is the smallest of 1, 255 and 65535 that holds the largest value.

    Raises:
        InputError: where a value is not finite, negative or above 65535.
    """
    if not np.isfinite(values).all():
        raise InputError("the picture has pixels that are not numbers (NaN or infinite)", "Export it with 8 or 16 bits a channel")
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > 65535:
        raise InputError(f"the picture's values run from {low:g} to {high:g}", "Export it with 8 or 16 bits a channel")
    white = next(white for white in (1.0, 255.0, 65535.0) if high <= white)
    return np.rint(values * (255.0 / white)).astype(np.uint8)
