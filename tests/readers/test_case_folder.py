from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcore.case import Case
from mmcore.errors import InputError
from mmcore.model_spec import InputSpec, ModelSpec
from mmcore.readers.case_folder import build_case, read_case, read_case_bytes
from mmcore.readers.limits import Limits

Write = Callable[[Mapping[str, bytes | str]], Path]
TOML = 'title = "A case"\nmodel = "demo"\ngenerated = true\n[inputs]\nimage = "files/photo.jpg"\nrecord = "record.json"\n'
RECORD = '{"age": 54, "itch": "yes"}'


def pack(files: Mapping[str, bytes | str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def assert_whole(case: Case) -> None:
    assert tuple(case.inputs) == ("image", "record") == case.present
    assert case.inputs["image"].value.size == (96, 80)
    assert case.inputs["record"].value.values["age"] == 54.0


def test_folder_toml_zip_and_upload_of_a_case_are_the_same_case(write: Write, spec: ModelSpec, photo: bytes) -> None:
    files = {"case.toml": TOML, "files/photo.jpg": photo, "record.json": RECORD, "readme.md": "extra files do no harm"}
    folder = write(files)
    (folder / "whole.zip").write_bytes(pack({f"lesion/{name}": data for name, data in files.items()}))
    uploads = {"case.toml": TOML.encode(), "photo.jpg": photo, "record.json": RECORD.encode()}
    nested = {f"lesion/{name}": data if isinstance(data, bytes) else data.encode() for name, data in files.items()}
    cases = [
        read_case([folder], spec),
        read_case([folder / "case.toml"], spec),
        read_case([folder / "whole.zip"], spec),
        read_case_bytes(uploads, spec),
        read_case_bytes(nested, spec),
        read_case_bytes({"whole.zip": (folder / "whole.zip").read_bytes()}, spec),
    ]
    for case in cases:
        assert_whole(case)
        assert (case.title, case.generated) == ("A case", True)
    assert len({case.digest for case in cases}) == 1


def test_files_themselves_are_known_by_content(write: Write, spec: ModelSpec, photo: bytes) -> None:
    folder = write({"odd.name": photo, "values.csv": "age;itch\n54;ja\n", ".DS_Store": b"\0\1"})
    case = read_case([folder / "values.csv", folder / "odd.name"], spec)
    assert_whole(case)
    assert case.generated is None
    assert_whole(read_case([folder], spec))
    assert read_case([folder / "odd.name"], spec).present == ("image",)
    assert read_case([folder / "values.csv"], spec).present == ("record",)


def test_the_name_of_a_file_changes_nothing_but_the_title(write: Write, spec: ModelSpec, photo: bytes) -> None:
    folder = write({"a.jpg": photo, "b.png": photo})
    one, other = read_case([folder / "a.jpg"], spec), read_case([folder / "b.png"], spec)
    assert one.digest == other.digest and (one.title, other.title) == ("a", "b")


def test_a_modality_left_out_of_case_toml_is_missing(write: Write, spec: ModelSpec, photo: bytes) -> None:
    case = read_case([write({"case.toml": '[inputs]\nimage = "p.jpg"\n', "p.jpg": photo, "record.json": RECORD})], spec)
    assert case.present == ("image",) and case.inputs["record"].value is None
    assert tuple(case.unused) == ("record.json",)


def test_an_empty_record_counts_as_absent_with_a_warning(spec: ModelSpec, photo: bytes) -> None:
    for raw in ({}, {"age": ""}, {"age": 430}):
        case = build_case(spec, photo, raw)
        assert case.present == ("image",)
        assert case.inputs["record"].warnings[-1] == "record: nothing in it is known, taken as absent"
    assert build_case(spec, photo, {"age": 430}).inputs["record"].warnings[0].startswith("age: 430 is above")


def test_a_form_gives_the_same_case_as_files(spec: ModelSpec, photo: bytes) -> None:
    case = build_case(spec, photo, {"age": 54, "itch": True})
    assert_whole(case)
    assert case.digest == read_case_bytes({"p": photo, "r.json": RECORD.encode()}, spec).digest
    assert build_case(spec, None, {"age": 1}).present == ("record",) and build_case(spec, photo, None).present == ("image",)


def test_a_case_of_another_model_is_read_with_a_warning(write: Write, spec: ModelSpec, photo: bytes) -> None:
    case = read_case([write({"case.toml": 'model = "chest"\n[inputs]\nimage = "p.jpg"\n', "p.jpg": photo})], spec)
    assert case.inputs["image"].warnings == ("made for the model chest, read for demo",)


def test_notes_of_a_case_are_kept(write: Write, spec: ModelSpec, photo: bytes) -> None:
    case = read_case([write({"case.toml": '[inputs]\nimage = "p.jpg"\n[notes]\nstory = "x"\n', "p.jpg": photo})], spec)
    assert case.notes == {"story": "x"}


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('titel = "x"\n', r"unknown key 'titel'. Did you mean 'title'\?"),
        ('[inputs]\nimgae = "p.jpg"\n', r"'imgae' is no input of demo. Did you mean 'image'\?"),
        ('[inputs]\nimage = "p.jpg"\n[prior]\nimgae = "p.jpg"\n', r"\[prior\]: 'imgae' is no input of demo. Did you mean 'image'\?"),
        ('[inputs]\nimage = "p.jpg"\n[prior]\nimage = "gone.jpg"\n', r"\[prior\] image: gone.jpg is not there"),
        ('[inputs]\nsound = "p.jpg"\n', "This model's inputs: image, record"),
        ('[inputs]\nimage = "../p.jpg"\n', "image: the path ../p.jpg leads out of its folder"),
        ('[inputs]\nimage = "/etc/passwd"\n', "leads out of its folder"),
        ('[inputs]\nimage = "C:\\\\p.jpg"\n', "leads out of its folder"),
        ('[inputs]\nimage = "..\\\\p.jpg"\n', "leads out of its folder"),
        ('[inputs]\nimage = "a\\u0000b"\n', "leads out of its folder"),
        ('[inputs]\nimage = ""\n', "a path is empty"),
        ('[inputs]\nimage = "no.jpg"\n', "image: no.jpg is not there"),
        ('[inputs]\nimage = "sub"\n', "sub is not there"),
        ("[inputs]\nimage = 3\n", "must be a text in quotes"),
        ('inputs = "p.jpg"\n', "must be a table"),
        ('generated = "yes"\n', "generated is neither true nor false"),
        ("title = \n", "not valid TOML"),
        ("a = " + "[" * 5000, "not valid TOML"),
        ("", "holds nothing that can be used. Give at least one of: image .Photo., record .Record."),
        ("#" + "x" * 70_000, "case.toml is larger than"),
    ],
)
def test_a_wrong_case_toml_is_one_clear_error(write: Write, spec: ModelSpec, photo: bytes, toml: str, says: str) -> None:
    folder = write({"case.toml": toml, "p.jpg": photo, "sub/q.jpg": photo})
    with pytest.raises(InputError, match=says) as caught:
        read_case([folder], spec)
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError):
        read_case_bytes({"case.toml": toml.encode(), "other.jpg": photo}, spec)


def test_a_link_out_of_the_folder_is_not_followed(write: Write, spec: ModelSpec, photo: bytes) -> None:
    folder = write({"secret.jpg": photo, "case/case.toml": '[inputs]\nimage = "link.jpg"\n', "bare/.keep": ""})
    for name in ("case", "bare"):
        os.symlink(folder / "secret.jpg", folder / name / "link.jpg")
        with pytest.raises(InputError, match="leads out of its folder"):
            read_case([folder / name], spec)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.jpg": "PHOTO", "b.jpg": "PHOTO"}, "a.jpg and b.jpg are both a picture"),
        ({"a.json": RECORD, "b.csv": "age\n1\n"}, "a.json and b.csv are both a record"),
        ({"a.csv": "age\n1\n2\n"}, "a.csv: it holds 2 records. Give one row, or use batch"),
        ({"a.csv": "x,y\n1,2\n"}, "a.csv: no column is a field of this model"),
        ({"photo.jpg": "just text"}, "photo.jpg: this is text, not a picture"),
        ({"photo.jpg": ""}, "photo.jpg: the file is empty"),
        ({"r.csv": ""}, "r.csv: the file is empty"),
        ({"r.csv": b"\0\1\2\3"}, "r.csv: this is no text table"),
        ({"photo.jpg": b"\xff\xd8\xff\xe0\0"}, "photo.jpg: the JPEG picture is damaged"),
        ({"notes.md": "# text"}, "notes.md is neither a picture nor a record"),
        ({"thing.bin": b"\0\1\2"}, "thing.bin: this is no picture of a known format"),
        ({"e\nvil\u202e.jpg": "text"}, "^e vil .jpg: this is text"),
        ({"r.json": "{}"}, "holds nothing that can be used"),
    ],
)
def test_files_that_make_no_case_are_one_clear_error(
    write: Write, spec: ModelSpec, photo: bytes, files: dict[str, bytes | str], says: str
) -> None:
    content = {name: photo if data == "PHOTO" else data for name, data in files.items()}
    folder = write(content)
    for read in (lambda: read_case([folder], spec), lambda: read_case([folder / name for name in content], spec)):
        with pytest.raises(InputError, match=says) as caught:
            read()
        assert "\n" not in str(caught.value) and caught.value.hint
    with pytest.raises(InputError, match=says):
        read_case_bytes({name: data if isinstance(data, bytes) else data.encode() for name, data in content.items()}, spec)


def test_an_error_about_a_case_never_tells_a_cell(spec: ModelSpec) -> None:
    with pytest.raises(InputError) as caught:
        read_case_bytes({"r.json": b'{"age": "Jane Doe", "region": "secret"}'}, spec)
    assert "Jane" not in str(caught.value) and "secret" not in str(caught.value)


def test_what_is_not_there_or_no_plain_file_is_refused(write: Write, spec: ModelSpec, photo: bytes) -> None:
    folder = write({"a.jpg": photo, "sub/b.jpg": photo})
    os.mkfifo(folder / "pipe.jpg")
    for paths, says in [
        ([], "no file is given"),
        ([folder / "none.jpg"], "none.jpg is not there"),
        ([Path("https://example.org/mole.jpg")], "mole.jpg lies on the web. Save it on this machine first"),
        ([folder / "pipe.jpg"], "is not a file"),
        ([folder / "a\0b"], "is not there|cannot be read"),
        ([folder / ("x" * 5000)], "is not there|cannot be read"),
        ([folder / "a.jpg", folder / "sub"], "sub is a folder among files"),
        ([folder / "a.jpg", folder / "sub" / ".." / "a.jpg"], "two files are called a.jpg"),
    ]:
        with pytest.raises(InputError, match=says):
            read_case(paths, spec)


def test_several_cases_and_too_many_files_are_sent_to_batch(write: Write, spec: ModelSpec, photo: bytes) -> None:
    folder = write({"a/case.toml": TOML, "b/case.toml": TOML})
    with pytest.raises(InputError, match=r"several cases\. Give one case, or use batch"):
        read_case([folder], spec)
    with pytest.raises(InputError, match="more than 1 files"):
        read_case([folder], spec, Limits(case_files=1))
    with pytest.raises(InputError, match="more than 1 files"):
        read_case_bytes({"a": photo, "b": photo}, spec, Limits(case_files=1))


def test_a_base_name_of_two_files_is_not_guessed(spec: ModelSpec, photo: bytes) -> None:
    files = {"case.toml": b'[inputs]\nimage = "p.jpg"\n', "a/p.jpg": photo, "b/p.jpg": photo}
    with pytest.raises(InputError, match=r"p.jpg could be a/p.jpg or b/p.jpg"):
        read_case_bytes(files, spec)


def test_upload_names_that_climb_out_are_only_labels(spec: ModelSpec, photo: bytes) -> None:
    assert_whole(read_case_bytes({"../../etc/photo.jpg": photo, "C:\\x\\r.json": RECORD.encode()}, spec))
    with pytest.raises(InputError, match="two files are called"):
        read_case_bytes({"../p.jpg": photo, "../../p.jpg": photo}, spec)


def test_kinds_that_a_model_lacks_or_has_twice_are_refused(spec: ModelSpec, photo: bytes) -> None:
    only_record = replace(spec, inputs={"record": spec.inputs["record"]})
    with pytest.raises(InputError, match="demo takes no picture"):
        read_case_bytes({"p.jpg": photo}, only_record)
    two = replace(spec, inputs={"left": InputSpec("picture", "Left", "any"), "right": InputSpec("picture", "Right", "any")})
    with pytest.raises(InputError, match=r"several inputs of the kind picture\. Say which is which in a case\.toml"):
        read_case_bytes({"p.jpg": photo}, two)
    toml = b'[inputs]\nleft = "p.jpg"\nright = "p.jpg"\n'
    assert read_case_bytes({"case.toml": toml, "p.jpg": photo}, two).present == ("left", "right")


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=12) | st.sampled_from(["case.toml", "a.jpg", "r.csv", "../x"]), st.binary(max_size=60), max_size=4))
def test_any_upload_gives_a_case_or_an_input_error(spec: ModelSpec, files: dict[str, bytes]) -> None:
    try:
        case = read_case_bytes(files, spec)
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert tuple(case.inputs) == spec.modalities and case.present


def test_a_prior_is_read_beside_the_case_and_is_no_part_of_its_hash(
    spec: ModelSpec, write: Write, photo: bytes
) -> None:
    toml = '[inputs]\nimage = "p.jpg"\n'
    alone = read_case_bytes({"case.toml": toml.encode(), "p.jpg": photo}, spec)
    files = {"case.toml": toml + '[prior]\nrecord = "before/r.json"\n', "p.jpg": photo, "before/r.json": RECORD}
    case = read_case([write(files)], spec)
    assert case.prior is not None and case.prior.present == ("record",) and case.prior.inputs["record"].value.values["age"] == 54
    assert case.digest == alone.digest and alone.prior is None and case.without("image").prior is case.prior


def test_a_path_may_stand_alone_or_be_a_text(spec: ModelSpec, write: Write, photo: bytes) -> None:
    folder = write({"p.jpg": photo})
    assert len({read_case(paths, spec).digest for paths in ([folder], folder, str(folder), [str(folder / "p.jpg")])}) == 1
    for nothing in ("", [""], []):
        with pytest.raises(InputError, match="no file is given"):
            read_case(nothing, spec)
