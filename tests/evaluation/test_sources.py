from __future__ import annotations

import numpy as np
import torch

from mmcore.evaluation import metrics
from mmcore.evaluation.sources import source_alone, sources
from mmcore.model_spec import DataSpec, ModelSpec
from mmcore.training.dataset import TrainingSet


def spec(source: str) -> ModelSpec:
    return ModelSpec("m", "M", "medical", "classification", "none", "", "", {}, data=DataSpec("t", "l", "s", source=source))


def cases(column: list[str]) -> TrainingSet:
    count = len(column)
    return TrainingSet(
        {"a": torch.zeros(count, 1, 1, 2)}, {"a": torch.ones(count, 1, dtype=torch.bool)}, np.zeros(count, int),
        np.arange(count).astype(str), (), {"url": np.array(column)},
    )  # fmt: skip


def test_the_source_of_an_address_is_its_host() -> None:
    found = sources(spec("url"), cases(["https://www.a.org/x", "http://a.org/y", "b.org", "https://c.org", "d"]))
    assert found is not None and found.tolist() == ["a.org", "a.org", "b.org", "c.org", "d"]


def test_without_a_column_or_with_too_few_sources_nothing_is_said_of_them() -> None:
    assert sources(spec(""), cases(["a"] * 5)) is None
    assert sources(spec("url"), cases(["a", "b", "c"])) is None


def test_a_source_that_tells_the_label_is_found_out() -> None:
    source, labels = np.array(["a"] * 30 + ["b"] * 30), np.array([0] * 30 + [1] * 30)
    told = source_alone(source, labels, np.arange(60) % 5, 3)
    assert metrics.auroc(labels == 1, told[:, 1]) == 1.0
    assert np.allclose(told.sum(axis=1), 1)
