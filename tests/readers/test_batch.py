from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.batch import BatchRow, numbered, read_batch, read_batch_bytes
from mmcore.readers.limits import Limits

Write = Callable[[Mapping[str, bytes | str]], Path]


def outcome(row: BatchRow) -> str:
    try:
        return "+".join(row.load().present)
    except InputError as error:
        assert "\n" not in str(error) and error.hint
        return error.message


def test_a_folder_of_case_folders_zips_and_pictures(write: Write, spec: ModelSpec, photo: bytes) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("r.json", '{"age": 3}')
    folder = write(
        {
            "one/case.toml": '[inputs]\nimage = "p.jpg"\n',
            "one/p.jpg": photo,
            "two/p.jpg": photo,
            "two/r.csv": "age\n5\n",
            "three.zip": stream.getvalue(),
            "four.jpg": photo,
            "broken/case.toml": "titel = 1",
            "text.jpg": "text",
            ".hidden/p.jpg": photo,
            "README.md": "about",
        }
    )
    rows = read_batch(folder, spec)
    assert {row.id: outcome(row) for row in rows} == {
        "broken": "case.toml: unknown key 'titel'",
        "four.jpg": "image",
        "one": "image",
        "text.jpg": "text.jpg: this is text, not a picture",
        "three.zip": "record",
        "two": "image+record",
    }


def test_one_case_folder_is_a_batch_of_one(write: Write, spec: ModelSpec, photo: bytes) -> None:
    (row,) = read_batch(write({"case.toml": '[inputs]\nimage = "p.jpg"\n', "p.jpg": photo}), spec)
    assert outcome(row) == "image"


def test_links_to_files_of_one_name_are_cases_of_their_own_and_a_circle_of_links_is_an_error_of_its_own(
    write: Write, spec: ModelSpec, photo: bytes
) -> None:
    folder = write({"1/img.jpg": photo, "2/img.jpg": photo, "set/c.jpg": photo}) / "set"
    (folder / "a.jpg").symlink_to("../1/img.jpg")
    (folder / "b.jpg").symlink_to("../2/img.jpg")
    (folder / "d.jpg").symlink_to("d.jpg")
    rows = read_batch(folder, spec, besides=folder / "out.csv")
    assert [(row.id, outcome(row)) for row in rows] == [
        ("a.jpg", "image"),
        ("b.jpg", "image"),
        ("c.jpg", "image"),
        ("d.jpg", "d.jpg is not there"),
    ]


def test_names_that_look_the_same_once_written_are_numbered(tmp_path: Path, spec: ModelSpec, photo: bytes) -> None:
    for name in (b"bad\xfe.jpg", b"bad\xff.jpg"):
        try:
            (tmp_path / os.fsdecode(name)).write_bytes(photo)
        except OSError:
            pytest.skip("this file system takes names in UTF-8 only")
    assert [row.id for row in read_batch(tmp_path, spec)] == ["bad?.jpg", "bad?.jpg#2"]
    assert numbered(["a", "a", "a#2", "a"]) == ["a", "a#2", "a#2#2", "a#3"]


def test_the_current_folder_as_a_case_has_its_name(write: Write, spec: ModelSpec, photo: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"one/case.toml": '[inputs]\nimage = "p.jpg"\n', "one/p.jpg": photo, "one/in/x": ""}) / "one"
    monkeypatch.chdir(folder / "in")
    assert [read_batch(path, spec)[0].id for path in (Path(".."), folder)] == ["one", "one"]


@pytest.mark.parametrize("source", ["set", "set/metadata.csv"])
def test_pictures_that_a_table_names_may_be_links(write: Write, spec: ModelSpec, photo: bytes, source: str) -> None:
    folder = write({"kept/a.jpg": photo, "set/metadata.csv": "image,age\nimages/a.jpg,5\n"})
    (folder / "set" / "images").symlink_to(folder / "kept")
    assert [outcome(row) for row in read_batch(folder / source, spec)] == ["image+record"]


@pytest.mark.parametrize(
    ("name", "head"),
    [("old.csv", "case,sha256,model,version,error\n"), ("old.jsonl", '{"case": "a", "sha256": "", "model": "m", "version": "1"}\n')],
)
def test_answers_beside_the_pictures_are_no_table_of_cases(write: Write, spec: ModelSpec, photo: bytes, name: str, head: str) -> None:
    folder = write({"p/a.jpg": photo, f"p/{name}": head, "p/metadata.csv": "case,sha256,model,version\na.jpg,,demo,1\n"}) / "p"
    assert [row.id for row in read_batch(folder, spec)] == ["a.jpg"]
    (folder / "metadata.csv").write_text("")
    assert [row.id for row in read_batch(folder, spec, besides=folder / "metadata.csv")] == ["a.jpg"]


TABLE = """image,age,itch,colour,diagnosis
images/a.jpg,54,True,x,A
,430,UNK,,
images/none.jpg,5,,,
images/bad.jpg,5,,,
../out.jpg,5,,,
,7,no,,,9
images/a.jpg,,,,
"""


def test_a_bad_row_is_an_error_of_its_own_alone(write: Write, spec: ModelSpec, photo: bytes) -> None:
    folder = write({"set/table.csv": TABLE, "set/images/a.jpg": photo, "set/images/bad.jpg": photo[:300], "out.jpg": photo})
    rows = read_batch(folder / "set" / "table.csv", spec)
    assert [(row.id, outcome(row)) for row in rows] == [
        ("images/a.jpg", "image+record"),
        ("2", "the case holds nothing that can be used: nothing in age is understood"),
        ("images/none.jpg", "none.jpg is not there"),
        ("images/bad.jpg", "images/bad.jpg: the JPEG picture is damaged or cut off"),
        ("../out.jpg", "the path ../out.jpg leads out of its folder"),
        ("6", "row 6 has 6 cells, the header 5"),
        ("images/a.jpg#2", "image"),
    ]
    assert rows[0].load().inputs["record"].warnings == ("not used: colour",), "label and picture columns are no strangers"
    assert [row.id for row in read_batch(folder / "set", spec)] == [row.id for row in rows], "the only table of a folder is the batch"


def test_rows_are_read_only_when_asked_for(write: Write, spec: ModelSpec, photo: bytes) -> None:
    folder = write({"t.csv": "image\na.jpg\n"})
    (row,) = read_batch(folder / "t.csv", spec)
    (folder / "a.jpg").write_bytes(photo)
    assert outcome(row) == "image"


@pytest.mark.parametrize("column", ["photo", "File", "PATH", "picture", "Image"])
def test_the_picture_column_has_usual_other_names(write: Write, spec: ModelSpec, photo: bytes, column: str) -> None:
    folder = write({"t.csv": f"age;{column}\n5;a.jpg\n", "a.jpg": photo})
    assert [outcome(row) for row in read_batch(folder / "t.csv", spec)] == ["image+record"]


def test_two_likely_picture_columns_are_not_guessed(write: Write, spec: ModelSpec) -> None:
    with pytest.raises(InputError, match=r"photo or file\. Call the right one image"):
        read_batch(write({"t.csv": "photo,file\na.jpg,b.jpg\n"}) / "t.csv", spec)


def test_a_table_without_pictures_is_rows_of_records(write: Write, spec: ModelSpec) -> None:
    folder = write({"t.jsonl": '{"age": 5}\n{"age": [1]}\n{"itch": true}\n'})
    assert [(row.id, outcome(row)) for row in read_batch(folder / "t.jsonl", spec)] == [
        ("1", "record"),
        ("2", "the case holds nothing that can be used: nothing in age is understood"),
        ("3", "record"),
    ]


def test_warnings_stay_with_their_row(write: Write, spec: ModelSpec) -> None:
    rows = read_batch(write({"t.csv": "age,region,itch\n430,arm,UNK\n5,elbow,\n6,arm,True\n"}) / "t.csv", spec)
    assert [len(row.load().inputs["record"].warnings) for row in rows] == [1, 1, 0]


def test_what_concerns_the_whole_row_is_said_once(write: Write, spec: ModelSpec) -> None:
    record = spec.inputs["record"]
    two = replace(spec, inputs={"first": replace(record, fields=record.fields[:1]), "second": replace(record, fields=record.fields[1:])})
    (row,) = read_batch(write({"t.csv": "age,itch,colour\n5,yes,x\n"}) / "t.csv", two)
    assert [item.warnings for item in row.load().inputs.values()] == [("not used: colour",), ()]


@pytest.mark.parametrize(
    ("files", "path", "says"),
    [
        ({"t.csv": "x,y\n1,2\n"}, "t.csv", r"t.csv: no column is an input of demo \(found: x, y\). Expected: image, age, temperature"),
        ({"t.csv": "age\n"}, "t.csv", "t.csv: the table has no rows"),
        ({"t.csv": ""}, "t.csv", "t.csv: the file is empty"),
        ({"t.csv": b"PK\x03\x04"}, "t.csv", "is a zip file, not a batch"),
        ({"t.csv": "age\n1\n"}, "none.csv", "none.csv is not there"),
        ({"a.csv": "age\n1\n", "b.csv": "age\n1\n"}, ".", "holds 2 tables"),
        ({"README.md": "x"}, ".", "holds no cases"),
    ],
)
def test_a_batch_that_cannot_be_read_is_one_clear_error(
    write: Write, spec: ModelSpec, files: dict[str, bytes | str], path: str, says: str
) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_batch(write(files) / path, spec)
    assert caught.value.hint


def test_uploaded_photos_are_found_by_path_or_unique_base_name(spec: ModelSpec, photo: bytes) -> None:
    table = b"image,age\nimages/a.jpg,1\nb.jpg,2\nc.jpg,3\nd.jpg,4\n../a.jpg,5\nx/y/a.jpg,6\n"
    files = {"set/images/a.jpg": photo, "set/images/b.jpg": photo, "set/1/c.jpg": photo, "set/2/c.jpg": photo}
    rows = read_batch_bytes(table, files, spec)
    assert [outcome(row) for row in rows] == [
        "image+record",
        "image+record",
        "c.jpg could be set/1/c.jpg or set/2/c.jpg",
        "d.jpg is not there",
        "the path ../a.jpg leads out of its folder",
        "image+record",
    ]


def test_an_id_can_always_be_written_out_again(spec: ModelSpec) -> None:
    table = json.dumps([{"image": "\ud800.jpg"}, {"image": "é\n.jpg"}]).encode()
    for row in read_batch_bytes(table, {}, spec):
        assert json.loads(json.dumps({"id": row.id}, ensure_ascii=False).encode())["id"] == row.id
        outcome(row)


def test_limits_reach_the_rows(write: Write, spec: ModelSpec, photo: bytes) -> None:
    folder = write({"t.csv": "image\na.jpg\n", "a.jpg": photo})
    (row,) = read_batch(folder / "t.csv", spec, Limits(picture_pixels=100))
    assert outcome(row) == "a.jpg: the picture has 96 x 80 pixels"
