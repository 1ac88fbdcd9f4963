from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from mmcore.case import Case
from mmcore.errors import InputError
from mmcore.model_spec import InputSpec, ModelSpec
from mmcore.readers.batch import read_batch
from mmcore.readers.case_folder import build_case, read_case, read_case_bytes
from mmcore.readers.dataset import read_dataset
from mmcore.readers.limits import LIMITS
from mmcore.readers.table_cases import expected_columns
from mmcore.readers.written import read_text, read_text_file

NOTE = "Fever since Tuesday.\nDry cough, café-au-lait spots."
Write = Callable[[Mapping[str, bytes | str]], Path]


@pytest.fixture(scope="module")
def noted(spec: ModelSpec) -> ModelSpec:
    """The small model with a note as its third input."""
    data = replace(spec.data, columns={**spec.data.columns, "note": "clinical_notes"})
    return replace(spec, inputs={**spec.inputs, "note": InputSpec("text", "Note", "minilm")}, data=data)


def text_of(case: Case) -> str:
    return case.inputs["note"].value.text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_a_text_is_the_same_in_every_encoding(codec: str) -> None:
    text, warnings = read_text_file(NOTE.replace("\n", "\r\n").encode(codec))
    assert text is not None and text.text == NOTE
    assert bool(warnings) == (codec == "cp1252")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG file, not a plain text"),
        (b"%PDF-1.7", "PDF is damaged"),
        (b"{\\rtf1\\ansi note}", "rich text"),
        (b"note \x00\x01\x02", "no plain text"),
        (b"a" * 5000 + b"\x00", "control characters"),
        (b"a" * (LIMITS.text_bytes + 1), "larger than 1 MB"),
        (b"\xff\xfe\x00", "not valid UTF-16"),
    ],
)
def test_what_is_no_plain_text_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_text_file(data)
    assert "\n" not in str(caught.value)


def test_a_word_document_is_refused() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(InputError, match="Office document"):
        read_text_file(stream.getvalue())


@pytest.mark.parametrize("raw", ["", " \n\t", "---", "n/a", "Unknown", "\u202e\u200b", "…"])
def test_a_text_with_nothing_in_it_is_missing(raw: str) -> None:
    assert read_text(raw) == (None, ())


def test_invisible_characters_are_left_out_and_a_long_text_is_cut() -> None:
    text, warnings = read_text("pass\u202eword\u200b \x07 ok")
    assert text is not None and text.text == "password  ok" and not warnings
    text, warnings = read_text("word " * 10_000)
    assert text is not None and len(text.text) == LIMITS.text_characters and "left out" in warnings[0]


def test_same_words_have_the_same_hash() -> None:
    one, other = read_text_file(NOTE.encode())[0], read_text_file(NOTE.encode("utf-16"))[0]
    assert one is not None and other is not None and one.sha256 == other.sha256
    assert read_text("lone \ud800 surrogate")[0] is not None


def test_a_case_folder_names_its_text(noted: ModelSpec, write: Write) -> None:
    folder = write({"case.toml": '[inputs]\nnote = "n.txt"\nrecord = "r.json"', "n.txt": NOTE, "r.json": '{"age": 3}'})
    case = read_case([folder], noted)
    assert case.present == ("record", "note") and text_of(case) == NOTE
    assert case.digest != case.without("note").digest


@pytest.mark.parametrize("name", ["note.txt", "note", "note.md", "history.dat"])
def test_a_loose_text_file_is_the_text(noted: ModelSpec, name: str) -> None:
    case = read_case_bytes({name: NOTE.encode(), "r.csv": b"age,sex\n40,m\n"}, noted)
    assert text_of(case) == NOTE and case.inputs["record"].present


def test_json_and_tables_stay_records(noted: ModelSpec) -> None:
    case = read_case_bytes({"r.txt": b'{"age": 40}'}, noted)
    assert case.present == ("record",)


def test_a_model_without_a_text_reads_txt_as_a_record_as_before(spec: ModelSpec) -> None:
    assert read_case_bytes({"r.txt": b"age,sex\n40,m\n"}, spec).present == ("record",)


def test_an_empty_text_is_absent_with_a_warning(noted: ModelSpec) -> None:
    case = read_case_bytes({"n.txt": b" - ", "r.json": b'{"age": 40}'}, noted)
    assert case.present == ("record",) and "nothing is written" in case.inputs["note"].warnings[0]


def test_a_form_gives_a_text(noted: ModelSpec) -> None:
    assert text_of(build_case(noted, None, None, text_raw=NOTE)) == NOTE
    with pytest.raises(InputError, match="nothing that can be used"):
        build_case(noted, None, None, text_raw=" ")


def test_a_table_holds_texts_in_a_column(noted: ModelSpec, write: Write) -> None:
    folder = write({"t.csv": 'age,Clinical Notes\n40,"Dry cough,\nfever"\n41,\n'})
    rows = read_batch(folder / "t.csv", noted)
    assert text_of(rows[0].load()) == "Dry cough,\nfever"
    assert rows[1].load().present == ("record",)
    assert expected_columns(noted)[-1] == "clinical_notes"


def test_a_data_set_needs_the_texts_column(noted: ModelSpec, write: Write) -> None:
    header = "image,diagnosis,patient," + ",".join(field.name for field in noted.inputs["record"].fields)
    row = ",A,p1,40,,,,,,,"
    folder = write({"metadata.csv": f"{header}\n{row}\n"})
    with pytest.raises(InputError, match="columns are missing: clinical_notes"):
        read_dataset(folder, noted)
    (folder / "metadata.csv").write_text(f"{header},clinical_notes\n{row},cough\n")
    assert text_of(read_dataset(folder, noted)[0].load()) == "cough"
