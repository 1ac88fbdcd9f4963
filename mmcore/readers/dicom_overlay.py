"""Overlay planes of a DICOM file (groups 6000 to 601E, PS3.3 C.9): drawings of one bit a pixel that lie over the picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydicom import Dataset
from pydicom.tag import Tag

_GROUPS = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _FIRST, _DATA = 0x0010, 0x0011, 0x0015, 0x0050, 0x0051, 0x3000
OVERLAY_TAGS = tuple(Tag(group, element) for group in _GROUPS for element in (_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _FIRST, _DATA))


def overlay_mask(ds: Dataset, frame: int = 0) -> np.ndarray | None:
    """(H, W) bool: where any plane draws on this frame, from 0; None where none does.

    A plane that is damaged, or kept in unused bits of the picture itself (retired), is left out.
    """
    height, width = int(ds.Rows), int(ds.Columns)
    mask = np.zeros((height, width), bool)
    for group in _GROUPS:
        plane = _plane(ds, group, frame)
        if plane is not None:
            drawn, top, left = plane
            _draw(mask, drawn, top, left)
    return mask if mask.any() else None


def _plane(ds: Dataset, group: int, frame: int) -> tuple[np.ndarray, int, int] | None:
    """The plane's bits for a frame, and the row and column of the picture, from 0, that its corner lies on."""
    rows, columns, data = _value(ds, group, _ROWS), _value(ds, group, _COLUMNS), _value(ds, group, _DATA)
    if not isinstance(rows, int) or not isinstance(columns, int) or not isinstance(data, bytes) or rows * columns == 0:
        return None
    count = int(_value(ds, group, _FRAMES) or 1)
    number = frame - (int(_value(ds, group, _FIRST) or 1) - 1) if count > 1 else 0
    start, end = number * rows * columns, (number + 1) * rows * columns
    if not 0 <= number < count or end > 8 * len(data):
        return None
    bits = np.unpackbits(np.frombuffer(data, np.uint8, (end + 7) // 8 - start // 8, start // 8), bitorder="little")
    origin = _value(ds, group, _ORIGIN) or (1, 1)
    top, left = (int(v) - 1 for v in origin)
    return bits[start % 8 : start % 8 + rows * columns].reshape(rows, columns).astype(bool), top, left


def _draw(mask: np.ndarray, plane: np.ndarray, top: int, left: int) -> None:
    """Adds the part of the plane that lies inside the picture."""
    height, width = mask.shape
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(height, top + plane.shape[0]), min(width, left + plane.shape[1])
    if y1 > y0 and x1 > x0:
        mask[y0:y1, x0:x1] |= plane[y0 - top : y1 - top, x0 - left : x1 - left]


def _value(ds: Dataset, group: int, element: int) -> Any:
    tag = Tag(group, element)
    return ds[tag].value if tag in ds else None
