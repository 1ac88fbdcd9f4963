"""A record checked against a model's schema: what cannot be understood becomes missing, with a warning that says so."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from mmcore.case import Record
from mmcore.errors import InputError
from mmcore.model_spec import Field
from mmcore.readers.limits import LIMITS, Limits
from mmcore.readers.names import shown
from mmcore.readers.quantity import parse_quantity
from mmcore.readers.spelling import NO, YES, fold, loose, means_missing
from mmcore.readers.table import Row, Table, parse_table
from mmcore.readers.units import same_unit
from mmcore.wording import spoken

Value = float | str | None
MOST_NAMED = 30
_UNIT_IN_NAME = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]*)[)\]]\s*", re.DOTALL)


def read_record(raw: Mapping[str, Any], fields: Sequence[Field]) -> tuple[Record, tuple[str, ...]]:
    """One mapping of names to values as a Record of every field, and the warnings.

    Keys are matched by `match_columns`. A field's own spellings (values, synonyms, missing) come before the universal ones. A
    spelling of "not known" is missing without a warning; whatever else cannot be understood is missing with one. Keys that
    match no field are named in one warning. Never raises on content.
    """
    given = {str(key): value for key, value in raw.items()}
    matched = match_columns(given, fields)
    values: dict[str, Value] = {}
    warnings: list[str] = []
    for field in fields:
        values[field.name], found = _read_field(field, {name: given[name] for name, to in matched.items() if to.name == field.name})
        warnings += found
    return Record(values), (*warnings, *not_used(name for name in given if name not in matched))


def match_columns(columns: Iterable[str], fields: Sequence[Field]) -> dict[str, Field]:
    """The columns that mean a field, in their order, each with its field.

    Compared without case, accents or the difference between spaces, hyphens and underscores; a unit in brackets ("age
    (years)") must be the field's. A field's own name comes first: its title and aliases count only where no column has it. A
    name that could mean two fields means none.
    """
    names = list(columns)
    own = {loose(field.name): field for field in fields}
    others: dict[str, list[Field]] = {}
    for field in fields:
        for key in {loose(text) for text in (field.title, *field.aliases)} - own.keys():
            others.setdefault(key, []).append(field)
    taken = {own[key].name for name in names if (key := _key(name, own))}
    found = {}
    for name in names:
        if key := _key(name, own):
            found[name] = own[key]
        elif (key := _key(name, others)) and len(others[key]) == 1 and others[key][0].name not in taken:
            found[name] = others[key][0]
    return found


def not_used(columns: Iterable[str]) -> tuple[str, ...]:
    """One warning that names these columns, or none."""
    names = [shown(name, 40) or "(no name)" for name in columns]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (f"not used: {', '.join(names[:MOST_NAMED])}{more}",) if names else ()


def check_columns(table: Table, fields: Sequence[Field]) -> None:
    """InputError, naming the columns expected, where none of the table's means a field."""
    if table.columns and not match_columns(table.columns, fields):
        found = ", ".join(shown(name, 30) for name in table.columns[:8])
        raise InputError(f"no column is a field of this model (found: {found})", f"Expected: {', '.join(f.name for f in fields)}")


def read_record_file(data: bytes, fields: Sequence[Field], limits: Limits = LIMITS) -> list[tuple[Record, tuple[str, ...]]]:
    """Every row of a JSON object, JSON list, JSON Lines or CSV file as a Record with its warnings.

    Raises:
        InputError: the file cannot be read as a table, a row is longer than the header, or no column is a field.
    """
    table = parse_table(data, limits)
    check_columns(table, fields)
    return [_read_row(row, table, fields) for row in table.rows]


def _read_row(row: Row, table: Table, fields: Sequence[Field]) -> tuple[Record, tuple[str, ...]]:
    record, warnings = read_record(row.usable(), fields)
    return record, (*table.warnings, *row.warnings, *warnings)


def _key(name: str, known: Mapping[str, Field] | Mapping[str, list[Field]]) -> str:
    """The key of ``known`` that a column's name means, with or without a unit in brackets; "" for none."""
    whole = loose(name)
    if whole in known:
        return whole
    match = _UNIT_IN_NAME.fullmatch(name) if len(name) <= 200 else None
    if match is None or (key := loose(match[1])) not in known:
        return ""
    found = known[key]
    units = [field.unit for field in (found if isinstance(found, list) else [found])]
    return key if all(unit and same_unit(match[2], unit) for unit in units) else ""


def _read_field(field: Field, given: Mapping[str, Any]) -> tuple[Value, tuple[str, ...]]:
    """The one value of a field from the columns that mean it; two that disagree are as good as none."""
    readings = [_read_value(value, field) for value in given.values()]
    warnings = tuple(dict.fromkeys(f"{field.name}: {problem}, taken as missing" for _, problem in readings if problem))
    values = {value for value, _ in readings if value is not None}
    if len(values) > 1:
        return None, (*warnings, f"{field.name}: {' and '.join(shown(name, 40) for name in given)} disagree, taken as missing")
    return next(iter(values), None), warnings


def _read_value(value: Any, field: Field) -> tuple[Value, str]:
    """A value of the schema, or None with "" (not given) or with what is wrong."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None, ""
    if not isinstance(value, str | bool | int | float):
        return None, "the value is neither text nor a number"
    text = str(value) if not isinstance(value, int) or abs(value) < 10**30 else "a number of more than 30 digits"
    if fold(text) in {fold(spelling) for spelling in field.missing}:
        return None, ""
    found, problem = _READERS[field.type](value, text, field)
    if found is not None or (isinstance(value, str) and means_missing(value)):
        return found, ""
    return None, f"{shown(text)} {problem}"


def _number(value: str | bool | int | float, text: str, field: Field) -> tuple[Value, str]:
    if isinstance(value, bool):
        return None, "is not a number"
    number, problem = parse_quantity(value, field.unit) if isinstance(value, str) else (value, "")
    if problem:
        return None, problem
    low, high = field.range or (-math.inf, math.inf)
    if isinstance(number, float) and not math.isfinite(number):
        return None, "is not finite"
    if number > high:
        return None, f"is above {high:g}"
    if number < low:
        return None, f"is below {low:g}"
    try:
        return float(number) + 0.0, ""  # -0.0 is 0.0: the same record, the same hash
    except OverflowError:
        return None, "is not finite"


def _flag(value: str | bool | int | float, text: str, field: Field) -> tuple[Value, str]:
    folded = fold(text)
    for answer in ("True", "False"):
        if folded in {fold(str(spelling)) for spelling in field.synonyms.get(answer, ())}:
            return answer, ""
    if folded in YES:
        return "True", ""
    return ("False", "") if folded in NO else (None, "is neither yes nor no")


def _category(value: str | bool | int | float, text: str, field: Field) -> tuple[Value, str]:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    spellings = [text, str(int(value))] if whole else [text, f"{text}.0"] if type(value) is int else [text]
    for spelling in spellings:
        if spelling.strip() in field.values:
            return spelling.strip(), ""
    meanings = _meanings(tuple((allowed, *map(str, field.synonyms.get(allowed, ()))) for allowed in field.values))
    for spelling in spellings:
        found = meanings.get(loose(spelling), frozenset())
        if len(found) == 1:
            return next(iter(found)), ""
        if found:
            return None, f"could mean {' or '.join(map(spoken, sorted(found)))}"
    near = difflib.get_close_matches(loose(text)[:60], [key for key, found in meanings.items() if len(found) == 1], n=1, cutoff=0.7)
    if near:
        return None, f"is not a known value (closest: {spoken(next(iter(meanings[near[0]])))})"
    return None, f"is not one of {', '.join(map(spoken, field.values[:20]))}{' …' if len(field.values) > 20 else ''}"


@cache
def _meanings(spellings: tuple[tuple[str, ...], ...]) -> Mapping[str, frozenset[str]]:
    """Folded spelling -> the allowed values it may mean, from an allowed value and its synonyms each. Kept: a batch asks for every row."""
    found: dict[str, frozenset[str]] = {}
    for allowed, *others in spellings:
        for spelling in (allowed, *others):
            found[loose(spelling)] = found.get(loose(spelling), frozenset()) | {allowed}
    return found


_READERS: Mapping[str, Callable[[Any, str, Field], tuple[Value, str]]] = {"number": _number, "flag": _flag, "category": _category}
