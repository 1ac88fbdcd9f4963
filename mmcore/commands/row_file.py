"""A table on disk that grows row by row and can be continued after a kill: JSON Lines or CSV, told by its name."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mmcore.commands.arguments import check_writable
from mmcore.commands.output import writing
from mmcore.errors import InputError

ENDINGS = (".jsonl", ".csv")

FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Mapping[str, Any]


def check_ending(path: Path) -> None:
    """InputError unless the name says a format that can be written."""
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"{path.name} is neither {' nor '.join(ENDINGS)}", "Name the file so that its ending says the format")


def check_table(path: Path, source: Path) -> None:
    """InputError unless a table can be written to ``path``, before any work is done for it; ``source`` is what it is made from."""
    check_ending(path)
    check_writable(path, _beside(path), inputs=[source])


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Every complete row in ``path``, none where it is not there or empty; a last row that a kill tore is left out.

    Args:
        columns: those of the table; a row of JSON Lines holds no other, and at least the first ones, up to ``version``.

    Raises:
        InputError: the file is another kind of table, which must not be written into.
    """
    if not path.exists():
        return []
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise _foreign(path) from error
    whole = text[: text.rfind("\n") + 1]
    if text and not whole:  # batch writes no file whose first line lacks its end
        raise _foreign(path)
    if path.suffix.lower() == ".csv":
        reader = csv.DictReader(io.StringIO(whole), strict=True)
        if whole and list(reader.fieldnames or ()) != list(columns):
            raise _foreign(path)
        return _complete(reader)
    try:
        rows = [json.loads(line) for line in whole.split("\n") if line.strip()]
    except ValueError as error:
        raise _foreign(path) from error
    told = set(columns[: columns.index("version") + 1])
    if not all(isinstance(row, dict) and told <= row.keys() <= set(columns) for row in rows):
        raise _foreign(path)
    return rows


def _complete(reader: csv.DictReader) -> list[dict[str, Any]]:
    """The rows up to one that a kill tore inside a quoted cell."""
    rows: list[dict[str, Any]] = []
    try:
        for row in reader:
            rows.append({name: _plain(value) for name, value in row.items()})
    except csv.Error:
        return rows
    return rows


def _plain(value: Any) -> Any:
    """A cell as it was before `quoted` kept a spreadsheet from taking it for a formula."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(FORMULA) else value


def rewrite(path: Path, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Replace the file by one with these rows, in one step: a kill leaves the old file or the new one."""
    beside = _beside(path)
    with writing(beside):
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(_header(path, columns) + "".join(_line(path, row, columns) for row in rows))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


def _beside(path: Path) -> Path:
    """Where the next version of the file is written before it takes its place."""
    return path.with_name(path.name + ".part")


@contextmanager
def appending(path: Path, columns: Sequence[str]) -> Iterator[Callable[[Row], None]]:
    """A function that writes one more row, which is on its way to disk when it returns."""
    with writing(path):
        file = path.open("a", encoding="utf-8", newline="")

    def write(row: Row) -> None:
        with writing(path):
            file.write(_line(path, row, columns))
            file.flush()

    try:
        yield write
    finally:
        with writing(path):  # closing tries once more to write what a full disk did not take
            file.close()


def _header(path: Path, columns: Sequence[str]) -> str:
    return _line(path, {name: name for name in columns}, columns) if path.suffix.lower() == ".csv" else ""


def _line(path: Path, row: Row, columns: Sequence[str]) -> str:
    if path.suffix.lower() != ".csv":
        return json.dumps(dict(row), ensure_ascii=False, allow_nan=False) + "\n"
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([cell(row.get(name)) for name in columns])
    return line.getvalue()


def cell(value: Any) -> Any:
    """A cell's text: a list joined, nothing as empty, no formula."""
    return quoted("; ".join(str(item) for item in value) if isinstance(value, list | tuple) else "" if value is None else value)


def quoted(value: Any) -> Any:
    """The value; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _foreign(path: Path) -> InputError:
    return InputError(f"{path.name} is there and is no table of this model that batch wrote", "Choose another --out or move the file away")
