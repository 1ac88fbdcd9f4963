"""Which models there are: those that come with the program and those that ``train`` wrote."""

from __future__ import annotations

import os
from pathlib import Path

from mmcore.errors import ModelError, did_you_mean
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
    for root in (SHIPPED, TRAINED, *_elsewhere()):
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
    for root in (SHIPPED, TRAINED, *_elsewhere()):
        if folder.name == name_or_folder and (root / folder / FILE).is_file():
            here = os.path.relpath(root / folder)
            hint = f"Train it: python -m mmcore train {here} --data DIR --out {TRAINED / folder}"
            raise ModelError(f"model {name_or_folder!r} has no weights in its folder {here}", hint)
    hint = did_you_mean(name_or_folder, known, f"Known models: {', '.join(known) or 'none'}; or give a folder that train wrote")
    lacking = folders_not_there()
    hint += f" ({lacking})" if lacking else ""
    raise ModelError(f"model {name_or_folder!r} is not known", hint)


def folders_not_there() -> str:
    """What of $TRIPTYCH_MODELS is no folder, as a clause; "" where all of it is."""
    lacking = [str(root) for root in _elsewhere() if not root.is_dir()]
    return f"{VARIABLE} names {', '.join(lacking)}, which is no folder" if lacking else ""


def _elsewhere() -> list[Path]:
    """The folders that $TRIPTYCH_MODELS names, whether or not they are there."""
    return [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
