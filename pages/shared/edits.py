"""What the user changed on the page: fields of a record, modalities switched off, another frame. The chosen case stays as it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import streamlit as st

from mmcore.case import Case, Picture, Record, Source
from mmcore.errors import InputError
from mmcore.model_spec import Field, InputSpec, ModelSpec
from mmcore.readers.fit import unfit
from mmcore.readers.picture import read_from_study
from mmcore.readers.record import read_record
from mmcore.readers.same_patient import with_doubts
from pages.shared import verdicts
from pages.shared.chosen import Chosen
from pages.shared.field_widget import written
from pages.shared.recent import Recent

PICTURES = 4
REFUSED = "edits.refused"  # session key of the keys of the fields whose value does not count


def field_key(chosen: Chosen, modality: str, field: str) -> str:
    """Session key of the widget that edits this field."""
    return f"edit.{chosen.serial}.{chosen.link}.{modality}.{field}"


def use_key(chosen: Chosen, modality: str) -> str:
    """Session key of the switch that takes this modality away."""
    return f"use.{chosen.serial}.{chosen.link}.{modality}"


def place_key(chosen: Chosen, modality: str) -> str:
    """Session key of the (series, position) of a study that the user wants analysed."""
    return f"place.{chosen.serial}.{chosen.link}.{modality}"


def series_key(chosen: Chosen, modality: str) -> str:
    """Session key of the menu of series."""
    return f"series.{chosen.serial}.{chosen.link}.{modality}"


def source(chosen: Chosen, modality: str) -> Source | None:
    """The study of a picture, at the frame that the user wants; None where it is no DICOM picture."""
    picture = chosen.case.inputs[modality].value
    if not isinstance(picture, Picture) or picture.source is None:
        return None
    return replace(picture.source, at=st.session_state.get(place_key(chosen, modality), picture.source.at))


def moved(chosen: Chosen, modality: str) -> Source | None:
    """`source` where it is not the frame that came, else None."""
    found, picture = source(chosen, modality), chosen.case.inputs[modality].value
    return found if found is not None and found.at != picture.source.at else None


def choose_frame(chosen: Chosen, modality: str, series: int, position: int) -> None:
    """For callbacks: another frame of the study is analysed from now on."""
    st.session_state[place_key(chosen, modality)] = (series, position)


def original(chosen: Chosen, modality: str, field: str) -> float | str | None:
    """The field's value as it came, None where it is not given."""
    record = chosen.case.inputs[modality].value
    return record.values.get(field) if isinstance(record, Record) else None


def typed(chosen: Chosen, modality: str, field: str) -> float | str | None:
    """The field's value as it stands on the page."""
    return st.session_state.get(field_key(chosen, modality, field), original(chosen, modality, field))


def value(chosen: Chosen, modality: str, field: str) -> float | str | None:
    """The field's value as it counts; None where `apply` found that the schema does not allow what stands on the page."""
    return None if field_key(chosen, modality, field) in st.session_state.get(REFUSED, ()) else typed(chosen, modality, field)


def used(chosen: Chosen, modality: str) -> bool:
    """False where the user switched this modality off."""
    return bool(st.session_state.get(use_key(chosen, modality), True))


def apply(chosen: Chosen, spec: ModelSpec) -> Case:
    """The case as it stands on the page: fields edited, another frame chosen, modalities taken away."""
    case = chosen.case
    st.session_state[REFUSED] = set()
    for modality, item in spec.inputs.items():
        if (found := moved(chosen, modality)) is not None:
            case = _with_frame(case, modality, found, item)
        if item.kind == "record":
            case = _with_fields(case, chosen, modality, item)
        if not used(chosen, modality) and case.inputs[modality].present:
            case = case.without(modality)
    return case if case is chosen.case else with_doubts(case)


def named(chosen: Chosen, spec: ModelSpec) -> Chosen:
    """The chosen case, its title naming the frame that is analysed where the user wants another than came."""
    case = chosen.case
    names = dict(case.files)
    for modality in case.files:
        if (found := moved(chosen, modality)) is not None:
            with suppress(InputError):  # then the one that came is analysed
                _read(found)
                names[modality] = _frame_name(case, modality, found)
    return chosen if names == case.files else replace(chosen, case=replace(case, title=verdicts.case_title(names, spec)))


def _frame_name(case: Case, modality: str, found: Source) -> str:
    """The file's name where the frame is of the same one, else what the tags of its series say, and the frame's number."""
    series, before = found.series[found.at[0]], case.inputs[modality].value.source
    name = case.files[modality] if found.data == before.data else series.title
    return f"{name}, frame {found.at[1] + 1} of {series.count}" if series.count > 1 else name


def _read(found: Source) -> Picture:
    """The frame at which a study stands; the last ones are kept. InputError where it cannot be read."""
    held: Recent[Picture] = st.session_state.setdefault("pictures", Recent(PICTURES))
    key = f"{found.series[found.at[0]].sha256}.{found.at}"
    return held.get(key) or held.put(key, read_from_study(found)[0])


def _with_fields(case: Case, chosen: Chosen, modality: str, item: InputSpec) -> Case:
    """The record as it stands on the page; what the schema does not allow counts as missing, with a warning."""
    given = {field.name: typed(chosen, modality, field.name) for field in item.fields}
    changed = [name for name, value in given.items() if value != original(chosen, modality, name)]
    if not changed:
        return case
    record, wrong = read_record({name: written(value) for name, value in given.items()}, item.fields)
    st.session_state[REFUSED] |= {field_key(chosen, modality, name) for name in changed if record.values[name] != given[name]}
    settled = tuple(f"{name}:" for name in changed)  # what was wrong with these fields as they came
    warnings = (*(w for w in case.inputs[modality].warnings if not w.startswith(settled)), *wrong)
    return case.with_value(modality, None if record.empty else record, warnings)


def _with_frame(case: Case, modality: str, found: Source, item: InputSpec) -> Case:
    """Another frame as the picture; where it cannot be read the one before stays, with a warning."""
    try:
        picture = _read(found)
    except InputError as error:
        before = case.inputs[modality]
        return case.with_value(modality, before.value, (*before.warnings, f"the frame chosen cannot be analysed: {error.message}"))
    return case.with_value(modality, picture, unfit(picture, item))


def checked(field: Field, given: float | str | None) -> float | str | None:
    """The value if the schema allows it, else None."""
    return read_record({field.name: given}, (field,))[0].values[field.name]


def changed_fields(chosen: Chosen, modality: str, fields: tuple[Field, ...]) -> list[Field]:
    """The fields that no longer are as they came."""
    return [f for f in fields if value(chosen, modality, f.name) != original(chosen, modality, f.name)]


def removed(chosen: Chosen, spec: ModelSpec) -> list[str]:
    """The modalities that were there and are switched off."""
    return [m for m in spec.modalities if chosen.case.inputs[m].present and not used(chosen, m)]


def set_field(chosen: Chosen, modality: str, field: Field, given: float | str | None) -> None:
    """For callbacks: gives a field another value."""
    st.session_state[field_key(chosen, modality, field.name)] = float(given) if field.type == "number" and given is not None else given


def switch(chosen: Chosen, modality: str, on: bool) -> None:
    """For callbacks: takes a modality away or gives it back."""
    st.session_state[use_key(chosen, modality)] = on


def reset(chosen: Chosen, spec: ModelSpec) -> None:
    """For callbacks: everything as it came."""
    for modality, item in spec.inputs.items():
        switch(chosen, modality, True)
        st.session_state.pop(place_key(chosen, modality), None)
        if (found := source(chosen, modality)) is not None:
            st.session_state[series_key(chosen, modality)] = found.at[0]
        for field in item.fields:
            set_field(chosen, modality, field, original(chosen, modality, field.name))
