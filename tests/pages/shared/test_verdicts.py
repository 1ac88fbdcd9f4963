import io
import zipfile
from pathlib import Path

import pydicom
import pytest

from mmcore.model_spec import read_spec
from pages.shared import verdicts
from pages.shared.verdicts import ACCEPTED, REFUSED, WARNED
from tests.pages.conftest import ROOT

SPEC = read_spec(ROOT / "mmcore" / "models" / "skin_lesion")
CHEST = read_spec(ROOT / "mmcore" / "models" / "chest_xray")
PICTURE = (ROOT / "sample_data" / "chest_xray" / "picture_alone" / "picture.dcm").read_bytes()


def states(listed) -> list[str]:
    return [verdict.state for verdict in listed]


def test_every_file_gets_its_own_verdict(photo, record):
    case, listed = verdicts.read({"a.jpg": photo, "a.json": record, "b.jpg": b"", "notes.bin": b"\0\1\2"}, SPEC)
    assert case is not None and case.present == ("image", "record")
    assert states(listed) == [ACCEPTED, ACCEPTED, REFUSED, REFUSED]
    assert all(verdict.text.endswith((".", "?")) for verdict in listed)


def test_two_photos_are_not_one_case(photo):
    _, listed = verdicts.read({"a.jpg": photo, "b.jpg": photo + b" "}, SPEC)
    assert states(listed) == [ACCEPTED, REFUSED] and "a.jpg already is the photo" in listed[1].text


def test_a_file_for_a_missing_input_joins_the_case_before_and_another_starts_a_new_one(photo, record):
    first, _ = verdicts.read({"a.jpg": photo}, SPEC)
    both, _ = verdicts.read({"a.json": record}, SPEC, first)
    assert both is not None and both.present == ("image", "record")
    new, listed = verdicts.read({"b.jpg": photo}, SPEC, both)
    assert new is not None and new.present == ("image",)
    assert "a new case, without the clinical record of a.jpg + a.json" in listed[0].text
    _, listed = verdicts.read({"c.jpg": photo}, SPEC, new)
    assert "new case" not in listed[0].text  # nothing is lost


def test_what_a_study_holds_beside_the_picture_never_says_which_is_analysed():
    _, listed = verdicts.read(packed(a_dcm=PICTURE, b_dcm=PICTURE + bytes(2)), CHEST)
    assert states(listed) == [ACCEPTED, WARNED] and listed[1].text.startswith("Kept beside it, as the study holds 2 pictures.")
    assert "is used" not in listed[1].text


def test_warnings_are_told_with_the_file(photo):
    _, listed = verdicts.read({"a.json": b'{"age": 430, "bleed": "yes"}'}, SPEC)
    assert states(listed) == [WARNED] and "430 is above 120" in listed[0].text


def test_a_zip_with_a_case_file_is_one_case(photo):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("c/case.toml", '[inputs]\nimage = "a.jpg"\n')
        archive.writestr("c/a.jpg", photo)
    case, listed = verdicts.read({"c.zip": buffer.getvalue()}, SPEC)
    assert case is not None and case.present == ("image",) and states(listed) == [ACCEPTED]


@pytest.mark.parametrize("files", [{"case.toml": b"[inputs\n"}, {"x.zip": b"PK\x03\x04broken"}])
def test_what_cannot_be_read_as_a_whole_is_refused_with_the_reason(files):
    case, listed = verdicts.read(files, SPEC)
    assert case is None and states(listed) == [REFUSED]
    assert listed[0].text.startswith(("case.toml", "The zip file")) and listed[0].text.endswith(".")


def test_a_file_that_case_toml_does_not_name_is_said_to_be_unused(photo):
    about = b'title = "T"\nmodel = "skin_lesion"\n[inputs]\nimage = "a.jpg"\n'
    case, listed = verdicts.read({"case.toml": about, "a.jpg": photo, "notes.pdf": b"%PDF"}, SPEC)
    assert case is not None and states(listed) == [ACCEPTED, WARNED]
    assert listed[1].name == "notes.pdf" and "does not name it" in listed[1].text


BROKEN = b"\0" * 128 + b"DICM" + b"\1" * 64


def packed(**files: bytes) -> dict[str, bytes]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"study/{name.replace('_', '.')}", data)
    return {"study.zip": buffer.getvalue()}


def test_of_a_mixed_study_every_file_has_a_verdict_and_a_readme_is_no_note():
    case, listed = verdicts.read(packed(a_dcm=PICTURE, broken_dcm=BROKEN, readme_txt=b"Made by hand."), CHEST)
    assert case is not None and case.present == ("image",)
    assert [(v.name, v.state) for v in listed] == [("study/a.dcm", ACCEPTED), ("study/broken.dcm", WARNED), ("study/readme.txt", WARNED)]
    assert listed[1].text.startswith("Not used: The DICOM") and "on its own" in listed[2].text


def test_a_text_that_is_called_a_note_is_the_note_of_its_archive_and_any_text_given_on_its_own_is():
    case, _ = verdicts.read(packed(a_dcm=PICTURE, note_txt=b"Fever and cough."), CHEST)
    assert case is not None and case.present == ("image", "note")
    case, _ = verdicts.read({"a.dcm": PICTURE, "words.txt": b"Fever and cough."}, CHEST)
    assert case is not None and case.present == ("image", "note")
    case, listed = verdicts.read({"study/a.dcm": PICTURE, "study/words.txt": b"Fever and cough."}, CHEST)
    assert case is not None and case.present == ("image",) and listed[1].text.startswith("Not used")


def test_a_model_without_notes_reads_the_rest_of_an_archive_with_a_readme(photo):
    case, listed = verdicts.read(packed(a_jpg=photo, readme_txt=b"Made by hand."), SPEC)
    assert case is not None and case.present == ("image",) and states(listed) == [ACCEPTED, WARNED]


def test_a_damaged_picture_is_not_the_one_looked_at():
    case, listed = verdicts.read(packed(a_dcm=PICTURE[:5000], b_dcm=PICTURE), CHEST)
    assert case is not None and case.files == {"image": "b.dcm"}
    assert listed[0].text.startswith("Not used: The DICOM")


def test_a_case_is_called_after_its_files_and_what_joins_it_says_so(photo, record):
    first, _ = verdicts.read({"a.jpg": photo}, SPEC)
    both, listed = verdicts.read({"b.json": record}, SPEC, first)
    assert first is not None and both is not None and (first.title, both.title) == ("Your case: a.jpg", "Your case: a.jpg + b.json")
    assert "Added to a.jpg" in listed[0].text


def test_a_picture_of_another_kind_is_read_with_a_warning(photo):
    ct = (Path(pydicom.__file__).parent / "data" / "test_files" / "CT_small.dcm").read_bytes()
    case, listed = verdicts.read({"ct.dcm": ct}, CHEST)
    assert case is not None and states(listed) == [WARNED] and "This is a CT, not a chest X-ray" in listed[0].text
    _, listed = verdicts.read({"me.jpg": photo}, CHEST)
    assert states(listed) == [WARNED] and "in colour, not a chest X-ray" in listed[0].text


def test_a_record_of_which_nothing_can_be_used_names_the_columns_that_would_work_as_the_form_spells_values():
    _, listed = verdicts.read({"a.csv": b"age,region\n430,moon\n"}, SPEC)
    text = listed[0].text
    assert states(listed) == [REFUSED] and "430 is above 120." in text and "taken as" not in text
    assert "moon is not one of abdomen, arm, back" in text and "Columns that it may have: age, region, itch" in text


def test_an_empty_zip_is_an_empty_file():
    _, listed = verdicts.read({"a.zip": b""}, SPEC)
    assert listed[0].text.startswith("The file is empty.")


def test_files_of_one_name_are_refused_as_nobody_can_tell_which_is_meant():
    files, listed = verdicts.by_name([("a.jpg", b"1"), ("b.json", b"2"), ("a.jpg", b"3")])
    assert files == {"b.json": b"2"}
    assert [(v.name, v.state) for v in listed] == [("a.jpg", REFUSED)]
