"""FHIR R4 (JSON) as a raw record: Bundle, Patient, Observation and Condition, by LOINC codes, values in the schema's units.

Only what a model's fields ask for is taken. What is not known, of another unit or not usable gives a warning that names the code, never
the patient.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mmcore.errors import InputError
from mmcore.model_spec import Field
from mmcore.readers.names import shown

LOINC = "http://loinc.org"
# LOINC codes of the quantities that clinical models ask for, by the name of the field.
CODES: Mapping[str, frozenset[str]] = {
    "age": frozenset({"30525-0", "21612-7"}),
    "temperature": frozenset({"8310-5", "8331-1", "8329-5", "8332-9"}),
    "pO2_saturation": frozenset({"2708-6", "59408-5", "59407-7", "20564-1"}),
    "neutrophil_count": frozenset({"751-8", "753-4", "26499-4"}),
    "lymphocyte_count": frozenset({"731-0", "732-8", "26474-7"}),
    "leukocyte_count": frozenset({"6690-2", "26464-8", "804-5"}),
    "heart_rate": frozenset({"8867-4"}),
}
# UCUM unit -> (factor, summand) into the unit that the schema states.
_SAME = {"°C": {"Cel": (1.0, 0.0), "°C": (1.0, 0.0), "[degF]": (5 / 9, -160 / 9), "K": (1.0, -273.15)}}
UNITS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    **_SAME,
    "%": {"%": (1.0, 0.0), "1": (100.0, 0.0)},
    "10^9/L": {
        **dict.fromkeys(("10*9/L", "10*3/uL", "10*3/mm3", "G/L", "10^9/L", "10^3/uL", "K/uL"), (1.0, 0.0)),
        **dict.fromkeys(("/uL", "/mm3", "{cells}/uL", "10*6/L"), (0.001, 0.0)),
    },
    "years": {"a": (1.0, 0.0), "years": (1.0, 0.0), "mo": (1 / 12, 0.0), "wk": (7 / 365.25, 0.0), "d": (1 / 365.25, 0.0)},
    "days": {"d": (1.0, 0.0), "h": (1 / 24, 0.0), "wk": (7.0, 0.0)},
}
_GENDERS = {"female": "F", "male": "M"}
_TAKEN = ("Patient", "Observation", "Condition")
MOST = 5_000


def is_fhir(data: bytes) -> bool:
    """True where JSON says of itself that it is a FHIR resource."""
    return data.lstrip()[:1] == b"{" and b'"resourceType"' in data[:20_000]


def read_fhir(data: bytes, fields: Sequence[Field]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Field name -> value in the field's unit, and what was noticed. The latest Observation of a code counts.

    Raises:
        InputError: no JSON, no FHIR resource, several patients, or nothing in it that a field asks for.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError("the FHIR file is no valid JSON", "Export the bundle again") from error
    warnings: list[str] = []
    resources = list(_resources(document))
    if not resources:
        raise InputError("the file holds no FHIR resource", "Give a Bundle, Patient, Observation or Condition of FHIR R4")
    people = {str(r.get("id") or number) for number, r in enumerate(resources) if r.get("resourceType") == "Patient"}
    if len(people) > 1:
        raise InputError(f"the FHIR file is about {len(people)} patients", "Give the bundle of one patient")
    by_name = {field.name: field for field in fields}
    out: dict[str, Any] = {}
    when: dict[str, str] = {}
    for resource in resources:
        kind = resource.get("resourceType")
        if kind == "Patient":
            _patient(resource, by_name, out, resources)
        elif kind == "Observation":
            _observation(resource, by_name, out, when, warnings)
        elif kind == "Condition":
            _condition(resource, by_name, out, resources)
    others = sorted({str(r.get("resourceType")) for r in resources} - set(_TAKEN) - {"None"})
    if others:
        warnings.append(f"not used: {', '.join(shown(name, 30) for name in others[:10])}")
    if not out:
        raise InputError("the FHIR file holds nothing that this model asks for", f"It asks for: {', '.join(by_name)}")
    return out, tuple(warnings)


def _resources(document: Any) -> Iterator[Mapping[str, Any]]:
    if not isinstance(document, Mapping):
        return
    if document.get("resourceType") != "Bundle":
        yield document
        return
    entries = document.get("entry")
    for entry in (entries if isinstance(entries, list) else [])[:MOST]:
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping):
            yield resource


def _patient(
    resource: Mapping[str, Any], fields: Mapping[str, Field], out: dict[str, Any], everything: Sequence[Mapping[str, Any]]
) -> None:
    if "sex" in fields and (sex := _GENDERS.get(str(resource.get("gender")))):
        out["sex"] = sex
    born, seen = _date(resource.get("birthDate")), _latest(everything)
    if "age" in fields and born and seen and seen >= born:
        out.setdefault("age", float(seen.year - born.year - ((seen.month, seen.day) < (born.month, born.day))))


def _condition(
    resource: Mapping[str, Any], fields: Mapping[str, Field], out: dict[str, Any], everything: Sequence[Mapping[str, Any]]
) -> None:
    """Days from the onset of a condition to the latest observation. The name of the condition, which is the answer, is not read."""
    begun, seen = _date(resource.get("onsetDateTime")), _latest(everything)
    if "offset" in fields and begun and seen and seen >= begun:
        out["offset"] = float(min((seen - begun).days, out.get("offset", 10**6)))


def _observation(
    resource: Mapping[str, Any], fields: Mapping[str, Field], out: dict[str, Any], when: dict[str, str], warnings: list[str]
) -> None:
    codes = _codes(resource)
    name = next((field for field, known in CODES.items() if codes & known), None)
    if name is None:
        warnings.append(f"not used: Observation {', '.join(sorted(shown(c, 20) for c in codes)) or 'without a LOINC code'}")
        return
    if name not in fields or resource.get("status") in ("cancelled", "entered-in-error"):
        return
    quantity = resource.get("valueQuantity")
    value = quantity.get("value") if isinstance(quantity, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    assert isinstance(quantity, Mapping)
    unit = str(quantity.get("code") or quantity.get("unit") or "")
    known_units = UNITS.get(fields[name].unit, {})
    if unit not in known_units:
        warnings.append(f"{name}: unit {shown(unit, 20) or 'missing'} is not known, taken as missing")
        return
    time = str(resource.get("effectiveDateTime") or "")
    if time >= when.get(name, ""):
        factor, summand = known_units[unit]
        converted = float(value) * factor + summand
        out[name], when[name] = round(converted, 2 if abs(converted) >= 10 else 4), time  # 101.1 °F is 38.39 °C: no more was measured


def _codes(resource: Mapping[str, Any]) -> set[str]:
    code = resource.get("code")
    codings = code.get("coding") if isinstance(code, Mapping) else None
    found = [c for c in codings if isinstance(c, Mapping)] if isinstance(codings, list) else []
    return {str(c.get("code")) for c in found if c.get("system") in (LOINC, None)}


def _latest(resources: Sequence[Mapping[str, Any]]) -> date | None:
    dates = [found for r in resources if r.get("resourceType") == "Observation" and (found := _date(r.get("effectiveDateTime")))]
    return max(dates, default=None)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
