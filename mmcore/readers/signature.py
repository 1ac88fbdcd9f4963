"""What a file is, known by its content and never by its name."""

from __future__ import annotations

import re

PICTURES = ("JPEG", "PNG", "WebP", "TIFF", "BMP", "DICOM")
# Pictures and documents that people try and that are not read.
UNREAD_PICTURES = ("GIF", "HEIC", "AVIF", "JPEG 2000", "JPEG XL", "SVG", "PSD", "PDF")
PICTURE_ENDINGS = frozenset(
    {"jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "tif", "tiff", "bmp", "dib", "dcm", "dicom"}
    | {"gif", "heic", "heif", "avif", "jp2", "jxl", "svg", "psd"}
)
TABLE_ENDINGS = frozenset({"csv", "tsv", "json", "jsonl", "ndjson", "txt"})
TEXT_ENDINGS = frozenset({"txt", "text", "md"})

_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"GIF8", "GIF"),
    (b"\0\0\0\x0cjP  \r\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"8BPS", "PSD"),
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"\x1f\x8b", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"Rar!\x1a\x07", "packed"),
    (b"BZh", "packed"),
    (b"\xfd7zXZ\0", "packed"),
)
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_VALUE_KINDS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split())


def sniff(data: bytes) -> str:
    """One of PICTURES or UNREAD_PICTURES, "zip", "packed" (another archive), "text", "empty" or "unknown".

    Args:
        data: the file, or its first 4096 bytes.
    """
    if not data:
        return "empty"
    # Before the others: a preamble may make a DICOM file look like a TIFF to those who know no DICOM.
    if _is_dicom(data):
        return "DICOM"
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    # "BM" alone would take a table that begins with a column "BMI" for a bitmap.
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if data[4:8] == b"ftyp":
        return "AVIF" if data[8:12] in (b"avif", b"avis") else "HEIC" if data[8:11] in (b"hei", b"hev", b"mif", b"msf") else "unknown"
    if is_text(data):
        head = data[:1024].lstrip().lower()
        return "SVG" if head.startswith((b"<svg", b"<?xml")) and b"<svg" in head else "text"
    return "unknown"


def is_text(data: bytes) -> bool:
    """True where the first 4096 bytes have no control characters, or are UTF-16 or UTF-32."""
    head = data[:4096]
    return head.startswith(_TEXT_MARKS) or not _CONTROL.search(head) or utf16_without_mark(head) is not None


def utf16_without_mark(head: bytes) -> str | None:
    """The codec of UTF-16 text that lacks its byte order mark (every second byte of Western text is zero), else None."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    low, high = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    rest = head.replace(b"\0", b"")
    if _CONTROL.search(rest):
        return None
    if low == 0 and high > 0.6 * pairs:
        return "utf-16-le"
    return "utf-16-be" if high == 0 and low > 0.6 * pairs else None


def _is_dicom(data: bytes) -> bool:
    """DICM after the preamble, or, without one, a first element of group 0002 or 0008 that makes sense."""
    if data[128:132] == b"DICM":
        return True
    if len(data) < 132 or data[:2] not in (b"\x02\0", b"\x08\0", b"\0\x02", b"\0\x08"):
        return False
    if data[4:6] in _VALUE_KINDS:
        return True
    # Implicit value representation: a low element number and a short, even length.
    length = int.from_bytes(data[4:8], "little")
    return data[:2] == b"\x08\0" and data[3] == 0 and data[2] <= 0x18 and length <= 1024 and length % 2 == 0
