"""Cuts between shots: where the colours of a picture differ from those before it far more than is usual around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BINS = 8
LEAST_CHANGE = 0.3
"""Smallest change that can be a cut: half the sum of differences between colour histograms, 0 to 1."""
TIMES_USUAL = 4.0
AROUND = 8
SHORTEST_S = 0.5


@dataclass(frozen=True)
class Shot:
    """A stretch between two cuts, in seconds."""

    start_s: float
    end_s: float

    @property
    def middle_s(self) -> float:
        return (self.start_s + self.end_s) / 2


def colours(pixels: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 -> (3, 4, 24) shares: a histogram of each colour in each quarter of the picture."""
    height, width = pixels.shape[0] // 2 or 1, pixels.shape[1] // 2 or 1
    quarters = [pixels[:height, :width], pixels[:height, -width:], pixels[-height:, :width], pixels[-height:, -width:]]
    out = np.zeros((4, 3, BINS), np.float32)
    for i, part in enumerate(quarters):
        for colour in range(3):
            out[i, colour] = np.bincount((part[..., colour] >> 5).ravel(), minlength=BINS) / max(1, part[..., colour].size)
    return out


def find_shots(times: np.ndarray, histograms: np.ndarray, seconds: float) -> list[Shot]:
    """(N,) seconds and (N, ...) colours of pictures in order -> the shots, which together cover the film."""
    if len(times) < 2:
        return [Shot(0.0, seconds)]
    change = np.abs(np.diff(histograms, axis=0)).sum(axis=-1).mean(axis=tuple(range(1, histograms.ndim - 1))) / 2
    cuts = [0.0]
    for i, value in enumerate(change):
        around = np.delete(change[max(0, i - AROUND) : i + AROUND + 1], min(i, AROUND))
        usual = float(np.median(around)) if len(around) else 0.0
        far = times[i + 1] - cuts[-1] >= SHORTEST_S and seconds - times[i + 1] >= SHORTEST_S
        if value >= LEAST_CHANGE and value >= TIMES_USUAL * usual and far:
            cuts.append(float(times[i + 1]))
    return [Shot(start, end) for start, end in zip(cuts, [*cuts[1:], seconds], strict=True)]
