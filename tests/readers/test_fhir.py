from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcore.errors import InputError
from mmcore.library import find
from mmcore.model_spec import read_spec
from mmcore.readers.case_inputs import read_input
from mmcore.readers.fhir import is_fhir, read_fhir
from mmcore.readers.limits import LIMITS

SPEC = read_spec(find("chest_xray")).inputs["record"]


def observation(code: str, value: Any, unit: str, when: str = "2024-03-14", **more: Any) -> dict[str, Any]:
    coded = {"coding": [{"system": "http://loinc.org", "code": code}]}
    quantity = {"value": value, "code": unit}
    return {"resourceType": "Observation", "code": coded, "effectiveDateTime": when, "valueQuantity": quantity, **more}


def read(*resources: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": r} for r in resources]}
    return read_fhir(json.dumps(bundle).encode(), SPEC.fields)


@pytest.mark.parametrize(
    ("code", "value", "unit", "field", "expected"),
    [
        ("8310-5", 101.3, "[degF]", "temperature", 38.5),
        ("8310-5", 101.1, "[degF]", "temperature", 38.39),
        ("8310-5", 38.5, "Cel", "temperature", 38.5),
        ("59408-5", 0.93, "1", "pO2_saturation", 93),
        ("751-8", 7900, "/uL", "neutrophil_count", 7.9),
        ("731-0", 0.9, "10*3/uL", "lymphocyte_count", 0.9),
    ],
)
def test_units_are_converted_into_the_schemas(code: str, value: float, unit: str, field: str, expected: float) -> None:
    assert read(observation(code, value, unit))[0][field] == pytest.approx(expected, abs=1e-3)


def test_age_and_days_since_onset_come_from_dates() -> None:
    found, _ = read(
        {"resourceType": "Patient", "gender": "female", "birthDate": "1961-09-02"},
        observation("8310-5", 38, "Cel"),
        {"resourceType": "Condition", "onsetDateTime": "2024-03-07", "code": {"text": "COVID-19"}},
    )
    assert (found["sex"], found["age"], found["offset"]) == ("F", 62.0, 7.0)


def test_the_latest_observation_counts_and_one_entered_in_error_does_not() -> None:
    late = observation("8310-5", 39, "Cel", "2024-03-15")
    wrong = observation("8310-5", 41, "Cel", "2024-03-16", status="entered-in-error")
    assert read(late, observation("8310-5", 37, "Cel"), wrong)[0]["temperature"] == 39


def test_a_bundle_of_two_patients_is_refused() -> None:
    one, other = ({"resourceType": "Patient", "id": number, "gender": "female"} for number in ("1", "2"))
    assert read(one, one)[0] == {"sex": "F"}
    with pytest.raises(InputError, match="2 patients"):
        read(one, other)


def test_what_is_not_known_is_warned_of_and_left_out() -> None:
    known, stone, other = observation("8310-5", 38, "Cel"), observation("731-0", 3, "stone"), observation("999-9", 1, "1")
    found, warnings = read(known, stone, other, {"resourceType": "Encounter"})
    assert set(found) == {"temperature"}
    assert warnings == (
        "lymphocyte_count: unit stone is not known, taken as missing",
        "not used: Observation 999-9",
        "not used: Encounter",
    )


def test_a_bundle_is_a_record_like_any_other_and_its_values_are_checked() -> None:
    data = json.dumps({"resourceType": "Bundle", "entry": [{"resource": observation("8310-5", 60, "Cel")}]}).encode()
    assert is_fhir(data) and not is_fhir(b'{"age": 61}')
    found = read_input("record", SPEC, data, "bundle.json", LIMITS)
    assert not found.present and "temperature: 60" in found.warnings[0]


@pytest.mark.parametrize("document", ['{"resourceType": "Bundle"', '{"resourceType": "Bundle"}', '{"resourceType": "Patient"}', "[]"])
def test_a_file_without_anything_to_use_is_refused_in_one_line(document: str) -> None:
    with pytest.raises(InputError) as caught:
        read_fhir(document.encode(), SPEC.fields)
    assert "\n" not in str(caught.value) and caught.value.hint


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda c: st.lists(c, max_size=3) | st.dictionaries(
    st.sampled_from(["code", "coding", "system", "value", "valueQuantity", "effectiveDateTime", "unit", "resourceType"]), c, max_size=4
), max_leaves=8)  # fmt: skip


@given(st.lists(st.fixed_dictionaries({"resourceType": st.sampled_from(["Observation", "Patient", "Condition"])}, optional={
    "code": JSON, "valueQuantity": JSON, "effectiveDateTime": JSON, "birthDate": JSON, "onsetDateTime": JSON, "gender": JSON,
}), max_size=4))  # fmt: skip
def test_any_resources_give_values_or_an_input_error(resources: list[dict[str, Any]]) -> None:
    try:
        read(*resources)
    except InputError as error:
        assert error.hint
