from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.training.sets import encoded


def test_rows_keep_everything_together() -> None:
    data = encoded(30)
    part = data.rows(np.array([5, 2, 9]))
    assert len(part) == 3 and part.labels.tolist() == data.labels[[5, 2, 9]].tolist()
    assert part.subjects.tolist() == data.subjects[[5, 2, 9]].tolist() and part.columns["row"].tolist() == ["5", "2", "9"]
    assert torch.equal(part.features["image"], data.features["image"][[5, 2, 9]])
    assert torch.equal(part.mask["record"][1], data.mask["record"][2])


def test_without_a_generator_the_first_view_is_taken_and_with_one_any() -> None:
    data = encoded(50)
    assert torch.equal(data.batch().features["image"], data.features["image"][:, 0])
    drawn = data.batch(torch.arange(50), torch.Generator().manual_seed(0)).features["image"]
    first = (drawn == data.features["image"][:, 0]).flatten(1).all(1)
    second = (drawn == data.features["image"][:, 1]).flatten(1).all(1)
    assert (first | second).all() and 10 < first.sum() < 40


def test_no_class_has_a_prior_of_zero() -> None:
    prior = encoded(30).prior(4)
    assert prior.sum() == pytest.approx(1) and prior == pytest.approx(np.array([11, 11, 11, 1]) / 34)
