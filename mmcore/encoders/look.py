"""What of a picture a network looks at, and how its light is evened before."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image


class Look:
    """The whole picture as it is: nothing is cropped, so every pixel counts."""

    def region(self, pixels: np.ndarray) -> tuple[int, int, int, int]:
        """[x, y, w, h] of what is looked at, in the picture's own pixels."""
        return 0, 0, pixels.shape[1], pixels.shape[0]

    def light(self, pixels: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 -> the same size and type."""
        return pixels

    def pixels(self, pixels: np.ndarray, side: int) -> np.ndarray:
        """(H, W, 3) uint8 -> (side, side, 3) uint8."""
        x, y, width, height = self.region(pixels)
        part = pixels[y : y + height, x : x + width]
        if part.shape[:2] != (side, side):
            part = np.asarray(Image.fromarray(part).resize((side, side), Image.Resampling.BICUBIC, reducing_gap=3.0))
        return self.light(part)


class RadiographLook(Look):
    """A radiograph without what tells its source: blank borders and the edge are cut off, grey levels evened, colour dropped.

    Near the edge stand the letters and marks of a hospital, by which networks know it (Zech et al. 2018), arms and collimation.
    Grey levels are half their rank among the picture's own (histogram equalisation) and half a stretch from the 1st to the 99th
    percentile, so that another window, gamma or export of the same film looks the same.
    """

    GRID, STILL, LEAST, EDGE = 128, 12.0, 64, 1 / 8

    def region(self, pixels: np.ndarray) -> tuple[int, int, int, int]:
        """(H, W, 3) uint8 -> x, y, width, height in pixels: the middle three quarters each way within borders where nothing changes."""
        height, width = pixels.shape[:2]
        small = np.asarray(Image.fromarray(pixels).convert("L").resize((self.GRID, self.GRID), Image.Resampling.BILINEAR)).astype(float)
        left, right = self._middle(*self._span(small.std(axis=0) > self.STILL), width)
        top, bottom = self._middle(*self._span(small.std(axis=1) > self.STILL), height)
        return left, top, right - left, bottom - top

    def _span(self, moving: np.ndarray) -> tuple[int, int]:
        """From the first to behind the last line that is not blank; everything where that would cut off half or more."""
        at = np.flatnonzero(moving)
        return (int(at[0]), int(at[-1]) + 1) if len(at) and at[-1] + 1 - at[0] > self.LEAST else (0, self.GRID)

    def _middle(self, first: int, last: int, size: int) -> tuple[int, int]:
        """From and to in pixels, of a side of ``size`` pixels, for lines ``first`` to ``last`` of the grid without an edge each way."""
        edge = (last - first) * self.EDGE
        return int((first + edge) * size / self.GRID), math.ceil((last - edge) * size / self.GRID)

    def light(self, pixels: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 -> the same shape, three equal channels with evened grey levels."""
        grey = np.asarray(Image.fromarray(pixels).convert("L"))
        low, high = np.percentile(grey, [1, 99])
        stretched = np.clip((grey - low) / max(high - low, 1.0), 0, 1)
        rank = np.searchsorted(np.sort(grey.ravel()), grey) / grey.size
        even = np.rint((stretched + rank) * 127.5).astype(np.uint8)
        return np.repeat(even[:, :, None], 3, axis=2)


WHOLE = Look()
RADIOGRAPH = RadiographLook()
