"""Rows of a CSV, JSON or JSON Lines file, every cell as it stands: nothing is turned into a number or NaN."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits, megabytes
from mmcore.readers.names import shown
from mmcore.readers.text import decode_text

DELIMITERS = ",;\t"
_JSON_HINT = "Give one JSON object, a list of objects, or one object a line"


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        number: 1 for the first row after the header; blank ones are counted.
        cells: column -> text (CSV) or any JSON value.
        warnings: what was noticed about this row alone.
        problem: why this row cannot be used; "" where it can.
    """

    number: int
    cells: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    problem: str = ""

    def usable(self) -> Mapping[str, Any]:
        """The cells; InputError where the row has a problem."""
        if self.problem:
            raise InputError(f"row {self.number} {self.problem}", "Check its delimiters and quotes")
        return self.cells


@dataclass(frozen=True)
class Table:
    """Columns in their order, rows, and what was noticed about the file as a whole.

    Attributes:
        header: the number of the header's row as a spreadsheet numbers rows; 0 for JSON, which has none.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()
    header: int = 0


def read_table(data: bytes, limits: Limits = LIMITS) -> list[dict[str, str]]:
    """Every row as column -> text ("" where empty); InputError where the file or any row cannot be read."""
    return [{column: as_text(value) for column, value in row.usable().items()} for row in parse_table(data, limits).rows]


def parse_table(data: bytes, limits: Limits) -> Table:
    """The table in ``data``: JSON where it begins with { or [, else CSV with the delimiter , ; or tab.

    Blank rows are passed over. A row longer than the header has a ``problem``; what a shorter one lacks is empty, with a warning.

    Raises:
        InputError: empty, no text, too large, broken JSON or quotes, two columns or keys of one name, no row.
    """
    if len(data) > limits.table_bytes:
        raise InputError(f"the table is larger than {megabytes(limits.table_bytes)}", "Split it")
    text, warnings = decode_text(data)
    begin = text.lstrip()[:1]
    if not begin:
        raise InputError("the file is empty", "Give a table with a header, or JSON")
    header, columns, rows = (0, *_from_json(text, limits)) if begin in "{[" else _from_csv(text, limits)
    if not rows:
        if begin not in "{[" and _is_json(text):
            raise InputError("the file holds a single value", _JSON_HINT)
        raise InputError("the table has no rows", "Give a header and at least one row, or JSON")
    return Table(columns, tuple(rows), warnings, header)


def as_text(value: Any) -> str:
    """A cell as text: None is "", numbers and lists as JSON writes them, True and False by name."""
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _from_json(text: str, limits: Limits) -> tuple[tuple[str, ...], list[Row]]:
    documents = _documents(text.strip(), limits)
    if len(documents) > limits.table_rows:
        raise InputError(f"the table has more than {limits.table_rows} rows", "Split it")
    rows = []
    for number, document in enumerate(documents, 1):
        if not isinstance(document, dict):
            raise InputError(f"entry {number} of the JSON is no object", _JSON_HINT)
        rows.append(Row(number, document))
    columns = tuple(dict.fromkeys(column for row in rows for column in row.cells))
    _check_columns(columns, limits)
    return columns, rows


def _documents(text: str, limits: Limits) -> list[Any]:
    """The entries of a JSON list or of JSON Lines, or the one object there is."""
    first, _, rest = text.partition("\n")
    if rest and _whole_object(first, limits):
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        return [_parse_json(line, number, limits) for number, line in lines[: limits.table_rows + 1]]
    document = _parse_json(text, 1, limits)
    return document if isinstance(document, list) else [document]


def _whole_object(line: str, limits: Limits) -> bool:
    """True where a first line is an object by itself: the file is JSON Lines."""
    if not line.startswith("{") or len(line) > limits.json_bytes:
        return False
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _parse_json(text: str, line: int, limits: Limits) -> Any:
    """One document that begins on ``line``."""
    if len(text) > limits.json_bytes:
        raise InputError(f"the JSON is larger than {megabytes(limits.json_bytes)}", "Split it, or write JSON Lines")
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        where = f"line {line + error.lineno - 1}, column {error.colno}"
        raise InputError(f"the JSON is broken at {where}: {error.msg}", _JSON_HINT) from error
    except RecursionError as error:
        raise InputError("the JSON is nested too deeply", _JSON_HINT) from error
    except ValueError as error:
        raise InputError("the JSON holds a number with thousands of digits", _JSON_HINT) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"the key {shown(key)} is given twice", "Remove one of them")
        found[key] = value
    return found


def _from_csv(text: str, limits: Limits) -> tuple[int, tuple[str, ...], list[Row]]:
    delimiter, text = _delimiter(text)
    numbered = list(_csv_rows(text, delimiter, limits))
    if not numbered:
        return 1, (), []
    at_header, lines = numbered[0][0], [cells for _, cells in numbered]
    header = [cell.strip() for cell in lines[0]]
    rows = lines[1:]
    kept = [at for at, name in enumerate(header) if name or any(len(cells) > at and cells[at].strip() for cells in rows)]
    columns = [header[at] or f"column {at + 1}" for at in kept]
    _check_columns(columns, limits)
    found = []
    for number, cells in numbered[1:]:
        if any(cell.strip() for cell in cells):
            found.append(_row(number - at_header, cells, kept, columns, len(header)))
    return at_header, tuple(columns), found


def _row(number: int, cells: list[str], kept: list[int], columns: list[str], width: int) -> Row:
    named = {column: cells[at] if at < len(cells) else "" for at, column in zip(kept, columns, strict=True)}
    if any(cell.strip() for cell in cells[width:]):
        return Row(number, named, problem=f"has {len(cells)} cells, the header {width}")
    lacking = [column for at, column in zip(kept, columns, strict=True) if at >= len(cells)]
    if lacking:
        return Row(number, named, (f"row {number} ends early: {', '.join(shown(c) for c in lacking[:8])} taken as missing",))
    return Row(number, named)


def _csv_rows(text: str, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Lines with anything on them, the header first, each with its number: blank ones are counted, a cell of several lines is one row."""
    count = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if not cells:
                continue
            if count > limits.table_rows:
                raise InputError(f"the table has more than {limits.table_rows} rows", "Split it")
            count += 1
            yield number, cells
    except csv.Error as error:
        raise InputError(f"the table is broken near line {reader.line_num}: {error}", "Check its quotes") from error


def _delimiter(text: str) -> tuple[str, str]:
    """The delimiter that gives the header the most cells, and the text without Excel's "sep=;" line."""
    first, _, rest = text.lstrip("\r\n").partition("\n")
    mark = first.strip(' \r"').lower()
    if mark.startswith("sep=") and mark[4:] in tuple(DELIMITERS):
        return mark[4:], rest
    return max(DELIMITERS, key=lambda delimiter: _header_cells(text, delimiter)), text


def _header_cells(text: str, delimiter: str) -> int:
    try:
        return len(next((cells for cells in csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter) if cells), []))
    except csv.Error:
        return 0


def _check_columns(columns: list[str] | tuple[str, ...], limits: Limits) -> None:
    if len(columns) > limits.table_columns:
        raise InputError(f"the table has more than {limits.table_columns} columns", "Remove those that are not needed")
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice is not None:
        raise InputError(f"the column {shown(twice)} is there twice", "Rename or remove one of them")
