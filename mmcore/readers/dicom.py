"""A frame of a DICOM file as 8-bit RGB, shown as its own window says. Only tags about pixels are read, none about the patient."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from pydicom import Dataset, FileDataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import pixel_array
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from mmcore.errors import InputError
from mmcore.readers.apart import decode_apart
from mmcore.readers.codestream import stream_size
from mmcore.readers.decoder_errors import DECODER_ERRORS
from mmcore.readers.dicom_display import RESAVE, as_rgb
from mmcore.readers.functional_groups import GROUP_TAGS, bring_up
from mmcore.readers.limits import Limits, megabytes
from mmcore.readers.pixels import check_size
from mmcore.readers.quiet import quiet

_COLOURS = ("Red", "Green", "Blue")
TAGS = (
    *("SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames", "Rows", "Columns"),
    *("BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelPaddingValue"),
    *("RescaleIntercept", "RescaleSlope", "ModalityLUTSequence"),
    *("WindowCenter", "WindowWidth", "VOILUTFunction", "VOILUTSequence"),
    *(f"{colour}PaletteColorLookupTable{part}" for colour in _COLOURS for part in ("Descriptor", "Data")),
    *(f"Segmented{colour}PaletteColorLookupTableData" for colour in _COLOURS),
    *("ExtendedOffsetTable", "ExtendedOffsetTableLengths", "PixelData", "FloatPixelData", "DoubleFloatPixelData"),
)
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
IMPERFECT = "the DICOM file is not quite as the standard asks: it was read as well as that allows"
DAMAGED, EXPORT_AGAIN = "the DICOM picture is damaged or cut off", "Export it again"
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_RLE = "1.2.840.10008.1.2.5"
_EXTENDED_JPEG = "1.2.840.10008.1.2.4.51"
# Which of pydicom's decoders reads a compressed syntax, by the start of its identifier: one each, so that no other is tried on
# hostile bytes and the same file gives the same pixels wherever more packages are installed.
_PLUGINS = (
    ("1.2.840.10008.1.2.4.50", "pillow"),
    ("1.2.840.10008.1.2.4.51", "pillow"),
    ("1.2.840.10008.1.2.4.5", "gdcm"),
    ("1.2.840.10008.1.2.4.70", "gdcm"),
    ("1.2.840.10008.1.2.4.8", "pyjpegls"),
    ("1.2.840.10008.1.2.4.9", "pylibjpeg"),
    ("1.2.840.10008.1.2.4.20", "pylibjpeg"),
    (_RLE, "pydicom"),
)
_APART = frozenset({"gdcm"})
# Transfer syntaxes that need a package more, by the start of their identifier, and what to install.
_PACKAGES = (
    ("1.2.840.10008.1.2.4.51", "pylibjpeg pylibjpeg-libjpeg"),
    ("1.2.840.10008.1.2.4.5", "python-gdcm"),
    ("1.2.840.10008.1.2.4.70", "python-gdcm"),
    ("1.2.840.10008.1.2.4.8", "pyjpegls"),
    ("1.2.840.10008.1.2.4.9", "pylibjpeg pylibjpeg-openjpeg"),
    ("1.2.840.10008.1.2.4.20", "pylibjpeg pylibjpeg-openjpeg"),
)


def read_dicom(data: bytes, limits: Limits, frame: int = 0) -> tuple[np.ndarray, tuple[str, ...]]:
    """One frame of ``data`` as (H, W, 3) uint8 RGB, and what was noticed.

    Grey values go through the modality table or rescale, then through the VOI table or the first window; without either,
    pictures of up to 8 bits stay as they are and others are stretched from their lowest to their highest value (with a
    warning). MONOCHROME1 is inverted.

    Raises:
        InputError: no such frame, too large, damaged, or compressed in a way that needs a package more (which it names).
            Its text never holds a value from the file's patient tags.
    """
    try:
        with quiet() as noticed:
            values, ds, warnings = decode_frame(data, limits, frame, GROUP_TAGS)
            bring_up(ds, frame)
            pixels, more = as_rgb(values, ds)
    except DECODER_ERRORS as error:
        raise InputError(DAMAGED, EXPORT_AGAIN) from error
    return pixels, warnings + more + ((IMPERFECT,) if noticed else ())


@quiet()
def stored_frame(data: bytes, limits: Limits, frame: int = 0) -> np.ndarray:
    """(H, W) numbers of one frame as the file stores them, or (H, W, 3) as RGB. Raises as `read_dicom` does."""
    try:
        return decode_frame(data, limits, frame)[0]
    except DECODER_ERRORS as error:
        raise InputError(DAMAGED, EXPORT_AGAIN) from error


def decode_frame(data: bytes, limits: Limits, frame: int, more: Sequence[Any] = ()) -> tuple[np.ndarray, Dataset, tuple[str, ...]]:
    """Numbers of one frame as stored, the tags about pixels and those of ``more``, and what was noticed.

    Raises:
        InputError: as `read_dicom`; whatever else a decoder raises on damaged bytes is one of DECODER_ERRORS.
    """
    ds = open_dicom(data, limits, more)
    if not any(keyword in ds for keyword in PIXELS):
        raise _without_pixels(data)
    warnings = _check_header(ds, limits, frame)
    return _decode(ds, limits, frame), ds, warnings


def open_dicom(data: bytes, limits: Limits, more: Sequence[Any] = ()) -> Dataset:
    """The tags about pixels, and those of ``more``."""
    check_deflated(data, limits)
    return with_transfer_syntax(dcmread(BytesIO(data), force=True, specific_tags=[*TAGS, *more]))


def with_transfer_syntax(ds: FileDataset) -> FileDataset:
    """The object, its transfer syntax filled in from how it was read where its file does not say."""
    if not hasattr(ds, "file_meta"):
        ds.file_meta = FileMetaDataset()
    if "TransferSyntaxUID" not in ds.file_meta:
        implicit, little = ds.original_encoding
        ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian if little else ExplicitVRBigEndian
    return ds


def check_deflated(data: bytes, limits: Limits) -> None:
    """InputError for a deflated file that would fill memory: pydicom inflates such a file as a whole."""
    if _DEFLATED not in data[:4096]:
        return
    start = 144 + int.from_bytes(data[140:144], "little")  # preamble, DICM, (0002,0000) and the length it states
    most = 8 * limits.picture_bytes
    if len(zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[start:], most + 1)) > most:
        raise InputError(f"the DICOM file unpacks to more than {megabytes(most)}", RESAVE)


@quiet()
def count_frames(data: bytes, limits: Limits) -> int:
    """Number of frames of a file that `read_dicom` has read."""
    check_deflated(data, limits)
    return frame_count(dcmread(BytesIO(data), force=True, specific_tags=["NumberOfFrames"], stop_before_pixels=True))


def frame_count(ds: Dataset) -> int:
    """Number of frames as the header states it, at least 1."""
    return max(1, int(ds.get("NumberOfFrames") or 1))


def _without_pixels(data: bytes) -> InputError:
    """Of a file whose header states the size of a picture the pixels were cut off: pydicom drops compressed ones that lack their end."""
    ds = dcmread(BytesIO(data), force=True, specific_tags=["Rows", "Columns"], stop_before_pixels=True)
    if ds.get("Rows") and ds.get("Columns"):
        return InputError(DAMAGED, EXPORT_AGAIN)
    return InputError("the DICOM file holds no picture, or is cut off before it", "Give an image object, or export it again")


def _check_header(ds: Dataset, limits: Limits, frame: int) -> tuple[str, ...]:
    frames = frame_count(ds)
    if not 0 <= frame < frames:
        raise InputError(f"the DICOM file holds {frames} frames: there is no frame {frame + 1}", "Choose one of them")
    if int(ds.get("SamplesPerPixel", 1)) not in (1, 3):
        raise InputError("the DICOM picture has neither one nor three channels", RESAVE)
    said = (f"the file holds {frames} frames: number {frame + 1} is read",) if frames > 1 else ()
    return said + check_size(int(ds.get("Columns") or 0), int(ds.get("Rows") or 0), limits)


def _decode(ds: Dataset, limits: Limits, frame: int) -> np.ndarray:
    """(H, W) or (H, W, 3) numbers of one frame as stored; colour is RGB already."""
    syntax = ds.file_meta.TransferSyntaxUID
    _check_decoder(syntax)
    if syntax.is_encapsulated:
        offsets = (ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths) if "ExtendedOffsetTable" in ds else None
        _check_stream(get_frame(ds.PixelData, frame, number_of_frames=frame_count(ds), extended_offsets=offsets), syntax, ds, limits)
    plugin = _plugin(syntax)
    if plugin in _APART:
        return decode_apart(ds, frame, plugin)
    try:
        return pixel_array(ds, index=frame, decoding_plugin=plugin)
    except DECODER_ERRORS as error:
        if syntax == _EXTENDED_JPEG:  # the decoder at hand reads its 8-bit half alone
            raise _lacking(syntax) from error
        raise


def _check_decoder(syntax: UID) -> None:
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError as error:
        raise InputError(f"DICOM compressed as {syntax.name} is not read", RESAVE) from error
    if syntax.is_encapsulated and _plugin(syntax) not in decoder.available_plugins:
        raise _lacking(syntax)


def _plugin(syntax: UID) -> str:
    """The decoder that reads this syntax; "" for uncompressed ones."""
    return next((name for start, name in _PLUGINS if syntax.startswith(start)), "")


def _lacking(syntax: UID) -> InputError:
    packages = next((packages for start, packages in _PACKAGES if syntax.startswith(start)), "")
    hint = f"This would read it: pip install {packages}. {RESAVE} otherwise" if packages else RESAVE
    return InputError(f"DICOM compressed as {syntax.name} is not read", hint)


def _check_stream(frame: bytes, syntax: UID, ds: Dataset, limits: Limits) -> None:
    size = stream_size(frame)
    if size is not None and size != (ds.Columns, ds.Rows):
        check_size(*size, limits)
        raise ValueError("header and compressed stream differ in size")
    plain = ds.Columns * ds.Rows * ds.get("SamplesPerPixel", 1) * ds.BitsAllocated // 8
    if syntax == _RLE and len(frame) > 1.1 * plain + 4096:  # run lengths never grow a picture by more: it is made to fill memory
        raise ValueError("run lengths are longer than the picture")
