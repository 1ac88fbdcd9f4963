"""The picture with its evidence as a DICOM secondary capture: answer and notice are written below it."""

from __future__ import annotations

from typing import Any

import highdicom
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pydicom import Dataset

from mmcore.case import Case, Picture
from mmcore.report import findings, origin, reading
from mmcore.report.dicom_study import MANUFACTURER, SERIES, bytes_of, reference
from mmcore.report.picture import patches, with_evidence
from mmcore.result import Result

COPIED = (
    "PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence", "BodyPartExamined", "Laterality",
    "ImageLaterality",
)  # fmt: skip
LINE, SIZE, EDGE = 16, 12, 6  # of the writing, in pixels


def render(result: Result, case: Case, modality: str, study: Dataset | None, subject: str = "") -> bytes:
    """The capture as a DICOM file.

    Args:
        modality: of the picture.
        study: data set of the picture, to which the capture is joined; None for a photo, which starts a study of its own.
        subject: identifier of the patient where there is no study.
    """
    picture = case.inputs[modality].value
    assert isinstance(picture, Picture)
    pixels = _written(with_evidence(picture.pixels, *patches(result.explanation, modality)), result)
    common: dict[str, Any] = {
        "pixel_array": pixels, "photometric_interpretation": "RGB", "bits_allocated": 8, "series_instance_uid": highdicom.UID(),
        "series_number": SERIES["capture"], "sop_instance_uid": highdicom.UID(), "instance_number": 1, "manufacturer": MANUFACTURER,
        "coordinate_system": "PATIENT", "transfer_syntax_uid": "1.2.840.10008.1.2.1",
        "patient_orientation": ("L", "F"),  # highdicom asks for one; the picture's own, or none, takes its place
    }  # fmt: skip
    if study is None:
        capture = highdicom.sc.SCImage(study_instance_uid=highdicom.UID(), patient_id=subject, **common)
    else:
        capture = highdicom.sc.SCImage.from_ref_dataset(reference(study), **common)
    turn: Any = study.get("PatientOrientation") if study is not None else None
    capture.PatientOrientation = turn
    capture.SeriesDescription = "Evidence of a model (draft)"
    capture.ImageComments = "; ".join(f"{what}: {said}" for what, said in origin.facts(result, case))[:10240]
    capture.BurnedInAnnotation = "NO"  # of the patient there is none
    if study is not None:
        for keyword in COPIED:
            if keyword in study:
                capture[keyword] = study[keyword]
    if not capture.get("BodyPartExamined") and "Laterality" not in capture:
        capture.Laterality = ""  # the standard asks for it where the part of the body may be one of two
    return bytes_of(capture, study)


def _written(pixels: np.ndarray, result: Result) -> np.ndarray:
    """(H, W, 3) uint8 with lines of text below."""
    answer = ". ".join(part for part in reading.headline(result) if part)
    changed = f"{origin.CHANGED}: {origin.changed(result)}. ".replace("→", "to") if result.changed else ""
    said = f"{findings.DRAFT}. {answer}. {changed}{result.notice} Evidence grade: {result.grade}."
    font = ImageFont.load_default(SIZE)
    lines, width = [""], pixels.shape[1] - 2 * EDGE
    for word in said.replace("\u00a0", " ").split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    strip = Image.new("RGB", (pixels.shape[1], LINE * len(lines) + 2 * EDGE), "black")
    draw = ImageDraw.Draw(strip)
    for number, line in enumerate(lines):
        draw.text((EDGE, EDGE + LINE * number), line, fill="white", font=font)
    return np.ascontiguousarray(np.concatenate([pixels, np.asarray(strip)]))
