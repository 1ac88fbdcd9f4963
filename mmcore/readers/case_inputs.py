"""From checked inputs to a Case: each modality through the reader of its kind, absent ones kept as empty inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmcore.case import Case, Input, Record
from mmcore.errors import InputError
from mmcore.model_spec import InputSpec, ModelSpec
from mmcore.readers.case_file import CASE_FILE, CaseFile
from mmcore.readers.fhir import is_fhir, read_fhir
from mmcore.readers.fit import unfit
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.names import shown
from mmcore.readers.picture import read_picture
from mmcore.readers.record import check_columns, read_record
from mmcore.readers.same_patient import with_doubts
from mmcore.readers.table import parse_table
from mmcore.readers.written import read_text, read_text_file, text_input


def build_case(
    spec: ModelSpec,
    picture_bytes: bytes | None,
    record_raw: Mapping[str, Any] | None,
    limits: Limits = LIMITS,
    text_raw: str | None = None,
) -> Case:
    """A case from a picture's bytes, a record's raw values and a text, as a form gives them; any may be missing, not all."""
    inputs: dict[str, Input] = {}
    if picture_bytes is not None:
        modality = only_modality("picture", spec)
        inputs[modality] = picture_input(picture_bytes, spec.inputs[modality], limits)
    if record_raw is not None:
        modality = only_modality("record", spec)
        inputs[modality] = record_input(*read_record(record_raw, spec.inputs[modality].fields), modality)
    if text_raw is not None:
        modality = only_modality("text", spec)
        inputs[modality] = text_input(read_text(text_raw, limits), modality)
    return finish_case(inputs, spec)


def read_input(modality: str, item: InputSpec, data: bytes, name: str, limits: Limits) -> Input:
    """One file through the reader of its kind; an InputError names the file."""
    try:
        if item.kind == "picture":
            return picture_input(data, item, limits)
        if item.kind == "text":
            return text_input(read_text_file(data, limits), modality)
        if is_fhir(data):
            raw, noticed = read_fhir(data, item.fields)
            record, warnings = read_record(raw, item.fields)
            return record_input(record, (*noticed, *warnings), modality)
        table = parse_table(data, limits)
        check_columns(table, item.fields)
        if len(table.rows) > 1:
            raise InputError(f"it holds {len(table.rows)} records", "Give one row, or use batch for many")
        row = table.rows[0]
        record, warnings = read_record(row.usable(), item.fields)
        return record_input(record, (*table.warnings, *row.warnings, *warnings), modality)
    except InputError as error:
        raise InputError(f"{shown(name)}: {error.message}", error.hint) from error


def picture_input(data: bytes, item: InputSpec, limits: Limits = LIMITS) -> Input:
    """A picture as an Input, with a warning where it is not what this input is for."""
    picture, warnings = read_picture(data, limits)
    return Input(picture, (*unfit(picture, item), *warnings))


def record_input(record: Record, warnings: tuple[str, ...], modality: str) -> Input:
    """A record as an Input; one with nothing in it is absent, with a warning."""
    if record.empty:
        return Input(None, (*warnings, f"{modality}: nothing in it is known, taken as absent"))
    return Input(record, warnings)


def finish_case(inputs: Mapping[str, Input], spec: ModelSpec, about: CaseFile | None = None, title: str = "") -> Case:
    """The case with every modality of ``spec`` in its order; InputError where none is present."""
    about = about or CaseFile()
    ordered = {modality: inputs.get(modality, Input()) for modality in spec.modalities}
    if not any(item.present for item in ordered.values()):
        wanted = ", ".join(f"{name} ({item.title})" for name, item in spec.inputs.items())
        known = {f"{field.name}:" for item in spec.inputs.values() for field in item.fields}
        words = [warning.split(" ", 1)[0] for item in ordered.values() for warning in item.warnings]
        wrong = ", ".join(dict.fromkeys(word.rstrip(":") for word in words if word in known))  # names only: an error tells no cell
        why = f": nothing in {wrong} is understood" if wrong else ""
        raise InputError(f"the case holds nothing that can be used{why}", f"Give at least one of: {wanted}")
    if about.model and about.model != spec.name:
        warning = f"made for the model {shown(about.model)}, read for {spec.name}"
        ordered = {name: Input(item.value, (warning, *item.warnings)) if item.present else item for name, item in ordered.items()}
    real = tuple(name for name in about.real if name in spec.inputs)
    return with_doubts(Case(ordered, shown(about.title or title, 200), about.generated, real, dict(about.notes)))


def only_modality(kind: str, spec: ModelSpec, name: str = "") -> str:
    """The one modality of this kind; InputError (naming the file) where the model has none or several."""
    found = [modality for modality, item in spec.inputs.items() if item.kind == kind]
    if len(found) == 1:
        return found[0]
    where = f"{shown(name)}: " if name else ""
    if not found:
        raise InputError(f"{where}{spec.name} takes no {kind}", f"Its inputs: {', '.join(spec.modalities)}")
    raise InputError(f"{where}{spec.name} takes several inputs of the kind {kind}", f"Say which is which in a {CASE_FILE}")
