"""Clips joined into one film, re-encoded on one clock: material to measure on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import cv2
import numpy as np

from mmcore.case import SOUND_RATE
from mmcore.errors import InputError
from mmcore.readers.footage import frames
from mmcore.readers.media import read_media
from mmcore.readers.sound import read_sound

RATE = 25


def join(paths: Sequence[Path], *, size: tuple[int, int] | None = None) -> tuple[bytes, list[float]]:
    """An mp4 of these clips one after another (a wav where no clip has a picture), and the second at which each begins.

    Args:
        size: (width, height) of the film, those of the first clip by default.
    """
    out = io.BytesIO()
    starts = write_joined(out, paths, size=size)
    return out.getvalue(), starts


def write_joined(out: BinaryIO, paths: Sequence[Path], *, size: tuple[int, int] | None = None) -> list[float]:
    """`join` into a stream, one clip in memory at a time."""
    media = [read_media(path) for path in paths]
    pictured = [one for one in media if one.size is not None]
    if pictured and len(pictured) != len(media):
        raise InputError("some of the clips have pictures and some have none", "Join clips of one kind")
    starts, at = [], 0
    with av.open(out, "w", format="mp4" if pictured else "wav") as film:
        picture = film.add_stream("libx264", rate=RATE, options={"crf": "26", "preset": "veryfast"}) if pictured else None
        track = film.add_stream("aac" if pictured else "pcm_s16le", rate=SOUND_RATE, layout="mono")
        if picture is not None:
            width, height = size or pictured[0].size or (2, 2)
            picture.width, picture.height, picture.pix_fmt = width // 2 * 2, height // 2 * 2, "yuv420p"
        for one in media:
            count = round(one.seconds * RATE)
            starts.append(at / RATE)
            if picture is not None:
                last = -1
                for frame in frames(one):
                    place = max(last + 1, round(frame.time_s * RATE))
                    if place >= count:
                        break
                    pixels = cv2.resize(frame.pixels, (picture.width, picture.height), interpolation=cv2.INTER_AREA)
                    shown = av.VideoFrame.from_ndarray(pixels.astype(np.uint8, copy=False), format="rgb24")
                    last, shown.pts, shown.time_base = place, at + place, Fraction(1, RATE)
                    film.mux(picture.encode(shown))
            sound, samples = read_sound(one), np.zeros(count * SOUND_RATE // RATE, np.float32)
            if sound is not None:
                samples[: len(sound.samples)] = sound.samples[: len(samples)]
            heard = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
            heard.sample_rate, heard.pts, heard.time_base = SOUND_RATE, at * SOUND_RATE // RATE, Fraction(1, SOUND_RATE)
            film.mux(track.encode(heard))
            at += count
        if picture is not None:
            film.mux(picture.encode(None))
        film.mux(track.encode(None))
    return starts
