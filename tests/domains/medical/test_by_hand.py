"""What was changed by hand is told in few words, and of a very old patient no age."""

from __future__ import annotations

from mmcore.case import Case, Input, Record, Text
from mmcore.domains.medical.by_hand import changes
from mmcore.library import SHIPPED
from mmcore.model_spec import read_spec

SPEC = read_spec(SHIPPED / "chest_xray")


def case(note: str = "", **values: float | str | None) -> Case:
    record = Record({field.name: values.get(field.name) for field in SPEC.inputs["record"].fields})
    return Case({"image": Input(), "record": Input(record), "note": Input(Text(note) if note else None)})


def test_fields_inputs_left_out_and_values_of_the_note_are_told() -> None:
    came = case("A 40-year-old man, temperature 38.2 °C.", age=24.0, sex="F")
    edited = case(age=90.0, sex=None, temperature=38.2)
    assert changes(came, edited, SPEC) == (
        "age 24 → 90", "sex F → not given", "temperature not given → 38.2 (from the note)", "clinical note left out",
    )  # fmt: skip
    assert changes(came, came, SPEC) == ()


def test_an_age_that_names_is_told_as_ninety() -> None:
    assert changes(case(age=97.0), case(age=24.0), SPEC, 89) == ("age 90 → 24",)
    assert changes(case(age=24.0), case(age=97.0), SPEC, 89) == ("age 24 → 90",)
