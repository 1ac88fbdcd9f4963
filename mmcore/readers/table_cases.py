"""Cases from the rows of a table: record fields and texts are columns, pictures are named by a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

from mmcore.case import Case, Input
from mmcore.errors import InputError
from mmcore.model_spec import ModelSpec
from mmcore.readers.case_inputs import finish_case, read_input, record_input
from mmcore.readers.limits import Limits
from mmcore.readers.names import shown
from mmcore.readers.record import match_columns, not_used, read_record
from mmcore.readers.spelling import loose, means_missing
from mmcore.readers.table import Row, as_text
from mmcore.readers.written import read_text

PICTURE_COLUMNS = ("image", "photo", "file", "path", "picture")


@dataclass(frozen=True)
class Plan:
    """What each column of a table is.

    Attributes:
        pictures: modality -> the column with its path.
        records: modality -> the columns that are its fields.
        texts: modality -> the column with the text itself.
        warnings: names the columns that are nothing, once.
    """

    pictures: MappingType[str, str]
    records: MappingType[str, tuple[str, ...]]
    warnings: tuple[str, ...] = ()
    texts: MappingType[str, str] = field(default_factory=dict)


def plan_table(columns: Iterable[str], spec: ModelSpec) -> Plan:
    """What each column is for this model; InputError, naming the columns expected, where none is anything."""
    names = list(columns)
    records = {m: tuple(match_columns(names, item.fields)) for m, item in spec.inputs.items() if item.kind == "record"}
    taken = {name for found in records.values() for name in found}
    texts = _text_columns([name for name in names if name not in taken], spec)
    taken |= set(texts.values())
    pictures = _picture_columns([name for name in names if name not in taken], spec)
    if not pictures and not taken:
        found = ", ".join(shown(name, 30) for name in names[:8])
        raise InputError(f"no column is an input of {spec.name} (found: {found})", f"Expected: {', '.join(expected_columns(spec))}")
    known = {*taken, *pictures.values(), spec.data.label, spec.data.subject}
    unused = not_used(name for name in names if name not in known)
    return Plan(pictures, {m: found for m, found in records.items() if found}, unused, texts)


def expected_columns(spec: ModelSpec) -> list[str]:
    """The names of all columns the model could use: pictures first, then record fields, then texts."""
    texts = [spec.data.columns.get(m, m) for m, item in spec.inputs.items() if item.kind == "text"]
    pictures = [spec.data.columns.get(m, m) for m, item in spec.inputs.items() if item.kind == "picture"]
    return pictures + [f.name for item in spec.inputs.values() for f in item.fields] + texts


def row_name(row: Row, plan: Plan) -> str:
    """The picture's path as in the table, else the row's number."""
    paths = [path for column in plan.pictures.values() if (path := _path(row, column))]
    # A lone surrogate, which JSON allows, could not be written to a file again.
    return paths[0].encode("utf-8", "replace").decode() if paths else str(row.number)


def row_case(row: Row, plan: Plan, spec: ModelSpec, warnings: tuple[str, ...], load: Callable[[str], bytes], limits: Limits) -> Case:
    """The case in one row.

    Args:
        warnings: what was noticed about the table as a whole.
        load: the bytes of the picture a cell names; raises InputError.

    Raises:
        InputError: the row is broken, its picture cannot be read, or it holds nothing that can be used.
    """
    cells = row.usable()
    noticed = (*warnings, *row.warnings, *plan.warnings)
    inputs: dict[str, Input] = {}
    for modality, column in plan.pictures.items():
        if path := _path(row, column):
            inputs[modality] = read_input(modality, spec.inputs[modality], load(path), path, limits)
    for modality, columns in plan.records.items():
        record, found = read_record({column: cells[column] for column in columns if column in cells}, spec.inputs[modality].fields)
        inputs[modality] = record_input(record, (*noticed, *found), modality)
        noticed = ()  # said once
    for modality, column in plan.texts.items():
        inputs[modality] = Input(*read_text(as_text(cells.get(column)), limits))
    for modality, item in inputs.items() if noticed else ():
        inputs[modality] = Input(item.value, (*item.warnings, *noticed))
        break
    return finish_case(inputs, spec, title=row_name(row, plan))


def _path(row: Row, column: str) -> str:
    path = as_text(row.cells.get(column)).strip()
    return "" if means_missing(path) else path


def _text_columns(names: list[str], spec: ModelSpec) -> dict[str, str]:
    """Text modality -> the column that the model names for it."""
    by_name = {loose(name): name for name in reversed(names)}
    wanted = {m: loose(spec.data.columns.get(m, m)) for m, item in spec.inputs.items() if item.kind == "text"}
    return {m: by_name[key] for m, key in wanted.items() if key in by_name}


def _picture_columns(names: list[str], spec: ModelSpec) -> dict[str, str]:
    """Picture modality -> column: the one the model names, else, for a model with one picture, the only one called like a picture."""
    modalities = [m for m, item in spec.inputs.items() if item.kind == "picture"]
    by_name = {loose(name): name for name in reversed(names)}
    found = {m: by_name[key] for m in modalities if (key := loose(spec.data.columns.get(m, m))) in by_name}
    if found or len(modalities) != 1:
        return found
    likely = [by_name[key] for key in PICTURE_COLUMNS if key in by_name]
    if len(likely) > 1:
        hint = f"Call the right one {spec.data.columns.get(modalities[0], modalities[0])}"
        raise InputError(f"the pictures could be in the columns {' or '.join(shown(name) for name in likely)}", hint)
    return {modalities[0]: likely[0]} if likely else {}
