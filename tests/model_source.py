"""Model folders to train from in tests: the shipped model's settings, made small."""

from __future__ import annotations

import re
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "mmcore" / "models" / "skin_lesion"


def write_small_model(folder: Path, **training: object) -> Path:
    """A model.toml like the shipped one: the encoder that needs no file of ours, one member, a few epochs of two folds."""
    text = (SHIPPED / "model.toml").read_text(encoding="utf-8").replace("efficientnet_lite0_skin", "efficientnet_lite0")
    settings = {"folds": 2, "epochs": 3, "views": 1, "batch": 16} | training
    lines = "\n".join(f"{key} = {value!r}" for key, value in settings.items()).replace("'", '"')
    text = re.sub(r"\[training\]\n.*?(?=\n\[|\Z)", f"[training]\n{lines}\n", text, flags=re.DOTALL)
    text = re.sub(r"members = \d+", "members = 1", text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.toml").write_text(text, encoding="utf-8")
    return folder
