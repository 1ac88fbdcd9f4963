"""Which cases a model has met in training: figures with any of them are no test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mmcore.case import Case, Picture
from mmcore.errors import ModelError
from mmcore.model_folder import HASHES, read_json


def seen_in_training(folder: Path) -> Callable[[Case], bool] | None:
    """A test of a case against the hashes kept in the model folder; None where the folder keeps none, so that nobody can tell.

    A case was seen if all of its inputs together, or its picture alone, were in training: another record does not make a photo new.
    A record alone tells nothing, for different people can have the same one.
    """
    kept = read_json(folder, HASHES)
    if not kept:
        return None
    try:
        cases, inputs = frozenset(kept["cases"]), frozenset(kept["inputs"])
    except (KeyError, TypeError) as error:
        raise ModelError(f"{HASHES} of model {folder.name} is damaged", "Restore the file or train again") from error

    def seen(case: Case) -> bool:
        pictures = (item.value.sha256 for item in case.inputs.values() if isinstance(item.value, Picture))
        return case.digest in cases or any(sha256 in inputs for sha256 in pictures)

    return seen
