from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mmcore.encoders.efficientnet import imagenet_state
from mmcore.errors import ConfigError
from mmcore.training.picture_classifier import TOP_BLOCK, TuneSettings, tune
from tests.training.sets import CPU

QUICK = TuneSettings(epochs=2, batch=4, side=64, learning_rate=1e-3)
LABELS = np.array([0, 1, 0, 1, 0, 1])


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.fixture(scope="module")
def start() -> dict[str, torch.Tensor]:
    return {name: value for name, value in imagenet_state().items() if not name.startswith("_fc.")}


@pytest.fixture(scope="module")
def pixels() -> torch.Tensor:
    drawn = torch.randint(0, 80, (6, 3, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    drawn[1::2, 0] += 150
    return drawn


def changed(start: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> set[str]:
    return {name for name, value in after.items() if not torch.equal(value.float(), start[name].float())}


def is_top(name: str) -> bool:
    return name.startswith(("_conv_head", "_bn1")) or (name.startswith("_blocks.") and int(name.split(".")[1]) >= TOP_BLOCK)


@pytest.fixture(scope="module")
def tuned(start: dict[str, torch.Tensor], pixels: torch.Tensor) -> tuple[dict[str, torch.Tensor], list[dict[str, float]]]:
    return tune(start, pixels, LABELS, 2, QUICK, 0, CPU)


def test_the_policy_top_changes_the_top_and_nothing_else(start, tuned) -> None:
    moved = changed(start, tuned[0])
    assert moved and all(is_top(name) for name in moved)
    assert any(name.startswith("_conv_head") for name in moved) and any(name.startswith(f"_blocks.{TOP_BLOCK}.") for name in moved)


def test_the_policy_all_changes_the_first_layer_too_but_no_statistics(start, pixels) -> None:
    moved = changed(start, tune(start, pixels, LABELS, 2, replace(QUICK, policy="all", epochs=1), 0, CPU)[0])
    assert "_conv_stem.weight" in moved
    assert not [name for name in moved if "running" in name or "num_batches" in name]


def test_a_run_that_was_killed_ends_with_the_weights_of_one_that_was_not(start, pixels, tuned, tmp_path: Path) -> None:
    def kill(epoch: int, loss: float) -> None:
        if epoch == 1:
            raise Killed

    path = tmp_path / "tune.ckpt"
    with pytest.raises(Killed):
        tune(start, pixels, LABELS, 2, QUICK, 0, CPU, checkpoint=path, on_epoch=kill)
    torch.rand(5)
    again, curve = tune(start, pixels, LABELS, 2, QUICK, 0, CPU, checkpoint=path)
    assert curve == tuned[1]
    assert all(torch.allclose(again[name], value, atol=1e-6) for name, value in tuned[0].items() if value.is_floating_point())


def test_an_unknown_policy_is_refused(start, pixels) -> None:
    with pytest.raises(ConfigError, match="top or all"):
        tune(start, pixels, LABELS, 2, replace(QUICK, policy="frozen"), 0, CPU)
