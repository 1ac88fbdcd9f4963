"""Pictures of a film, streamed: one picture in memory at a time, upright, each with its second."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import av
import numpy as np

from mmcore.errors import InputError
from mmcore.readers.media import DECODE_ERRORS, MediaFile, damage, decoded, opened, picture_stream, start_s

WIND_S = 2.0
"""Winding is worth it from here."""
HOLE_S, TIMES_USUAL = 1.5, 10.0
"""Pictures are missing where none comes for so long and, in a matroska, so many times the usual wait. What is not damaged in other kinds of
file says itself how long a picture stays."""


@dataclass(frozen=True)
class Frame:
    """One picture of a film.

    Attributes:
        time_s: when it is shown, from the start of the film.
        pixels: (H, W, 3) uint8 RGB, upright; (H, W) for grey.
        at_side: the same picture with another longest side, 0 for its own size.
    """

    time_s: float
    pixels: np.ndarray
    at_side: Callable[[int], np.ndarray]


def frames(
    media: MediaFile, *, from_s: float = 0.0, every_s: float = 0.0, side: int = 0, grey: bool = False,
    note: Callable[[str], None] | None = None, hole: Callable[[float, float], None] | None = None,
) -> Iterator[Frame]:  # fmt: skip
    """The film's pictures in order.

    Args:
        from_s: begin with the picture that is on the screen then; the file is wound forward where it can be.
        every_s: leave out pictures closer than this to the one before; 0 gives every picture. Variable frame rates keep their times.
        side: longest side of the pictures given, 0 for their own size. Made smaller by the decoder, never larger.
        note: told in words where the film is damaged: what cannot be decoded is left out.
        hole: told from and to where pictures are missing between two others, before the second of them is given.

    Raises:
        InputError: not one picture can be decoded.
    """
    if media.size is None:
        raise InputError("the file has no pictures", "Give a film")
    shown, due, before, time_s = 0, 0.0, None, 0.0
    lost: list[float] = []
    clock = _Clock(media.kind == "matroska")
    with opened(media.source, media.kind) as container:
        stream = picture_stream(container)
        if stream is None:
            raise InputError("the file has no pictures", "Give a film")
        stream.thread_type = "AUTO"
        zero, fallback = start_s(container), 1 / (media.fps or 25.0)
        if from_s > WIND_S:
            with contextlib.suppress(*DECODE_ERRORS):  # what cannot be wound is read from its beginning
                container.seek(round((from_s + zero) * av.time_base))
        try:
            for number, frame in enumerate(decoded(container, stream, lost)):
                time_s = max(0.0, frame.time - zero) if frame.time is not None else number * fallback
                missing = clock.hole(time_s, _lasts_s(frame), [s - zero for s in lost] if lost else [])
                if missing is not None and hole is not None:
                    hole(*missing)
                if time_s + 1e-6 < from_s:
                    before = frame
                    continue
                if before is not None and time_s - from_s > 1e-3:
                    shown += 1
                    yield _frame(from_s, before, side, grey, media.rotation)
                before = None
                if time_s + 1e-6 < due:
                    continue
                due = max(due + every_s, time_s + every_s / 2) if every_s else 0.0
                shown += 1
                yield _frame(time_s, frame, side, grey, media.rotation)
            if before is not None:
                shown += 1
                yield _frame(from_s, before, side, grey, media.rotation)
        except DECODE_ERRORS:
            lost.append(time_s)
    if not shown:
        raise InputError("not one picture of the film can be decoded", "Give the whole file")
    if lost and note is not None:
        note(damage("the film", [s - zero for s in lost], time_s))


@dataclass
class _Clock:
    """The times of the pictures so far, to tell where some are missing.

    Attributes:
        matroska: whether the file is one, which does not say how long a picture stays.
    """

    matroska: bool
    first_s: float = 0.0
    last_s: float = 0.0
    end_s: float = 0.0
    count: int = 0

    def hole(self, time_s: float, lasts_s: float, lost_s: list[float]) -> tuple[float, float] | None:
        """From and to where pictures are missing before the one at ``time_s``; None where none is.

        Args:
            lasts_s: how long that one stays, as the file says.
            lost_s: seconds of what could not be decoded.
        """
        wait_s, found = time_s - self.end_s, None
        if self.count > 1 and wait_s >= HOLE_S:
            rare = self.matroska and wait_s >= TIMES_USUAL * (self.last_s - self.first_s) / (self.count - 1)
            if rare or any(self.last_s < s < time_s for s in lost_s):
                found = self.end_s, time_s
        self.first_s = self.first_s if self.count else time_s
        self.last_s, self.end_s, self.count = time_s, time_s + lasts_s, self.count + 1
        return found


def _lasts_s(frame: Any) -> float:
    return float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0


def _frame(time_s: float, frame: Any, side: int, grey: bool, rotation: int) -> Frame:
    at_side = partial(_pixels, frame, grey=grey, rotation=rotation)
    return Frame(time_s, at_side(side), at_side)


def _pixels(frame: Any, side: int, grey: bool, rotation: int) -> np.ndarray:
    width, height = frame.width, frame.height
    if side and max(width, height) > side:
        scale = side / max(width, height)
        width, height = max(2, round(width * scale)), max(2, round(height * scale))
    pixels = frame.to_ndarray(format="gray" if grey else "rgb24", width=width, height=height)
    return np.ascontiguousarray(np.rot90(pixels, rotation)) if rotation else pixels
