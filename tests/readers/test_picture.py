from __future__ import annotations

import hashlib
import struct
import time
import tracemalloc
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin, TiffImagePlugin

from mmcore.errors import InputError
from mmcore.readers.limits import Limits
from mmcore.readers.picture import read_picture
from tests.readers.material import corners, encode, picture

UPRIGHT = ["red", "green", "blue", "yellow"]
FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "TIFF": "TIFF", "BMP": "BMP"}


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, idat: bytes, depth: int = 8, colour: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", idat) + chunk(b"IEND", b"")


def float_tiff(values: np.ndarray) -> bytes:
    return encode(Image.fromarray(values.astype(np.float32)), "TIFF")


@pytest.mark.parametrize(("kind", "mode"), [(k, m) for k in FORMATS for m in ("RGB", "L", "P", "1") if k != "JPEG" or m in ("RGB", "L")])
def test_every_format_and_mode_is_read_as_rgb(kind: str, mode: str) -> None:
    source = picture(mode=mode)
    data = encode(source, kind, **({"lossless": True} if kind == "WEBP" else {"quality": 95} if kind == "JPEG" else {}))
    found, warnings = read_picture(data)
    assert found.format == FORMATS[kind]
    assert found.pixels.dtype == np.uint8 and found.pixels.shape == (80, 96, 3)
    assert np.abs(found.pixels.astype(int) - np.asarray(source.convert("RGB")).astype(int)).mean() < 4
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert warnings == ()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_once(kind: str, orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # orientation -> Image.Transpose that stores the upright picture so
    stored = picture() if orientation == 1 else picture().transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[274] = orientation
    found, _ = read_picture(encode(stored, kind, exif=exif.tobytes() if kind != "TIFF" else exif))
    assert found.size == (96, 80)
    assert corners(found.pixels) == UPRIGHT


def test_damaged_exif_does_not_cost_the_picture() -> None:
    found, _ = read_picture(encode(picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"))
    assert corners(found.pixels) == UPRIGHT


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_alpha_is_composed_onto_white(kind: str, mode: str) -> None:
    image = Image.new("RGBA", (80, 80), (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 40, 80))
    image.paste((0, 0, 0, 128), (40, 0, 60, 80))
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    found, _ = read_picture(encode(image.convert(mode), kind, **options))
    assert found.pixels[40, 10].tolist() == [255, 255, 255]
    assert found.pixels[40, 70].tolist() == [0, 0, 0]
    assert abs(int(found.pixels[40, 50, 0]) - 127) <= 1


def test_transparent_palette_and_grey_colour_keys_become_white() -> None:
    palette = picture(mode="P")
    key = palette.getpixel((0, 0))
    assert read_picture(encode(palette, "PNG", transparency=key))[0].pixels[5, 5].tolist() == [255, 255, 255]
    grey = Image.new("L", (80, 80), 7)
    grey.paste(100, (0, 0, 40, 80))
    found = read_picture(encode(grey, "PNG", transparency=7))[0].pixels
    assert found[5, 70].tolist() == [255, 255, 255] and found[5, 5].tolist() == [100, 100, 100]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_read_in_its_own_colours(kind: str) -> None:
    found, _ = read_picture(encode(picture(mode="CMYK"), kind, **({"quality": 95} if kind == "JPEG" else {})))
    assert corners(found.pixels) == UPRIGHT


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_by_its_full_range(kind: str) -> None:
    values = np.linspace(0, 65535, 80 * 80).reshape(80, 80).astype(np.uint16)
    found, warnings = read_picture(encode(Image.fromarray(values), kind))
    assert np.abs(found.pixels[:, :, 0].astype(float) - values / 257).max() <= 0.51
    assert warnings == ()


def test_16_bit_grey_whose_zero_is_white_is_turned_around() -> None:
    values = np.linspace(0, 65535, 80 * 80).reshape(80, 80).astype(np.uint16)
    data = encode(Image.fromarray(values), "TIFF")
    black, white = (struct.pack("<HHII", 262, 3, 1, photometric) for photometric in (1, 0))
    assert black in data
    pixels = read_picture(data.replace(black, white))[0].pixels
    assert pixels[0, 0, 0] == 255 and pixels[79, 79, 0] == 0


@pytest.mark.parametrize(("bits", "highest"), [(8, 255), (10, 1023), (12, 4095), (14, 16383)])
def test_fewer_bits_in_16_are_scaled_by_their_own_range_and_said(bits: int, highest: int) -> None:
    values = np.linspace(0, highest, 80 * 80).reshape(80, 80).astype(np.uint16)
    found, warnings = read_picture(encode(Image.fromarray(values), "PNG"))
    assert (found.pixels.min(), found.pixels.max()) == (0, 255)
    assert warnings == (f"16-bit picture with no value above {highest}: read as {bits}-bit",)


def test_16_bit_colour_keeps_its_upper_byte() -> None:
    row = b"\0" + struct.pack(">HHH", 0xC800, 0x6400, 0x00FF) * 64 + struct.pack(">HHH", 0, 0, 0) * 16
    found, _ = read_picture(png(80, 64, zlib.compress(row * 64), depth=16, colour=2))
    assert found.pixels[0, 0].tolist() == [200, 100, 0]


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0])
def test_float_pictures_are_scaled_by_the_stated_rule(top: float) -> None:
    found, _ = read_picture(float_tiff(np.linspace(0, top, 80 * 80).reshape(80, 80)))
    assert (found.pixels.min(), found.pixels.max()) == (0, 255)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_float_pictures_with_nan_or_infinity_are_refused(bad: float) -> None:
    values = np.linspace(0, 1, 80 * 80).reshape(80, 80)
    values[3, 3] = bad
    with pytest.raises(InputError, match="not numbers"):
        read_picture(float_tiff(values))


@pytest.mark.parametrize("values", [np.full((80, 80), -1.0), np.full((80, 80), 1e6)])
def test_float_pictures_out_of_range_are_refused(values: np.ndarray) -> None:
    with pytest.raises(InputError, match="values run from"):
        read_picture(float_tiff(values))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_first_frame_of_an_animation_is_used_and_said(kind: str) -> None:
    data = encode(picture(), kind, save_all=True, append_images=[Image.new("RGB", (96, 80), "white")], lossless=True)
    found, warnings = read_picture(data)
    assert corners(found.pixels) == UPRIGHT
    assert warnings == ("the picture is animated: its first frame is used",)


def test_the_first_page_of_a_tiff_is_used_and_said() -> None:
    found, warnings = read_picture(encode(picture(), "TIFF", save_all=True, append_images=[Image.new("RGB", (96, 80), "white")]))
    assert corners(found.pixels) == UPRIGHT
    assert warnings == ("the file holds several pages: the first is used",)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_cut_of_a_file_is_a_picture_or_one_clear_line(kind: str) -> None:
    data = encode(picture(), kind)
    for length in [*range(0, 200, 7), *range(200, len(data), max(1, len(data) // 40))]:
        try:
            found, _ = read_picture(data[:length])
            assert found.pixels.shape == (80, 96, 3)
        except InputError as error:
            assert error.hint and "\n" not in str(error)


def test_a_truncated_jpeg_is_refused(photo: bytes) -> None:
    with pytest.raises(InputError, match="JPEG picture is damaged or cut off"):
        read_picture(photo[: len(photo) // 2])


def test_a_png_of_20000_by_20000_is_refused_from_its_header_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * 20_001) for _ in range(200)) + packer.flush()
    data = png(20_000, 20_000, rows)
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda self: pytest.fail("decoded"))
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(InputError, match="20000 x 20000 pixels") as caught:
        read_picture(data)
    assert "40 million" in caught.value.hint
    assert time.perf_counter() - start < 1
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (16382).to_bytes(3, "little") * 2 + b"\0" * 40,
        b"BM" + b"\0" * 8 + struct.pack("<IIiiHHI", 54, 40, 30_000, 30_000, 1, 24, 0) + b"\0" * 60,
        b"\xff\xd8\xff\xc0\0\x0b\x08" + struct.pack(">HH", 60_000, 60_000) + b"\x01\x01\x11\0" + b"\xff\xda\0\x08\x01\x01\0\0?\0",
    ],
    ids=["WebP", "BMP", "JPEG"],
)
def test_huge_headers_of_other_formats_are_refused_before_decoding(data: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(InputError, match=r"pixels\. At most 40 million"):
        read_picture(data)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_tiff_with_a_huge_tile_is_refused_before_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TiffImagePlugin.TiffImageFile, "load", lambda self: pytest.fail("decoded"))
    entries = [(256, 4, 100), (257, 4, 100), (258, 3, 8), (259, 3, 5), (262, 3, 1), (277, 3, 1)]
    entries += [(322, 4, 65_536), (323, 4, 65_536), (324, 4, 8), (325, 4, 20)]
    ifd = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    with pytest.raises(InputError, match="TIFF picture is damaged"):
        read_picture(b"II*\0" + struct.pack("<I", 8) + ifd + b"\0" * 100)


def test_a_png_text_bomb_is_refused() -> None:
    bomb = chunk(b"zTXt", b"note\0\0" + zlib.compress(b"\0" * 50_000_000, 9))
    data = encode(picture(), "PNG")
    with pytest.raises(InputError):
        read_picture(data[:33] + bomb + data[33:])


def test_too_many_bytes_are_refused_before_anything_else(photo: bytes) -> None:
    with pytest.raises(InputError, match=r"larger than 0\.0005 MB"):
        read_picture(photo, Limits(picture_bytes=500))


def test_sides_under_16_pixels_are_refused_and_under_64_warned_of() -> None:
    with pytest.raises(InputError, match="only 15 x 80 pixels"):
        read_picture(encode(picture((15, 80))))
    found, warnings = read_picture(encode(picture((16, 80))))
    assert found.size == (16, 80) and warnings == ("small picture (16 x 80 pixels): details may be lost",)
    assert read_picture(encode(picture((64, 64))))[1] == ()


def test_blank_and_black_pictures_are_read_with_a_warning() -> None:
    assert read_picture(encode(Image.new("RGB", (80, 80), (90, 80, 70))))[1] == ("the picture is one colour throughout",)
    dark = np.zeros((80, 80, 3), np.uint8)
    dark[20:40] = 20
    assert read_picture(encode(Image.fromarray(dark)))[1] == ("the picture is almost black",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"hello, I am a text named photo.jpg\n", "this is text, not a picture"),
        ("texto con acentos é".encode("latin-1"), "this is text, not a picture"),
        (b"BMI,age\n22,54\n", "this is text, not a picture"),
        (b"GIF89a\x01\0\x01\0\0\0\0", "GIF files are not read"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "HEIC files are not read"),
        (b"%PDF-1.7\n%\xe2", "PDF files are not read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG files are not read"),
        (b"PK\x03\x04\x14\0\0\0", "this is a zip file"),
        (b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x02os", "no picture of a known format"),
        (b"\xff\xd8\xff", "JPEG picture is damaged"),
        (b"\x89PNG\r\n\x1a\n", "PNG picture is damaged"),
        (b"II*\0\x08\0\0\0", "TIFF picture is damaged"),
        (b"RIFF\0\0\0\0WEBP", "WebP picture is damaged"),
    ],
)
def test_what_is_no_picture_is_named_with_a_hint(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_picture(data)
    assert caught.value.hint


def test_the_content_decides_and_pillows_globals_stay(photo: bytes) -> None:
    before = Image.MAX_IMAGE_PIXELS
    assert read_picture(photo)[0].format == "JPEG"
    assert before == Image.MAX_IMAGE_PIXELS


def test_pixels_are_the_callers_own_and_contiguous(photo: bytes) -> None:
    pixels = read_picture(photo)[0].pixels
    assert pixels.flags.writeable and pixels.flags.c_contiguous and pixels.flags.owndata


STARTS = [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"\0" * 128 + b"DICM"]
STARTS += [
    b"RIFF\x20\0\0\0WEBPVP8 ",
    b"BM" + b"\0" * 12 + struct.pack("<IiiHH", 40, 20, 20, 1, 24),
    png(20, 20, zlib.compress(b"\0" * 420))[:-12],
]
SEEDS = [encode(picture((20, 18)), kind) for kind in FORMATS]


def is_read_or_refused(data: bytes) -> None:
    try:
        found, warnings = read_picture(data)
    except InputError as error:
        assert error.message and "\n" not in str(error)
        return
    assert found.pixels.dtype == np.uint8 and found.pixels.ndim == 3 and found.pixels.shape[2] == 3
    assert all("\n" not in warning for warning in warnings)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_any_bytes_give_a_picture_or_an_input_error(start: bytes, rest: bytes) -> None:
    is_read_or_refused(start + rest)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_any_damaged_picture_gives_a_picture_or_an_input_error(data: bytes, damage: list[tuple[float, int]]) -> None:
    damaged = bytearray(data)
    for share, byte in damage:
        damaged[int(share * len(damaged))] = byte
    is_read_or_refused(bytes(damaged))


def test_lab_colours_are_converted() -> None:
    found, _ = read_picture(encode(Image.new("LAB", (80, 80), (136, 208, 195)), "TIFF"))  # the red of L 53, a 80, b 67
    assert np.abs(found.pixels[0, 0].astype(int) - [255, 0, 0]).max() <= 12


def test_bytes_after_the_picture_do_no_harm(photo: bytes) -> None:
    assert read_picture(photo + b"\0" * 100)[0].size == Image.open(BytesIO(photo)).size
