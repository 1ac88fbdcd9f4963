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


def decode_text(data: bytes, wanted: str = "text table", hint: str = _HINT) -> tuple[str, tuple[str, ...]]:
    """The text in UTF-8, UTF-16 or UTF-32 (marked or, for UTF-16, not); anything else is read as Latin-1, with a warning.

    Args:
        wanted, hint: what was asked for and how to give it, for messages.

    Raises:
        InputError: where the content is empty or no text.
    """
    kind = sniff(data[:4096])
    if kind == "empty":
        raise InputError("the file is empty", hint)
    if kind == "zip":
        raise InputError(f"this is a zip file or an Excel workbook or other Office document, not a {wanted}", hint)
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), None) or utf16_without_mark(data[:4096])
    if codec is None and kind not in ("text", "SVG"):
        raise InputError(f"this is no {wanted}" if kind == "unknown" else f"this is a {kind} file, not a {wanted}", hint)
    text, warnings = _decode(data, codec or "utf-8", codec is None, hint)
    if _CONTROL.search(text):
        raise InputError(f"this is no {wanted}: it holds control characters", hint)
    return text, warnings


def _decode(data: bytes, codec: str, guessed: bool, hint: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(codec), ()
    except UnicodeDecodeError as error:
        if not guessed:
            raise InputError(f"the text is not valid {codec.upper().removesuffix('-SIG')}", hint) from error
    try:
        text = data.decode("cp1252")  # Latin-1 as Windows writes it
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text, ("the file is not UTF-8: read as Latin-1, so check letters with accents",)
