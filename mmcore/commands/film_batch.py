"""Many films or sounds into a table, one row each: what `batch` does with the models that watch and listen."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mmcore.commands.arguments import check_writable
from mmcore.commands.batch import fill
from mmcore.commands.output import told_while_loading
from mmcore.commands.row_file import Row, check_ending
from mmcore.domains.video.films import one_film
from mmcore.domains.video.slot_data import FILE, TABLE, read_recordings, table_rows
from mmcore.errors import InputError
from mmcore.readers.batch import printable
from mmcore.readers.case_file import CASE_FILE
from mmcore.readers.files import inside, is_file, is_folder, list_folder, not_there
from mmcore.readers.media import MEDIA_ENDINGS
from mmcore.readers.names import extension, shown

TOLD = ("case", "sha256", "model", "version", "error")
RESTS_ON = ("subset", "abstain", "reasons", "warnings", "seconds", "grade", "notice", "licence")
"""Columns that the rows of every model of films end with."""


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
    check_ending(args.out)
    check_writable(args.out)
    films = many_films(args.source)
    with told_while_loading(args.model):
        model = load(args.model)
    digests = {name: partial(_digest, find) for name, find in films.items()}

    def rows(left: Sequence[str]) -> Iterator[Row]:
        for name in left:
            told = {"case": name, "sha256": "", "model": model.spec.name, "version": model.version}
            try:
                yield {**told, **answer(model, films[name]())}
            except InputError as error:
                yield {**told, "error": str(error)}

    return fill(args.out, [*TOLD, *columns(model), *RESTS_ON], model.version, digests, rows)


def many_films(source: Path) -> dict[str, Callable[[], Path]]:
    """Name -> what gives the path of a film or sound, or raises InputError: the clips of a table's column ``file``, the clips and case
    folders of a folder, or the one in a case folder.

    Raises:
        InputError: there is no film, or the table cannot be read.
    """
    if not is_folder(source):
        if not is_file(source):
            raise not_there(source)
        rows = table_rows(source)
        if not rows or FILE not in rows[0]:
            raise InputError(f"{shown(source.name)}: the column {FILE!r} is missing", "Name each clip's path in it")
        return {row[FILE]: partial(_there, source.parent, row[FILE]) for row in rows}
    if is_file(source / CASE_FILE):
        return {printable(source.resolve().name): partial(_path, source)}
    if is_file(source / TABLE):
        return {recording.id: partial(_there, source, recording.id) for recording in read_recordings(source)}
    children = [child for child in list_folder(source) if is_folder(child) or extension(child.name) in MEDIA_ENDINGS]
    if not children:
        hint = f"Give a folder with some, or a table with the column {FILE}"
        raise InputError(f"the folder {shown(source.name)} holds no films or sounds", hint)
    return {printable(child.name): partial(_path, child) for child in children}


def common(document: Mapping[str, Any]) -> dict[str, Any]:
    """The fingerprint and RESTS_ON from what `analyze --json` says."""
    confidence = document["confidence"]
    told = [f"{name}: {warning}" for name, item in document["inputs"].items() for warning in item["warnings"]]
    legal = {name: document[name] for name in ("seconds", "grade", "notice", "licence")}
    return {"sha256": document["case"], **{name: confidence[name] for name in ("subset", "abstain", "reasons")}, "warnings": told, **legal}


def _path(given: Path) -> Path:
    return one_film([given]).path


def _there(folder: Path, name: str) -> Path:
    return _path(inside(folder, name))


def _digest(find: Callable[[], Path]) -> str:
    """sha256 of the film's file, "" where it is not there."""
    try:
        with find().open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (InputError, OSError):
        return ""
