from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcore.case import Record
from mmcore.errors import InputError
from mmcore.model_spec import Field
from mmcore.readers.limits import Limits
from mmcore.readers.record import match_columns, read_record, read_record_file
from tests.readers.material import FIELDS


def one(name: str, value: Any) -> tuple[Any, tuple[str, ...]]:
    record, warnings = read_record({name: value}, FIELDS)
    return record.values[name], warnings


def assert_valid(record: Record, fields: Sequence[Field]) -> None:
    assert list(record.values) == [field.name for field in fields]
    for field in fields:
        value = record.values[field.name]
        if value is None:
            continue
        if field.type == "number":
            assert type(value) is float and math.isfinite(value) and field.range[0] <= value <= field.range[1]
        else:
            assert value in (field.values if field.type == "category" else ("True", "False"))


@pytest.mark.parametrize(
    "value",
    [54, 54.0, np.int64(54), np.float32(54), *["54", " 54.0 ", "54 years", "54y", "54 J.", "５４", "54 años", "54 歳", "٥٤", "5.4e1"]],
)
def test_a_number_is_read_with_or_without_its_own_unit(value: Any) -> None:
    assert one("age", value) == (54.0, ())


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        (430, "age: 430 is above 120, taken as missing"),
        ("430 years", "age: 430 years is above 120, taken as missing"),
        (-3, "age: -3 is below 0, taken as missing"),
        ("650 months", "age: 650 months is not in years, taken as missing"),
        ("54m", "age: 54m is not in years, taken as missing"),
        ("about fifty", "age: about fifty is not a number, taken as missing"),
        ("40-50", "age: 40-50 is not a plain number, taken as missing"),
        ("90+", "age: 90+ is not a plain number, taken as missing"),
        (True, "age: True is not a number, taken as missing"),
        (math.inf, "age: inf is not finite, taken as missing"),
        ("1e999", "age: 1e999 is not finite, taken as missing"),
        (10**400, "age: a number of more than 30 digits is above 120, taken as missing"),
        (-(10**400), "age: a number of more than 30 digits is below 0, taken as missing"),
        ([54], "age: the value is neither text nor a number, taken as missing"),
        ({"years": 54}, "age: the value is neither text nor a number, taken as missing"),
        (b"54", "age: the value is neither text nor a number, taken as missing"),
    ],
)
def test_a_number_that_is_not_understood_is_missing_and_said(value: Any, warning: str) -> None:
    assert one("age", value) == (None, (warning,))


@pytest.mark.parametrize(
    "value",
    [
        None,
        math.nan,
        np.float64("nan"),
        *[
            "",
            "  ",
            "-",
            "--",
            "—",
            "?",
            ".",
            "n/a",
            "N/A",
            "NaN",
            "None",
            "NULL",
            "unk",
            "Unknown",
            "UNBEKANNT",
            "não informado",
            "не\u200bизвестно",
            "不明",
            "<NA>",
        ],
    ],
)
@pytest.mark.parametrize("name", ["age", "region", "bleed"])
def test_a_spelling_of_not_known_is_missing_without_a_warning(name: str, value: Any) -> None:
    assert one(name, value) == (None, ())


def test_the_fields_own_missing_spellings_come_first() -> None:
    assert one("itch", "9") == (None, ()) and one("itch", 9) == (None, ()) and one("itch", "unk") == (None, ())
    assert one("bleed", "9")[1] == ("bleed: 9 is neither yes nor no, taken as missing",)


def test_an_allowed_value_that_looks_like_missing_is_a_value() -> None:
    assert one("type", "none") == ("NONE", ()) and one("type", "NONE") == ("NONE", ())
    assert one("region", "none") == (None, ())


@pytest.mark.parametrize(
    "yes",
    [
        True,
        1,
        1.0,
        np.True_,
        *["1", "True", "yes", "YES", "Y", "ja", "sí", "SI", "sim", "Oui", "да", "是", "はい", "네", "ｙｅｓ", "1.0", "+"],
    ],
)
def test_yes_in_many_spellings(yes: Any) -> None:
    assert one("bleed", yes) == ("True", ())


@pytest.mark.parametrize(
    "no", [False, 0, 0.0, *["0", "false", "No", "n", "nein", "não", "NAO", "non", "нет", "否", "いいえ", "아니요", "ohne"]]
)
def test_no_in_many_spellings(no: Any) -> None:
    assert one("bleed", no) == ("False", ())


@pytest.mark.parametrize("neither", [2, -1, "maybe", "yes and no", "10"])
def test_a_flag_that_is_neither_is_missing_and_said(neither: Any) -> None:
    assert one("bleed", neither) == (None, (f"bleed: {neither} is neither yes nor no, taken as missing",))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        *(("sex", spelling, "MALE") for spelling in ("M", "m", "male", "Male", "男", "ｍ")),
        *(("region", spelling, "ARM") for spelling in ("arm", "ARM ", "braço", "BRACO")),
        *(("region", spelling, "UPPER LIP") for spelling in ("upper_lip", "Upper-Lip", "upper  lip")),
        *(("region", spelling, "FUSS") for spelling in ("Fuß", "foot")),
        *(("type", spelling, "2.0") for spelling in (2, 2.0, "2.0", np.int32(2))),
    ],
)
def test_categories_and_synonyms_without_case_accents_or_width(name: str, value: Any, expected: str) -> None:
    assert one(name, value) == (expected, ())


def test_an_unknown_category_is_missing_and_names_what_is_known() -> None:
    assert one("region", "elbow") == (None, ("region: elbow is not one of arm, upper lip, fuss, taken as missing",))
    assert one("region", "uper lip") == (None, ("region: uper lip is not a known value (closest: upper lip), taken as missing",))
    assert one("region", "limb") == (None, ("region: limb could mean arm or fuss, taken as missing",))


def test_columns_that_are_no_field_are_named_once() -> None:
    record, warnings = read_record({"age": 5, "diameter": "6", "smoke": None}, FIELDS)
    assert record.values["age"] == 5 and warnings == ("not used: diameter, smoke",)


def test_hostile_names_and_values_stay_on_one_short_line() -> None:
    _, warnings = read_record({"evil\n\u202ename" + "x" * 500: 1, "": 2, "age": "a\nb\u202e" + "y" * 10_000}, FIELDS)
    for warning in warnings:
        assert "\n" not in warning and "\u202e" not in warning and len(warning) < 200
    assert "(no name)" in warnings[-1]


def test_two_columns_of_one_field_must_agree() -> None:
    assert read_record({"Age": "54", "age": 54}, FIELDS)[0].values["age"] == 54
    record, warnings = read_record({"Age": "54", "age": 55}, FIELDS)
    assert record.values["age"] is None and warnings == ("age: Age and age disagree, taken as missing",)


def test_zero_has_one_hash() -> None:
    assert read_record({"score": -0.0}, FIELDS)[0].sha256 == read_record({"score": "0"}, FIELDS)[0].sha256


def test_columns_match_by_name_then_alias_and_only_in_the_fields_unit() -> None:
    found = match_columns(["AGE", "Gender", "region", "Bleeds", "diameter"], FIELDS)
    assert {column: field.name for column, field in found.items()} == {"AGE": "age", "Gender": "sex", "region": "region", "Bleeds": "bleed"}
    assert list(match_columns(["age (years)"], FIELDS)) == ["age (years)"]
    assert list(match_columns(["Temperature [°C]"], FIELDS)) == ["Temperature [°C]"]
    assert match_columns(["age (months)", "age_months", "score (points)"], FIELDS) == {}
    assert list(match_columns(["alter", "age"], FIELDS)) == ["age"], "the field's own name comes before an alias"
    assert list(match_columns(["Patient Age", "ALTER"], FIELDS)) == ["Patient Age", "ALTER"]


def test_a_name_of_two_fields_means_none() -> None:
    fields = [Field("a", "A", "flag", aliases=("x",)), Field("b", "B", "flag", aliases=("x",))]
    assert match_columns(["x"], fields) == {}


CSV = "age,region,itch\n54,arm,ja\n"


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        CSV.replace(",", ";").encode(),
        CSV.replace(",", "\t").encode(),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + CSV.encode(),
        CSV.encode("utf-16"),
        CSV.encode("utf-16-le"),
        CSV.encode("utf-16-be"),
        CSV.encode("utf-32"),
        ("sep=;\n" + CSV.replace(",", ";")).encode(),
        b'"age","region","itch"\n"54","arm","ja"\n\n',
        b"age,region,itch,\n54,arm,ja,\n,,,\n",
        b'{"age": 54, "region": "arm", "itch": true}',
        b'[{"age": "54", "region": "arm", "itch": 1}]',
        b'{\n  "age": 54,\n  "region": "arm",\n  "itch": "yes"\n}\n',
    ],
)
def test_a_record_file_is_read_in_every_usual_form(data: bytes) -> None:
    ((record, warnings),) = read_record_file(data, FIELDS)
    assert (record.values["age"], record.values["region"], record.values["itch"], warnings) == (54.0, "ARM", "True", ())


def test_latin_1_is_read_with_a_warning() -> None:
    ((record, warnings),) = read_record_file("age,region\n54,braço\n".encode("latin-1"), FIELDS)
    assert record.values["region"] == "ARM" and len(warnings) == 1 and "Latin-1" in warnings[0]


def test_many_rows_keep_their_own_warnings() -> None:
    rows = read_record_file(b"age;itch\n54,5;True\n430;UNK\n7;False\n", FIELDS)
    assert [record.values["age"] for record, _ in rows] == [54.5, None, 7.0]
    assert [warnings for _, warnings in rows] == [(), ("age: 430 is above 120, taken as missing",), ()]


def test_a_flag_column_stays_text_whatever_is_in_it() -> None:
    assert [record.values["itch"] for record, _ in read_record_file(b"itch\nTrue\nFalse\n", FIELDS)] == ["True", "False"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"a,b,c\n1,2,3\n", r"no column is a field of this model \(found: a, b, c\). Expected: age, temperature"),
        (b"age,itch\n", "no rows"),
        (b"[]", "no rows"),
        (b"age,age\n1,2\n", "column age is there twice"),
        (b'{"age": 1, "age": 2}', "key age is given twice"),
        (b"age,itch\n1,2,3\n", "row 1 has 3 cells, the header 2"),
        (b'age,itch\n"1,2\n3,4\n', "broken near line"),
        (b'{"age": 54', "JSON is broken at line 1"),
        (b'{"age": 1}\n{"age":\n', "JSON is broken at line 2"),
        (b"[1, 2]", "entry 1 of the JSON is no object"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"age": ' + b"9" * 5000 + b"}", "thousands of digits"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG file, not a text table"),
        (b"PK\x03\x04", "zip file or an Excel workbook"),
        (b"age\n\x01\x02\x03\n", "no text table"),
        (b"age\n" + b"1\n" * 5000 + b"\0", "control characters"),
        (b"\xff\xfea", "not valid UTF-16"),
    ],
)
def test_a_file_that_is_no_table_of_records_is_one_clear_error(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_record_file(data, FIELDS)
    assert caught.value.hint and "\n" not in str(caught.value)


def test_a_broken_table_never_tells_a_cell() -> None:
    with pytest.raises(InputError) as caught:
        read_record_file(b"name,diagnosis\nJane Doe,melanoma\n", FIELDS)
    assert "Jane" not in str(caught.value) and "melanoma" not in str(caught.value)


def test_limits_hold_for_bytes_rows_and_columns() -> None:
    with pytest.raises(InputError, match="larger than"):
        read_record_file(b"age\n" + b"1\n" * 100, FIELDS, Limits(table_bytes=100))
    with pytest.raises(InputError, match="more than 10 rows"):
        read_record_file(b"age\n" + b"1\n" * 11, FIELDS, Limits(table_rows=10))
    assert len(read_record_file(b"age\n" + b"1\n" * 10, FIELDS, Limits(table_rows=10))) == 10
    with pytest.raises(InputError, match="more than 2 columns"):
        read_record_file(b"age,b,c\n1,2,3\n", FIELDS, Limits(table_columns=2))
    with pytest.raises(InputError, match="JSON is larger than"):
        read_record_file(json.dumps({"age": "5" * 300}).encode(), FIELDS, Limits(json_bytes=200))


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([field.name for field in FIELDS] + ["Age (years)", "alter", "sex ", "ITCH"]) | st.text(max_size=12)
LIKELY = st.sampled_from(["54 years", "1,234", "M", "yes", "-", "²", "١٢", "1e5", "NaN", "-0", "0x1F", "1_000", "ΑΒ", "ß", "\ud800", "5\0"])


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(KEYS, JSON_LIKE | LIKELY, max_size=8))
def test_any_json_like_mapping_gives_schema_valid_values(raw: dict[str, Any]) -> None:
    record, warnings = read_record(raw, FIELDS)
    assert_valid(record, FIELDS)
    assert len(record.sha256) == 64
    assert all("\n" not in warning and warning.encode() for warning in warnings)


@settings(max_examples=200, deadline=None)
@given(st.floats(-1e6, 1e6) | st.integers(-(10**9), 10**9))
def test_a_number_is_the_same_as_number_and_as_text(number: float) -> None:
    assert one("score", number)[0] == one("score", repr(number))[0]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_records_or_an_input_error(data: bytes) -> None:
    for content in (data, b"age,itch\n" + data, b'{"age": ' + data + b"}"):
        try:
            rows = read_record_file(content, FIELDS)
        except InputError as error:
            assert "\n" not in str(error)
            continue
        for record, _ in rows:
            assert_valid(record, FIELDS)
