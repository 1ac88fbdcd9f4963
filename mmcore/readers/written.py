"""A text that a person wrote (a note, a review), from a file of plain text, a PDF, a table's cell or a form."""

from __future__ import annotations

import unicodedata

from mmcore.case import Input, Text
from mmcore.errors import InputError
from mmcore.readers import language
from mmcore.readers.limits import LIMITS, Limits, megabytes
from mmcore.readers.names import UNSHOWN
from mmcore.readers.pdf import read_pdf
from mmcore.readers.signature import sniff
from mmcore.readers.spelling import means_missing
from mmcore.readers.text import decode_text

_HINT = "Save it as plain text in UTF-8 or as PDF"
_KEPT = "\n\t"


def read_text_file(data: bytes, limits: Limits = LIMITS) -> tuple[Text | None, tuple[str, ...]]:
    """The text of a file of plain text in UTF-8, UTF-16, UTF-32 or Latin-1, or of a PDF; None where nothing is written in it.

    Raises:
        InputError: empty, too large, no text (a Word file, rich text, a picture, a zip file), or a PDF that `read_pdf` refuses.
    """
    if sniff(data[:4096]) == "PDF":
        pages, noticed = read_pdf(data, limits)
        written, more = read_text(pages, limits)
        return written, (*noticed, *more)
    if len(data) > limits.text_bytes:
        raise InputError(f"the text is larger than {megabytes(limits.text_bytes)}", "Give a shorter one")
    text, warnings = decode_text(data, "plain text", _HINT)
    if text.lstrip().startswith("{\\rtf"):
        raise InputError("this is rich text (RTF), not plain text", _HINT)
    value, found = read_text(text, limits)
    return value, (*warnings, *found)


def read_text(raw: str, limits: Limits = LIMITS) -> tuple[Text | None, tuple[str, ...]]:
    """A text as given in a cell or a form; None where it is blank or says "not known" and nothing else."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(c for c in lines if c in _KEPT or unicodedata.category(c) not in UNSHOWN).strip()
    if not any(c.isalnum() for c in shown) or (len(shown) < 40 and means_missing(shown)):
        return None, ()
    warnings = []
    if len(shown) > limits.text_characters:
        warnings.append(f"longer than {limits.text_characters:,} characters: the rest is left out")
        shown = shown[: limits.text_characters]
    return Text(shown), tuple([*warnings, language.WARNING] if language.foreign(shown) else warnings)


def text_input(found: tuple[Text | None, tuple[str, ...]], modality: str) -> Input:
    """A text as an Input; one with nothing in it is absent, with a warning."""
    text, warnings = found
    return Input(text, warnings) if text is not None else Input(None, (*warnings, f"{modality}: nothing is written in it, taken as absent"))
