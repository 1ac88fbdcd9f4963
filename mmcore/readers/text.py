"""Bytes as text."""

from __future__ import annotations

import codecs
import re

from mmcore.errors import InputError
from mmcore.readers.signature import sniff, utf16_without_mark

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HINT = "Save it as CSV or JSON in UTF-8"


def decode_text(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text in UTF-8, UTF-16 or UTF-32 (marked or, for UTF-16, not); anything else is read as Latin-1, with a warning.

    Raises:
        InputError: where the content is empty or no text.
    """
    kind = sniff(data[:4096])
    if kind == "empty":
        raise InputError("the file is empty", _HINT)
    if kind == "zip":
        raise InputError("this is a zip file or an Excel workbook, not a text table", _HINT)
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), None) or utf16_without_mark(data[:4096])
    if codec is None and kind not in ("text", "SVG"):
        raise InputError("this is no text table" if kind == "unknown" else f"this is a {kind} file, not a text table", _HINT)
    text, warnings = _decode(data, codec or "utf-8", guessed=codec is None)
    if _CONTROL.search(text):
        raise InputError("this is no text table: it holds control characters", _HINT)
    return text, warnings


def _decode(data: bytes, codec: str, guessed: bool) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(codec), ()
    except UnicodeDecodeError as error:
        if not guessed:
            raise InputError(f"the text is not valid {codec.upper().removesuffix('-SIG')}", _HINT) from error
    try:
        text = data.decode("cp1252")  # Latin-1 as Windows writes it
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text, ("the file is not UTF-8: read as Latin-1, so check letters with accents",)
