"""Which models there are: those that come with the program and those that ``train`` wrote."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from mmcore.errors import ModelError
from mmcore.model_spec import FILE

SHIPPED = Path(__file__).parent / "models"
TRAINED = Path(".models")
VARIABLE = "TRIPTYCH_MODELS"
WEIGHTS = "fusion.safetensors"


def model_folders() -> dict[str, Path]:
    """Name -> folder: the shipped models, then the folders in .models/ and in each folder of $TRIPTYCH_MODELS.

    A trained model with the name of another keeps its own folder's path as its name.
    """
    found: dict[str, Path] = {}
    elsewhere = [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    for root in (SHIPPED, TRAINED, *elsewhere):
        if not root.is_dir():
            continue
        for folder in sorted(root.iterdir()):
            if (folder / FILE).is_file() and (folder / WEIGHTS).is_file():
                found[folder.name if folder.name not in found else str(folder)] = folder
    return found


def find(name_or_folder: str) -> Path:
    """The folder of a model by its name or path; ModelError names the nearest where there is none."""
    known = model_folders()
    if name_or_folder in known:
        return known[name_or_folder]
    folder = Path(name_or_folder)
    if (folder / FILE).is_file():
        return folder
    near = difflib.get_close_matches(name_or_folder, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known models: {', '.join(known) or 'none'}; or give a folder that train wrote"
    raise ModelError(f"model {name_or_folder!r} is not known", hint)
