"""Many cases through one model, row by row: what is read, what is answered, what can be taken away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mmcore.commands.batch import GPU_BATCH, predict, table_columns
from mmcore.commands.row_file import cell
from mmcore.domains.medical.deidentify import notes
from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.archive import read_zip
from mmcore.readers.batch import BatchRow, read_batch_bytes
from mmcore.readers.limits import LIMITS, megabytes
from mmcore.readers.names import shown
from mmcore.readers.signature import sniff
from mmcore.readers.table import parse_table
from pages.shared.jobs import Progress
from pages.shared.verdicts import ACCEPTED, REFUSED, WARNED

if TYPE_CHECKING:
    from mmcore.pipeline import Pipeline



def rows_of(table: bytes, files: Sequence[tuple[str, bytes]], spec: ModelSpec) -> list[BatchRow]:
    """The rows of an uploaded table, one without a photo as "row 4"; zip files among ``files`` are opened.

    Raises:
        InputError: the table is unusable, a zip is, two photos have one name, or all of it is more than the stated limit.
    """
    limits = LIMITS
    if sum(len(data) for _, data in files) > limits.zip_total_bytes:
        raise InputError(
            f"The pictures are more than {megabytes(limits.zip_total_bytes)} together", "Split the table, or use the command line"
        )
    opened: dict[str, bytes] = {}
    for name, data in files:
        inside = read_zip(data, limits) if sniff(data[:4096]) == "zip" else {name: data}
        if twice := sorted(opened.keys() & inside.keys()):
            raise InputError(f"Two photos are named {shown(twice[0])}", "Rename one of them, here and in the table")
        opened |= inside
    rows = read_batch_bytes(table, opened, spec, limits)
    named = zip(rows, row_numbers(table), strict=False)
    return [replace(row, id=f"row {number}") if row.id == str(number) else row for row, number in named]


def row_numbers(table: bytes) -> list[int]:
    """Of the rows of an uploaded table: an empty row has a number and is no case."""
    return [row.number for row in parse_table(table, LIMITS).rows]


def work(pipeline: Pipeline, rows: Sequence[BatchRow], done: list[dict[str, Any]]) -> Callable[[Progress], None]:
    """What the worker does: answers row by row into ``done``, so that what is there stays when it is cancelled."""
    size = GPU_BATCH if pipeline.device.type == "cuda" else 1

    def run(progress: Progress) -> None:
        progress(f"Case 1 of {len(rows)}", 0.0)
        for number, answer in enumerate(predict(pipeline, rows, size), 1):
            done.append(dict(answer))
            progress(f"{number} of {len(rows)} cases", number / len(rows))

    return run


def verdict(row: Mapping[str, Any]) -> str:
    """Accepted, warned or refused."""
    return REFUSED if row.get("error") else WARNED if row.get("warnings") else ACCEPTED


def nameless(rows: Sequence[Mapping[str, Any]], numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The rows with their numbers in place of what the files call the cases, and without names in what was noticed.

    Args:
        numbers: of these rows and of any that follow.
    """
    out = []
    for number, row in zip(numbers, rows, strict=False):
        told = {key: [notes.clean(text).text for text in row[key]] for key in ("warnings", "reasons") if row.get(key)}
        refused = {"error": "refused: the reason names files, see the page"} if row.get("error") else {}
        out.append({**row, "case": f"row {number}", **told, **refused})
    return out


def json_lines(rows: Sequence[Mapping[str, Any]], spec: ModelSpec) -> bytes:
    """One JSON object a line; every one has model, version, grade, notice and licence, failed ones too."""
    return "".join(json.dumps(_complete(row, spec), ensure_ascii=False, allow_nan=False) + "\n" for row in rows).encode()


def table(rows: Sequence[Mapping[str, Any]], spec: ModelSpec) -> bytes:
    """The same as CSV for spreadsheets; a text that a spreadsheet would run as a formula is quoted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    columns = table_columns(spec)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(_complete(row, spec).get(name)) for name in columns])
    return b"\xef\xbb\xbf" + text.getvalue().encode()  # the mark that makes Excel read UTF-8


def _complete(row: Mapping[str, Any], spec: ModelSpec) -> dict[str, Any]:
    return {**row, "grade": spec.grade, "notice": spec.notice, "licence": spec.licence}
