"""Films and sounds that tests make for themselves with PyAV: moving squares and tones at known times."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np

RATE = 16_000
CODECS = {"mp4": "libx264", "mov": "libx264", "matroska": "libx264", "webm": "libvpx", "avi": "mpeg4", "gif": "gif"}
SOUNDS = {
    "mp4": "aac", "mov": "aac", "matroska": "aac", "webm": "libopus", "avi": "mp3",
    "wav": "pcm_s16le", "ogg": "libopus", "flac": "flac",
}  # fmt: skip


def tone(seconds: float, hertz: float = 440.0, loud: float = 0.3) -> np.ndarray:
    """(N,) float32 at 16 kHz."""
    return (loud * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def pictures(seconds: float = 2.0, fps: int = 10, size: tuple[int, int] = (64, 48)) -> list[np.ndarray]:
    """A white square that wanders from left to right over grey, (H, W, 3) uint8 each."""
    width, height = size
    out = []
    for i in range(round(seconds * fps)):
        frame = np.full((height, width, 3), 60, np.uint8)
        left = round(i / max(1, seconds * fps - 1) * (width - 12))
        frame[height // 3 : height // 3 + 12, left : left + 12] = 255
        out.append(frame)
    return out


def film(
    form: str = "mp4", frames: Sequence[np.ndarray] | None = (), sounds: Sequence[np.ndarray] = (), fps: int = 10,
    times: Sequence[float] | None = None, rotation: int = 0, fragments: bool = False, index_first: bool = False,
) -> bytes:  # fmt: skip
    """The bytes of a film in one format.

    Args:
        frames: pictures, None for no picture stream.
        sounds: one stream each.
        times: seconds of each picture, for a variable frame rate.
        rotation: degrees written into the display matrix of an mp4, 0 for none.
        fragments: an mp4 whose index is spread over the file, so that its beginning can be read alone.
        index_first: an mp4 whose index comes first and tells of all of it.
    """
    out = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov"} if fragments else {"moov_size": "20000"} if index_first else {}
    with av.open(out, "w", format=form, options=options) as container:
        picture = None
        if frames is not None:
            picture = container.add_stream(CODECS[form], rate=fps)
            picture.height, picture.width = frames[0].shape[:2]
            picture.pix_fmt = {"gif": "rgb8"}.get(form, "yuv420p")
            picture.codec_context.time_base = Fraction(1, 1000) if times is not None else Fraction(1, fps)
        tracks = [container.add_stream(SOUNDS[form], rate=48_000 if SOUNDS[form] == "libopus" else RATE, layout="mono") for _ in sounds]
        for i, pixels in enumerate(frames or ()):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = round(times[i] * 1000) if times is not None else i
            frame.time_base = Fraction(1, 1000) if times is not None else Fraction(1, fps)
            container.mux(picture.encode(frame))
        if picture is not None:
            container.mux(picture.encode(None))
        for track, samples in zip(tracks, sounds, strict=True):
            frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
            container.mux(track.encode(frame))
            container.mux(track.encode(None))
    data = out.getvalue()
    return turned(data, rotation) if rotation else data


def repeated(data: bytes, times: int) -> bytes:
    """A film so many times over, a second apart: its packets again with later clocks, nothing is encoded anew."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(out, "w", format="mp4") as film:
        streams = {stream.index: film.add_stream_from_template(stream) for stream in source.streams}
        length = 1 + max(float(stream.duration * stream.time_base) for stream in source.streams)
        for number in range(times):
            source.seek(0)
            for packet in source.demux():
                if packet.dts is not None:
                    late = round(number * length / packet.time_base)
                    packet.pts, packet.dts = packet.pts + late, packet.dts + late
                    packet.stream = streams[packet.stream.index]
                    film.mux(packet)
    return out.getvalue()


def spoilt(data: bytes, kind: str, from_s: float, to_s: float) -> bytes:
    """The film with the packets of its "video" or "audio" between two seconds written over."""
    out = bytearray(data)
    with av.open(io.BytesIO(data)) as source:
        for packet in source.demux(next(stream for stream in source.streams if stream.type == kind)):
            if packet.pts is not None and packet.pos is not None and from_s <= packet.pts * packet.time_base < to_s:
                out[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    return bytes(out)


def turned(data: bytes, degrees: int) -> bytes:
    """An mp4 whose picture track asks to be shown turned clockwise: the matrix in its first track header is replaced."""
    a, b = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    matrix = [a, b, 0, -b, a, 0, 0, 0, 1]
    raw = b"".join((value * (1 << (30 if i % 3 == 2 else 16))).to_bytes(4, "big", signed=True) for i, value in enumerate(matrix))
    at = data.index(b"tkhd") + 4 + 40  # version 0: the matrix comes 40 bytes after the box's type
    return data[:at] + raw + data[at + 36 :]
