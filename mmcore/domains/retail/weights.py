"""A ranking model's folder: the towers with their projection in fusion.safetensors, calibration, and what was in training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from safetensors import safe_open
from safetensors.numpy import load_file
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import save_file

from mmcore.domains.retail.features import Projection
from mmcore.domains.retail.settings import TowerSettings
from mmcore.domains.retail.towers import Towers
from mmcore.library import WEIGHTS
from mmcore.model_folder import readable

PROJECTION = "projection."
SEEN = "baskets.safetensors"


def save_towers(folder: Path, towers: Towers, projection: Projection) -> None:
    """As float16, with what is needed to build them again."""
    tensors = {name: value.half().contiguous().cpu() for name, value in towers.state_dict().items()}
    arrays = {"image_mean": projection.image_mean, "image_axes": projection.image_axes, "text_mean": projection.text_mean}
    arrays |= {"text_axes": projection.text_axes, "caption": projection.caption}
    tensors |= {PROJECTION + name: torch.from_numpy(np.ascontiguousarray(values)).half() for name, values in arrays.items()}
    save_file(tensors, folder / WEIGHTS, metadata={"settings": json.dumps(asdict(towers.settings))})


def load_towers(folder: Path, device: torch.device) -> tuple[Towers, Projection]:
    """What `save_towers` wrote, in float32 and evaluation mode; ModelError where the file is damaged."""
    path = folder / WEIGHTS
    with readable(path):
        with safe_open(path, "pt") as file:
            settings = TowerSettings(**json.loads(file.metadata()["settings"]))
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        arrays = {name.removeprefix(PROJECTION): values.numpy() for name, values in tensors.items() if name.startswith(PROJECTION)}
        towers = Towers(settings)
        towers.load_state_dict({name: values for name, values in tensors.items() if not name.startswith(PROJECTION)})
        projection = Projection(**arrays)
    return towers.eval().to(device), projection


def basket_hashes(baskets: Iterable[tuple[str, Iterable[str]]]) -> np.ndarray:
    """uint64 of each (date, product ids): what a shopper bought on one day, whoever it was, at whatever time."""
    keys = (f"{pd.Timestamp(date).normalize()}|{'|'.join(sorted(set(items)))}" for date, items in baskets)
    return np.array([int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "little") for key in keys], dtype=np.uint64)


def save_seen(folder: Path, hashes: np.ndarray) -> None:
    """Writes the hashes of the baskets of training beside the weights."""
    save_arrays({"baskets": np.unique(hashes)}, folder / SEEN)


def seen(folder: Path, hashes: np.ndarray) -> int | None:
    """How many of these baskets were in training; None where the folder does not say."""
    path = folder / SEEN
    if not path.is_file():
        return None
    with readable(path):
        return int(np.isin(hashes, load_file(path)["baskets"]).sum())
