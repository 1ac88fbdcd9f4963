"""Intervals over subjects: they hold the figure, respect who belongs together and cost little."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcore.evaluation.bootstrap import draw_rows, interval, paired_interval
from mmcore.evaluation.metrics import macro_auroc


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 80))
def test_an_interval_of_a_mean_holds_the_mean_and_is_ordered(seed, n):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=n)
    low, high = interval(np.mean, rng.integers(n, size=n), values, draws=300)
    assert low < values.mean() < high


def test_an_interval_has_the_width_that_theory_gives():
    values = np.random.default_rng(0).normal(size=400)
    low, high = interval(np.mean, np.arange(400), values, draws=2000)
    assert high - low == pytest.approx(2 * 1.96 * values.std() / np.sqrt(400), rel=0.1)


def test_rows_of_one_subject_are_drawn_together():
    subjects = np.array(["b", "a", "b", "c", "a", "b"])
    for rows in draw_rows(subjects, 50, seed=1):
        counts = np.bincount(rows, minlength=6)
        assert counts[0] == counts[2] == counts[5] and counts[1] == counts[4]
        assert counts[0] + counts[1] + counts[3] == 3


def test_copies_of_a_subjects_rows_do_not_narrow_the_interval():
    values = np.random.default_rng(3).normal(size=30)
    alone = interval(np.mean, np.arange(30), values, seed=5)
    copied = interval(np.mean, np.repeat(np.arange(30), 8), np.repeat(values, 8), seed=5)
    assert copied == pytest.approx(alone)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    values = np.random.default_rng(4).normal(size=30)
    assert interval(np.mean, np.arange(30), values, seed=1) == interval(np.mean, np.arange(30), values, seed=1)
    assert interval(np.mean, np.arange(30), values, seed=1) != interval(np.mean, np.arange(30), values, seed=2)


def test_the_order_of_the_rows_changes_nothing():
    rng = np.random.default_rng(6)
    subjects, values, rows = rng.integers(20, size=50), rng.normal(size=50), rng.permutation(50)
    assert interval(np.mean, subjects[rows], values[rows]) == pytest.approx(interval(np.mean, subjects, values))


def test_a_paired_interval_cancels_what_both_share():
    rng = np.random.default_rng(7)
    hard = rng.normal(size=100) * 10
    better, worse = hard + 1 + rng.normal(size=100) * 0.1, hard
    low, high = paired_interval(np.mean, np.arange(100), [better], [worse])
    assert 0.9 < low < high < 1.1
    assert paired_interval(np.mean, np.arange(100), [hard], [hard]) == (0, 0)


def test_one_subject_gives_no_interval():
    assert np.isnan(interval(np.mean, np.zeros(9), np.arange(9))).all()
    assert np.isnan(paired_interval(np.mean, np.zeros(9), [np.arange(9)], [np.arange(9)])).all()


def test_draws_without_a_figure_are_left_out():
    truth = np.array([0] * 9 + [1])  # some draws miss the only case of class 1
    probabilities = np.column_stack([1 - np.arange(10) / 10, np.arange(10) / 10])
    assert interval(macro_auroc, np.arange(10), truth, probabilities) == (1.0, 1.0)
    assert np.isnan(interval(macro_auroc, np.arange(10), truth * 0, probabilities, draws=20)).all()


def test_an_interval_of_the_largest_figure_takes_a_few_seconds_at_most():
    rng = np.random.default_rng(8)
    started = time.perf_counter()
    interval(macro_auroc, rng.integers(487, size=623), rng.integers(6, size=623), rng.dirichlet(np.ones(6), size=623))
    assert time.perf_counter() - started < 5
