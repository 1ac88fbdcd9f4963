"""Metrics against scikit-learn, by hand and by property."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, roc_auc_score

from mmcore.evaluation import metrics


def drawn(seed: int, n: int = 200, classes: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(classes, size=n)
    logits = rng.normal(size=(n, classes)) + 1.5 * (truth[:, None] == np.arange(classes))
    return truth, np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(3))
def test_auroc_agrees_with_scikit_learn_with_and_without_ties(seed):
    truth, probabilities = drawn(seed)
    for scores in (probabilities[:, 0], probabilities[:, 0].round(1)):
        assert metrics.auroc(truth == 0, scores) == pytest.approx(roc_auc_score(truth == 0, scores), abs=1e-12)
    expected = roc_auc_score(truth, probabilities, multi_class="ovr", average="macro")
    assert metrics.macro_auroc(truth, probabilities) == pytest.approx(expected, abs=1e-12)


def test_macro_auroc_leaves_out_classes_that_no_case_or_every_case_has():
    truth, probabilities = drawn(1)
    kept = truth < 4
    expected = np.mean([roc_auc_score(truth[kept] == c, probabilities[kept, c]) for c in range(4)])
    assert metrics.macro_auroc(truth[kept], probabilities[kept]) == pytest.approx(expected, abs=1e-12)
    assert np.isnan(metrics.macro_auroc(np.zeros(5, int), probabilities[:5]))


def test_balanced_accuracy_agrees_with_scikit_learn_and_counts_only_classes_that_occur():
    truth, probabilities = drawn(2)
    assert metrics.balanced_accuracy(truth, probabilities) == pytest.approx(balanced_accuracy_score(truth, probabilities.argmax(axis=1)))
    by_hand = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.9, 0.1, 0.0], [0.1, 0.0, 0.9]])
    assert metrics.balanced_accuracy(np.array([0, 0, 0, 1]), by_hand) == pytest.approx((2 / 3 + 0) / 2)


def test_brier_agrees_with_scikit_learn():
    truth, probabilities = drawn(3)
    expected = brier_score_loss(truth, probabilities, scale_by_half=False, labels=list(range(6)))
    assert metrics.brier(truth, probabilities) == pytest.approx(expected)


def test_ece_by_hand():
    probabilities = np.array([[0.95, 0.05], [0.95, 0.05], [0.65, 0.35], [0.65, 0.35]])
    truth = np.array([0, 1, 0, 0])
    assert metrics.expected_calibration_error(truth, probabilities) == pytest.approx((2 * 0.45 + 2 * 0.35) / 4)


def test_a_confidence_on_the_edge_belongs_to_the_bin_below_and_certainty_to_the_last():
    bars = metrics.reliability(np.array([0, 0]), np.array([[0.5, 0.5], [1.0, 0.0]]))
    assert [(round(bar.low, 1), round(bar.high, 1), bar.n) for bar in bars] == [(0.4, 0.5, 1), (0.9, 1.0, 1)]


def test_coverage_and_set_size_by_hand():
    members = np.array([[True, True, False], [False, True, False], [False, False, False], [True, True, True]])
    truth = np.array([1, 0, 2, 2])
    assert metrics.coverage(truth, members) == 0.5
    assert metrics.set_size(members) == 1.5


def test_sensitivity_at_specificity_by_hand():
    negatives, positives = np.arange(10) / 10, np.array([0.95, 0.85, 0.8, 0.1])
    positive = np.repeat([False, True], [10, 4])
    # One negative in ten may be called positive: the threshold lies at 0.9, or just above 0.8.
    assert metrics.sensitivity_at_specificity(positive, np.concatenate([negatives, positives])) == 0.5


def test_sensitivity_at_specificity_counts_ties_against_the_model():
    positive = np.array([True, True, False, False])
    assert metrics.sensitivity_at_specificity(positive, np.full(4, 0.5)) == 0.0
    assert metrics.sensitivity_at_specificity(positive, np.array([0.9, 0.8, 0.1, 0.2])) == 1.0


def test_sensitivity_at_specificity_takes_every_threshold_also_on_a_straight_curve():
    scores = np.repeat(np.arange(20) / 20, 2)  # each threshold lets in one positive and one negative
    assert metrics.sensitivity_at_specificity(np.tile([True, False], 20), scores) == pytest.approx(0.1)


def test_figures_of_nothing_are_nan_and_of_one_class_too():
    nothing, none = np.zeros(0, int), np.zeros((0, 3))
    for metric in (metrics.macro_auroc, metrics.balanced_accuracy, metrics.accuracy, metrics.brier, metrics.expected_calibration_error):
        assert np.isnan(metric(nothing, none))
    assert np.isnan(metrics.coverage(nothing, none.astype(bool))) and np.isnan(metrics.set_size(none.astype(bool)))
    assert np.isnan(metrics.auroc(np.ones(3, bool), np.arange(3)))
    assert np.isnan(metrics.sensitivity_at_specificity(np.zeros(3, bool), np.arange(3)))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(2, 7))
def test_every_figure_stays_in_its_range(seed, n, classes):
    truth, probabilities = drawn(seed, n, classes)
    assert 0 <= metrics.expected_calibration_error(truth, probabilities) <= 1
    assert 0 <= metrics.brier(truth, probabilities) <= 2
    assert 0 <= metrics.balanced_accuracy(truth, probabilities) <= 1
    assert metrics.coverage(truth, np.ones((n, classes), bool)) == 1
    assert metrics.coverage(truth, np.zeros((n, classes), bool)) == 0
    assert sum(bar.n for bar in metrics.reliability(truth, probabilities)) == n


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_the_rows_changes_nothing(seed):
    truth, probabilities = drawn(seed, 40)
    rows = np.random.default_rng(seed).permutation(40)
    for metric in (metrics.macro_auroc, metrics.balanced_accuracy, metrics.brier, metrics.expected_calibration_error):
        assert metric(truth[rows], probabilities[rows]) == pytest.approx(metric(truth, probabilities))
