"""What the files of a case and of its prior say of whose they are is compared, and never told."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmcore.case import Case, Record
from mmcore.library import SHIPPED
from mmcore.model_spec import read_spec
from mmcore.readers.case_folder import read_case
from mmcore.readers.same_patient import doubts, with_doubts
from tests.domains.medical.deidentify.objects import dataset, written

SPEC = read_spec(SHIPPED / "chest_xray")


def case(folder: Path, record: str = "", **tags: str) -> Case:
    folder.mkdir(exist_ok=True)
    (folder / "a.dcm").write_bytes(written(dataset(Modality="CR", BodyPartExamined="CHEST", **tags)))
    if record:
        (folder / "b.json").write_text(record)
    return read_case([folder], SPEC)


def warned(found: Case) -> set[str]:
    return {text.split(":")[0] for text in found.inputs["record"].warnings if "one patient" in text}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('{"sex": "M", "age": 24, "view": "AP"}', {"sex", "age", "view"}),
        ('{"sex": "F", "age": 92, "view": "PA"}', set()),
        ('{"age": 60}', {"age"}),
        ('{"temperature": 38}', set()),
    ],
)
def test_a_record_that_contradicts_the_tags_of_the_picture_is_warned_about(tmp_path: Path, record: str, expected: set[str]) -> None:
    found = case(tmp_path / "case", record, PatientSex="F", PatientAge="093Y", ViewPosition="PA")
    assert warned(found) == expected
    assert not any("93" in text or "093Y" in text for text in found.inputs["record"].warnings)


def test_of_an_edited_case_a_doubt_comes_and_goes_with_the_value(tmp_path: Path) -> None:
    found = case(tmp_path / "case", '{"sex": "M", "age": 92}', PatientSex="F", PatientAge="093Y")
    values, warnings = found.inputs["record"].value.values, found.inputs["record"].warnings
    other = with_doubts(found.with_value("record", Record({**values, "sex": "F", "age": 40.0}), warnings))
    assert warned(found) == {"sex"} and warned(other) == {"age"}
    assert warned(with_doubts(found.without("image"))) == set()


def test_an_age_is_counted_from_the_dates_where_none_is_stated(tmp_path: Path) -> None:
    tags = {"PatientBirthDate": "19600501", "StudyDate": "20200510"}
    assert warned(case(tmp_path / "a", '{"age": 60}', **tags)) == set() and warned(case(tmp_path / "b", '{"age": 40}', **tags)) == {"age"}


def test_without_tags_or_with_broken_ones_nothing_is_said(tmp_path: Path) -> None:
    found = case(tmp_path / "a", '{"sex": "M", "age": 24}', PatientAge="09", StudyDate="2020", PatientBirthDate="19600501")
    assert warned(found) == set()


def test_a_prior_of_another_patient_or_of_a_later_day_is_doubted(tmp_path: Path) -> None:
    now = case(tmp_path / "now", '{"sex": "F"}', PatientID="12-345 678", PatientName="White^Page", StudyDate="20230511")
    same = case(tmp_path / "same", '{"sex": "F"}', PatientID="12345678", PatientName="WHITE^PAGE^", StudyDate="20230101")
    other = case(tmp_path / "other", '{"sex": "M"}', PatientID="99", PatientName="Brown^Bob", StudyDate="20250101")
    assert doubts(same, now) == () and doubts(now, now) == ()
    found = doubts(other, now)
    assert [word for word in ("different patients", "later of the two", "different sexes") if word not in " ".join(found)] == []
    assert not any(secret in " ".join(found) for secret in ("Brown", "99", "2025"))


def test_the_page_doubts_what_an_upload_joins(tmp_path: Path) -> None:
    from pages.shared import verdicts

    first, _ = verdicts.read({"a.dcm": written(dataset(Modality="CR", PatientSex="F"))}, SPEC)
    joined, listed = verdicts.read({"b.json": b'{"sex": "M"}'}, SPEC, first)
    assert joined is not None and warned(joined) == {"sex"}
    assert [v.state for v in listed] == [verdicts.ACCEPTED]
    (doubt,) = verdicts.doubted(joined, SPEC)
    assert (doubt.name, doubt.state) == ("Record", verdicts.WARNED) and doubt.text.startswith("Sex: the tags")
