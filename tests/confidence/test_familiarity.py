from __future__ import annotations

import numpy as np
import pytest

from mmcore.confidence.familiarity import Familiarity
from mmcore.confidence.model import ConfidenceModel, load_confidence, save_confidence


def inputs(count: int, seed: int) -> np.ndarray:
    """(N, 60) pooled tokens: a few strong directions in noise, away from the origin."""
    rng = np.random.default_rng(seed)
    directions = np.random.default_rng(99).normal(0, 1, (5, 60))
    return 4 + rng.normal(0, 3, (count, 5)) @ directions + rng.normal(0, 0.5, (count, 60))


def test_inputs_like_those_of_training_lie_at_about_one() -> None:
    gaussian = Familiarity.fit(inputs(800, 0))
    assert gaussian.distance(inputs(400, 1)).mean() == pytest.approx(1, abs=0.12)


def test_inputs_of_another_kind_lie_far_away() -> None:
    gaussian = Familiarity.fit(inputs(800, 0))
    rng = np.random.default_rng(2)
    usual = np.quantile(gaussian.distance(inputs(400, 1)), 0.99)
    assert gaussian.distance(rng.normal(0, 3, (50, 60))).min() > 3 * usual
    assert gaussian.distance(inputs(50, 3) + 5).min() > 3 * usual
    assert gaussian.distance(np.zeros((1, 60)))[0] > usual


def test_the_distance_is_that_of_mahalanobis_by_hand() -> None:
    gaussian = Familiarity(np.array([1.0, 0, 0]), np.array([[0.0, 1, 0]]), np.array([4.0]), 0.25)
    assert gaussian.distance(np.array([[2.0, 2.0, 0.0]]))[0] == pytest.approx((1 / 0.25 + 4 / 4) / 3)


def test_few_inputs_are_enough_to_fit() -> None:
    assert np.isfinite(Familiarity.fit(inputs(12, 0)).distance(inputs(5, 1))).all()


def test_inputs_that_repeat_are_familiar_once_stored(tmp_path) -> None:
    pooled = np.repeat(inputs(9, 0), 8, axis=0)
    model = ConfidenceModel({}, {}, np.ones(2) / 2, {"note": Familiarity.fit(pooled)}, {"note": 1.0})
    save_confidence(model, tmp_path / "confidence.safetensors")
    stored = load_confidence((tmp_path / "confidence.safetensors").read_bytes()).familiarity["note"]
    assert stored.distance(pooled).max() < 1 < stored.distance(inputs(5, 1)).min() < 1e4
