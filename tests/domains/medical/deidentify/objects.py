"""Small DICOM objects with whatever a test plants in them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from pydicom import FileDataset, dcmread, dcmwrite
from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileMetaDataset
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian

from mmcore.readers.quiet import quiet

CHEST = "1.2.840.10008.5.1.4.1.1.1"


def dataset(**tags: Any) -> FileDataset:
    """A grey picture of 64 by 64 pixels with these tags."""
    ds = FileDataset("", {}, file_meta=FileMetaDataset(), preamble=b"\0" * 128)
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID, ds.StudyInstanceUID, ds.SeriesInstanceUID = CHEST, "1.2.3.4.1", "1.2.3.4.2", "1.2.3.4.3"
    ds.PatientName, ds.PatientID = "Abernathy^Rosalind", "PX440912"
    ds.Rows = ds.Columns = 64
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.PixelData = (np.arange(64 * 64, dtype="<u2") % 4000).tobytes()
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    return ds


def written(ds: FileDataset) -> bytes:
    ds.file_meta.MediaStorageSOPClassUID, ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    buffer = BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def planted(**raw: tuple[str, bytes]) -> bytes:
    """An object with these bytes as values, whatever their kind allows: keyword = (kind, value of even length)."""
    original = dataset()
    for keyword, (vr, value) in raw.items():
        tag = Tag(keyword)
        original[tag] = RawDataElement(tag, vr, len(value), value, 0, False, True)
    with quiet():
        return written(original)


def parsed(data: bytes) -> FileDataset:
    return dcmread(BytesIO(data))
