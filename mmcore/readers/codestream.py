"""The size that a compressed stream inside a DICOM file states for itself: a small header may hide a huge stream."""

from __future__ import annotations

# Start-of-frame markers of JPEG and JPEG-LS (FFF7); DHT (C4), JPG (C8) and DAC (CC) lie between them and are none.
_FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
_J2K_START = b"\xff\x4f\xff\x51"


def stream_size(stream: bytes) -> tuple[int, int] | None:
    """(width, height) stated by a JPEG, JPEG-LS or JPEG 2000 stream; None where it is none of these or damaged."""
    start = stream[:4096].find(_J2K_START)
    if start >= 0:
        sizes = [int.from_bytes(stream[start + at : start + at + 4], "big") for at in (8, 12, 16, 20)]
        return sizes[0] - sizes[2], sizes[1] - sizes[3]
    if not stream.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(stream) and stream[at] == 0xFF:
        if stream[at + 1] in _FRAMES:
            return int.from_bytes(stream[at + 7 : at + 9], "big"), int.from_bytes(stream[at + 5 : at + 7], "big")
        if stream[at + 1] == 0xFF:  # padding
            at += 1
            continue
        at += 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
    return None
