"""Sound as frames for a speech reader: 25 a second, in step with the pictures of a film."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.encoders.whisper import FRAME_RATE, MEL_RATE, SoundEncoder, log_mel

STEP_RATE = 25
LAYERS_USED = (1, 3)
MEL_PARTS = 2
WIDTH = 2 * 384 + MEL_PARTS * 80
"""Two layers of Whisper's encoder, then the log-mel spectrum twice in a step."""


def speech_frames(encoder: SoundEncoder, sounds: Sequence[np.ndarray], seconds: float) -> np.ndarray:
    """B sounds of one length, (N,) samples at 16 kHz, at most 30 s -> (B, T, 928) float32 at 25 frames a second, T = round(25 seconds)."""
    steps = max(1, round(seconds * STEP_RATE))
    mels = np.stack([log_mel(samples) for samples in sounds])
    out = []
    for mel, layers in zip(mels, encoder.layers_of_mel(mels)[:, list(LAYERS_USED)], strict=True):
        of_whisper = _pooled(layers.transpose(1, 0, 2).reshape(layers.shape[1], -1), FRAME_RATE // STEP_RATE, steps)
        of_mel = _pooled(mel.T, MEL_RATE // STEP_RATE // MEL_PARTS, steps * MEL_PARTS).reshape(steps, -1)
        out.append(np.concatenate([of_whisper, of_mel], axis=1))
    return np.stack(out)


def noise_statistics(frames: np.ndarray) -> np.ndarray:
    """(..., T, 928) frames -> (..., 6) float32 that tell how clean the sound is.

    The level of quiet and of loud steps and their distance (speech in silence has far between, noise does not), how flat the spectrum
    is in the quiet steps, and how much it changes from step to step.
    """
    mel = frames[..., -80:].astype(np.float32)
    level = mel.mean(axis=-1)
    quiet, middle, loud = np.percentile(level, [10, 50, 90], axis=-1)
    change = np.abs(np.diff(mel, axis=-2)).mean(axis=(-1, -2))
    floor = np.percentile(mel, 10, axis=-2)
    return np.stack([quiet, loud, loud - quiet, loud - middle, floor.std(axis=-1), change], axis=-1).astype(np.float32)


def mix(samples: np.ndarray, noise: np.ndarray, ratio_db: float) -> np.ndarray:
    """Sound and noise of the same length, added at a ratio of their RMS over the whole clip; scaled down where it would clip.

    Either being silent gives the sound back unchanged.
    """
    loud, noisy = np.sqrt(np.mean(samples**2)), np.sqrt(np.mean(noise**2))
    if loud == 0 or noisy == 0:
        return samples
    mixed = samples + noise * (loud / noisy * 10 ** (-ratio_db / 20))
    return (mixed / max(1.0, np.abs(mixed).max())).astype(np.float32)


def excerpt(noise: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """A random stretch of a noise, repeated where it is too short."""
    if len(noise) < length + 1:
        noise = np.tile(noise, -(-(length + 1) // len(noise)))
    start = int(rng.integers(len(noise) - length))
    return noise[start : start + length]


def white(length: int, rng: np.random.Generator) -> np.ndarray:
    """White noise."""
    return rng.standard_normal(length).astype(np.float32)


def _pooled(rows: np.ndarray, by: int, steps: int) -> np.ndarray:
    """(T, D) -> (steps, D): means of ``by`` rows, cut or filled with the last at the end."""
    whole = rows[: max(by, len(rows) // by * by)]
    means = whole.reshape(-1, by, rows.shape[1]).mean(axis=1) if len(whole) >= by else rows.mean(axis=0, keepdims=True)
    if len(means) < steps:
        means = np.concatenate([means, np.repeat(means[-1:], steps - len(means), axis=0)])
    return means[:steps].astype(np.float32)
