"""A frame of a DICOM file as a viewer needs it: its own numbers, its windows, marks and measures. Nothing about the patient is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut

from mmcore.errors import InputError
from mmcore.readers.decoder_errors import DECODER_ERRORS
from mmcore.readers.dicom import DAMAGED, EXPORT_AGAIN, decode_frame
from mmcore.readers.dicom_overlay import OVERLAY_TAGS, overlay_mask
from mmcore.readers.functional_groups import GROUP_TAGS, bring_up
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.names import shown
from mmcore.readers.quiet import quiet

TAGS = (
    *("Modality", "BodyPartExamined", "ViewPosition", "RescaleType", "WindowCenterWidthExplanation"),
    *("PatientOrientation", "ImageOrientationPatient"),
    *("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio"),
)
TABLE = "TABLE"
_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_LEVELS = 65_535


@dataclass(frozen=True)
class Window:
    """A way to show grey values: those around ``centre`` over ``width``, in the picture's units (DICOM PS3.3 C.11.2.1.2).

    Attributes:
        function: "LINEAR", "LINEAR_EXACT", "SIGMOID", or "TABLE" for the lookup table of the frame.
    """

    name: str
    centre: float
    width: float
    function: str = "LINEAR"


@dataclass(frozen=True)
class Table:
    """A VOI lookup table: grey from 0 to 255 for each value from ``first`` on."""

    first: int
    grey: np.ndarray


@dataclass(frozen=True)
class Frame:
    """One picture for a viewer.

    Attributes:
        values: (H, W) uint8, uint16 or int16 numbers, or (H, W, 3) uint8 RGB.
        slope, intercept: a value in the picture's units is slope * number + intercept.
        inverted: True where the lowest value is white (MONOCHROME1).
        windows: those that the file states, the first to be shown first; at least one.
        spacing: millimetres between rows and between columns, None where not known.
        at_detector: True where the spacing is that at the detector, which is coarser than in the patient.
        edges: what lies to the left, top, right and bottom, such as ("R", "H", "L", "F"); "" where not known.
        mask: (H, W) bool of the overlays drawn on it, None where there are none.
    """

    values: np.ndarray
    slope: float
    intercept: float
    inverted: bool
    windows: tuple[Window, ...]
    table: Table | None
    units: str
    spacing: tuple[float, float] | None
    at_detector: bool
    aspect: float
    edges: tuple[str, str, str, str]
    mask: np.ndarray | None
    modality: str
    body_part: str
    view: str

    @property
    def grey(self) -> bool:
        """Whether the frame has one channel."""
        return self.values.ndim == 2


@quiet()
def read_frame(data: bytes, frame: int = 0, limits: Limits = LIMITS) -> Frame:
    """Frame number ``frame``, from 0, of a DICOM file. Raises InputError as `read_dicom` does."""
    try:
        values, ds, _ = decode_frame(data, limits, frame, (*TAGS, *OVERLAY_TAGS, *GROUP_TAGS))
        bring_up(ds, frame)
        return _frame(values, ds, frame)
    except DECODER_ERRORS as error:
        raise InputError(DAMAGED, EXPORT_AGAIN) from error


def plain_frame(pixels: np.ndarray) -> Frame:
    """(H, W, 3) uint8 of any other picture as a Frame."""
    return Frame(pixels, 1.0, 0.0, False, (_whole(0, 255),), None, "", None, False, 1.0, ("", "", "", ""), None, "", "", "")


def _frame(values: np.ndarray, ds: Dataset, frame: int) -> Frame:
    about = (str(ds.get("Modality") or ""), str(ds.get("BodyPartExamined") or "").upper(), str(ds.get("ViewPosition") or "").upper())
    spacing, at_detector = _spacing(ds)
    edges, mask = _edges(ds), overlay_mask(ds, frame)
    aspect = spacing[0] / spacing[1] if spacing else _aspect(ds)
    if values.ndim == 3 or ds.get("PhotometricInterpretation") == "PALETTE COLOR":
        pixels = _eight_bits(values, ds)
        return Frame(pixels, 1.0, 0.0, False, (_whole(0, 255),), None, "", spacing, at_detector, aspect, edges, mask, *about)
    if not np.isfinite(values).all():
        raise InputError("the picture has pixels that are not numbers (NaN or infinite)", "Export it again")
    numbers, slope, intercept = _numbers(values, ds)
    table = _table(ds)
    windows = tuple(_stated(ds, table)) or (_own(values, slope, intercept, ds),)
    units = str(ds.get("RescaleType") or ("HU" if about[0] == "CT" else "")).replace("US", "")[:8]
    inverted = ds.get("PhotometricInterpretation") == "MONOCHROME1"
    step = (slope * numbers[1], slope * numbers[2] + intercept)
    return Frame(numbers[0], *step, inverted, windows, table, units, spacing, at_detector, aspect, edges, mask, *about)


def _numbers(values: np.ndarray, ds: Dataset) -> tuple[tuple[np.ndarray, float, float], float, float]:
    """(16-bit numbers, step, start): value as stored = step * number + start; then slope and intercept of the file."""
    slope, intercept = 1.0, 0.0
    if ds.get("ModalityLUTSequence"):
        values = apply_modality_lut(values, ds)
    else:
        slope, intercept = _number(ds.get("RescaleSlope")) or 1.0, _number(ds.get("RescaleIntercept")) or 0.0
    if values.dtype in (np.uint8, np.uint16, np.int16):
        return (values, 1.0, 0.0), slope, intercept
    if values.dtype.kind in "bui" and values.min() >= -32_768 and values.max() <= 32_767:
        return (values.astype(np.int16), 1.0, 0.0), slope, intercept
    low, high = float(values.min()), float(values.max())
    step = (high - low) / _LEVELS or 1.0
    return (np.rint((values.astype(np.float64) - low) / step).astype(np.uint16), step, low), slope, intercept


def _stated(ds: Dataset, table: Table | None) -> Iterable[Window]:
    """The table and the windows that the file holds."""
    if table is not None:
        half = len(table.grey) / 2
        yield Window("Table of the file", table.first + half, 2 * half, TABLE)
    centres, widths = _list(ds.get("WindowCenter")), _list(ds.get("WindowWidth"))
    names = _list(ds.get("WindowCenterWidthExplanation"))
    function = str(ds.get("VOILUTFunction") or "LINEAR").upper()
    for i, (c, w) in enumerate(zip(centres[:8], widths[:8], strict=False)):
        centre, width = _number(c), _number(w)
        if centre is not None and width is not None and width >= 1:
            plain = f"Window {i + 1} of the file" if len(centres) > 1 else "As the file says"
            yield Window(shown(names[i], 24) if i < len(names) and names[i] else plain, centre, width, function)


def _own(values: np.ndarray, slope: float, intercept: float, ds: Dataset) -> Window:
    """The whole range: of the depth up to 8 bits, else of the values that are no padding."""
    bits = int(ds.get("BitsStored") or ds.get("BitsAllocated") or 16)
    if bits <= 8 and (slope, intercept) == (1.0, 0.0) and not ds.get("PixelRepresentation") and not ds.get("ModalityLUTSequence"):
        return _whole(0, (1 << bits) - 1)
    if ds.get("ModalityLUTSequence"):
        values = apply_modality_lut(values, ds)
    padding = _number(ds.get("PixelPaddingValue"))
    seen = values if padding is None else values[values != padding]
    seen = seen if seen.size else values
    ends = sorted((float(seen.min()) * slope + intercept, float(seen.max()) * slope + intercept))
    return _whole(*ends)


def _whole(low: float, high: float) -> Window:
    return Window("Whole range", (low + high) / 2, (high - low) or 1.0, "LINEAR_EXACT")


def _table(ds: Dataset) -> Table | None:
    """The first VOI lookup table, as 8 bits; None where there is none that makes sense."""
    if not ds.get("VOILUTSequence"):
        return None
    item = ds.VOILUTSequence[0]
    count, first, bits = (int(v) for v in item.LUTDescriptor)
    data = item.LUTData
    raw = np.frombuffer(data, "<u2") if isinstance(data, bytes) else np.asarray(_list(data))
    if raw.size < 2 or raw.size != (count or 65_536) or not 8 <= bits <= 16:
        return None
    return Table(first, np.clip(np.rint(raw.astype(float) * 255 / ((1 << bits) - 1)), 0, 255).astype(np.uint8))


def _eight_bits(values: np.ndarray, ds: Dataset) -> np.ndarray:
    if values.ndim == 2:
        values = apply_color_lut(values, ds)
        wide = values.dtype.itemsize > 1 and values.max() > 255  # some files keep 8-bit colours in a 16-bit table
        return (values // 257 if wide else values).astype(np.uint8)
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values)
    bits = int(ds.get("BitsStored") or ds.BitsAllocated)
    return np.rint(np.clip(values.astype(np.float64) / ((1 << bits) - 1), 0, 1) * 255).astype(np.uint8)


def _spacing(ds: Dataset) -> tuple[tuple[float, float] | None, bool]:
    """Millimetres between rows and between columns, and whether that is at the detector."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        pair = [_number(v) for v in _list(ds.get(keyword))]
        if len(pair) == 2 and all(v is not None and 1e-4 < v < 1e3 for v in pair):
            return (float(pair[0] or 0), float(pair[1] or 0)), keyword == "ImagerPixelSpacing"
    return None, False


def _aspect(ds: Dataset) -> float:
    pair = [_number(v) for v in _list(ds.get("PixelAspectRatio"))]
    return pair[0] / pair[1] if len(pair) == 2 and pair[0] and pair[1] and 0.1 < pair[0] / pair[1] < 10 else 1.0


def _edges(ds: Dataset) -> tuple[str, str, str, str]:
    """Letters at the left, top, right and bottom: from the patient's orientation, else from the direction cosines."""
    along = [_number(v) for v in _list(ds.get("ImageOrientationPatient"))]
    if len(along) == 6 and all(v is not None for v in along):
        right, bottom = (_letters([v or 0.0 for v in along[i : i + 3]]) for i in (0, 3))
    else:
        stated = [str(v).upper() for v in _list(ds.get("PatientOrientation"))]
        if len(stated) != 2 or not all(set(v) <= set(_OPPOSITE) for v in stated):
            return "", "", "", ""
        right, bottom = stated[0][:2], stated[1][:2]
    return _turned(right), _turned(bottom), right, bottom


def _letters(direction: list[float]) -> str:
    """The one or two letters that a direction in patient coordinates (to the left, to the back, to the head) points to."""
    named = [(abs(v), ("LR", "PA", "HF")[i][v < 0]) for i, v in enumerate(direction)]
    return "".join(letter for size, letter in sorted(named, key=lambda pair: -pair[0]) if size > 0.35)[:2]


def _turned(letters: str) -> str:
    return "".join(_OPPOSITE[letter] for letter in letters)


def _list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str | bytes | int | float) else list(value)


def _number(value: Any) -> float | None:
    """The (first) number in a tag; None where it is missing, empty or no finite number."""
    first = next(iter(_list(value)), None)
    try:
        number = float(first) if first is not None else float("nan")
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None
