"""pretrain: another labelled set of pictures to weights that the encoder loads."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from mmcore.encoders.efficientnet import WEIGHTS, build_net, skin_sha256
from mmcore.errors import InputError
from mmcore.training import pretrain as module


def quiet(stage: str, done: int, total: int) -> None:
    """No progress."""


def test_weights_are_written_with_their_hash_and_load_into_the_encoder(
    tmp_path: Path, tiny_skin_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HOW", replace(module.HOW, epochs=1, side=64, batch=8))
    rows = list(csv.DictReader((tiny_skin_set / "metadata.csv").open(encoding="utf-8")))[:12]
    data = tmp_path / "set"
    (data / "images").mkdir(parents=True)
    table = "\n".join(["image,dx", *(f"{row['image']},{row['diagnostic']}" for row in rows)])
    (data / "metadata.csv").write_text(table, encoding="utf-8")
    for row in rows:
        (data / row["image"]).write_bytes((tiny_skin_set / row["image"]).read_bytes())
    out = tmp_path / "weights.safetensors"
    found = module.pretrain(data, out, seed=0, device=torch.device("cpu"), step=quiet)
    assert found["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest() == out.with_suffix(".sha256").read_text().strip()
    build_net(safetensors.torch.load_file(out))
    assert out.stat().st_mode == out.with_suffix(".sha256").stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set", "weights.safetensors", "weights.sha256"]


def test_a_table_without_the_columns_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="image and dx"):
        module.pretrain(tmp_path, tmp_path / "x.safetensors", seed=0, device=torch.device("cpu"), step=quiet)


def test_the_shipped_weights_are_the_ones_that_the_recorded_command_made() -> None:
    record = json.loads((WEIGHTS / "efficientnet_lite0_skin.json").read_text(encoding="utf-8"))
    data = (WEIGHTS / "efficientnet_lite0_skin.safetensors").read_bytes()
    assert record["sha256"] == skin_sha256() == hashlib.sha256(data).hexdigest()
