"""Frames of a series as one piece of bytes with a list of what is where: what the browser asks for once and then keeps."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mmcore.case import Picture, Series
from mmcore.domains.medical.windows import presets
from mmcore.errors import InputError
from mmcore.readers.dicom_frame import Frame, Window, plain_frame, read_frame

BLOCK_BYTES = 32_000_000
BLOCK_FRAMES = 64
MOST_FRAMES = 10_000
_ALIGNED = 8


@dataclass(frozen=True)
class Block:
    """Neighbouring frames.

    Attributes:
        start: position of the first one in its series, from 0.
        frames: what the script needs to know of each; one that cannot be read holds only an ``error``.
        data: their numbers, and after each the bits of its overlays.
    """

    start: int
    frames: tuple[dict[str, Any], ...]
    data: bytes


def block(series: Series, position: int) -> Block:
    """The block of a series that holds this position; frames are grouped so that a block has about BLOCK_BYTES at most."""
    first = _read(series, position)
    each = first.values.nbytes + 1 if isinstance(first, Frame) else BLOCK_BYTES
    size = max(1, min(BLOCK_FRAMES, BLOCK_BYTES // each))
    start = position // size * size
    places = range(start, min(series.count, MOST_FRAMES, start + size))
    return _packed(start, [first if place == position else _read(series, place) for place in places])


def single(picture: Picture) -> Block:
    """A picture that is no DICOM object."""
    return _packed(0, [plain_frame(picture.pixels)])


def _read(series: Series, position: int) -> Frame | str:
    try:
        return read_frame(*series.locate(position))
    except InputError as error:
        return error.message


def _packed(start: int, frames: list[Frame | str]) -> Block:
    facts: list[dict[str, Any]] = []
    parts: list[bytes] = []
    length = 0
    for frame in frames:
        if isinstance(frame, str):
            facts.append({"error": frame})
            continue
        values = np.ascontiguousarray(frame.values).tobytes()
        bits = b"" if frame.mask is None else np.packbits(frame.mask, bitorder="little").tobytes()
        facts.append(_facts(frame, length, length + len(values) if bits else -1))
        parts += [values, bits, bytes(-(len(values) + len(bits)) % _ALIGNED)]
        length += sum(map(len, parts[-3:]))
    return Block(start, tuple(facts), b"".join(parts))


def _facts(frame: Frame, at: int, mask: int) -> dict[str, Any]:
    kinds = {"uint8": "u8", "uint16": "u16", "int16": "i16"}
    table = frame.table
    return {
        "kind": kinds[frame.values.dtype.name] if frame.grey else "rgb",
        "w": frame.values.shape[1], "h": frame.values.shape[0], "at": at, "mask": mask,
        "k": frame.slope, "b": frame.intercept, "inverted": frame.inverted, "units": frame.units,
        "windows": [_window(window) for window in (*frame.windows, *presets(frame))],
        "table": {"first": table.first, "grey": base64.b64encode(table.grey.tobytes()).decode()} if table else None,
        "spacing": frame.spacing, "detector": frame.at_detector, "aspect": frame.aspect, "edges": frame.edges,
    }  # fmt: skip


def _window(window: Window) -> dict[str, Any]:
    told = asdict(window)
    return {"name": told["name"], "c": told["centre"], "w": told["width"], "f": told["function"]}
