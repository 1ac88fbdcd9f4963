"""Many films or sounds into a table, one row each: what `batch` does with the models that watch and listen."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mmcore.commands.batch import fill
from mmcore.commands.output import told_while_loading
from mmcore.commands.row_file import Row
from mmcore.domains.video.films import one_film
from mmcore.domains.video.slot_data import FILE, TABLE
from mmcore.errors import ConfigError, InputError
from mmcore.readers.batch import case_name, holds_answers, numbered, printable, same_path
from mmcore.readers.case_file import CASE_FILE
from mmcore.readers.files import is_file, is_folder, list_folder, listed, read_file
from mmcore.readers.limits import LIMITS
from mmcore.readers.media import MEDIA_ENDINGS
from mmcore.readers.names import extension, shown
from mmcore.readers.table import Row as TableRow
from mmcore.readers.table import as_text, parse_table

TOLD = ("case", "sha256", "model", "version", "error")
RESTS_ON = ("subset", "abstain", "reasons", "warnings", "seconds", "grade", "notice", "licence")
"""Columns that the rows of every model of films end with."""
BAD_FILM = (InputError, ConfigError)
"""What says nothing about the other films: a file that cannot be used, or a case.toml that is not understood."""
DIGITS_S = 3


def run(
    args: argparse.Namespace,
    load: Callable[[str], Any],
    columns: Callable[[Any], Sequence[str]],
    answer: Callable[[Any, Path], Mapping[str, Any]],
) -> int:
    """The command; 0, with films that cannot be read as rows. InputError where there is no film at all that can be.

    Args:
        columns: of a model, those between TOLD and RESTS_ON.
        answer: of a model and the path of a film, what goes into them and what `common` gives; InputError where it cannot be read.
    """
    films = many_films(args.source, besides=args.out)
    with told_while_loading(args.model):
        model = load(args.model)
    digests = {name: partial(_digest, find) for name, find in films.items()}

    def rows(left: Sequence[str]) -> Iterator[Row]:
        for name in left:
            told = {"case": name, "sha256": "", "model": model.spec.name, "version": model.version}
            try:
                yield {**told, **answer(model, films[name]())}
            except BAD_FILM as error:
                yield {**told, "error": str(error)}

    return fill(args.out, [*TOLD, *columns(model), *RESTS_ON], model.version, digests, rows)


def many_films(source: Path, besides: Path | None = None) -> dict[str, Callable[[], Path]]:
    """Name -> what gives the path of a film or sound, or raises one of BAD_FILM: the clips of a table's column ``file``, which may be
    links, the clips and case folders of a folder, or the one in a case folder. The second of one name is "name#2".

    Args:
        besides: a file in the folder that names no films: where the answers are written. Answers written there earlier do not either.

    Raises:
        InputError: there is no film, or the table cannot be read.
    """
    if not is_folder(source):
        return _from_table(source)
    if is_file(source / CASE_FILE):
        return _named([(case_name(source), partial(_path, source))])
    table = source / TABLE
    if is_file(table) and not (besides and same_path(table, besides)) and not holds_answers(table):
        return _from_table(table)
    children = [child for child in list_folder(source) if is_folder(child) or extension(child.name) in MEDIA_ENDINGS]
    if not children:
        hint = f"Give a folder with some, or a table with the column {FILE}"
        raise InputError(f"the folder {shown(source.name)} holds no films or sounds", hint)
    return _named([(case_name(child), partial(_path, child)) for child in children])


def _from_table(path: Path) -> dict[str, Callable[[], Path]]:
    """The clips that a table names, each looked for only when it is asked for."""
    data = read_file(path, LIMITS)
    try:
        table = parse_table(data, LIMITS)
    except InputError as error:
        raise InputError(f"{shown(path.name)}: {error.message}", error.hint) from error
    if FILE not in table.columns:
        raise InputError(f"{shown(path.name)}: the column {FILE!r} is missing", "Name each clip's path in it")
    return _named([(printable(_cell(row.cells)) or str(row.number), partial(_there, path.parent, row)) for row in table.rows])


def _named(films: Sequence[tuple[str, Callable[[], Path]]]) -> dict[str, Callable[[], Path]]:
    return dict(zip(numbered(name for name, _ in films), (find for _, find in films), strict=True))


def _cell(cells: Mapping[str, Any]) -> str:
    return as_text(cells.get(FILE)).strip()


def common(document: Mapping[str, Any]) -> dict[str, Any]:
    """The fingerprint and RESTS_ON from what `analyze --json` says."""
    confidence = document["confidence"]
    told = [f"{name}: {warning}" for name, item in document["inputs"].items() for warning in item["warnings"]]
    sure = {name: confidence[name] for name in ("subset", "abstain", "reasons")}
    legal = {name: document[name] for name in ("grade", "notice", "licence")}
    return {"sha256": document["case"], **sure, "warnings": told, "seconds": round(document["seconds"], DIGITS_S), **legal}


def _path(given: Path) -> Path:
    return one_film([given]).path


def _there(folder: Path, row: TableRow) -> Path:
    return _path(listed(folder, _cell(row.usable())))


def _digest(find: Callable[[], Path]) -> str:
    """sha256 of the film's file, "" where it cannot be read."""
    try:
        with find().open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (*BAD_FILM, OSError):
        return ""
