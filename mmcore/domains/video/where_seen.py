"""Where in a picture the evidence for a label lies: what the label loses when a part of the picture no longer counts.

The network looks at a picture in 7 x 7 cells and takes their mean; a cell is taken away by leaving it out of that mean. What a cell looks
like depends on what lies around it, so places are as coarse as the grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mmcore.domains.video.event_model import EventModel
from mmcore.encoders.efficientnet import GRID, patch_boxes

NEARLY = 0.9
"""Share of the score of the best part from which on another is worth nearly as much."""


@dataclass(frozen=True)
class SeenWhere:
    """Boxes (49, 4) int [x, y, w, h] in the picture's pixels, and scores (49,) in units of sight's probability for the label."""

    boxes: np.ndarray
    scores: np.ndarray

    @property
    def alike(self) -> int:
        """How many parts are worth nearly as much as the one that is worth most; 0 where none says the label."""
        most = float(self.scores.max())
        return int((self.scores >= NEARLY * most).sum()) if most > 0 else 0


@dataclass(frozen=True)
class SeenPieces:
    """A picture in 49 cells that can be left out; what is asked is sight's probability of one of the labels.

    Attributes:
        labels: (L, 384) vectors, at: which of them.
    """

    model: EventModel
    pixels: np.ndarray
    labels: np.ndarray
    at: int

    @cached_property
    def boxes(self) -> np.ndarray:
        return patch_boxes((self.pixels.shape[1], self.pixels.shape[0]))

    @cached_property
    def _cells(self) -> np.ndarray:
        with self.model.lock:
            return self.model.sight.cells([self.pixels])[0]

    @cached_property
    def scores(self) -> np.ndarray:
        """(49,) what a cell and its neighbours are worth: the mean of what is lost without them and what they bring alone.

        The two ends of a Shapley value: one alone shows nothing in an answer that is sure whichever part is taken away.
        """
        parts = [neighbours(i) for i in range(len(self.boxes))]
        rest = [[j for j in range(len(self.boxes)) if j not in part] for part in parts]
        lost = self.probability([[]])[0] - self.probability(parts)
        brought = self.probability(rest) - 1 / len(self.labels)
        return (lost + brought) / 2

    def probability(self, removed: Sequence[Sequence[int]]) -> np.ndarray:
        """(K,) without each set of cells; an even share where none is left."""
        looks, there = np.zeros((len(removed), self._cells.shape[1]), np.float32), np.ones(len(removed), bool)
        for k, gone in enumerate(removed):
            left = np.delete(self._cells, list(gone), axis=0)
            there[k] = len(left) > 0
            looks[k] = left.mean(axis=0) if len(left) else 0.0
        named = self.model.bridge.labels(self.model.sight.named(looks), self.labels)[0][:, self.at]
        return np.where(there, named, 1 / len(self.labels))


def neighbours(cell: int) -> list[int]:
    """A cell of the 7 x 7 grid and those that touch it."""
    row, column = divmod(cell, GRID)
    rows, columns = range(max(0, row - 1), min(GRID, row + 2)), range(max(0, column - 1), min(GRID, column + 2))
    return [r * GRID + c for r in rows for c in columns]


def seen_where(model: EventModel, pixels: np.ndarray, labels: Sequence[str], label: str) -> SeenWhere:
    """Where (H, W, 3) uint8 shows this one of the labels."""
    pieces = SeenPieces(model, pixels, model.label_vectors(labels), list(labels).index(label))
    return SeenWhere(pieces.boxes, pieces.scores)
