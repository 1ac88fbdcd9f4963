"""Words in the pixels: found by reading them, and made one colour."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Protocol

import numpy as np
from pydicom import Dataset, dcmwrite
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from mmcore.domains.medical.deidentify.report import Pixels
from mmcore.errors import InputError
from mmcore.readers.dicom import frame_count, read_dicom, stored_frame
from mmcore.readers.limits import Limits, megabytes

MOST_FRAMES = 24
"""Of longer films so many are searched, evenly spread; what is found is blanked in every frame."""
MOST_BYTES = 1_000_000_000
ROUNDS = 3
CLIPPED = 0.01  # share of pixels at the ends of the window, from which the whole range is read too
MARGIN = 0.25  # of a line's height, around it
MARKERS = frozenset(
    {"L", "R", "LT", "RT", "LEFT", "RIGHT", "AP", "PA", "LAT", "LATERAL", "SUPINE", "ERECT", "SEMI", "UPRIGHT", "PORTABLE", "MOBILE"}
)
"""Words that say only which side or view this is. A line of these alone stays."""
TALL = 1 / 8  # of the picture: a single sign larger than this is the picture itself, taken for a sign
CUT_OFF = "its header states a picture, so the file may be cut off"
NO_READER = "no reader of text is installed (package rapidocr)"
Box = tuple[int, int, int, int]


class Line(Protocol):
    """A line of text in a picture: (left, top, right, bottom) in its pixels."""

    @property
    def text(self) -> str: ...

    @property
    def box(self) -> tuple[float, float, float, float]: ...


Reader = Callable[[np.ndarray], Sequence[Line]]


def clean(ds: Dataset, data: bytes, read_words: Reader | None, limits: Limits) -> Pixels:
    """Searches the frames of ``data``; where there is text, ``ds`` gets pixels without it, uncompressed.

    Raises:
        InputError: text was found, and unpacked the pixels would be too large to blank it.
    """
    if not any(keyword in ds for keyword in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")):
        return Pixels(why=CUT_OFF if ds.get("Rows") and ds.get("Columns") else "")
    _mask_unused_bits(ds)
    frames = frame_count(ds)
    if read_words is None:
        return Pixels(frames=frames, why=NO_READER)
    if "PixelData" not in ds:
        return Pixels(frames=frames, why="they are floating-point numbers")
    chosen = np.unique(np.linspace(0, frames - 1, min(frames, MOST_FRAMES)).round().astype(int)).tolist()
    boxes: list[Box] = []
    kept = left = 0
    look = list(chosen)
    for _ in range(ROUNDS):
        try:
            found = {frame: [line for view in _views(data, limits, frame) for line in writing(view, read_words)] for frame in look}
        except InputError as error:
            return Pixels(frames=frames, why=f"they cannot be unpacked: {error.message}")
        kept = max(kept, sum(is_marker(line.text) for lines in found.values() for line in lines))
        new = [box(line, ds.Rows, ds.Columns) for lines in found.values() for line in lines if not is_marker(line.text)]
        look, left = [frame for frame, lines in found.items() if any(not is_marker(line.text) for line in lines)], len(new)
        if not new:
            break
        boxes += new
        unpack(ds, data, limits, boxes)
        data = _again(ds)
    return Pixels(len(chosen), frames, len(boxes) - left, kept, left)


def _views(data: bytes, limits: Limits, frame: int) -> list[np.ndarray]:
    """The frame as it is shown; and, where a window hides part of its numbers, over its whole range too: writing may be hidden there."""
    shown, values = read_dicom(data, limits, frame)[0], stored_frame(data, limits, frame)
    if values.ndim == 3 or values.dtype.itemsize == 1 or not values.any():
        return [shown]
    low, high = float(values.min()), float(values.max())
    whole = np.rint((values.astype(np.float32) - low) * (255 / ((high - low) or 1.0))).astype(np.uint8)
    clipped = float(((shown == 0) | (shown == 255)).all(axis=2).mean())
    return [shown, whole] if clipped > CLIPPED else [shown]


def clean_picture(pixels: np.ndarray, read_words: Reader | None) -> tuple[np.ndarray, Pixels]:
    """The same for (H, W, 3) uint8 pixels that are in no file."""
    if read_words is None:
        return pixels, Pixels(frames=1, why=NO_READER)
    done, out = Pixels(1, 1), pixels.copy()
    for _ in range(ROUNDS):
        lines = writing(out, read_words)
        words = [line for line in lines if not is_marker(line.text)]
        done = replace(done, left=len(words), kept=max(done.kept, len(lines) - len(words)))
        if not words:
            break
        done = replace(done, blanked=done.blanked + len(words))
        for line in words:
            left, top, right, bottom = box(line, *out.shape[:2])
            out[top:bottom, left:right] = 0
    return out, replace(done, blanked=done.blanked - done.left)


def is_marker(text: str) -> bool:
    """True for what only says which side or view this is."""
    words = re.findall(r"\w+", text.upper())
    return bool(words) and all(word in MARKERS for word in words)


def writing(pixels: np.ndarray, read_words: Reader) -> list[Line]:
    """The lines of text in a picture, without single signs too large to be any."""
    return [line for line in read_words(pixels) if len(line.text.strip()) > 1 or line.box[3] - line.box[1] <= TALL * pixels.shape[0]]


def box(line: Line, rows: int, columns: int) -> Box:
    """The line's place in whole pixels with a margin: (left, top, right, bottom)."""
    left, top, right, bottom = line.box
    margin = max(2.0, MARGIN * (bottom - top))
    return (
        max(0, int(left - margin)),
        max(0, int(top - margin)),
        min(columns, int(np.ceil(right + margin))),
        min(rows, int(np.ceil(bottom + margin))),
    )


def unpack(ds: Dataset, data: bytes, limits: Limits, boxes: Sequence[Box] = ()) -> bool:
    """Gives ``ds`` the pixels of ``data`` uncompressed, with ``boxes`` blanked in every frame."""
    frames = frame_count(ds)
    first = stored_frame(data, limits, 0)
    if first.nbytes * frames > MOST_BYTES:
        raise InputError(f"its pixels unpack to more than {megabytes(MOST_BYTES)}", "Give fewer frames")
    values = np.stack([first, *(stored_frame(data, limits, frame) for frame in range(1, frames))])
    for left, top, right, bottom in boxes:
        values[:, top:bottom, left:right] = _blank(values, str(ds.get("PhotometricInterpretation", "")))
    syntax = ds.file_meta.TransferSyntaxUID
    if syntax.is_encapsulated:
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    if values.ndim == 4:
        ds.PhotometricInterpretation, ds.PlanarConfiguration, ds.SamplesPerPixel = "RGB", 0, 3
    ds.BitsAllocated = 8 * values.itemsize
    raw = values.astype(f"{order}{values.dtype.str[1:]}", copy=False).tobytes()
    ds.PixelData = raw + b"\0" * (len(raw) % 2)
    ds["PixelData"].VR = "OW" if values.itemsize > 1 else "OB"
    ds["PixelData"].is_undefined_length = False
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in ds:
            del ds[keyword]
    return True


def _blank(values: np.ndarray, photometric: str) -> int:
    """The number that shows as black; of a palette its most frequent entry."""
    if photometric == "PALETTE COLOR":
        numbers, counts = np.unique(values, return_counts=True)
        return int(numbers[counts.argmax()])
    return int(values.max()) if photometric == "MONOCHROME1" else 0 if values.ndim == 4 else int(values.min())


def _mask_unused_bits(ds: Dataset) -> None:
    """Clears bits above those that are stored: old overlays hide there, and with them what was written into them."""
    allocated, stored = int(ds.get("BitsAllocated") or 0), int(ds.get("BitsStored") or 0)
    syntax = ds.file_meta.TransferSyntaxUID
    plain = "PixelData" in ds and not syntax.is_encapsulated and not ds.get("PixelRepresentation")
    if not plain or not 8 < allocated <= 16 or not 0 < stored < allocated:
        return
    if int(ds.get("HighBit") or stored - 1) != stored - 1:
        return
    raw = np.frombuffer(ds.PixelData[: len(ds.PixelData) // 2 * 2], ">u2" if syntax == ExplicitVRBigEndian else "<u2")
    mask = (1 << stored) - 1
    if raw.size and int(raw.max()) > mask:
        ds.PixelData = (raw & mask).astype(raw.dtype).tobytes()


def _again(ds: Dataset) -> bytes:
    """The object as bytes, to be read once more; nothing goes to disk."""
    buffer = BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=False)
    return buffer.getvalue()
