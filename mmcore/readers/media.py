"""Films and sounds: known by their content, opened within limits, and never followed to another file.

A playlist or a script that only points at other files is no film here: each file is opened by the demuxer that its first bytes ask for.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits, megabytes

HINT = "Give a film (mp4, mov, mkv, webm, avi, gif) or a sound (wav, mp3, m4a, ogg, flac)"
MEDIA_ENDINGS = frozenset(
    {"mp4", "m4v", "mov", "mkv", "webm", "avi", "gif", "wav", "mp3", "m4a", "aac", "ogg", "oga", "opus", "flac"}
)
BLOCK = 1 << 20
DECODE_ERRORS = (FFmpegError, ValueError, OSError, MemoryError)
"""What a damaged file raises while it is decoded."""
SHORT_S, TAIL_S = 1.5, 5.0
"""A film may be this much shorter than it says, besides the longest wait between its packets; so much before its end is looked at first."""


@dataclass(frozen=True)
class MediaFile:
    """A film or a sound, not yet decoded.

    Attributes:
        source: the file, or its bytes.
        kind: what its content was found to be, such as "mp4".
        seconds: length, as the streams say or as counted; of a file that is cut off, up to where it can be read.
        size: (width, height) upright, None where there is no picture.
        rotation: quarter turns (0 to 3) to the left that the file asks for.
        fps: mean pictures a second, 0.0 where unknown or without picture.
        sound: whether there is a sound stream.
        sha256: of the bytes of the file.
        warnings: what was noticed of the file and its pictures.
        sound_warnings: what was noticed of its sound.
    """

    source: Path | bytes
    kind: str
    seconds: float
    size: tuple[int, int] | None
    rotation: int
    fps: float
    sound: bool
    sha256: str
    warnings: tuple[str, ...] = ()
    sound_warnings: tuple[str, ...] = ()

    @property
    def picture(self) -> bool:
        """Whether it has pictures and not sound alone."""
        return self.size is not None


def media_kind(head: bytes) -> str | None:
    """The demuxer for a file that begins with ``head`` (16 bytes or more), None where it is neither film nor sound."""
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return None if head[8:12] in (b"avif", b"avis") or head[8:11] in (b"hei", b"hev", b"mif", b"msf") else "mp4"
    if head[:4] == b"RIFF":
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12])
    for magic, kind in ((b"\x1aE\xdf\xa3", "matroska"), (b"GIF8", "gif"), (b"OggS", "ogg"), (b"fLaC", "flac"), (b"ID3", "mp3")):
        if head.startswith(magic):
            return kind
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    return None


def read_media(source: Path | bytes, limits: Limits = LIMITS) -> MediaFile:
    """What a film or sound file is; nothing but its headers and, to know whether it is cut off, the places of its packets is read.

    Raises:
        InputError: neither film nor sound, damaged from the start, empty, or beyond the limits.
    """
    head, size, sha256 = _bytes_of(source, limits)
    if not size:
        raise InputError("the file is empty", HINT)
    kind = media_kind(head)
    if kind is None:
        raise InputError("the file is neither a film nor a sound that can be read", HINT)
    with opened(source, kind) as container:
        return _described(container, source, kind, sha256, limits)


@contextlib.contextmanager
def opened(source: Path | bytes, kind: str) -> Iterator[Any]:
    """The container of a film, opened by the demuxer ``kind``; InputError where it cannot be."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    try:
        with stream:
            try:
                container = av.open(stream, format=kind, metadata_errors="ignore")
            except DECODE_ERRORS as error:
                raise InputError(f"the file begins like {kind} but is damaged or cut off", "Give the whole file") from error
            with container:
                yield container
    finally:
        stream.close()


def picture_stream(container: Any) -> Any | None:
    """The film's picture stream: the largest that is no cover picture."""
    found = [s for s in container.streams.video if not _is_cover(s) and s.codec_context.width and s.codec_context.height]
    return max(found, key=lambda s: s.codec_context.width * s.codec_context.height, default=None)


def sound_stream(container: Any) -> Any | None:
    """The first sound stream that can be decoded."""
    return next((s for s in container.streams.audio if s.codec_context is not None and s.codec_context.sample_rate), None)


def decoded(container: Any, stream: Any, lost: list[float]) -> Iterator[Any]:
    """The frames of a stream in order; the seconds of packets that cannot be decoded, and are left out, are added to ``lost``."""
    for packet in container.demux(stream):
        try:
            found = packet.decode()
        except DECODE_ERRORS:
            lost.append(float(packet.pts * packet.time_base) if packet.pts is not None else math.inf)
            continue
        yield from found


def damage(what: str, lost: list[float], last_s: float) -> str:
    """What is wrong with "the film" or "the sound", of which the last that could be decoded is at ``last_s``, in words."""
    if not lost or min(lost) >= last_s:
        return f"{what} is damaged after {last_s:.1f} s: what comes later is left out"
    places = "1 piece" if len(lost) == 1 else f"{len(lost)} pieces"
    return f"{what} is damaged at {min(lost):.1f} s: {places} of it cannot be read and {'is' if len(lost) == 1 else 'are'} left out"


def ends_early(what: str, seconds: float, stated_s: float) -> str:
    """That "film" or "sound" is shorter than it says, in words."""
    return f"the {what} ends at {seconds:.0f} s of {stated_s:.0f}: the file is cut off or damaged there"


def start_s(container: Any) -> float:
    """Seconds at which the file's clock starts; every time given to people counts from there."""
    return (container.start_time or 0) / av.time_base


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _bytes_of(source: Path | bytes, limits: Limits) -> tuple[bytes, int, str]:
    """First bytes, size and sha256 of the file, read in blocks."""
    too_large = InputError(f"the file is larger than {megabytes(limits.media_bytes)}", "Cut it or make it smaller")
    if isinstance(source, bytes):
        if len(source) > limits.media_bytes:
            raise too_large
        return source[:64], len(source), hashlib.sha256(source).hexdigest()
    digest, head, size = hashlib.sha256(), b"", 0
    try:
        if not source.is_file():
            raise InputError(f"{source.name} is not a file", "Check the path")
        with source.open("rb") as stream:
            while block := stream.read(BLOCK):
                head = head or block[:64]
                size += len(block)
                if size > limits.media_bytes:
                    raise too_large
                digest.update(block)
    except (OSError, ValueError) as error:
        raise InputError(f"{source.name} cannot be read", getattr(error, "strerror", None) or "Check the path") from error
    return head, size, digest.hexdigest()


def _described(container: Any, source: Path | bytes, kind: str, sha256: str, limits: Limits) -> MediaFile:
    picture, sound = picture_stream(container), sound_stream(container)
    if picture is None and sound is None:
        raise InputError("the file has neither pictures nor sound that can be read", HINT)
    warnings = []
    films = [s for s in container.streams.video if not _is_cover(s)]
    if len(films) > 1:
        warnings.append(f"{len(films)} picture streams: the largest is used")
    stated = _seconds(container, picture, sound)
    if stated is None:
        seconds = _counted(container, picture or sound, limits)
    else:
        seconds = _readable(source, kind, stated)
        if seconds < stated:
            warnings.append(ends_early("film" if picture is not None else "sound", seconds, stated))
    with opened(source, kind) as again:  # the count may have read the stream to its end
        return _finish(again, source, kind, sha256, seconds, warnings, limits)


def _finish(container: Any, source: Path | bytes, kind: str, sha256: str, seconds: float, warnings: list[str], limits: Limits) -> MediaFile:
    if seconds > limits.media_seconds:
        most = f"{limits.media_seconds / 60:g} minutes"
        raise InputError(f"the file lasts {seconds / 60:.0f} minutes; at most {most} are read", "Cut it to the part that matters")
    picture, sound = picture_stream(container), sound_stream(container)
    size, rotation, fps = None, 0, 0.0
    if picture is not None:
        width, height = picture.codec_context.width, picture.codec_context.height
        if width * height > limits.media_pixels:
            raise InputError(f"its pictures are {width} x {height}, too large", f"At most {limits.media_pixels / 1e6:g} megapixels")
        rotation, fps = _first_rotation(container, picture), float(picture.average_rate or 0)
        size = (height, width) if rotation % 2 else (width, height)
    tracks = len(container.streams.audio)
    of_sound = (f"{tracks} sound streams: the first is used",) if tracks > 1 else ()
    return MediaFile(source, kind, seconds, size, rotation, fps, sound is not None, sha256, tuple(warnings), of_sound)


def _seconds(container: Any, picture: Any, sound: Any) -> float | None:
    lengths = [float(s.duration * s.time_base) for s in (picture, sound) if s is not None and s.duration]
    if container.duration:
        lengths.append(container.duration / av.time_base)
    seconds = max(lengths, default=0.0)
    return seconds if seconds > 0 and math.isfinite(seconds) else None


def _readable(source: Path | bytes, kind: str, stated_s: float) -> float:
    """``stated_s``, or where the packets of pictures and sound end in a file that ends well before that.

    Whole files are known by their last seconds; only where nothing is found there are all packets gone through.
    """
    with opened(source, kind) as container, contextlib.suppress(*DECODE_ERRORS):
        container.seek(round((stated_s - TAIL_S + start_s(container)) * av.time_base))
        if _end(container)[0] >= stated_s - SHORT_S:
            return stated_s
    with opened(source, kind) as container:
        end_s, used_s, wait_s = _end(container)
    return used_s if end_s < stated_s - SHORT_S - wait_s and used_s > 0 else stated_s


def _end(container: Any) -> tuple[float, float, float]:
    """Where the last packet ends, the same of pictures and sound alone, and their longest wait from packet to packet, in seconds."""
    used = {s.index for s in (picture_stream(container), sound_stream(container)) if s is not None}
    zero, ends, wait_s = start_s(container), dict[int, float](), 0.0
    with contextlib.suppress(*DECODE_ERRORS):  # a broken tail: the length up to there
        for packet in container.demux():
            at = packet.pts if packet.pts is not None else packet.dts
            if at is None or not packet.size or packet.is_corrupt:
                continue
            time_s, index = float(at * packet.time_base) - zero, packet.stream.index
            wait_s = max(wait_s, time_s - ends.get(index, time_s)) if index in used else wait_s
            ends[index] = max(ends.get(index, 0.0), time_s + float((packet.duration or 0) * packet.time_base))
    return max(ends.values(), default=0.0), max((ends[i] for i in used if i in ends), default=0.0), wait_s


def _counted(container: Any, stream: Any, limits: Limits) -> float:
    """Length of a stream without a stated one, from its packets."""
    last = 0.0
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if last > 2 * limits.media_seconds:
                break
    except DECODE_ERRORS:
        pass  # a broken tail: the length up to there
    return max(0.0, last - start_s(container))


def _first_rotation(container: Any, stream: Any) -> int:
    """Quarter turns to the left that the first picture asks for; 0 where none can be decoded."""
    try:
        for frame in container.decode(stream):
            return round(frame.rotation / 90) % 4
    except DECODE_ERRORS:
        return 0
    return 0
