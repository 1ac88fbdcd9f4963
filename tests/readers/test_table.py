from __future__ import annotations

import pytest

from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.table import parse_table, read_table


def test_cells_stay_text_as_they_are() -> None:
    rows = read_table(b'a,b,c,d\n007,NaN,True,\n1e3,  x ,null,"p,""q""\nr"\n')
    assert rows == [{"a": "007", "b": "NaN", "c": "True", "d": ""}, {"a": "1e3", "b": "  x ", "c": "null", "d": 'p,"q"\nr'}]


def test_json_values_become_text() -> None:
    assert read_table(b'[{"a": 1, "b": null, "c": true, "d": 2.50}, {"a": "x", "e": [1]}]') == [
        {"a": "1", "b": "", "c": "True", "d": "2.5"},
        {"a": "x", "e": "[1]"},
    ]


def test_json_lines_are_rows() -> None:
    assert read_table(b'{"a": 1}\n\n{"a": 2}\n') == [{"a": "1"}, {"a": "2"}]


def test_json_lines_may_be_larger_than_a_json_document() -> None:
    data = b'{"a": "xxxxxxxxxx"}\n' * 50
    assert len(read_table(data, Limits(json_bytes=100))) == 50
    with pytest.raises(InputError, match="larger than"):
        read_table(b"[" + data.replace(b"\n", b",").rstrip(b",") + b"]", Limits(json_bytes=100))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_even_where_cells_hold_the_others(delimiter: str) -> None:
    others = [d for d in ",;\t" if d != delimiter]
    header = delimiter.join(["a", "b", f'"c{others[0]}c"'])
    row = delimiter.join(["1", f"2{others[1]}2", "3"])
    assert read_table(f"{header}\n{row}\n".encode()) == [{"a": "1", "b": f"2{others[1]}2", f"c{others[0]}c": "3"}]


def test_one_column_needs_no_delimiter() -> None:
    assert read_table(b"age\n54\n") == [{"age": "54"}]


def test_a_column_without_a_name_gets_its_number_or_goes_if_empty() -> None:
    assert read_table(b",a,\n0,x,\n1,y,\n") == [{"column 1": "0", "a": "x"}, {"column 1": "1", "a": "y"}]


def test_a_short_row_is_missing_cells_and_says_so() -> None:
    table = parse_table(b"a,b,c\n1,2,3\n4\n", LIMITS)
    assert table.rows[1].cells == {"a": "4", "b": "", "c": ""}
    assert table.rows[1].warnings == ("row 2 ends early: b, c taken as missing",) and table.rows[0].warnings == ()


def test_a_long_row_is_its_own_problem_alone() -> None:
    table = parse_table(b"a,b\n1,2,3\n4,5\n", LIMITS)
    assert [row.problem for row in table.rows] == ["has 3 cells, the header 2", ""]
    with pytest.raises(InputError, match="row 1 has 3 cells"):
        read_table(b"a,b\n1,2,3\n4,5\n")


def test_blank_rows_are_passed_over_and_keep_the_others_numbers() -> None:
    assert [row.number for row in parse_table(b"a,b\n1,2\n,\n3,4\n", LIMITS).rows] == [1, 3]


def test_a_hundred_thousand_rows_are_read_and_one_more_is_refused() -> None:
    data = b"a\n" + b"1\n" * 100_000
    assert len(read_table(data)) == 100_000
    with pytest.raises(InputError, match="more than 100000 rows"):
        read_table(data + b"1\n")


def test_a_huge_cell_is_one_clear_error() -> None:
    with pytest.raises(InputError, match="broken near line"):
        read_table(b"a,b\n" + b"x" * 200_000 + b",1\n")


@pytest.mark.parametrize("data", [b"5", b"null", b'"age"', b"true\n"])
def test_json_that_is_a_single_value_is_told_as_one(data: bytes) -> None:
    with pytest.raises(InputError, match=r"holds a single value\. Give one JSON object"):
        read_table(data)
