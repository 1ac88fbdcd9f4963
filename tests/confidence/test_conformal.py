from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcore.confidence.conformal import in_sets, nonconformity, prediction_set, threshold
from mmcore.errors import ConfigError

LEVELS = (0.5, 0.8, 0.9, 0.95)


def cases(rng: np.random.Generator, count: int, classes: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are only loosely right, with their labels: what holds must hold for a wrong model too."""
    logits = rng.normal(0, 2, (count, classes))
    labels = np.array([rng.choice(classes, p=p) for p in softmax(logits)])
    return softmax(logits * 1.7 + rng.normal(0, 1, logits.shape)), labels


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def lac_set(calibration: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, level: float) -> set[int]:
    """The conformal set by its definition: a class is in where its score, put among the calibration scores, is not too strange.

    p-value of class y = (1 + number of calibration scores at least as great as 1 - p(y)) / (N + 1); in the set where it is
    above 1 - level. No threshold and no quantile are computed.
    """
    scores = [1 - row[label] for row, label in zip(calibration, labels, strict=True)]
    p_value = lambda p: (1 + sum(score >= 1 - p for score in scores)) / (len(scores) + 1)  # noqa: E731
    return {y for y, p in enumerate(probabilities) if p_value(p) > 1 - level + 1e-12}


@pytest.mark.parametrize("level", LEVELS)
def test_sets_hold_the_truth_as_often_as_they_say(level: float) -> None:
    rng, covered = np.random.default_rng(7), []
    for _ in range(150):
        probabilities, labels = cases(rng, 260)
        scores = nonconformity(probabilities[:60], labels[:60])
        inside = in_sets(probabilities[60:], threshold(scores, level))
        covered.append(inside[np.arange(200), labels[60:]].mean())
    # Between level and level + 1 / (N + 1), where no set had to be filled up; the mean of 150 draws has a deviation below 0.007.
    assert level - 0.02 <= np.mean(covered) <= level + 1 / 61 + (0.02 if level >= 0.8 else 0.2)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("level", LEVELS)
def test_sets_are_those_of_the_definition(seed: int, level: float) -> None:
    rng = np.random.default_rng(seed)
    probabilities, labels = cases(rng, 60)
    least = threshold(nonconformity(probabilities[:40], labels[:40]), level)
    for row in probabilities[40:]:
        expected = lac_set(probabilities[:40], labels[:40], row, level) or {int(row.argmax())}
        assert set(prediction_set(row, least).tolist()) == expected


def test_too_few_cases_for_a_level_give_every_class() -> None:
    scores = np.linspace(0.1, 0.5, 8)
    assert threshold(scores, 0.9) == 0
    assert len(prediction_set(np.array([0.9, 0.1, 0.0]), threshold(scores, 0.9))) == 3
    assert threshold(np.linspace(0.1, 0.5, 9), 0.9) == pytest.approx(0.5)


@given(st.integers(0, 10_000), st.floats(0.02, 0.98), st.floats(0.02, 0.98))
@settings(max_examples=60, deadline=None)
def test_a_higher_level_never_drops_a_class_and_no_set_is_empty(seed: int, one: float, other: float) -> None:
    rng = np.random.default_rng(seed)
    probabilities, labels = cases(rng, 30)
    scores = nonconformity(probabilities[:20], labels[:20])
    low, high = sorted((one, other))
    for row in probabilities[20:]:
        small, large = (set(prediction_set(row, threshold(scores, level)).tolist()) for level in (low, high))
        assert small and small <= large


def test_a_set_lists_the_most_probable_class_first_and_agrees_with_the_matrix() -> None:
    rng = np.random.default_rng(1)
    probabilities, labels = cases(rng, 80)
    least = threshold(nonconformity(probabilities[:40], labels[:40]), 0.9)
    matrix = in_sets(probabilities, least)
    for row, inside in zip(probabilities, matrix, strict=True):
        listed = prediction_set(row, least)
        assert listed[0] == row.argmax() and list(row[listed]) == sorted(row[listed], reverse=True)
        assert set(listed.tolist()) == set(np.flatnonzero(inside).tolist())


@pytest.mark.parametrize("level", [0, 1, -0.1, 1.5, float("nan")])
def test_a_level_outside_zero_and_one_is_an_error(level: float) -> None:
    with pytest.raises(ConfigError, match="between 0 and 1"):
        threshold(np.linspace(0, 1, 50), level)
