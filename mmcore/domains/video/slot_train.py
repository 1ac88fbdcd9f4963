"""Train a spoken-command model into a folder, on every clip of a data set."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mmcore import model_folder
from mmcore.domains.video.slot_compare import letters_of, material_of
from mmcore.domains.video.slot_material import noise_folds
from mmcore.domains.video.slot_model import read_settings, save_network
from mmcore.domains.video.slot_training import fit
from mmcore.model_spec import FILE, read_spec

Step = Callable[[str, int, int], None]


def train(model: Path, folder: Path, noise: Path, out: Path, *, seed: int, cache: Path, command: str, step: Step) -> dict[str, Any]:
    """Weights, model.toml and the hashes of everything trained on, in ``out``; a summary. Noises of the last fold are not used."""
    settings, training = read_settings(read_spec(model))
    material = material_of(folder, noise, settings, training, 0, cache, step)
    network = fit(material, settings.slots, letters_of(folder, material.ids), np.arange(len(material.ids)), training, seed, step)
    out.mkdir(parents=True, exist_ok=True)
    if out.resolve() != model.resolve():
        shutil.copyfile(model / FILE, out / FILE)
    save_network(out, network)
    used, _ = noise_folds(noise)
    hashes = sorted({*material.hashes, *(hashlib.sha256(path.read_bytes()).hexdigest() for path in used)})
    (out / model_folder.HASHES).write_text(json.dumps({"hashes": hashes}, indent=0) + "\n")
    summary = {"command": command, "seed": seed, "cases": len(material.ids), "noises": len(used)}
    (out / model_folder.TRAINING).write_text(json.dumps(summary, indent=2) + "\n")
    return summary
