"""A study with names where names hide: tags, sequences, private tags, the preamble, an overlay, the note, the pixels. All invented."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pydicom import Dataset, FileDataset, dcmread, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGLSLossless

SIDE = 720
FAMILY, GIVEN, NUMBER = "Featherstonehaugh", "Persephone", "MRN7731902"
DOCTOR, OPERATOR, HOSPITAL = "Blackwoodpeel^Ignatius", "Quartermaine^Zelda", "Saint Wilfreda Infirmary"
PHONE, MAIL, STREET, BORN, DONE = "020 7946 0991", "p.featherstonehaugh@example.org", "17 Nightingale Close", "19610902", "20240314"
PLANTED = (
    *(FAMILY, GIVEN, NUMBER, "Blackwoodpeel", "Ignatius", "Quartermaine", "Zelda", HOSPITAL, PHONE, MAIL, STREET, BORN, DONE),
    *("Mondegreen", "ACC55120934", "7946 0991"),
)
"""Strings of which none may be left in anything exported."""
NOTE = (
    f"Patient name: {GIVEN} {FAMILY}, MRN 7731902. Seen on 14 March 2024 at {HOSPITAL} by Dr Ignatius Blackwoodpeel. "
    f"A 62-year-old woman with five days of fever and dry cough, SpO2 93% on room air. Mrs {FAMILY} denies chest pain. "
    f"Several opacities are seen in both lungs, mostly in the lower zones. Next of kin: Ambrose Mondegreen, tel. {PHONE}, {MAIL}; "
    f"lives at {STREET}. Reported by Zelda Quartermaine, MD, 14/03/2024."
)
BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "identifier": [{"value": NUMBER}],
                "name": [{"family": FAMILY, "given": [GIVEN]}],
                "telecom": [{"system": "phone", "value": PHONE}],
                "address": [{"line": [STREET]}],
                "gender": "female",
                "birthDate": "1961-09-02",
            }
        },
        {
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
                "effectiveDateTime": "2024-03-14",
                "performer": [{"display": "Zelda Quartermaine"}],
                "valueQuantity": {"value": 93, "system": "http://unitsofmeasure.org", "code": "%"},
            }
        },
    ],
}


CASE = """title = "Names everywhere"
model = "chest_xray"
generated = true
real = ["image"]

[inputs]
image = "picture.dcm"
record = "record.json"
note = "note.txt"

[notes]
story = "A real chest X-ray from pydicom-data with invented names in its tags, its pixels and the note: nothing taken away has any."
order = "8"
"""


def write(folder: Path, source: bytes) -> None:
    """The case as files.

    Args:
        source: a real grey picture as DICOM, to plant names in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "picture.dcm").write_bytes(planted(source))
    (folder / "record.json").write_text(json.dumps(BUNDLE, indent=1) + "\n", encoding="utf-8")
    (folder / "note.txt").write_text(NOTE + "\n", encoding="utf-8")
    (folder / "case.toml").write_text(CASE, encoding="utf-8")


def planted(source: bytes) -> bytes:
    """The picture of ``source`` (grey DICOM), smaller and in 8 bits, with names written everywhere."""
    ds = FileDataset("", {}, file_meta=FileMetaDataset(), preamble=f"{FAMILY}, {GIVEN}".encode().ljust(128, b"\0"))
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1", "1.2.826.0.1.3680043.2.1125.9.1"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.826.0.1.3680043.2.1125.9.2", "1.2.826.0.1.3680043.2.1125.9.3"
    _names(ds)
    _pixels(ds, source)
    _private(ds)
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID, ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    ds.file_meta.SourceApplicationEntityTitle = "WILFREDA_CR1"
    ds.compress(JPEGLSLossless, generate_instance_uid=False)
    buffer = BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def _names(ds: Dataset) -> None:
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex, ds.PatientAge = f"{FAMILY}^{GIVEN}", NUMBER, BORN, "F", "062Y"
    ds.PatientAddress, ds.PatientTelephoneNumbers, ds.OtherPatientNames = STREET, PHONE, f"Mondegreen^{GIVEN}"
    ds.InstitutionName, ds.InstitutionAddress, ds.StationName = HOSPITAL, "2 Harbour Row", "WILFREDA_CR1"
    ds.ReferringPhysicianName, ds.OperatorsName, ds.AccessionNumber, ds.StudyID = DOCTOR, OPERATOR, "ACC55120934", "7731902"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = DONE
    ds.StudyTime = ds.ContentTime = "101502"
    ds.StudyDescription, ds.ImageComments = f"Chest of Mrs {FAMILY}", f"Call {PHONE} with the result"
    ds.Modality, ds.BodyPartExamined, ds.ViewPosition, ds.PatientOrientation = "CR", "CHEST", "PA", ["L", "F"]
    ds.Manufacturer, ds.SoftwareVersions, ds.SeriesNumber, ds.InstanceNumber = "Invented Imaging", f"3.1 set up by {OPERATOR[:12]}", 1, 1
    other, request, code = Dataset(), Dataset(), Dataset()
    other.PatientID, other.IssuerOfPatientID = NUMBER, HOSPITAL
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "36643-5", "LN", f"Chest 2 views for {GIVEN} {FAMILY}"
    request.RequestedProcedureDescription, request.RequestedProcedureCodeSequence = f"Chest, {FAMILY}", [code]
    request.RequestingPhysician = DOCTOR
    ds.OtherPatientIDsSequence, ds.RequestAttributesSequence, ds.ProcedureCodeSequence = [other], [request], [code]


def _private(ds: Dataset) -> None:
    block = ds.private_block(0x0099, "INVENTED IMAGING", create=True)
    block.add_new(0x01, "LO", f"{FAMILY}^{GIVEN}")
    block.add_new(0x02, "OB", f"{OPERATOR} {NUMBER}".encode())
    inner = Dataset()
    inner.PatientName = f"{FAMILY}^{GIVEN}"
    block.add_new(0x03, "SQ", [inner])


def _pixels(ds: Dataset, source: bytes) -> None:
    """The picture with two lines of text in it and a side marker, and an overlay whose comment has a name."""
    original = dcmread(BytesIO(source))
    values = original.pixel_array.astype(float)
    values = values.max() - values if original.PhotometricInterpretation == "MONOCHROME1" else values
    low, high = np.percentile(values, (0.5, 99.5))
    image = Image.fromarray(np.rint(np.clip((values - low) / (high - low), 0, 1) * 235).astype(np.uint8))
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(20)
    for at, text in ((14, f"{FAMILY.upper()} {GIVEN.upper()}"), (40, f"{NUMBER}  14/03/2024")):
        draw.rectangle((8, at - 2, 20 + draw.textlength(text, font), at + 24), fill=0)
        draw.text((14, at), text, fill=255, font=font)
    draw.text((image.width - 40, 40), "L", fill=255, font=ImageFont.load_default(30))
    ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = image.height, image.width, 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
    raw = image.tobytes()
    ds.PixelData = raw + b"\0" * (len(raw) % 2)
    ds["PixelData"].VR = "OB"
    ds.add_new(0x60000010, "US", 16)
    ds.add_new(0x60000011, "US", 16)
    ds.add_new(0x60000022, "LO", f"drawn by {OPERATOR}")
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", [1, 1])
    ds.add_new(0x60000100, "US", 1)
    ds.add_new(0x60000102, "US", 0)
    ds.add_new(0x60003000, "OW", b"\0" * 32)
