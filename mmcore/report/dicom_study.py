"""The object that a report in DICOM belongs to, and what the two kinds of report share."""

from __future__ import annotations

from io import BytesIO

from highdicom import UID
from pydicom import Dataset, dcmwrite

MANUFACTURER = "Triptych"
SERIES = {"capture": 901, "report": 902}
UTF8 = "ISO_IR 192"
UNKNOWN_DATE = "19000101"
_OWN_DATES = ("InstanceCreationDate", "ContentDate", "DateOfSecondaryCapture")
_OWN_TIMES = ("InstanceCreationTime", "ContentTime", "TimeOfSecondaryCapture")
# What highdicom copies from the picture; empty where the picture lacks it.
_COPIED = (
    *("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "AccessionNumber", "StudyID"),
    "ReferringPhysicianName",
)


def reference(ds: Dataset) -> Dataset:
    """The picture's data set with every tag that a report copies, its texts in UTF-8: highdicom knows few other character sets."""
    ds.decode()
    ds.SpecificCharacterSet = UTF8
    for keyword in _COPIED:
        if keyword not in ds:
            setattr(ds, keyword, None)
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        if not ds.get(keyword):
            setattr(ds, keyword, UID())
    if name := str(ds.PatientName or ""):
        ds.PatientName = name if "^" in name else f"{name}^"  # highdicom would quote a name of one part in a warning
    return ds


def bytes_of(ds: Dataset, study: Dataset | None) -> bytes:
    """A report as a DICOM file, its texts in UTF-8 whatever the picture's are in.

    In a study without names its own dates are the study's: today may be the day of the picture.
    """
    ds.SpecificCharacterSet = UTF8
    if study is not None and study.get("PatientIdentityRemoved") == "YES":
        for keyword in _OWN_DATES:
            if keyword in ds:
                setattr(ds, keyword, study.get("StudyDate") or UNKNOWN_DATE)
        for keyword in _OWN_TIMES:
            if keyword in ds:
                setattr(ds, keyword, "000000")
        for equipment in ds.get("ContributingEquipmentSequence", ()):
            if "ContributionDateTime" in equipment:
                equipment.ContributionDateTime = f"{study.get('StudyDate') or UNKNOWN_DATE}000000"
    buffer = BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()
