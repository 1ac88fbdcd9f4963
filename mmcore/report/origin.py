"""What every report carries: which model, on which inputs, for what it must not be used, and on whose terms."""

from __future__ import annotations

from mmcore.case import Case
from mmcore.report import reading
from mmcore.result import Result


def facts(result: Result, case: Case) -> list[tuple[str, str]]:
    """(what, text): notice, whether the case is real, evidence grade, licence, and the fingerprints of model, case and each input."""
    inputs = [(f"Input {name}", f"sha256 {item.value.sha256}") for name, item in case.inputs.items() if item.present]
    made = reading.origin(case.generated, case.real)
    return [
        ("Notice", result.notice),
        *([("Origin", made)] if made else []),
        ("Evidence grade", result.grade),
        ("Licence", result.licence),
        ("Model", f"{result.model}, version {result.version}"),
        ("Case", result.case),
        *inputs,
    ]
