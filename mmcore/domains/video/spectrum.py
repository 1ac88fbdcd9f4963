"""A film's sound as a picture: loudness by pitch (mel bands) over time, at most a few hundred columns however long it is."""

from __future__ import annotations

import numpy as np

from mmcore.case import SOUND_RATE

BANDS, MOST_COLUMNS, COLUMNS_A_SECOND = 40, 800, 20
WINDOW, LOOKS = 512, 4
RANGE_DB = 70.0


def spectrogram(samples: np.ndarray, seconds: float) -> np.ndarray:
    """(N,) samples at 16 kHz -> (40, C) uint8, low pitches first: 255 for the loudest, 0 for 70 dB below it and less.

    Its columns span ``seconds``, the length of the film; where the sound has ended they are 0.
    """
    whole = int(np.clip(seconds * COLUMNS_A_SECOND, 1, MOST_COLUMNS))
    columns = int(np.clip(round(whole * len(samples) / SOUND_RATE / max(seconds, 1e-3)), 1, whole))
    padded = np.concatenate([samples, np.zeros(max(0, WINDOW - len(samples)), np.float32)])
    starts = np.linspace(0, len(padded) - WINDOW, columns * LOOKS).astype(int)
    window, power = np.hanning(WINDOW).astype(np.float32), np.zeros((BANDS, whole))
    for column in range(columns):
        parts = np.stack([padded[s : s + WINDOW] for s in starts[column * LOOKS : (column + 1) * LOOKS]]) * window
        power[:, column] = MEL @ (np.abs(np.fft.rfft(parts, axis=1)) ** 2).mean(axis=0)
    level = 10 * np.log10(power + 1e-10)
    return np.rint(255 * np.clip((level - max(level.max(), -30.0)) / RANGE_DB + 1, 0, 1)).astype(np.uint8)


def _mel() -> np.ndarray:
    """(40, 257) triangles, evenly spaced in mel (O'Shaughnessy 1987) from 50 Hz to 8 kHz."""
    low, high = (2595 * np.log10(1 + f / 700) for f in (50, SOUND_RATE / 2))
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    bins = np.linspace(0, SOUND_RATE / 2, WINDOW // 2 + 1)
    up = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(up, down))


MEL = _mel()
