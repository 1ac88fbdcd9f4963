from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcore.confidence.calibration import BOUNDS, calibrate, fit_temperature, log_softmax


def drawn(temperature: float, count: int = 6000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Log probabilities that are too sure (or too shy) by this temperature, and labels drawn from the true ones."""
    rng = np.random.default_rng(seed)
    true = log_softmax(rng.normal(0, 2, (count, 4)))
    labels = np.array([rng.choice(4, p=np.exp(row)) for row in true])
    return log_softmax(true * temperature), labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0, 3.0])
def test_a_known_temperature_is_found(temperature: float) -> None:
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.08)


def test_calibration_lowers_the_log_loss_of_a_model_that_is_too_sure() -> None:
    values, labels = drawn(2.5)
    loss = lambda p: -np.log(p[np.arange(len(labels)), labels]).mean()  # noqa: E731
    assert loss(calibrate(values, fit_temperature(values, labels))) < loss(np.exp(values)) - 0.05


def test_a_temperature_stays_within_its_bounds() -> None:
    sure = log_softmax(np.eye(3)[[0, 1, 2] * 20] * 9.0)
    assert BOUNDS[0] * 0.99 <= fit_temperature(sure, np.array([0, 1, 2] * 20)) < 0.25
    assert 4 < fit_temperature(sure, np.array([1, 2, 0] * 20)) <= BOUNDS[1] * 1.01


@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=6), st.floats(*BOUNDS))
@settings(max_examples=50, deadline=None)
def test_probabilities_sum_to_one_and_keep_their_order(logits: list[float], temperature: float) -> None:
    values = calibrate(np.array(logits), temperature)
    assert values.sum() == pytest.approx(1, abs=1e-9)
    assert values.argmax() == np.argmax(logits) or values.max() == values[np.argmax(logits)]
