"""What every report carries: which model, on which inputs, for what it must not be used, and on whose terms."""

from __future__ import annotations

from mmcore.case import Case
from mmcore.report import reading
from mmcore.result import Result

CHANGED = "Changed by hand"


def changed(result: Result) -> str:
    """What a person changed of the case before it was analysed; empty where nothing was."""
    return "; ".join(result.changed)


def facts(result: Result, case: Case) -> list[tuple[str, str]]:
    """(what, text): notice, whether the case is real, what was changed by hand, grade, licence, fingerprints of model, case and inputs."""
    inputs = [(f"Input {name}", f"sha256 {item.value.sha256}") for name, item in case.inputs.items() if item.present]
    made = reading.origin(case.generated, case.real)
    return [
        ("Notice", result.notice),
        *([("Origin", made)] if made else []),
        *([(CHANGED, changed(result))] if result.changed else []),
        ("Evidence grade", result.grade),
        ("Licence", result.licence),
        ("Model", f"{result.model}, version {result.version}"),
        ("Case", result.case),
        *inputs,
    ]
