"""The tags of a DICOM file as a table for people, with a mark on every value that could say who the patient is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from pydicom import DataElement, Dataset, dcmread
from pydicom.config import disable_value_validation
from pydicom.datadict import keyword_for_tag

from mmcore.errors import InputError
from mmcore.readers.decoder_errors import DECODER_ERRORS
from mmcore.readers.dicom import check_deflated
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.names import shown
from mmcore.readers.quiet import quiet

MOST = 2_000
LENGTH = 120
_DEPTH = 6
_BULK = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "UN"})
# A value is shown at once only if it is a number or a code word about the apparatus or the picture; all else could tell who or where.
_OPEN_GROUPS = frozenset({0x0018, 0x0028, 0x2050, 0x5200})
_OPEN_KINDS = frozenset({"US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "DS", "IS", "CS", "AT", "SQ"})
_OPEN = frozenset({
    *("FileMetaInformationGroupLength", "FileMetaInformationVersion"),
    *("TransferSyntaxUID", "MediaStorageSOPClassUID", "SOPClassUID", "SpecificCharacterSet", "ImageType", "Modality"),
    *("ConversionType", "PatientOrientation", "Laterality", "ImageLaterality", "ImageOrientationPatient", "ImagePositionPatient"),
    *("SeriesNumber", "InstanceNumber", "SliceLocation", "NumberOfFrames", "ImagesInAcquisition", "RescaleType", "LossyImageCompression"),
    *("WindowCenterWidthExplanation", "FrameType", "PixelPresentation", "VolumetricProperties", "BurnedInAnnotation"),
})  # fmt: skip

@dataclass(frozen=True)
class Tag:
    """One row.

    Attributes:
        number: such as "(0028,0010)".
        inside: names of the sequences that it lies in, outermost first.
        value: on one line, cut to LENGTH characters; bulk data as its size.
        identifying: True for every value that is not known to be harmless, private ones included.
    """

    number: str
    name: str
    kind: str
    value: str
    inside: tuple[str, ...]
    identifying: bool


def read_tags(data: bytes, limits: Limits = LIMITS) -> tuple[Tag, ...]:
    """All tags but the pixels, in the file's order, at most MOST; those of sequences after the sequence, those about the file last.

    Raises:
        InputError: the file cannot be read as DICOM.
    """
    try:
        check_deflated(data, limits)
        with quiet(), disable_value_validation():
            ds = dcmread(BytesIO(data), force=True, stop_before_pixels=True)
            rows = [*_rows(ds, ()), *_rows(getattr(ds, "file_meta", Dataset()), ())]
    except DECODER_ERRORS as error:
        raise InputError("the tags of the DICOM file cannot be read", "Export it again") from error
    return tuple(rows[:MOST])


def _rows(ds: Dataset, inside: tuple[str, ...]) -> Iterator[Tag]:
    for tag in sorted(ds.keys()):
        number = f"({tag.group:04X},{tag.element:04X})"
        try:
            element = ds[tag]
            name = shown(element.name)
            yield Tag(number, name, str(element.VR), _value(element), inside, _identifying(element))
        except DECODER_ERRORS:
            yield Tag(number, "", "", "cannot be read", inside, False)
            continue
        if element.VR == "SQ" and len(inside) < _DEPTH:
            for item in element.value or ():
                yield from _rows(item, (*inside, name))


def _value(element: DataElement) -> str:
    value = element.value
    if element.VR == "SQ":
        return f"{len(value or ())} item{'' if len(value or ()) == 1 else 's'}"
    if isinstance(value, bytes) and (element.VR in _BULK or len(value) > LENGTH):
        return f"{len(value):,} bytes"
    if element.VM > 1:
        return shown(" \\ ".join(str(part) for part in value[:32]), LENGTH)
    if element.VR == "UI" and value and getattr(value, "name", str(value)) != str(value):
        return shown(f"{value.name} ({value})", LENGTH)
    return "" if value is None else shown(value, LENGTH)


def _identifying(element: DataElement) -> bool:
    """True unless the value is known to be harmless; an empty one, and the count of a sequence, never tell."""
    if element.is_empty or element.VR == "SQ":
        return False
    if element.tag.is_private:
        return True
    keyword = keyword_for_tag(element.tag)
    if keyword in _OPEN:
        return False
    return not (element.tag.group in _OPEN_GROUPS and element.VR in _OPEN_KINDS)
