"""A Result as a FHIR R4 DiagnosticReport: preliminary, with an Observation for each class and the model as a Device, all inside it."""

from __future__ import annotations

import json
from typing import Any

from mmcore.case import Case
from mmcore.model_spec import ModelSpec
from mmcore.report import findings, origin, reading
from mmcore.result import Result

LOINC_IMAGING = {"system": "http://loinc.org", "code": "18748-4", "display": "Diagnostic imaging study"}
_SERVICE = "http://terminology.hl7.org/CodeSystem/v2-0074"


def render(result: Result, spec: ModelSpec, case: Case, text: str, subject: str = "") -> str:
    """The resource as JSON text.

    Args:
        text: findings, one a line: the conclusion.
        subject: identifier of the patient; empty for none.
    """
    made = reading.origin(case.generated, case.real)
    about = [f"Case: {made}."] if made else []
    about += [f"{origin.CHANGED}: {origin.changed(result)}."] if result.changed else []
    device = {
        "resourceType": "Device",
        "id": "model",
        "deviceName": [{"name": f"Triptych {result.model}", "type": "model-name"}],
        "version": [{"value": result.version}],
        "note": [{"text": f"{what}: {said}"} for what, said in origin.facts(result, case)],
    }
    observations = [_observation(number, item.name, item.probability, result) for number, item in enumerate(result.predictions, 1)]
    document: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "contained": [device, *observations],
        "status": "preliminary",
        "category": [{"coding": [{"system": _SERVICE, "code": "RAD", "display": "Radiology"}]}],
        "code": {"coding": [LOINC_IMAGING], "text": spec.title},
        "result": [{"reference": f"#{item['id']}"} for item in observations],
        "conclusion": "\n".join([findings.DRAFTED, *about, *findings.sentences(text), result.notice, f"Evidence grade: {result.grade}."]),
    }
    if subject:
        document["subject"] = {"identifier": {"value": subject}}
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _observation(number: int, name: str, probability: float, result: Result) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"class{number}",
        "status": "preliminary",
        "code": {"text": f"Probability of {name}"},
        "valueQuantity": {"value": round(probability, 6), "unit": "1", "system": "http://unitsofmeasure.org", "code": "1"},
        "device": {"reference": "#model"},
        "note": [{"text": f"{result.notice} Calibrated on {result.confidence.calibration_n} cases."}],
    }
