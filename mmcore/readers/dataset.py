"""A data set as model.toml lays it out: cases with labels and subjects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from mmcore.case import Case
from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.files import is_file, listed, read_file
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.names import shown
from mmcore.readers.record import match_columns
from mmcore.readers.spelling import means_missing
from mmcore.readers.table import Table, as_text, parse_table
from mmcore.readers.table_cases import Plan, plan_table, row_case, row_name


@dataclass(frozen=True)
class DatasetRow:
    """One case of a data set.

    Attributes:
        id: the picture's path as in the table, else the row's number.
        load: reads the case; InputError where it is bad.
        label: one of the model's label ids; None where it is not given.
        subject: by which splits are made; the row's own id where it is not given.
        columns: every cell of the row as text.
    """

    id: str
    load: Callable[[], Case]
    label: str | None
    subject: str
    columns: Mapping[str, str]


def read_dataset(folder: Path, spec: ModelSpec, limits: Limits = LIMITS) -> list[DatasetRow]:
    """Every row of the data set in ``folder`` but those that the model leaves out.

    The columns of label and subject may be missing; those of the inputs may not.

    Raises:
        InputError: no table, a broken one, a missing column, or a label that the model does not know.
    """
    path = folder / spec.data.table
    if not is_file(path):
        message = f"{shown(folder.name)} is no data set for {spec.name}: it has no {spec.data.table}"
        raise InputError(message, "Give the folder that holds it")
    try:
        table = parse_table(read_file(path, limits), limits)
        plan = replace(plan_table(table.columns, spec), warnings=())  # a data set may hold what this model does not take
        _check_inputs(table, plan, spec)
        rows = [_row(folder, table, number, plan, spec, limits) for number in range(len(table.rows))]
        return [row for row in rows if not _left_out(row, spec)]
    except InputError as error:
        raise InputError(f"{spec.data.table}: {error.message}", error.hint) from error


def _check_inputs(table: Table, plan: Plan, spec: ModelSpec) -> None:
    lacking = [spec.data.columns.get(m, m) for m, item in spec.inputs.items() if item.kind == "picture" and m not in plan.pictures]
    lacking += [spec.data.columns.get(m, m) for m, item in spec.inputs.items() if item.kind == "text" and m not in plan.texts]
    for item in spec.inputs.values():
        matched = {field.name for field in match_columns(table.columns, item.fields).values()}
        lacking += [field.name for field in item.fields if field.name not in matched]
    if lacking:
        raise InputError(f"columns are missing: {', '.join(lacking)}", "Add them; a cell may be empty where nothing is known")


def _row(folder: Path, table: Table, at: int, plan: Plan, spec: ModelSpec, limits: Limits) -> DatasetRow:
    row = table.rows[at]
    columns = {column: as_text(row.usable().get(column)) for column in table.columns}
    name = row_name(row, plan)
    subject = columns.get(spec.data.subject, "").strip()
    load = partial(row_case, row, plan, spec, table.warnings, partial(_load, folder, limits), limits)
    return DatasetRow(name, load, _label(columns, spec, row.number), subject or name, columns)


def _left_out(row: DatasetRow, spec: ModelSpec) -> bool:
    return row.columns.get(spec.data.label, "").strip().casefold() in {text.casefold() for text in spec.data.left_out}


def _load(folder: Path, limits: Limits, cell: str) -> bytes:
    return read_file(listed(folder, cell), limits)


def _label(columns: Mapping[str, str], spec: ModelSpec, number: int) -> str | None:
    label = columns.get(spec.data.label, "").strip()
    if label in spec.label_ids and not spec.data.rules:
        return label
    if means_missing(label):
        return None
    if found := next((rule.label for rule in spec.data.rules if rule.fits(label)), None):
        return found
    hint = f"Labels: {', '.join(spec.label_ids)}"
    raise InputError(f"row {number}: {shown(label)} in the column {spec.data.label} is no label of {spec.name}", hint)
