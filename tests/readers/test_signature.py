from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcore.readers.names import extension, find_name, ignored, shown, stem
from mmcore.readers.signature import PICTURES, sniff
from tests.readers.material import encode, picture


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WebP", "TIFF", "BMP", "GIF"])
def test_pictures_are_known_by_their_first_bytes(name: str) -> None:
    assert sniff(encode(picture(), name)[:4096]) == name


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"BMI,age\n22,5\n", "text"),
        (b"II*, a header\n", "text"),
        (b"\xef\xbb\xbfage\n", "text"),
        ("age\n1\n".encode("utf-16-le"), "text"),
        ("âge\n".encode("latin-1"), "text"),
        (b"\0" * 128 + b"DICM", "DICOM"),
        (b"II*\0" + b"\0" * 124 + b"DICM", "DICOM"),
        (b"\0" * 200, "unknown"),
        (b"\x1f\x8b\x08\0", "packed"),
        (b"PK\x05\x06" + b"\0" * 18, "zip"),
        (b"\0\0\0\x18ftypavif", "AVIF"),
        (b"<?xml version='1.0'?>\n<svg>", "SVG"),
    ],
)
def test_the_content_says_what_a_file_is(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=300))
def test_plain_text_is_never_taken_for_a_picture(text: str) -> None:
    assert sniff(text.encode()) not in PICTURES


@given(st.text())
def test_a_name_is_shown_on_one_line_that_can_be_written(text: str) -> None:
    line = shown(text)
    assert len(line) <= 60 and "\n" not in line and "\u202e" not in line and line.encode() is not None


def test_parts_of_names() -> None:
    assert [extension(name) for name in ("a/b.JPG", ".hidden", "a.b/c")] == ["jpg", "", ""]
    assert [stem(name) for name in ("x\\y.tar.gz", ".env", "a/b")] == ["y.tar", ".env", "b"]
    assert ignored("a/.git/x") and ignored("__MACOSX/a") and ignored("x/Thumbs.db") and not ignored("./a/../b.jpg")


def test_a_path_is_found_whole_before_its_end_before_its_base_name() -> None:
    names = frozenset({"a.jpg", "x/a.jpg", "y/z/b.jpg", "q/b.jpg"})
    found = {wanted: find_name(names, wanted) for wanted in ("a.jpg", "./x\\a.jpg", "z/b.jpg")}
    assert found == {"a.jpg": "a.jpg", "./x\\a.jpg": "x/a.jpg", "z/b.jpg": "y/z/b.jpg"}
