from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec, read_spec
from mmcore.readers.batch import read_dataset
from tests.readers.material import FIELDS

Write = Callable[[Mapping[str, bytes | str]], Path]
HEAD = ",".join(["image", "diagnosis", "patient", "smoke", *(field.name for field in FIELDS)])


def table(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


def test_a_data_set_has_labels_subjects_and_cases(write: Write, spec: ModelSpec, photo: bytes) -> None:
    rows = table("images/a.jpg,A,p1,True,54,,,m,arm,2.0,True,UNK", "images/b.jpg,B,p1,,,,,,,,UNK,no", "images/c.jpg,,,,,,,,,,,")
    found = read_dataset(write({"metadata.csv": rows, "images/a.jpg": photo, "images/b.jpg": photo}), spec)
    assert [(row.id, row.label, row.subject) for row in found] == [
        ("images/a.jpg", "A", "p1"),
        ("images/b.jpg", "B", "p1"),
        ("images/c.jpg", None, "images/c.jpg"),
    ]
    case = found[0].load()
    assert case.present == ("image", "record") and case.inputs["record"].warnings == ()
    assert case.inputs["record"].value.values["itch"] == "True" and case.inputs["record"].value.values["bleed"] is None
    assert found[0].columns["smoke"] == "True" and found[0].columns["age"] == "54"
    with pytest.raises(InputError, match=r"c\.jpg is not there"):
        found[2].load()


def test_label_and_subject_columns_may_be_missing(write: Write, spec: ModelSpec) -> None:
    head = ",".join(["image", *(field.name for field in FIELDS)])
    (row,) = read_dataset(write({"metadata.csv": table("a.jpg,54,,,,,,,", head=head)}), spec)
    assert (row.label, row.subject, row.id) == (None, "a.jpg", "a.jpg")


def test_order_of_rows_and_columns_changes_no_case(write: Write, spec: ModelSpec, photo: bytes) -> None:
    rows = ["a.jpg,A,p1,,54,,,m,arm,,yes,", "b.jpg,B,p2,,20,,,f,,,no,"]
    folder = write({"metadata.csv": table(*rows), "a.jpg": photo, "b.jpg": photo})
    before = {row.id: row.load().digest for row in read_dataset(folder, spec)}
    turned = [",".join(reversed(line.split(","))) for line in [HEAD, *reversed(rows)]]
    write({"metadata.csv": "\n".join(turned)})
    assert {row.id: row.load().digest for row in read_dataset(folder, spec)} == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (table("a.jpg,C,p1,,1,,,,,,,"), "row 1: C in the column diagnosis is no label of demo. Labels: A, B"),
        (table("a.jpg,1", head="image,age"), "columns are missing: temperature, score, sex, region, type, itch, bleed"),
        (table("1,,,,,,,", head=",".join(field.name for field in FIELDS)), "columns are missing: image"),
        ("x,y\n1,2\n", "no column is an input of demo"),
        ("", "metadata.csv: the file is empty"),
        (HEAD + "\n", "metadata.csv: the table has no rows"),
        (table("a.jpg,A,p1,,1,,,,,,,,,,x"), "row 1 has 15 cells"),
    ],
)
def test_a_data_set_that_does_not_fit_is_one_clear_error(write: Write, spec: ModelSpec, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_dataset(write({"metadata.csv": content}), spec)
    assert caught.value.hint


def test_a_folder_without_the_table_is_no_data_set(tmp_path: Path, spec: ModelSpec) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match=r"it has no metadata.csv"):
            read_dataset(folder, spec)


def test_a_generated_set_of_the_skin_model_is_read(repo: Path, tiny_skin_set: Path) -> None:
    spec = read_spec(repo / "mmcore" / "models" / "skin_lesion")
    rows = read_dataset(tiny_skin_set, spec)
    assert len(rows) == 60 and {row.label for row in rows} <= set(spec.label_ids)
    assert rows[0].load().present == ("image", "record")


@pytest.mark.data
def test_every_row_of_the_real_skin_set_is_read_without_a_warning(repo: Path, shared_data: Path) -> None:
    spec = read_spec(repo / "mmcore" / "models" / "skin_lesion")
    rows = read_dataset(shared_data / "skin_pad_ufes20", spec)
    assert Counter(row.label for row in rows).keys() == set(spec.label_ids) and len({row.id for row in rows}) == len(rows)
    cases = [row.load() for row in rows[::10]]
    assert all(case.present == ("image", "record") for case in cases)
    assert not [warning for case in cases for item in case.inputs.values() for warning in item.warnings]


def test_pictures_of_a_data_set_may_be_links_to_where_they_are_kept(write: Write, spec: ModelSpec, photo: bytes) -> None:
    rows = table("images/a.jpg,A,p1,,,,,,,,,", "../kept/b.jpg,B,p2,,,,,,,,,")
    folder = write({"set/metadata.csv": rows, "kept/a.jpg": photo, "kept/b.jpg": photo})
    os.symlink(folder / "kept", folder / "set" / "images")
    linked, outside = read_dataset(folder / "set", spec)
    assert "image" in linked.load().present
    with pytest.raises(InputError, match="leads out of its folder"):
        outside.load()
