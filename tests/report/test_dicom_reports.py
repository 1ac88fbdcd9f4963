"""Structured report and secondary capture read back, and belong to the picture's study."""

from io import BytesIO

import highdicom
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_charset_files

from mmcore.report import dicom_capture, dicom_sr, origin
from tests.figures.results import SPEC, case, result


def study(**changes) -> Dataset:
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1", "1.2.3.1"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.PatientID, ds.PatientName = "1.2.3.2", "1.2.3.3", "ANON-1", "ANON-1"
    ds.Rows = ds.Columns = 40
    for keyword, value in changes.items():
        setattr(ds, keyword, value)
    return ds


def report() -> Dataset:
    data = dicom_sr.render(result(), SPEC, case(), "image", "The photo gives 30 points.", study())
    return highdicom.sr.srread(BytesIO(data))


def texts(ds: Dataset, code: str) -> list[str]:
    return [item.TextValue for item in ds.ContentSequence if item.ValueType == "TEXT" and item.ConceptNameCodeSequence[0].CodeValue == code]


def test_the_report_is_of_template_1500_unverified_and_refers_to_the_picture():
    ds = report()
    assert isinstance(ds, highdicom.sr.ComprehensiveSR) and ds.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    assert (ds.VerificationFlag, ds.PreliminaryFlag, ds.CompletionFlag) == ("UNVERIFIED", "PRELIMINARY", "PARTIAL")
    assert ds.StudyInstanceUID == "1.2.3.2" and ds.PatientID == "ANON-1"
    (group,) = ds.content.get_image_measurement_groups()
    assert [float(m.value) for m in group.get_measurements()] == [60.0, 25.0, 15.0]
    assert group.source_images[0].referenced_sop_instance_uid == "1.2.3.1"


def test_the_strongest_evidence_is_outlined_with_its_score():
    regions = report().content.get_planar_roi_measurement_groups()
    first = regions[0]
    assert first.roi.graphic_type == highdicom.sr.GraphicTypeValues.POLYLINE
    assert first.get_measurements()[0].name.meaning == "Evidence for Melanoma"
    assert first.roi.value.tolist() == [[0, 0], [20, 0], [20, 20], [0, 20], [0, 0]]
    assert [round(float(r.get_measurements()[0].value)) for r in regions] == [20, -10, 5, 0]


def test_of_a_film_it_names_the_frame():
    data = dicom_sr.render(result(), SPEC, case(), "image", "1", study(NumberOfFrames="6"), 3)
    ds = highdicom.sr.srread(BytesIO(data))
    assert ds.content.get_image_measurement_groups()[0].source_images[0].referenced_frame_numbers == [3]
    assert str(ds).count("Referenced Frame Number") >= 5  # the picture, and each region


def test_findings_stand_as_a_draft_beside_notice_grade_licence_and_hashes():
    ds = report()
    assert texts(ds, "121071") == ["Draft: The photo gives 30 points."]
    assert "Origin: generated, not a real patient" in texts(ds, "121106")
    assert texts(ds, "121106") == [f"{what}: {said}" for what, said in origin.facts(result(), case())]


def test_what_was_changed_by_hand_is_said_in_report_and_capture():
    edited = result(changed=("age 24 → 90", "photo left out"))
    sr = dcmread(BytesIO(dicom_sr.render(edited, SPEC, case(), "image", "1", study())))
    assert "Changed by hand: age 24 → 90; photo left out" in texts(sr, "121106")
    capture = dcmread(BytesIO(dicom_capture.render(edited, case(), "image", study())))
    assert "Changed by hand: age 24 → 90; photo left out" in capture.ImageComments


def test_the_capture_joins_the_study_and_shows_picture_overlay_answer_and_notice():
    ds = dcmread(BytesIO(dicom_capture.render(result(), case(), "image", study(PatientIdentityRemoved="YES", StudyDate="20190102"))))
    assert ds.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7" and ds.StudyInstanceUID == "1.2.3.2" and ds.PatientID == "ANON-1"
    pixels = ds.pixel_array
    assert pixels.shape[1:] == (40, 3) and pixels.shape[0] > 60
    assert np.abs(pixels[:20, :20].astype(int) - 128).max() > 20 and pixels[40:].max() == 255  # overlay; writing
    for _, said in origin.facts(result(), case()):
        assert said in ds.ImageComments
    assert ds.ContentDate == ds.DateOfSecondaryCapture == "20190102" and ds.PatientIdentityRemoved == "YES"


def test_a_photo_makes_a_capture_in_a_study_of_its_own():
    ds = dcmread(BytesIO(dicom_capture.render(result(), case(), "image", None, "ANON")))
    assert ds.PatientID == "ANON" and ds.StudyInstanceUID and str(ds.PatientName or "") == ""


@pytest.mark.parametrize("name", ["chrH31", "chrGerm", "chrRuss", "chrArab"])
def test_texts_are_written_in_utf_8_whatever_the_pictures_are_in(name: str) -> None:
    picture = dcmread(get_charset_files(f"{name}.dcm")[0])
    before = str(picture.PatientName)
    said = "Größe 3\u00a0cm, 肺"
    whose = study(SpecificCharacterSet=picture.SpecificCharacterSet)
    whose["PatientName"] = picture["PatientName"]
    sr = dcmread(BytesIO(dicom_sr.render(result(), SPEC, case(), "image", said, whose)))
    capture = dcmread(BytesIO(dicom_capture.render(result(), case(), "image", whose)))
    assert texts(sr, "121071") == [f"Draft: {said}"]
    for written in (sr, capture):
        assert written.SpecificCharacterSet == "ISO_IR 192" and str(written.PatientName).rstrip("^") == before


def test_the_side_stays_and_is_left_open_only_where_the_part_of_the_body_is_not_known() -> None:
    sides = []
    for known in ({}, {"BodyPartExamined": "CHEST"}, {"BodyPartExamined": "HAND", "Laterality": "L"}):
        ds = dcmread(BytesIO(dicom_capture.render(result(), case(), "image", study(**known))))
        sides.append((ds.get("BodyPartExamined"), ds.get("Laterality", "absent")))
    assert sides == [(None, ""), ("CHEST", "absent"), ("HAND", "L")]


def test_no_warning_quotes_a_patients_name(recwarn):
    dicom_sr.render(result(), SPEC, case(), "image", "", study(PatientName="Rumpelstilz"))
    dicom_capture.render(result(), case(), "image", study(PatientName="Rumpelstilz"))
    assert not [w for w in recwarn if "Rumpel" in str(w.message)]
