"""The text of a PDF: what was written into it as text. A scanned page is a picture, and nothing is guessed from it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits, megabytes

CHILD = Path(__file__).with_name("pdf_child.py")
HINT = "Give a PDF with text in it, or plain text in UTF-8"
_FULL = 0.7  # of the page's longest line: a shorter line ends its paragraph
_ENDS = re.compile(r"[.:;!?]$")
_BEGINS = re.compile(r"(?:[-•*]|\d+[.)])\s|[\w /]{2,30}:\s")


def read_pdf(data: bytes, limits: Limits = LIMITS) -> tuple[str, tuple[str, ...]]:
    """The text page by page, lines of one paragraph joined, and what was noticed. Read in a process of its own; nothing goes to disk.

    Raises:
        InputError: too large, too many pages, encrypted, damaged, without any text, or it took too long.
    """
    if len(data) > limits.pdf_bytes:
        raise InputError(f"the PDF is larger than {megabytes(limits.pdf_bytes)}", "Give a smaller one, or plain text in UTF-8")
    command = [sys.executable, str(CHILD), str(limits.pdf_pages), str(limits.text_characters + 1)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=limits.pdf_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise InputError(f"reading the PDF took longer than {limits.pdf_seconds:.0f} s", HINT) from error
    if done.returncode:
        raise InputError("the PDF is damaged: its text cannot be read", HINT)
    told = json.loads(done.stdout)
    if told["wrong"] == "password":
        raise InputError("the PDF is encrypted: it opens with a password alone", "Save it without one, or as plain text in UTF-8")
    if told["wrong"] == "pages":
        raise InputError(f"the PDF has {told['count']} pages, more than {limits.pdf_pages}", "Give the pages with the note alone")
    if told["wrong"]:
        raise InputError("the PDF is damaged or cut off", HINT)
    pages = [paragraphs(page) for page in told["pages"]]
    if not any(c.isalnum() for page in pages for c in page):
        raise InputError("the PDF holds no text: its pages are pictures, as of a scan", HINT)
    empty = [str(number) for number, page in enumerate(pages, 1) if not any(c.isalnum() for c in page)]
    warnings = (f"pages without text, as of a scan, are left out: {', '.join(empty)}",) if empty else ()
    return "\n\n".join(page for page in pages if page), warnings


def paragraphs(page: str) -> str:
    """Lines that only the width of the page broke are joined, and words that it cut in two."""
    whole = re.sub(r"[\x02\ufffe\xad]\s*\n?", "", page.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [re.sub(r"\s+", " ", line).strip() for line in whole.split("\n")]
    full = _FULL * max((len(line) for line in lines), default=0)
    out: list[str] = []
    running = False
    for line in lines:
        if running and line and not _BEGINS.match(line):
            out[-1] += f" {line}"
        else:
            out.append(line)
        running = len(line) >= full and not _ENDS.search(line) and bool(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()
