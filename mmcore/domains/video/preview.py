"""A small copy of a film that every browser can play, for films in formats that it cannot."""

from __future__ import annotations

import io
from collections.abc import Callable

import av

from mmcore.errors import InputError
from mmcore.readers.footage import frames
from mmcore.readers.media import DECODE_ERRORS, MediaFile, opened, picture_stream, sound_stream
from mmcore.readers.sound import read_sound

PLAYED = {"mp4": {"h264", "av1", "vp9"}, "matroska": set[str](), "webm": {"vp8", "vp9", "av1"}}
PLAYED_SOUND = {"aac", "mp3", "opus", "vorbis", "flac"}
SIDE, RATE = 480, 12


def playable(media: MediaFile) -> bool:
    """True where a browser plays the file as it is."""
    if media.kind in ("wav", "mp3", "ogg", "flac", "aac"):
        return True
    with opened(media.source, media.kind) as container:
        picture, sound = picture_stream(container), sound_stream(container)
        webm = media.kind == "matroska" and b"webm" in (media.source[:64] if isinstance(media.source, bytes) else _head(media))
        known = PLAYED["webm" if webm else media.kind] if media.kind in PLAYED else set()
        plays = picture is None or picture.codec_context.name in known or (picture.codec_context.name == "libdav1d" and "av1" in known)
        return plays and media.kind in PLAYED and (sound is None or sound.codec_context.name in PLAYED_SOUND)


def preview(media: MediaFile, progress: Callable[[float], None] = lambda share: None) -> bytes:
    """An mp4 with H.264 at twelve pictures a second, at most 480 pixels on a side, and AAC; InputError where nothing can be decoded.

    Args:
        progress: called with the share done; what it raises ends the work.
    """
    out = io.BytesIO()
    sound = read_sound(media)
    try:
        with av.open(out, "w", format="mp4") as container:
            picture = container.add_stream("libx264", rate=RATE, options={"crf": "28", "preset": "veryfast"}) if media.picture else None
            track = container.add_stream("aac", rate=16_000, layout="mono") if sound is not None else None
            if picture is not None:
                last = -1
                for frame in frames(media, every_s=1 / RATE, side=SIDE):
                    height, width = (side // 2 * 2 for side in frame.pixels.shape[:2])
                    if last < 0:
                        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
                    shown = av.VideoFrame.from_ndarray(frame.pixels[:height, :width].copy(), format="rgb24")
                    shown.pts = last = max(last + 1, round(frame.time_s * RATE))
                    container.mux(picture.encode(shown))
                    progress(min(1.0, frame.time_s / max(media.seconds, 1e-3)))
                container.mux(picture.encode(None))
            if track is not None and sound is not None:
                heard = av.AudioFrame.from_ndarray(sound.samples[None], format="flt", layout="mono")
                heard.sample_rate, heard.pts = 16_000, 0
                container.mux(track.encode(heard))
                container.mux(track.encode(None))
    except DECODE_ERRORS as error:
        raise InputError("no preview can be made of this film", "It is analysed all the same") from error
    return out.getvalue()


def _head(media: MediaFile) -> bytes:
    assert not isinstance(media.source, bytes)
    with media.source.open("rb") as stream:
        return stream.read(64)
