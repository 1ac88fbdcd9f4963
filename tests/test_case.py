"""What a program may put into a case, and what of it is ever shown."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mmcore.case import Case, Input, Picture, Record, Series, Source, Text
from mmcore.case_check import check_case
from mmcore.errors import InputError
from mmcore.model_spec import Field, InputSpec, ModelSpec

FIELDS = (
    Field("age", "Age", "number", range=(0.0, 120.0)),
    Field("region", "Region", "category", values=("ARM", "BACK")),
    Field("itch", "Itch", "flag"),
)
SPEC = ModelSpec(
    "demo", "Demo", "medical", "classification", "none", "", "",
    {"image": InputSpec("picture", "Photo", "any"),
     "record": InputSpec("record", "Record", "fields", FIELDS), "note": InputSpec("text", "Note", "any")},
)  # fmt: skip


def picture(pixels: object = None) -> Picture:
    return Picture(np.zeros((4, 5, 3), np.uint8) if pixels is None else pixels, "PNG", "0")  # type: ignore[arg-type]


def of_record(**values: object) -> Case:
    return Case({"record": Input(Record(values))})  # type: ignore[arg-type]


def test_a_repr_is_short_and_holds_nothing_that_was_given() -> None:
    series = Series("series 2, Zyxname", (b"Zyxname" * 9999,), (1,), "0")
    shown = Picture(np.zeros((400, 500, 3), np.uint8), "DICOM", "0", Source((series,)))
    given = {"image": Input(shown, ("Zyxname",)), "record": Input(Record({"age": 61.5})), "note": Input(Text("Zyxname coughs"))}
    said = repr(
        Case(given, "Zyxname", notes={"story": "Zyxname"}, unused={"Zyxname": ""}, files={"note": "Zyxname.txt"}, records=(b"Zyxname",))
    )
    assert "Zyxname" not in said and "61.5" not in said and len(said) < 600 and "DICOM" in said


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 5), np.uint8),
        np.zeros((4, 5, 3)),
        np.zeros((4, 5, 4), np.uint8),
        np.zeros((0, 5, 3), np.uint8),
        [[0, 0, 0]],
        b"\xff\xd8",
    ],
)
def test_pixels_of_another_shape_or_type_are_refused(pixels: object) -> None:
    with pytest.raises(InputError, match=r"cannot be .*Give \(H, W, 3\) uint8"):
        picture(pixels)


def test_fields_that_are_not_there_are_not_known_and_a_record_of_none_is_absent() -> None:
    case = check_case(of_record(age=61), SPEC)
    assert list(case.inputs) == ["image", "record", "note"] and case.present == ("record",)
    assert case.inputs["record"].value.values == {"age": 61.0, "region": None, "itch": None}
    assert check_case(of_record(), SPEC).present == ()


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (of_record(age=math.nan), "does not lie between 0 and 120"),
        (of_record(age=1e9), "does not lie between"),
        (of_record(age="61"), "is no number but a str"),
        (of_record(age=True), "is no number but a bool"),
        (of_record(region="MOON"), "'ARM', 'BACK'"),
        (of_record(itch=True), "'True', 'False'"),
        (of_record(aeg=61.0), "'aeg' is no field of the record of demo. Did you mean 'age'"),
        (Case({"imag": Input(picture())}), "Did you mean 'image'"),
        (Case({"image": Input(Text("x"))}), "image cannot be a Text. demo takes a mmcore.case.Picture there"),
    ],
)
def test_what_a_model_does_not_take_is_refused(case: Case, said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_case(case, SPEC)


def test_only_inputs_of_the_case_can_be_left_out() -> None:
    case = check_case(of_record(age=61.0), SPEC)
    assert case.without("record").present == ()
    with pytest.raises(InputError, match=r"'foo' cannot be left out: it is no input of this case. Inputs: image, record, note"):
        case.without("foo")
