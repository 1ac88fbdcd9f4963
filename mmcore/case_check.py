"""Whether a case that a program put together is one that a model takes; what readers make always is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from numbers import Real

from mmcore.case import Case, Input, Picture, Record, Text
from mmcore.errors import InputError, did_you_mean
from mmcore.model_spec import Field, InputSpec, ModelSpec

KINDS: Mapping[str, type] = {"picture": Picture, "record": Record, "text": Text}
"""What a case holds for an input of each kind."""
UNKNOWN = "Give None where it is not known, or read the record with mmcore.readers.record.read_record"


def check_case(case: Case, spec: ModelSpec) -> Case:
    """The case with every input of the model in its order, and every field of a record in its order: None where it is not there.

    Raises:
        InputError: an input or field that the model does not have, or a value that is not of its kind or lies outside its schema.
    """
    _check_names(case.inputs, spec.modalities, "input", spec.name)
    return replace(case, inputs={name: _check_input(case.inputs.get(name, Input()), name, spec.inputs[name], spec) for name in spec.inputs})


def _check_input(item: Input, name: str, wanted: InputSpec, spec: ModelSpec) -> Input:
    kind = KINDS[wanted.kind]
    if item.present and not isinstance(item.value, kind):
        raise InputError(f"{name} cannot be a {type(item.value).__name__}", f"{spec.name} takes a mmcore.case.{kind.__name__} there")
    if not isinstance(item.value, Record):
        return item
    _check_names(item.value.values, tuple(field.name for field in wanted.fields), f"field of the {name}", spec.name)
    record = Record({field.name: _check_value(item.value.values.get(field.name), name, field) for field in wanted.fields})
    return replace(item, value=None if record.empty else record)


def _check_value(value: object, modality: str, field: Field) -> float | str | None:
    if value is None:
        return None
    where = f"{modality}: {field.name}"
    if field.type == "number":
        if not isinstance(value, Real) or isinstance(value, bool):
            raise InputError(f"{where} is no number but a {type(value).__name__}", UNKNOWN)
        low, high = field.range
        if not low <= float(value) <= high:  # not a number is neither
            raise InputError(f"{where} {float(value):g} does not lie between {low:g} and {high:g}", UNKNOWN)
        return float(value)
    allowed = field.values if field.type == "category" else ("True", "False")
    if not isinstance(value, str) or value not in allowed:
        raise InputError(f"{where} is not one of {', '.join(map(repr, allowed))}", UNKNOWN)
    return value


def _check_names(given: Mapping[str, object], known: tuple[str, ...], kind: str, model: str) -> None:
    for name in given:
        if name not in known:
            hint = did_you_mean(str(name), known, f"Use some of: {', '.join(known)}", cutoff=0.5)
            raise InputError(f"{str(name)!r} is no {kind} of {model}", hint)
