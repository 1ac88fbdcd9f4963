from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmcore.confidence.abstain import AbstainSettings
from mmcore.confidence.calibration import log_softmax
from mmcore.confidence.familiarity import Familiarity
from mmcore.confidence.model import ConfidenceModel, fit_confidence, load_confidence, save_confidence


@pytest.fixture(scope="module")
def fitted() -> ConfidenceModel:
    """Fitted to scores of 300 cases, half of them without a record."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 300)
    sharp = lambda size: log_softmax(rng.normal(0, 1, (300, 4)) + size * np.eye(4)[labels])  # noqa: E731
    there = np.arange(300) % 2 == 0
    return fit_confidence(
        {"image": sharp(2.0), "record": sharp(1.0), "image+record": sharp(3.0)},
        labels,
        np.array([0.4, 0.3, 0.2, 0.1]),
        AbstainSettings(unfamiliar_share=0.05),
        {"image": Familiarity.fit(rng.normal(0, 1, (100, 20)))},
        {"image": np.arange(100) / 100},
        {"image": np.ones(300, dtype=bool), "record": there, "image+record": there},
    )


def test_each_subset_rests_on_the_cases_that_have_it(fitted: ConfidenceModel) -> None:
    assert {s: fitted.calibration_n(s) for s in fitted.scores} == {"image": 300, "record": 150, "image+record": 150}


def test_thresholds_are_the_quantiles_that_the_settings_ask_for(fitted: ConfidenceModel) -> None:
    assert fitted.distance_limits["image"] == pytest.approx(0.94, abs=0.01)


def test_what_is_stored_answers_the_same(fitted: ConfidenceModel, tmp_path: Path) -> None:
    save_confidence(fitted, tmp_path / "c.safetensors")
    again = load_confidence((tmp_path / "c.safetensors").read_bytes())
    rng = np.random.default_rng(1)
    values, pooled = log_softmax(rng.normal(0, 2, (20, 4))), rng.normal(0, 1, (5, 20))
    for subset in fitted.scores:
        before, after = fitted.probabilities(subset, values), again.probabilities(subset, values)
        assert after == pytest.approx(before, abs=1e-9)
        for row in before:
            assert list(fitted.prediction_set(subset, row, 0.8)) == list(again.prediction_set(subset, row, 0.8))
    assert again.distance_limits == fitted.distance_limits
    assert list(again.prior) == list(fitted.prior)
    assert again.familiarity["image"].distance(pooled) == pytest.approx(fitted.familiarity["image"].distance(pooled), rel=0.02)


def test_sets_of_many_are_those_of_each(fitted: ConfidenceModel) -> None:
    probabilities = np.random.default_rng(2).dirichlet(np.ones(4), 30)
    sets = fitted.sets("record", probabilities, 0.8)
    for row, chosen in zip(probabilities, sets, strict=True):
        assert set(np.flatnonzero(chosen)) == set(fitted.prediction_set("record", row, 0.8))


def test_one_modality_is_stored_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    everyone = {"image": np.ones(50, dtype=bool)}
    values = {"image": log_softmax(rng.normal(0, 1, (50, 3)))}
    model = fit_confidence(values, rng.integers(0, 3, 50), np.ones(3) / 3, AbstainSettings(), {}, {}, everyone)
    save_confidence(model, tmp_path / "c.safetensors")
    assert set(load_confidence((tmp_path / "c.safetensors").read_bytes()).scores) == {"image"}
