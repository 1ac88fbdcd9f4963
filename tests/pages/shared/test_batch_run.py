import csv
import io
import json
import zipfile

import pytest

from mmcore.errors import InputError
from mmcore.model_spec import read_spec
from pages.shared import batch_run
from tests.pages.conftest import ROOT

SPEC = read_spec(ROOT / "mmcore" / "models" / "skin_lesion")
FAILED = {"case": "a", "model": "skin_lesion", "version": "f" * 64, "error": "no such photo"}


def test_photos_are_found_in_a_zip_and_beside_it(photo):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photos/a.jpg", photo)
    rows = batch_run.rows_of(b"image,age\nphotos/a.jpg,61\nb.jpg,50\n", [("p.zip", buffer.getvalue()), ("b.jpg", photo)], SPEC)
    assert [row.load().present for row in rows] == [("image", "record")] * 2


def test_a_table_of_wrong_columns_is_refused():
    with pytest.raises(InputError, match="no column"):
        batch_run.rows_of(b"colour\nred\n", [], SPEC)


def test_a_refused_row_too_carries_grade_notice_and_licence():
    line = json.loads(batch_run.json_lines([FAILED], SPEC))
    row = next(csv.DictReader(io.StringIO(batch_run.table([FAILED], SPEC).decode("utf-8-sig"))))
    for found in (line, row):
        assert found["error"] == "no such photo"
        assert (found["grade"], found["notice"], found["licence"]) == (SPEC.grade, SPEC.notice, SPEC.licence)


def test_rows_have_the_numbers_of_the_table_in_which_an_empty_one_counts():
    assert batch_run.row_numbers(b"age,region\n61,nose\n,\n40,back\n") == [1, 3]


def test_a_spreadsheet_runs_nothing_from_a_file_name():
    text = batch_run.table([{**FAILED, "case": "=HYPERLINK(1)"}], SPEC).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text


def test_the_verdict_of_a_row_follows_from_its_errors_and_warnings():
    assert [batch_run.verdict(row) for row in ({}, {"warnings": ["age: 430"]}, FAILED)] == ["accepted", "warned", "refused"]


def test_two_photos_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="Two photos are named"):
        batch_run.rows_of(b"image,age\na.jpg,61\n", [("a.jpg", b"one"), ("a.jpg", b"other")], SPEC)


def test_what_is_taken_away_has_row_numbers_in_place_of_names():
    rows = [{"case": "jane.jpg", "warnings": ["region: Mrs Featherstone is not known"]}, {"case": "b", "error": "jane.jpg is broken"}]
    given = batch_run.nameless(rows, [1, 3])
    assert [row["case"] for row in given] == ["row 1", "row 3"] and "jane" not in str(given) and "Featherstone" not in str(given)
