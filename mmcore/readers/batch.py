"""Many cases: a folder of them, a table with pictures, or a data set. Each is read only when it is asked for."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mmcore.case import Case
from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.case_file import CASE_FILE
from mmcore.readers.case_folder import read_case
from mmcore.readers.dataset import DatasetRow, read_dataset
from mmcore.readers.files import is_file, is_folder, list_folder, listed, read_file
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.names import extension, find_name, shown
from mmcore.readers.signature import PICTURE_ENDINGS, sniff
from mmcore.readers.table import Table, parse_table
from mmcore.readers.table_cases import plan_table, row_case, row_name

__all__ = ["BatchRow", "DatasetRow", "read_batch", "read_batch_bytes", "read_dataset"]

_TABLES = ("csv", "tsv", "jsonl", "ndjson", "json")
_ANSWERS = ["case", "sha256", "model", "version"]
_HEADER_BYTES = 1_000_000


@dataclass(frozen=True)
class BatchRow:
    """One case of a batch.

    Attributes:
        id: unique in the batch and the same on every reading: the picture's path or row number, or the name of the case's folder;
            the second of one name is "name#2".
        load: reads the case; raises InputError where it is bad, which says nothing about the other rows.
    """

    id: str
    load: Callable[[], Case]


def read_batch(path: Path, spec: ModelSpec, limits: Limits = LIMITS, besides: Path | None = None) -> list[BatchRow]:
    """The cases in ``path``: a table, or a folder with case folders, zip files of cases, pictures, or one table.

    In a table record fields are columns; a column (named in model.toml, or image, photo, file, path or picture) holds paths
    relative to the table's folder; pictures may be links. In a folder the table is spec.data.table, or the only one where no case
    folder lies; answers that batch wrote there are none.

    Args:
        besides: a file in the folder that is none of the cases: where the answers are written.

    Raises:
        InputError: there is nothing to read, or the table as a whole is unusable.
    """
    if is_folder(path):
        return _from_folder(path, spec, limits, besides)
    data = read_file(path, limits)
    if sniff(data[:4096]) == "zip":
        raise InputError(f"{shown(path.name)} is a zip file, not a batch", "Unpack it, or put it into a folder of cases")
    return _from_table(path, data, spec, limits)


def read_batch_bytes(table: bytes, files: Mapping[str, bytes], spec: ModelSpec, limits: Limits = LIMITS) -> list[BatchRow]:
    """`read_batch` of an uploaded table; a row's picture is found among ``files`` by path or, where that is unique, by base name."""
    names = frozenset(files)
    return _rows(parse_table(table, limits), spec, lambda cell: files[find_name(names, cell)], limits)


def _from_folder(folder: Path, spec: ModelSpec, limits: Limits, besides: Path | None) -> list[BatchRow]:
    if is_file(folder / CASE_FILE):
        return _cases([folder], spec, limits)
    children = [child for child in list_folder(folder) if besides is None or not same_path(child, besides)]
    described = [child for child in children if is_file(child / CASE_FILE) or _is_zip(child)]
    tables = [child for child in children if extension(child.name) in _TABLES and not holds_answers(child)]
    tables = [child for child in tables if child.name == spec.data.table] or tables
    if not described and tables:
        if len(tables) > 1:
            raise InputError(f"the folder {shown(folder.name)} holds {len(tables)} tables", "Give the one to read")
        return _from_table(tables[0], read_file(tables[0], limits), spec, limits)
    cases = [child for child in children if is_folder(child) or child in described or extension(child.name) in PICTURE_ENDINGS]
    if not cases:
        hint = "Give a folder of case folders, zip files or pictures, or a CSV"
        raise InputError(f"the folder {shown(folder.name)} holds no cases", hint)
    return _cases(cases, spec, limits)


def _is_zip(path: Path) -> bool:
    return extension(path.name) == "zip" and is_file(path)


def _cases(paths: Sequence[Path], spec: ModelSpec, limits: Limits) -> list[BatchRow]:
    names = numbered(case_name(path) for path in paths)
    return [BatchRow(name, partial(read_case, [path], spec, limits)) for name, path in zip(names, paths, strict=True)]


def case_name(path: Path) -> str:
    """What a case is called: its own name in its folder, whatever it is a link to; for "." and ".." that of the folder they mean."""
    return printable(path.name if path.name not in ("", "..") else path.resolve().name)


def numbered(names: Iterable[str]) -> list[str]:
    """The names in their order, each once: the second "a" is "a#2"."""
    taken: dict[str, None] = {}
    times: Counter[str] = Counter()
    for name in names:
        unique = name
        while unique in taken:
            times[name] += 1
            unique = f"{name}#{times[name] + 1}"
        taken[unique] = None
    return list(taken)


def same_path(one: Path, other: Path) -> bool:
    """True where both lead to one place, whether there is a file or not."""
    return os.path.realpath(one) == os.path.realpath(other)  # Path.resolve raises where links lead in a circle


def holds_answers(table: Path) -> bool:
    """True for a table that batch wrote: its first columns, or the first keys of its first line, are those of an answer."""
    if not is_file(table):
        return False
    try:
        with table.open("rb") as file:
            head = file.readline(_HEADER_BYTES).decode("utf-8-sig")
        names = list(json.loads(head)) if head.startswith("{") else head.rstrip().split(",")
    except (OSError, ValueError, RecursionError):
        return False
    return names[: len(_ANSWERS)] == _ANSWERS


def printable(name: str) -> str:
    """A file's name as text that can be written again, whatever bytes it is made of."""
    return name.encode("utf-8", "replace").decode()


def _from_table(path: Path, data: bytes, spec: ModelSpec, limits: Limits) -> list[BatchRow]:
    folder = path.parent
    try:
        return _rows(parse_table(data, limits), spec, lambda cell: read_file(listed(folder, cell), limits), limits)
    except InputError as error:
        raise InputError(f"{shown(path.name)}: {error.message}", error.hint) from error


def _rows(table: Table, spec: ModelSpec, load: Callable[[str], bytes], limits: Limits) -> list[BatchRow]:
    plan = plan_table(table.columns, spec)
    names = numbered(row_name(row, plan) for row in table.rows)
    cases = (partial(row_case, row, plan, spec, table.warnings, load, limits) for row in table.rows)
    return [BatchRow(name, case) for name, case in zip(names, cases, strict=True)]
