"""Tables that grow row by row: they survive a kill and never mix with something else."""

import csv
import json
from pathlib import Path

import pytest

from mmcore.commands.row_file import appending, check_ending, check_table, read_rows, rewrite
from mmcore.errors import InputError

COLUMNS = ["case", "version", "error", "set"]


@pytest.fixture(params=["t.jsonl", "t.csv"])
def path(request, tmp_path):
    return tmp_path / request.param


def test_rows_written_are_rows_read(path):
    rewrite(path, [], COLUMNS)
    with appending(path, COLUMNS) as write:
        write({"case": 'images/a, "b".jpg', "version": "1", "error": None, "set": ["MEL", "NEV"]})
        write({"case": "ü", "version": "1"})
    rows = read_rows(path, COLUMNS)
    assert [row["case"] for row in rows] == ['images/a, "b".jpg', "ü"]
    assert rows[0]["set"] == (["MEL", "NEV"] if path.suffix == ".jsonl" else "MEL; NEV")
    assert not rows[1].get("error")


def test_a_row_is_in_the_file_before_the_next_is_asked_for(path):
    with appending(path, COLUMNS) as write:
        write({"case": "a", "version": "1"})
        assert path.read_text().endswith("\n") and "a" in path.read_text()


def test_a_torn_last_row_is_left_out_and_the_rest_goes_on(path):
    rewrite(path, [{"case": "a", "version": "1"}, {"case": "b", "version": "1"}], COLUMNS)
    path.write_bytes(path.read_bytes()[:-3])
    kept = read_rows(path, COLUMNS)
    assert [row["case"] for row in kept] == ["a"]
    rewrite(path, kept, COLUMNS)
    with appending(path, COLUMNS) as write:
        write({"case": "b", "version": "1"})
    assert [row["case"] for row in read_rows(path, COLUMNS)] == ["a", "b"]


def test_rewriting_keeps_every_value(path):
    rewrite(path, [{"case": "a", "version": "1", "set": ["x"]}, {"case": "b", "version": "2", "error": "e"}], COLUMNS)
    before = path.read_bytes()
    rewrite(path, read_rows(path, COLUMNS), COLUMNS)
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.part"))


def test_a_file_that_is_not_there_has_no_rows(path):
    assert read_rows(path, COLUMNS) == []


@pytest.mark.parametrize(
    "content",
    [
        b"name,age\nx,1\n",
        b"\xff\xfe\x00\n",
        b"[1]\n",
        b"hello",
        b'{"case": "a"}\n',
        b'{"case": "a"}',
        b'{"case": "a", "version": "1", "p_other": 1}\n',
    ],
)
def test_a_foreign_file_is_refused_and_left_alone(path, content):
    path.write_bytes(content)
    with pytest.raises(InputError, match="Choose another --out"):
        read_rows(path, COLUMNS)
    assert path.read_bytes() == content


def test_only_names_that_say_a_format_are_taken(tmp_path):
    check_ending(tmp_path / "A.CSV")
    with pytest.raises(InputError, match=r"\.jsonl"):
        check_ending(tmp_path / "out.xlsx")


def test_other_programs_read_both_formats(tmp_path):
    for name in ("t.csv", "t.jsonl"):
        rewrite(tmp_path / name, [{"case": "a", "version": "1", "set": ["x", "y"]}], COLUMNS)
    with (tmp_path / "t.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == [{"case": "a", "version": "1", "error": "", "set": "x; y"}]
    assert json.loads((tmp_path / "t.jsonl").read_text()) == {"case": "a", "version": "1", "set": ["x", "y"]}


def test_a_row_torn_inside_a_quoted_cell_is_left_out(tmp_path):
    path = tmp_path / "out.csv"
    rewrite(path, [{"case": "a", "version": "1"}, {"case": "li\nne.jpg", "version": "1"}], COLUMNS)
    path.write_text(path.read_text(encoding="utf-8").split("ne.jpg")[0], encoding="utf-8")
    assert [row["case"] for row in read_rows(path, COLUMNS)] == ["a"]


def test_a_name_with_another_kind_of_line_end_is_read_back(tmp_path):
    path = tmp_path / "out.jsonl"
    rewrite(path, [{"case": "a\u2028b\u0085c", "version": "1"}], COLUMNS)
    assert [row["case"] for row in read_rows(path, COLUMNS)] == ["a\u2028b\u0085c"]


def test_a_spreadsheet_takes_no_cell_for_a_formula(tmp_path):
    path = tmp_path / "out.csv"
    rewrite(path, [{"case": "=cmd.jpg", "version": "1", "set": ["-1"]}], COLUMNS)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1] == ["'=cmd.jpg", "1", "", "'-1"]
    assert read_rows(path, COLUMNS)[0]["case"] == "=cmd.jpg"


def test_a_table_is_refused_before_the_work_where_it_could_not_be_rewritten_or_is_what_is_read(tmp_path):
    path = tmp_path / "out.csv"
    check_table(path, tmp_path)
    assert not list(tmp_path.iterdir())
    path.write_text("age\n1\n")
    with pytest.raises(InputError, match="is an input too"):
        check_table(path, path)
    (tmp_path / "out.csv.part").mkdir()
    with pytest.raises(InputError, match=r"out\.csv\.part is a folder"):
        check_table(path, tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_one_line_that_names_the_file(tmp_path):
    path = tmp_path / "out.csv"
    path.symlink_to("/dev/full")
    with pytest.raises(InputError, match=r"out\.csv cannot be written: No space left.*Make room"), appending(path, COLUMNS) as write:
        write({"case": "a", "version": "1"})
    (tmp_path / "out.csv.part").symlink_to("/dev/full")
    with pytest.raises(InputError, match=r"out\.csv\.part cannot be written: No space left.*Make room"):
        rewrite(path, [], COLUMNS)
