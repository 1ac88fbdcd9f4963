"""One DICOM object without what says whose it is: tags, pixels, and a second look over the bytes that are to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pydicom import Dataset, FileDataset, config, dcmread, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.sr.coding import Code

from mmcore.domains.medical.deidentify import burned_in, leftovers, tags
from mmcore.domains.medical.deidentify.identifiers import WORDS, Identifier
from mmcore.domains.medical.deidentify.remap import Remap
from mmcore.domains.medical.deidentify.report import METHOD, FileReport, Pixels
from mmcore.errors import InputError
from mmcore.readers.decoder_errors import DECODER_ERRORS
from mmcore.readers.dicom import check_deflated, with_transfer_syntax
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.quiet import quiet
from mmcore.readers.signature import sniff

BASIC, MODIFIED_DATES, CLEAN_PIXELS = (
    Code("113100", "DCM", "Basic Application Confidentiality Profile"),
    Code("113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option"),
    Code("113101", "DCM", "Clean Pixel Data Option"),
)
DAMAGED, EXPORT_AGAIN = "the DICOM object is damaged or cut off", "Export it again"


@dataclass(frozen=True)
class CleanDicom:
    """An object that may leave where its report is clean.

    Attributes:
        dataset: what was written, parsed.
        known: what was looked for; stays in memory.
    """

    data: bytes
    dataset: Dataset
    report: FileReport
    known: tuple[Identifier, ...]


def clean(
    data: bytes, remap: Remap, read_words: burned_in.Reader | None = None, limits: Limits = LIMITS, others: Sequence[Identifier] = ()
) -> CleanDicom:
    """The object with the profile applied.

    Args:
        remap: the same for every file that belongs together.
        read_words: finds lines of text in a picture; None where none is installed.
        others: what other files of the same study say of whose it is.

    Raises:
        InputError: no DICOM object, or a damaged one. Its text holds no value from the file.
    """
    try:
        with quiet(), config.disable_value_validation():
            return _clean(data, remap, read_words, limits, others)
    except DECODER_ERRORS as error:
        raise InputError(f"{DAMAGED} and was not de-identified", EXPORT_AGAIN) from error


def known_of(data: bytes, limits: Limits = LIMITS) -> tuple[Identifier, ...]:
    """Only what says whose object this is, to look for elsewhere. Raises as `clean` does."""
    try:
        with quiet(), config.disable_value_validation():
            return tuple(tags.apply(_open(data, limits), Remap())[1])
    except DECODER_ERRORS as error:
        raise InputError(f"{DAMAGED} and was not de-identified", EXPORT_AGAIN) from error


def parsed(data: bytes, limits: Limits = LIMITS) -> Dataset:
    """The object as it is, for those who may keep it. Raises as `clean` does."""
    try:
        with quiet(), config.disable_value_validation():
            return _open(data, limits)
    except DECODER_ERRORS as error:
        raise InputError(DAMAGED, EXPORT_AGAIN) from error


def _clean(data: bytes, remap: Remap, read_words: burned_in.Reader | None, limits: Limits, others: Sequence[Identifier]) -> CleanDicom:
    ds = _open(data, limits)
    done, known = tags.apply(ds, remap)
    done += tags.clear_invalid(ds)
    known = list(dict.fromkeys([*known, *others]))
    done += tags.clean_kept(ds, known)
    pixels = burned_in.clean(ds, data, read_words, limits)
    _state(ds, pixels)
    written = _write(ds)
    if _hidden_in_stream(written, known) and burned_in.unpack(ds, data, limits):
        written = _write(ds)  # a comment inside the compressed stream: the pixels are kept without their stream
    again = dcmread(BytesIO(written), force=True)
    report = FileReport("DICOM", tuple(done), pixels, tuple(_left(again, written, known)), len(known))
    return CleanDicom(written, again, report, tuple(known))


def _open(data: bytes, limits: Limits) -> FileDataset:
    check_deflated(data, limits)
    ds = dcmread(BytesIO(data), force=True)
    if not len(ds):
        if sniff(data[:4096]) == "DICOM":
            raise InputError(f"{DAMAGED} and was not de-identified", EXPORT_AGAIN)
        raise InputError("this is no DICOM object", "Give a DICOM file")
    return with_transfer_syntax(ds)


def _state(ds: Dataset, pixels: Pixels) -> None:
    """The tags by which an object says that it was de-identified, and how (PS3.15 E.1.1)."""
    ds.PatientIdentityRemoved = "YES"
    ds.DeidentificationMethod = METHOD
    ds.LongitudinalTemporalInformationModified = "MODIFIED"
    searched = pixels.frames > 0 and pixels.searched == pixels.frames
    ds.DeidentificationMethodCodeSequence = [_coded(code) for code in (BASIC, MODIFIED_DATES, *([CLEAN_PIXELS] if searched else []))]
    if searched:
        ds.BurnedInAnnotation = "NO" if not (pixels.left or pixels.kept) else "YES"


def _coded(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return item


def _write(ds: FileDataset) -> bytes:
    """The object with a new header: of the old one only what kind of object it is and how it is encoded."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ds.file_meta.TransferSyntaxUID
    meta.MediaStorageSOPClassUID = ds.get("SOPClassUID", ds.file_meta.get("MediaStorageSOPClassUID", ""))
    meta.MediaStorageSOPInstanceUID = ds.get("SOPInstanceUID", "")
    ds.file_meta, ds.preamble = meta, b"\0" * 128
    whole = bool(meta.MediaStorageSOPClassUID and meta.MediaStorageSOPInstanceUID)
    buffer = BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=whole)
    return buffer.getvalue()


def _hidden_in_stream(written: bytes, known: list[Identifier]) -> bool:
    again = dcmread(BytesIO(written), force=True)
    stream = again.get("PixelData", b"") if again.file_meta.TransferSyntaxUID.is_encapsulated else b""
    return bool(leftovers.in_bytes(stream, known))


def _left(ds: Dataset, written: bytes, known: list[Identifier]) -> list[str]:
    """Where something of the original is still found, in the texts or anywhere in the bytes."""
    kept = [item for item, _ in tags.elements(ds) if item.VR == "CS" or item.keyword in tags.OF_MACHINES]
    coded = [text.casefold() for item in kept for text in tags.texts(item)]
    strict = [item for item in known if not (item.kind == WORDS and any(item.text.casefold() in text for text in coded))]
    return sorted({*leftovers.in_dataset(ds, strict), *leftovers.in_bytes(written, strict)})
