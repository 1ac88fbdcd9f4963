"""Words on the screen, read where the picture changes: when it has come to rest, soon after a cut, and now and then while all moves."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import cv2
import numpy as np

from mmcore.encoders.words_in_pictures import WrittenLine, read_words
from mmcore.readers.footage import Frame

SIDE = 854
"""Longest side of the pictures that are read."""
GRID = (48, 27)
CHANGED, CHANGED_CELLS, MOVING_CELLS, CUT_CELLS = 12, 0.01, 0.005, 0.4
"""A cell of the grid has changed by so many grey levels; so many of them make a change worth reading, a motion, a cut."""
SETTLED_S, AFTER_CUT_S, MOVING_EVERY_S = 1.0, 0.4, 5.0
MOST_READ = 120
"""Pictures read in one film: in a long one that moves they lie further apart."""
SAME = 0.8


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
        if due and self.read < 2 * MOST_READ and _changed(cells, self._known) > CHANGED_CELLS:
            self._read(frame, self._cut_at if cut_unread else frame.time_s)
            self._known = cells

    def lines(self) -> list[Written]:
        """All lines, in order of their start; those still on the screen last to the end of the film."""
        self._close(self._seconds)
        return sorted(self._closed, key=lambda line: (line.start_s, line.box[1]))

    def _read(self, frame: Frame, since_s: float) -> None:
        clock = time.perf_counter()
        pixels = frame.at_side(SIDE)
        found = read_words(pixels)
        self.read += 1
        self._read_at = frame.time_s
        self._follow(found, pixels.shape[:2], since_s)
        self.spent_s += time.perf_counter() - clock

    def _follow(self, found: list[WrittenLine], size: tuple[int, int], since_s: float) -> None:
        """Lines that were there before go on, the better reading counts; the others end here, and new ones begin."""
        height, width = size
        going, waiting = [], list(self._open)
        for line in found:
            left, top, right, bottom = line.box
            box = (left / width, top / height, right / width, bottom / height)
            own = next((w for w in waiting if SequenceMatcher(None, w.text.lower(), line.text.lower()).ratio() >= SAME), None)
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
