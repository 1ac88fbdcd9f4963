"""A user's table of products or purchases: CSV, JSON or Parquet, every cell as text."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, Limits, megabytes
from mmcore.readers.spelling import means_missing
from mmcore.readers.table import as_text, parse_table

PARQUET = b"PAR1"
TABLE_BYTES = 200_000_000
UNPACKED_BYTES = 2_000_000_000


@dataclass(frozen=True)
class OwnTable:
    """Columns in their order; rows as column -> text ("" where empty).

    Attributes:
        numbers: of the rows, as a spreadsheet numbers them: the header is row 1; from 1 in JSON and Parquet, which have none.
        problems: row number -> what is wrong with the row as a whole.
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    numbers: tuple[int, ...]
    problems: Mapping[int, str]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowRemark:
    """Something wrong with a row of a user's table.

    Attributes:
        number: of the row (`OwnTable.numbers`).
        id: what the row is called, "" where it has no name.
        what: in words.
        used: False where the row was left out.
    """

    number: int
    id: str
    what: str
    used: bool


def read_own_table(data: bytes, limits: Limits = LIMITS) -> OwnTable:
    """The table in a file's bytes; InputError where it cannot be read as a whole."""
    if data[:4] == PARQUET:
        return _from_parquet(data, limits)
    table = parse_table(data, limits)
    rows = tuple({column: as_text(value).strip() for column, value in row.cells.items()} for row in table.rows)
    problems = {table.header + row.number: row.problem for row in table.rows if row.problem}
    return OwnTable(table.columns, rows, tuple(table.header + row.number for row in table.rows), problems, table.warnings)


def cell(row: Mapping[str, str], roles: Mapping[str, str], role: str) -> str:
    """The row's text for a role; "" where there is no such column, or the cell is empty or says "not known"."""
    text = row.get(roles.get(role, ""), "").strip()
    return "" if not text or means_missing(text) else text


def number_in(text: str) -> float | None:
    """A price as people write it ("£12.99", "1.299,00 €", "12,5"); None where it holds no number or more than one."""
    found = re.findall(r"\d[\d.,' \u00a0]*", text)
    if len(found) != 1 or "-" in text.split(found[0])[0]:
        return None
    digits = re.sub(r"[' \u00a0]", "", found[0]).rstrip(".,")
    comma, dot = digits.rfind(","), digits.rfind(".")
    mark = max(comma, dot)
    if mark < 0:
        return float(digits)
    several = digits.count(digits[mark]) > 1
    thousands = several or (len(digits) - mark - 1 == 3 and min(comma, dot) < 0 and digits[mark] == ",")
    whole = re.sub(r"[.,]", "", digits if thousands else digits[:mark])
    return float(whole if thousands else f"{whole or 0}.{digits[mark + 1 :] or 0}")


def _from_parquet(data: bytes, limits: Limits) -> OwnTable:
    import pyarrow
    import pyarrow.parquet

    if len(data) > TABLE_BYTES:
        raise InputError(f"the table is larger than {megabytes(TABLE_BYTES)}", "Split it")
    hint = "Write it again as Parquet with flat columns, or as CSV"
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(data))
        about = file.metadata
        size = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
        if about.num_rows > limits.table_rows or about.num_columns > limits.table_columns or size > UNPACKED_BYTES:
            raise InputError(f"the table has more than {limits.table_rows} rows or {limits.table_columns} columns", "Split it")
        table = file.read().to_pandas()
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        raise InputError("the file is no Parquet that can be read", hint) from error
    if not len(table):
        raise InputError("the table has no rows", "Give at least one row")
    columns = tuple(str(name) for name in table.columns)
    if len(set(columns)) < len(columns):
        raise InputError("two columns have one name", "Rename one of them")
    cells = [["" if _empty(value) else _plain(value) for value in table.iloc[:, at]] for at in range(len(columns))]
    rows = tuple(dict(zip(columns, values, strict=True)) for values in zip(*cells, strict=True))
    return OwnTable(columns, rows, tuple(range(1, len(rows) + 1)), {})


def _empty(value: object) -> bool:
    return value is None or (not hasattr(value, "__len__") and bool(pd.isna(value)))


def _plain(value: object) -> str:
    """A cell as text; a whole number without its ".0", anything that is no text, number or date as nothing."""
    if isinstance(value, bytes | bytearray) or (hasattr(value, "__len__") and not isinstance(value, str)):
        return ""
    text = str(value).strip()
    return text[:-2] if isinstance(value, float) and text.endswith(".0") else text
