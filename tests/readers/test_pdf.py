"""Notes as PDF: with text, scanned, encrypted, cut off, far too large, and made to hurt."""

from __future__ import annotations

import io
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mmcore.errors import InputError
from mmcore.model_spec import read_spec
from mmcore.readers.case_folder import read_case, read_case_bytes
from mmcore.readers.limits import LIMITS
from mmcore.readers.pdf import paragraphs, read_pdf
from mmcore.readers.written import read_text_file
from tests.conftest import REPO

LINES = (
    "A 54-year-old woman with fever of 38.9 °C, dry cough and shortness of",
    "breath for 5 days. She has no chest pain, no haemoptysis and no",
    "diarrhoea. Oxygen saturation was 91 % on room air.",
    "",
    "Impression: bilateral patchy opacities.",
)
SPEC = read_spec(REPO / "mmcore" / "models" / "chest_xray")


def pdf(*pages: tuple[str, ...] | None, password: str = "") -> bytes:
    """A page of lines each, or for None a scan: the same words as a picture."""
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption(password, canPrint=1) if password else None)
    for lines in pages:
        if lines is None:
            canvas.drawImage(ImageReader(Image.new("L", (300, 400), 200)), 50, 50, 400, 600)
        for number, line in enumerate(lines or ()):
            canvas.drawString(50, 780 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def hostile(content: bytes, kids: str = "[3 0 R]", count: int = 1) -> bytes:
    """One page with this packed content, written by hand."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids {kids} /Count {count} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length " + str(len(packed)).encode() + b" >>\nstream\n" + packed + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + item + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF".encode()


def test_the_text_comes_as_it_was_written_with_broken_lines_joined() -> None:
    text, warnings = read_text_file(pdf(LINES))
    assert text is not None and warnings == ()
    assert text.text == f"{LINES[0]} {LINES[1]} {LINES[2]}\n{LINES[4]}"


def test_a_pdf_is_the_note_among_files_and_in_a_case_folder(tmp_path: Path) -> None:
    case = read_case_bytes({"letter.pdf": pdf(LINES)}, SPEC)
    assert case.present == ("note",) and case.inputs["note"].value.text.startswith("A 54-year-old woman")
    (tmp_path / "case.toml").write_text('title = "x"\nmodel = "chest_xray"\ngenerated = true\n[inputs]\nnote = "letter.pdf"\n')
    (tmp_path / "letter.pdf").write_bytes(pdf(LINES))
    assert read_case([tmp_path], SPEC).digest == case.digest


def test_pages_of_pictures_between_pages_of_text_are_named() -> None:
    text, warnings = read_pdf(pdf(LINES, None, ("Second page.",)))
    assert text.endswith("opacities.\n\nSecond page.") and warnings == ("pages without text, as of a scan, are left out: 2",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pdf(None, None), "no text: its pages are pictures"),
        (pdf(LINES, password="secret"), "encrypted"),
        (b"%PDF-1.7\n%\xe2\xe3", "damaged or cut off"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 400, "damaged or cut off"),
        (pdf(*[LINES] * (LIMITS.pdf_pages + 1)), f"has {LIMITS.pdf_pages + 1} pages, more than {LIMITS.pdf_pages}"),
        (b"%PDF-1.7\n" + b"0" * LIMITS.pdf_bytes, "larger than 10 MB"),
        (hostile(b"", kids="[2 0 R]"), "damaged|no text"),
        (hostile(b"", count=2_000_000_000), "no text|damaged"),
    ],
    ids=["scanned", "encrypted", "empty", "garbage", "many pages", "huge", "tree of itself", "count that lies"],
)
def test_what_cannot_be_read_is_refused_in_one_clear_line(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_text_file(data)
    assert "\n" not in str(caught.value) and caught.value.hint


def test_a_pdf_cut_off_anywhere_is_read_or_refused() -> None:
    data = pdf(LINES)
    for share in (0.2, 0.5, 0.8, 0.97):
        try:
            text, _ = read_pdf(data[: int(share * len(data))])
            assert "54-year-old" in text
        except InputError as error:
            assert "damaged" in error.message or "no text" in error.message


def test_a_page_that_unpacks_without_end_is_stopped_by_time_or_memory() -> None:
    bomb = hostile(b"BT /F1 12 Tf 50 700 Td " + b"(word) Tj " * 30_000_000 + b"ET")
    started = time.monotonic()
    with pytest.raises(InputError, match=r"longer than 2 s|damaged"):
        read_pdf(bomb, replace(LIMITS, pdf_seconds=2.0))
    assert len(bomb) < LIMITS.pdf_bytes and time.monotonic() - started < 10


def test_a_long_text_is_cut_and_says_so() -> None:
    limits = replace(LIMITS, text_characters=50)
    text, warnings = read_text_file(pdf(LINES), limits)
    assert text is not None and len(text.text) <= 50 and "longer than 50 characters" in warnings[0]


def test_words_cut_in_two_are_joined_and_lists_stay_lists() -> None:
    page = "The patient has bilateral pneumo\x02\r\nthorax and a very long line of text\r\nthat goes on.\r\n- fever\r\n- cough\r\nHR: 90"
    assert paragraphs(page) == "The patient has bilateral pneumothorax and a very long line of text that goes on.\n- fever\n- cough\nHR: 90"
