"""case.toml: what a case is called and which file holds which modality."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from mmcore.errors import ConfigError, InputError, did_you_mean
from mmcore.model_spec import ModelSpec
from mmcore.readers.limits import Limits, megabytes
from mmcore.readers.names import shown
from mmcore.settings import parse

CASE_FILE = "case.toml"


@dataclass(frozen=True)
class CaseFile:
    """What a case.toml says.

    Attributes:
        model: the model the case was made for; another model warns.
        generated: True where a program made the case, False where it is real.
        real: of a generated case the inputs that are real all the same.
        inputs: modality -> path inside the folder; one left out is missing.
        prior: the same for an earlier case of the same subject, to compare with.
        notes: any further text for people.
    """

    title: str = ""
    model: str = ""
    generated: bool | None = None
    real: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    prior: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def read_case_file(data: bytes, spec: ModelSpec, limits: Limits) -> CaseFile:
    """The checked case.toml. All its errors are InputError: it is something the user gave."""
    if len(data) > limits.toml_bytes:
        raise InputError(f"{CASE_FILE} is larger than {megabytes(limits.toml_bytes)}", "Keep to title, model, generated and [inputs]")
    try:
        about = parse(CaseFile, tomllib.loads(data.decode("utf-8-sig")), CASE_FILE)
    except ConfigError as error:
        raise InputError(error.message, error.hint) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{CASE_FILE} is not valid TOML: {shown(error, 120)}", "Check its quotes and brackets") from error
    if not (about.generated is None or isinstance(about.generated, bool)):
        raise InputError(f"{CASE_FILE}: generated is neither true nor false", "Write generated = true or generated = false")
    for table, modality in [("inputs", name) for name in about.inputs] + [("prior", name) for name in about.prior]:
        if modality not in spec.inputs:
            hint = did_you_mean(modality, spec.modalities, f"This model's inputs: {', '.join(spec.modalities)}", cutoff=0.5)
            raise InputError(f"{CASE_FILE} [{table}]: {shown(modality)!r} is no input of {spec.name}", hint)
    return about
