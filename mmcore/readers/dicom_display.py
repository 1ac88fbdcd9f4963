"""Numbers of a DICOM frame as people see them: 8-bit RGB, through palette, rescale, window and tables as the file says."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi

from mmcore.errors import InputError

RESAVE = "Export it as an uncompressed DICOM file or a PNG"


def as_rgb(values: np.ndarray, ds: Dataset) -> tuple[np.ndarray, tuple[str, ...]]:
    """(H, W) or (H, W, 3) numbers as stored to (H, W, 3) uint8, and what was noticed.

    Raises:
        InputError: some are no finite numbers.
    """
    return _grey(values, ds) if values.ndim == 2 else _colour(values, ds)


def _grey(values: np.ndarray, ds: Dataset) -> tuple[np.ndarray, tuple[str, ...]]:
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        table = apply_color_lut(values, ds)
        wide = table.dtype.itemsize > 1 and table.max() > 255  # some files keep 8-bit colours in a 16-bit table
        return (table // 257 if wide else table).astype(np.uint8), ()
    if not np.isfinite(values).all():
        raise InputError("the picture has pixels that are not numbers (NaN or infinite)", RESAVE)
    shares, warnings = _window(values, ds)
    if ds.PhotometricInterpretation == "MONOCHROME1":
        shares = 1 - shares
    grey = np.rint(shares * 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2), warnings


def _window(values: np.ndarray, ds: Dataset) -> tuple[np.ndarray, tuple[str, ...]]:
    """(H, W) float32 in 0..1: stored values through modality and VOI transformation (DICOM PS3.3 C.11.1 and C.11.2)."""
    padding = values == ds.PixelPaddingValue if ds.get("PixelPaddingValue") is not None else np.zeros(values.shape, bool)
    slope, intercept = _number(ds, "RescaleSlope"), _number(ds, "RescaleIntercept")
    rescaled = bool(ds.get("ModalityLUTSequence")) or (slope or 1.0, intercept or 0.0) != (1.0, 0.0)
    if ds.get("ModalityLUTSequence"):
        world = apply_modality_lut(values, ds).astype(np.float32)
    else:
        world = values.astype(np.float32) * (slope or 1.0) + (intercept or 0.0)
    if ds.get("VOILUTSequence"):
        bits = int(ds.VOILUTSequence[0].LUTDescriptor[2])
        looked_up = apply_voi(np.rint(world).astype(np.int32), ds).astype(np.float32)
        return np.clip(looked_up / ((1 << bits) - 1), 0, 1), ()
    centre, width = _number(ds, "WindowCenter"), _number(ds, "WindowWidth")
    if centre is not None and width is not None and width >= 1:
        return _windowed(world, centre, width, str(ds.get("VOILUTFunction") or "LINEAR").upper()), ()
    bits = int(ds.get("BitsStored") or ds.get("BitsAllocated") or 16)
    if bits <= 8 and not rescaled and not ds.get("PixelRepresentation"):
        return np.clip(world / ((1 << bits) - 1), 0, 1), ()
    seen = world[~padding] if not padding.all() else world
    low, high = float(seen.min()), float(seen.max())
    return np.clip((world - low) / ((high - low) or 1.0), 0, 1), ("the file states no window: its own range of values is shown",)


def _windowed(world: np.ndarray, centre: float, width: float, function: str) -> np.ndarray:
    if function == "SIGMOID":
        return 1 / (1 + np.exp(np.clip(-4 * (world - centre) / width, -80, 80)))
    if function == "LINEAR_EXACT":
        return np.clip((world - centre) / width + 0.5, 0, 1)
    if width == 1:
        return (world > centre - 0.5).astype(np.float32)
    return np.clip((world - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)


def _number(ds: Dataset, keyword: str) -> float | None:
    """The first value of a numeric tag; None where it is missing, empty or no finite number."""
    value: Any = ds.get(keyword)
    if value is None or isinstance(value, str):
        return None
    first = value if isinstance(value, int | float) else next(iter(value), None)
    number = float(first) if first not in (None, "") else float("nan")
    return number if np.isfinite(number) else None


def _colour(values: np.ndarray, ds: Dataset) -> tuple[np.ndarray, tuple[str, ...]]:
    """(H, W, 3) of any depth as uint8, by its full range."""
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values), ()
    bits = int(ds.get("BitsStored") or ds.BitsAllocated)
    shares = np.clip(values.astype(np.float64) / ((1 << bits) - 1), 0, 1)
    return np.rint(shares * 255).astype(np.uint8), ()
