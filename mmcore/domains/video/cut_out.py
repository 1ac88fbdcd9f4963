"""A stretch of a film as a film of its own, and a single picture of it."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np

from mmcore.case import SOUND_RATE
from mmcore.errors import InputError
from mmcore.readers.footage import frames
from mmcore.readers.media import DECODE_ERRORS, MediaFile
from mmcore.readers.sound import read_sound

SIDE, RATE, LONGEST_S = 854, 25, 120.0


def cut_out(media: MediaFile, start_s: float, end_s: float) -> bytes:
    """An mp4 (H.264, at most 854 pixels on a side, with sound where there is any) of at most two minutes from ``start_s``.

    Raises:
        InputError: nothing can be decoded there.
    """
    end_s = min(end_s, start_s + LONGEST_S, media.seconds)
    if end_s <= start_s:
        raise InputError("the stretch is empty", "Its end must come after its start")
    sound, out = read_sound(media), io.BytesIO()
    samples = sound.samples[round(start_s * SOUND_RATE) : round(end_s * SOUND_RATE)] if sound is not None else np.zeros(0, np.float32)
    try:
        with av.open(out, "w", format="mp4") as film:
            picture = film.add_stream("libx264", rate=RATE, options={"crf": "24", "preset": "veryfast"}) if media.picture else None
            track = film.add_stream("aac", rate=SOUND_RATE, layout="mono") if len(samples) else None
            if picture is not None:
                last = -1
                for frame in frames(media, from_s=start_s, every_s=1 / RATE, side=SIDE):
                    if frame.time_s >= end_s and last >= 0:
                        break
                    height, width = (edge // 2 * 2 for edge in frame.pixels.shape[:2])
                    if last < 0:
                        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
                    shown = av.VideoFrame.from_ndarray(frame.pixels[:height, :width].copy(), format="rgb24")
                    shown.pts = last = max(last + 1, round((frame.time_s - start_s) * RATE))
                    shown.time_base = Fraction(1, RATE)
                    film.mux(picture.encode(shown))
                film.mux(picture.encode(None))
            if track is not None:
                heard = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
                heard.sample_rate, heard.pts = SOUND_RATE, 0
                film.mux(track.encode(heard))
                film.mux(track.encode(None))
    except DECODE_ERRORS as error:
        raise InputError("this stretch cannot be cut out", "The film may be damaged there") from error
    return out.getvalue()


def picture_at(media: MediaFile, time_s: float, side: int = SIDE) -> np.ndarray:
    """(H, W, 3) uint8: the picture on the screen at a second, the last one where the film ends before."""
    return next(iter(frames(media, from_s=time_s, side=side))).pixels
