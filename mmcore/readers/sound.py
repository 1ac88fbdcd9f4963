"""The sound of a film or a sound file: 16 kHz, one channel, on the film's own clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import av
import numpy as np

from mmcore.case import SOUND_RATE, Sound
from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.media import DECODE_ERRORS, MediaFile, opened, sound_stream, start_s


def read_sound(media: MediaFile, note: Callable[[str], None] | None = None, limits: Limits = LIMITS) -> Sound | None:
    """The sound of ``media``; None where there is no stream or nothing in it can be decoded.

    Sound that starts after the film is preceded by silence, so that its seconds are the film's. Channels are averaged.

    Args:
        note: told in words where a broken tail ends the sound early.
    """
    if not media.sound:
        return None
    most = int(limits.media_seconds * SOUND_RATE)
    parts: list[np.ndarray] = []
    count = 0
    with opened(media.source, media.kind) as container:
        stream = sound_stream(container)
        if stream is None:
            return None
        resampler, zero = av.AudioResampler(format="flt", layout="mono", rate=SOUND_RATE), start_s(container)
        try:
            for frame in container.decode(stream):
                if not parts:
                    late = min(max(0.0, (frame.time or 0.0) - zero), media.seconds)
                    parts.append(np.zeros(round(late * SOUND_RATE), np.float32))
                    count += len(parts[0])
                frame.pts = None  # gaps and odd clocks would make the resampler refuse
                count += _take(resampler.resample(frame), parts)
                if count > most:
                    break
            count += _take(resampler.resample(None), parts)
        except DECODE_ERRORS:
            if note is not None:
                note(f"the sound is damaged after {count / SOUND_RATE:.1f} s: what comes later is left out")
    if count == 0:
        return None
    samples = np.nan_to_num(np.concatenate(parts)[:most], nan=0.0, posinf=0.0, neginf=0.0)
    return Sound(np.clip(samples, -1.0, 1.0), media.sha256)


def sound_from_samples(samples: np.ndarray, sha256: str) -> Sound:
    """A Sound from (N,) samples at 16 kHz between -1 and 1; InputError where there are none."""
    if samples.ndim != 1 or not len(samples) or not np.isfinite(samples).all():
        raise InputError("the sound has no usable samples", "Give one channel of finite numbers at 16 kHz")
    return Sound(np.clip(samples.astype(np.float32), -1.0, 1.0), sha256)


def _take(frames: list[Any], parts: list[np.ndarray]) -> int:
    taken = [frame.to_ndarray().reshape(-1) for frame in frames]
    parts.extend(taken)
    return sum(len(part) for part in taken)
