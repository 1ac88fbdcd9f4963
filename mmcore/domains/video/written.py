"""Words on the screen, read where the picture changed: once it has come to rest, soon after a cut, and now and then while all moves."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import cv2
import numpy as np

from mmcore.encoders.words_in_pictures import Region, WrittenLine, read_words
from mmcore.readers.footage import Frame

SIDE = 854
"""Longest side of the pictures that are read."""
GRID = (48, 27)
ROOM, STEP, MOST_SHARE = 1, 4, 0.7
"""Cells around what changed that are read with it, cells between the edges of such a part, and the share above which all is read."""
CHANGED, CHANGED_CELLS, MOVING_CELLS, CUT_CELLS = 12, 0.01, 0.005, 0.4
"""A cell of the grid has changed by so many grey levels; so many of them make a change worth reading, a motion, a cut."""
LINE_CHANGED, LINE_SHARE, LINE_CELL = 0.3, 0.004, 3
"""A known line is read again where more than this share of its box, seen in cells of three pixels, differs by more than this share of the
difference between its letters and their ground (and by more than a cell of the grid would): one figure of thirty letters does so."""
SETTLED_S, AFTER_CUT_S, MOVING_EVERY_S = 1.0, 0.4, 5.0
MOST_READ = 120
"""Pictures read in one film: in a long one that moves they lie further apart."""
SAME = 0.8
Part = tuple[int, int, int, int]
"""A part of the picture: left, top, right, bottom in cells of the grid."""


@dataclass(frozen=True)
class Written:
    """A line on the screen.

    Attributes:
        box: (left, top, right, bottom) as shares of the picture, 0 to 1.
        score: the reader's certainty, 0 to 1.
    """

    text: str
    start_s: float
    end_s: float
    box: tuple[float, float, float, float]
    score: float


class ScreenReader:
    """Looks at every picture of a film in order and reads those that need it.

    Attributes:
        spent_s: time spent reading.
        read: how many pictures were read.
    """

    def __init__(self, seconds: float) -> None:
        self.spent_s, self.read = 0.0, 0
        self._seconds = seconds
        self._every_s = max(MOVING_EVERY_S, seconds / MOST_READ)
        self._settled_s = max(SETTLED_S, seconds / MOST_READ)
        self._before: np.ndarray | None = None
        self._known: np.ndarray | None = None
        self._read_at, self._cut_at = -1e9, 0.0
        self._open: list[Written] = []
        self._pixels: np.ndarray | None = None
        self._closed: list[Written] = []

    def look(self, frame: Frame) -> None:
        """The next picture; RGB."""
        cells = cv2.resize(cv2.cvtColor(frame.pixels, cv2.COLOR_RGB2GRAY), GRID, interpolation=cv2.INTER_AREA).astype(np.int16)
        moved = _changed(cells, self._before)
        if self._before is None or moved > CUT_CELLS:
            self._cut_at = frame.time_s
        self._before = cells
        since = frame.time_s - self._read_at
        cut_unread = self._read_at < self._cut_at
        rest = moved <= MOVING_CELLS and (since >= self._settled_s or cut_unread)
        due = rest or since >= self._every_s or (cut_unread and frame.time_s - self._cut_at >= AFTER_CUT_S)
        if due and self.read < 2 * MOST_READ and (_changed(cells, self._known) > CHANGED_CELLS or (rest and self._line_changed(frame))):
            self._read(frame, cells, self._cut_at if cut_unread else frame.time_s)

    def lines(self, end_s: float | None = None) -> list[Written]:
        """All lines, in order of their start; those still on the screen last to the end of the film, which may come early at ``end_s``."""
        self._close(self._seconds if end_s is None else end_s)
        return sorted(self._closed, key=lambda line: (line.start_s, line.box[1]))

    def _read(self, frame: Frame, cells: np.ndarray, since_s: float) -> None:
        """Only what changed is read; where words are or were, the whole picture is, since a part alone may look like a letter."""
        clock = time.perf_counter()
        pixels = frame.at_side(SIDE)
        few = _changed(cells, self._known) <= CHANGED_CELLS
        part = None if self._known is None or few else _changed_part(cells, self._known)
        if part is None or any(_meets(line, part) for line in self._open) or read_words(pixels, region=_in_pixels(part, pixels)):
            self._follow(read_words(pixels), pixels, since_s)
            part = (0, 0, *GRID)
        left, top, right, bottom = part
        self._known = cells.copy() if self._known is None else self._known
        self._known[top:bottom, left:right] = cells[top:bottom, left:right]
        self.read += 1
        self._read_at = frame.time_s
        self.spent_s += time.perf_counter() - clock

    def _line_changed(self, frame: Frame) -> bool:
        """Whether a known line looks otherwise than when it was read: a figure of it changes too little to be seen in the grid."""
        if not self._open or self._pixels is None:
            return False
        pixels = frame.at_side(SIDE)
        return any(_differs(self._pixels, pixels, line) for line in self._open)

    def _follow(self, found: list[WrittenLine], pixels: np.ndarray, since_s: float) -> None:
        """Lines that were there before go on, the better reading counts; the others end here, and new ones begin.

        A line goes on that is spelled nearly alike, unless a figure in it is another and it looks otherwise: then it is a new one.
        """
        before, self._pixels = self._pixels, pixels
        height, width = pixels.shape[:2]
        going, waiting = [], list(self._open)
        for line in found:
            left, top, right, bottom = line.box
            box = (left / width, top / height, right / width, bottom / height)
            alike = (w for w in waiting if SequenceMatcher(None, w.text.lower(), line.text.lower()).ratio() >= SAME)
            own = next((w for w in alike if _figures(w.text) == _figures(line.text) or not _differs(before, pixels, w)), None)
            if own is not None:
                waiting.remove(own)
                going.append(own if own.score >= line.score else replace(own, text=line.text, score=line.score, box=box))
            else:
                going.append(Written(line.text, since_s, self._seconds, box, line.score))
        self._open = waiting
        self._close(since_s)
        self._open = going

    def _close(self, end_s: float) -> None:
        self._closed += [replace(line, end_s=max(line.start_s, end_s)) for line in self._open]
        self._open = []


def _changed(cells: np.ndarray, before: np.ndarray | None) -> float:
    """Share of the cells that differ, 1 where there is nothing to compare with."""
    return 1.0 if before is None else float((np.abs(cells - before) > CHANGED).mean())


def _figures(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _differs(before: np.ndarray | None, now: np.ndarray, line: Written) -> bool:
    """Whether the box of a line looks otherwise in two pictures (H, W, 3) of one size."""
    if before is None or before.shape != now.shape:
        return True
    one, other = (_box_cells(pixels, line) for pixels in (before, now))
    low, high = np.percentile(one, (5, 95))
    return float((np.abs(one - other) > max(CHANGED, LINE_CHANGED * (high - low))).mean()) > LINE_SHARE


def _box_cells(pixels: np.ndarray, line: Written) -> np.ndarray:
    """(h, w) mean grey of a line's box in cells of three pixels."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = line.box
    part = pixels[int(top * height) : max(int(top * height) + 1, math.ceil(bottom * height)),
                  int(left * width) : max(int(left * width) + 1, math.ceil(right * width))]  # fmt: skip
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    size = (max(1, grey.shape[1] // LINE_CELL), max(1, grey.shape[0] // LINE_CELL))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.int16)


def _changed_part(cells: np.ndarray, before: np.ndarray) -> Part | None:
    """What changed and some room around it, its edges on every `STEP` cells: few sizes, as the networks prepare for each size once.

    None where it is most of the picture.
    """
    rows, columns = np.nonzero(np.abs(cells - before) > CHANGED)
    left, top = ((int(c.min()) - ROOM) // STEP * STEP for c in (columns, rows))
    right, bottom = (-(-(int(c.max()) + 1 + ROOM) // STEP) * STEP for c in (columns, rows))
    part = (max(0, left), max(0, top), min(GRID[0], right), min(GRID[1], bottom))
    return part if (part[2] - part[0]) * (part[3] - part[1]) <= MOST_SHARE * GRID[0] * GRID[1] else None


def _in_pixels(part: Part, pixels: np.ndarray) -> Region:
    across, down = pixels.shape[1] / GRID[0], pixels.shape[0] / GRID[1]
    left, top, right, bottom = part
    return int(left * across), int(top * down), math.ceil(right * across), math.ceil(bottom * down)


def _meets(line: Written, part: Part) -> bool:
    left, top, right, bottom = line.box
    return left * GRID[0] < part[2] and right * GRID[0] > part[0] and top * GRID[1] < part[3] and bottom * GRID[1] > part[1]
