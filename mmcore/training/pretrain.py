"""The picture encoder trained further on another labelled set of pictures of its kind, before any model is trained on it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save

from mmcore.encoders.efficientnet import imagenet_state, resize
from mmcore.errors import InputError
from mmcore.readers.files import listed, read_file
from mmcore.readers.limits import LIMITS
from mmcore.readers.picture import read_picture
from mmcore.readers.table import read_table
from mmcore.training.load import Step
from mmcore.training.picture_classifier import TuneSettings, tune

TABLE, PICTURE, LABEL = "metadata.csv", "image", "dx"
HOW = TuneSettings(policy="all", epochs=8, learning_rate=2e-4, weight_decay=0.01, batch=32, dropout=0.2)


def pretrain(data: Path, out: Path, *, seed: int, device: torch.device, step: Step) -> dict[str, Any]:
    """ImageNet weights trained further on every picture of ``data`` (metadata.csv with the columns image and dx).

    Writes the weights as float16 to ``out`` and their sha256 beside it. A killed run goes on where it was.
    """
    rows = read_table(read_file(data / TABLE, LIMITS), LIMITS)
    if not rows or PICTURE not in rows[0] or LABEL not in rows[0]:
        raise InputError(
            f"{TABLE} needs the columns {PICTURE} and {LABEL}", "Give a folder in the format of HAM10000 as its README states it"
        )
    names = sorted({row[LABEL] for row in rows})
    pixels = np.zeros((len(rows), 3, 224, 224), dtype=np.uint8)
    for number, row in enumerate(rows):
        picture, _ = read_picture(read_file(listed(data, row[PICTURE]), LIMITS))
        pixels[number] = resize(picture.pixels).transpose(2, 0, 1)
        step("read", number + 1, len(rows))
    labels = np.array([names.index(row[LABEL]) for row in rows])
    checkpoint = out.with_suffix(".ckpt")
    state, curve = tune(
        imagenet_state(), torch.from_numpy(pixels), labels, len(names), HOW, seed, device,
        checkpoint=checkpoint, on_epoch=lambda epoch, loss: step("tune", epoch, HOW.epochs),
    )  # fmt: skip
    weights = save({name: value.half().contiguous() for name, value in state.items() if value.is_floating_point()})
    out.write_bytes(weights)
    sha256 = hashlib.sha256(weights).hexdigest()
    out.with_suffix(".sha256").write_text(sha256 + "\n")
    checkpoint.unlink()
    return {"pictures": len(rows), "labels": names, "seed": seed, "sha256": sha256, "curve": curve}
