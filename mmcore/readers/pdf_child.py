"""Run as a script by ``pdf``: a PDF on standard input, its text as JSON on standard output. Imports nothing of the program."""

from __future__ import annotations

import json
import sys

import pypdfium2
import pypdfium2.raw

MEMORY = 2_000_000_000
PASSWORD = 4  # FPDF_ERR_PASSWORD of fpdfview.h


def main(most_pages: int, most_characters: int) -> dict:
    """Pages and their text, at most so many characters in all; whatever ends the process means a damaged file."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError:
        locked = pypdfium2.raw.FPDF_GetLastError() == PASSWORD
        return {"wrong": "password" if locked else "damaged", "count": 0, "pages": []}
    if len(document) > most_pages:
        return {"wrong": "pages", "count": len(document), "pages": []}
    pages, left = [], most_characters
    for number in range(len(document)):
        text = document[number].get_textpage().get_text_bounded()[:left] if left else ""
        pages.append(text)
        left -= len(text)
    return {"wrong": "" if pages else "damaged", "count": len(pages), "pages": pages}


if __name__ == "__main__":
    json.dump(main(int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
