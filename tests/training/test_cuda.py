"""On a real GPU: training and answering agree with the CPU. Skipped where there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from mmcore import device
from mmcore.fusion import FUSIONS
from mmcore.pipeline import Pipeline
from mmcore.readers.dataset import read_dataset
from mmcore.training.fit import fit
from mmcore.training.train import train
from tests.model_source import write_small_model
from tests.training.sets import CPU, LATE, QUICK, encoded

pytestmark = pytest.mark.cuda
CUDA = torch.device("cuda", 0)


@pytest.mark.parametrize("name", FUSIONS)
def test_an_epoch_on_the_gpu_ends_near_one_on_the_cpu(name: str) -> None:
    settings, fusion = replace(QUICK, epochs=1, modality_dropout=0.0, token_dropout=0.0), replace(LATE, name=name, dropout=0.0)
    on_cpu, on_gpu = (fit(encoded(), None, 3, fusion, settings, 0, where)[0] for where in (CPU, CUDA))
    batch = encoded(30, seed=5).batch()
    assert next(on_gpu.parameters()).device == CPU
    with torch.no_grad():
        assert torch.allclose(on_gpu(batch).logits.softmax(-1), on_cpu(batch).logits.softmax(-1), atol=1e-2)


def test_a_model_trained_on_the_gpu_answers_there_as_on_the_cpu(tiny_skin_set: Path, tmp_path: Path) -> None:
    source = write_small_model(tmp_path / "source", epochs=1, freeze="top", tune_epochs=1)
    train(source, tiny_skin_set, tmp_path / "out", fusion=None, seed=0, device=CUDA, command="")
    on_cpu, on_gpu = (Pipeline(tmp_path / "out", where) for where in (CPU, CUDA))
    assert next(on_gpu.fusion.parameters()).device == CUDA and device.describe(CUDA)
    case = read_dataset(tiny_skin_set, on_cpu.spec)[0].load()
    one, other = on_cpu.open(case), on_gpu.open(case)
    for subset, values in one.probabilities.items():
        assert other.probabilities[subset] == pytest.approx(values, abs=1e-2)
    assert other.patches is not None and one.patches is not None
    assert other.patches.scores == pytest.approx(one.patches.scores, abs=1e-2)
