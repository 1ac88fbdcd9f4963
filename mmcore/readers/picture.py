"""A picture file of any kind as upright 8-bit RGB."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO

import numpy as np
from PIL import BmpImagePlugin, Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from mmcore.case import Picture, Series, Source
from mmcore.errors import InputError
from mmcore.readers.decoder_errors import DECODER_ERRORS
from mmcore.readers.dicom import count_frames, read_dicom
from mmcore.readers.limits import LIMITS, Limits, megabytes
from mmcore.readers.pixels import check_size, content_warnings, from_floats, from_integers
from mmcore.readers.signature import PICTURES, UNREAD_PICTURES, sniff

ACCEPTED = "Use " + ", ".join(PICTURES[:-1]) + " or DICOM"

# Each plugin by itself, not Image.open: that would check sizes against a global of Pillow's, and try formats the content is not.
_PLUGINS: Mapping[str, Callable[[BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
}
_TIFF_TILES = (322, 323)
_TIFF_PHOTOMETRIC, _TIFF_WHITE_IS_ZERO = 262, 0


def read_picture(data: bytes, limits: Limits = LIMITS, frame: int = 0) -> tuple[Picture, tuple[str, ...]]:
    """The picture in ``data`` and what was noticed about it.

    Known by content. EXIF orientation is applied, alpha composed onto white, the first frame of several taken (of DICOM the one
    numbered ``frame``, from 0, and the file is kept beside the picture); 16-bit and
    floating-point grey go to 8 bits by the rules of `pixels.from_integers` and `pixels.from_floats`; 16-bit colour keeps its
    upper byte; CMYK is turned into RGB without its colour profile. Size limits are checked before decoding.

    Raises:
        InputError: for anything that is not a whole picture of an accepted format within ``limits``.
    """
    if len(data) > limits.picture_bytes:
        raise InputError(f"the picture is larger than {megabytes(limits.picture_bytes)}", "Give a smaller file")
    kind = sniff(data)
    if kind not in PICTURES:
        raise InputError(_refusal(kind), ACCEPTED)
    pixels, warnings = read_dicom(data, limits, frame) if kind == "DICOM" else _read_with_pillow(data, kind, limits)
    noticed = warnings + content_warnings(pixels)
    if kind != "DICOM":
        return Picture(pixels, kind, hashlib.sha256(data).hexdigest()), noticed
    whole = hashlib.sha256(data).hexdigest()
    source = Source((Series("", (data,), (count_frames(data, limits),), whole),), (0, frame))
    return Picture(pixels, kind, _frame_hash(whole, frame), source), noticed


def read_from_study(source: Source, limits: Limits = LIMITS) -> tuple[Picture, tuple[str, ...]]:
    """The picture at ``source.at`` and what was noticed about it. Raises as `read_picture`; IndexError where there is no such frame."""
    data, frame = source.series[source.at[0]].locate(source.at[1])
    picture, warnings = read_picture(data, limits, frame)
    return replace(picture, source=source), warnings


def _frame_hash(whole: str, frame: int) -> str:
    return hashlib.sha256(f"{whole} frame {frame}".encode()).hexdigest() if frame else whole


def _refusal(kind: str) -> str:
    if kind in UNREAD_PICTURES:
        return f"{kind} files are not read"
    known = {"empty": "the file is empty", "text": "this is text, not a picture", "zip": "this is a zip file, not a picture"}
    return known.get(kind, "this is no picture of a known format, or it is damaged")


def _read_with_pillow(data: bytes, kind: str, limits: Limits) -> tuple[np.ndarray, tuple[str, ...]]:
    try:
        if kind == "WebP":  # its decoder claims memory for the whole canvas as soon as it is opened
            check_size(*_webp_size(data), limits)
        with _PLUGINS[kind](BytesIO(data)) as image:
            warnings = check_size(*image.size, limits) + _frames(image, kind)
            _check_tiles(image, limits)
            image.load()
            pixels, more = _to_rgb(_upright(image), white_is_zero=_white_is_zero(image))
    except DECODER_ERRORS as error:
        raise InputError(f"the {kind} picture is damaged or cut off", "Export or copy it again") from error
    return pixels, warnings + more


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height in the header of a WebP file; ValueError where it has none."""
    chunk = data[12:16]
    if len(data) >= 30:
        if chunk == b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        if chunk == b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if chunk == b"VP8 ":
            return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise ValueError("no WebP header")


def _frames(image: ImageFile.ImageFile, kind: str) -> tuple[str, ...]:
    if not getattr(image, "is_animated", False):
        return ()
    # A TIFF's frames are not counted: that would walk through the whole file.
    return ("the file holds several pages: the first is used" if kind == "TIFF" else "the picture is animated: its first frame is used",)


def _check_tiles(image: ImageFile.ImageFile, limits: Limits) -> None:
    """A TIFF of a modest size may still ask for a tile of any size."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        width, height = (int(image.tag_v2.get(tag, 1)) for tag in _TIFF_TILES)
        if width * height > limits.picture_pixels:
            raise ValueError("tiles are larger than any picture accepted")


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except DECODER_ERRORS:
        return image  # the orientation is damaged, the picture is not


def _white_is_zero(image: ImageFile.ImageFile) -> bool:
    return isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.get(_TIFF_PHOTOMETRIC) == _TIFF_WHITE_IS_ZERO


def _to_rgb(image: Image.Image, white_is_zero: bool) -> tuple[np.ndarray, tuple[str, ...]]:
    """(H, W, 3) uint8 of a loaded picture in any of Pillow's modes.

    Args:
        white_is_zero: what a TIFF says of its grey values; Pillow heeds it up to 8 bits only.
    """
    if image.mode == "F":
        return _grey(from_floats(np.asarray(image))), ()
    if image.mode == "I" or image.mode.startswith("I;16"):
        values, warnings = from_integers(np.asarray(image))
        return _grey(255 - values if white_is_zero else values), warnings
    if image.mode == "La":
        image = image.convert("LA")
    if image.mode in ("RGBA", "LA", "PA", "RGBa") or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        image = white
    return np.array(image.convert("RGB")), ()


def _grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[:, :, None], 3, axis=2)
