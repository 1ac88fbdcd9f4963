"""Kinds of sound from Whisper's encoder: mean and deviation over time of all four layers, then one linear layer.

The last kind is "other": sound that is none of the kinds, so that not every sound is given one of their names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.case import SOUND_RATE
from mmcore.encoders.whisper import SoundEncoder

OTHER = "other"
WINDOW_S, LOUDEST_S = 5.0, 2.5
SILENT = 10 ** (-55 / 20)
"""Root mean square below which a stretch counts as silent: 55 dB under full scale."""
BATCH = 8


@dataclass(frozen=True)
class SoundHead:
    """A linear classifier on standardised features.

    Attributes:
        kinds: names; the last is "other".
        mean, scale: (3072,) of the features in training.
        weight: (K, 3072); bias: (K,).
        temperature: what the logits are divided by, fitted on clips held out.
    """

    kinds: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(N, 3072) -> (N, K)."""
        logits = (((features - self.mean) / self.scale) @ self.weight.T + self.bias) / self.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


def sound_features(encoder: SoundEncoder, sounds: Sequence[np.ndarray]) -> np.ndarray:
    """Sounds of at most 30 s -> (N, 3072) float32."""
    out = []
    for samples in sounds:
        layers = encoder.layers(samples)
        out.append(np.concatenate([layers.mean(axis=1).ravel(), layers.std(axis=1).ravel()]))
    return np.stack(out) if out else np.zeros((0, 3072), np.float32)


def loudest(samples: np.ndarray, seconds: float = LOUDEST_S) -> np.ndarray:
    """The stretch of this length with the most energy; the whole where it is shorter."""
    length = round(seconds * SOUND_RATE)
    total = np.concatenate([[0.0], np.cumsum(samples.astype(float) ** 2)])
    starts = np.arange(0, max(1, len(samples) - length + 1), SOUND_RATE // 10)
    energy = total[np.minimum(starts + length, len(samples))] - total[starts]
    start = int(starts[int(energy.argmax())])
    return samples[start : start + length]


def windows(samples: np.ndarray, window_s: float, hop_s: float) -> list[tuple[float, float, np.ndarray]]:
    """(from_s, to_s, samples) of every window; the last may be shorter, but no shorter than half a window unless it is the only one."""
    length, hop = round(window_s * SOUND_RATE), round(hop_s * SOUND_RATE)
    starts = [s for s in range(0, max(1, len(samples)), hop) if s == 0 or len(samples) - s >= length // 2]
    return [(s / SOUND_RATE, min(len(samples), s + length) / SOUND_RATE, samples[s : s + length]) for s in starts]


def silent(samples: np.ndarray) -> bool:
    """True where there is nothing to hear."""
    return len(samples) == 0 or float(np.sqrt(np.mean(samples.astype(float) ** 2))) < SILENT


def heard(encoder: SoundEncoder, head: SoundHead, samples: np.ndarray) -> np.ndarray | None:
    """(K,) kinds of a whole clip: the mean over windows of 5 s that are not silent, louder ones counting more; None for silence."""
    parts = [part for _, _, part in windows(samples, WINDOW_S, WINDOW_S) if not silent(part)]
    if not parts:
        return None
    weight = np.array([np.sqrt(np.mean(part**2)) for part in parts])
    return np.average(head.probabilities(sound_features(encoder, parts)), axis=0, weights=weight)
