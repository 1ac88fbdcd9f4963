"""The sound of a film or a sound file: 16 kHz, one channel, on the film's own clock."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import av
import numpy as np

from mmcore.case import SOUND_RATE, Sound
from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.media import DECODE_ERRORS, MediaFile, damage, decoded, opened, sound_stream, start_s

GAP_S = 0.2
"""Sound that comes this much later than the sound before it ends has a gap; less is jitter of the clock."""


def read_sound(media: MediaFile, note: Callable[[str], None] | None = None, limits: Limits = LIMITS) -> Sound | None:
    """The sound of ``media``; None where there is no stream or nothing in it can be decoded.

    Sound that starts after the film is preceded by silence, and gaps in it are filled, so that its seconds are the film's. Channels are
    mixed down as FFmpeg does.

    Args:
        note: told in words where the sound is damaged: what cannot be decoded is left out, and silent.
    """
    if not media.sound:
        return None
    most = int(limits.media_seconds * SOUND_RATE)
    heard = _Samples(min(most, round(media.seconds * SOUND_RATE) + SOUND_RATE), most)
    with opened(media.source, media.kind) as container:
        stream = sound_stream(container)
        if stream is None:
            return None
        lost: list[float] = []
        resampler, zero = _resampler(), start_s(container)
        try:
            for frame in decoded(container, stream, lost):
                time_s = (frame.time or 0.0) - zero
                frame.pts = None  # gaps and odd clocks would make the resampler refuse
                try:
                    part = resampler.resample(frame)
                except ValueError:  # another kind of sound from here on, or so damaged that it looks like one
                    resampler = _resampler()
                    part = resampler.resample(frame)
                late = min(time_s, media.seconds) - heard.count / SOUND_RATE
                if late > (GAP_S if heard.count else 0.0):
                    heard.add(np.zeros(round(late * SOUND_RATE), np.float32))
                heard.take(part)
                if heard.count >= most:
                    break
            heard.take(resampler.resample(None))
        except DECODE_ERRORS:
            lost.append(math.inf)
    if lost and note is not None:
        note(damage("the sound", [s - zero for s in lost], heard.count / SOUND_RATE))
    return Sound(heard.all(), media.sha256) if heard.count else None


def _resampler() -> av.AudioResampler:
    return av.AudioResampler(format="flt", layout="mono", rate=SOUND_RATE)


class _Samples:
    """Samples as they come, in one array that grows where a file is longer than it says: an hour is held once, not four times.

    Attributes:
        count: how many there are.
    """

    def __init__(self, expected: int, most: int) -> None:
        self.count, self._most = 0, most
        self._samples = np.empty(max(1, expected), np.float32)

    def add(self, part: np.ndarray) -> None:
        """(N,) samples more, made finite and brought between -1 and 1; beyond ``most`` they are left out."""
        part = part[: self._most - self.count]
        end = self.count + len(part)
        if end > len(self._samples):
            self._samples = np.concatenate([self._samples[: self.count], np.empty(max(end - self.count, len(self._samples)), np.float32)])
        np.clip(np.nan_to_num(part, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0, out=self._samples[self.count : end])
        self.count = end

    def take(self, frames: list[Any]) -> None:
        for frame in frames:
            self.add(frame.to_ndarray().reshape(-1))

    def all(self) -> np.ndarray:
        return self._samples[: self.count]


def sound_from_samples(samples: np.ndarray, sha256: str) -> Sound:
    """A Sound from (N,) samples at 16 kHz between -1 and 1; InputError where there are none."""
    if samples.ndim != 1 or not len(samples) or not np.isfinite(samples).all():
        raise InputError("the sound has no usable samples", "Give one channel of finite numbers at 16 kHz")
    return Sound(np.clip(samples.astype(np.float32), -1.0, 1.0), sha256)

