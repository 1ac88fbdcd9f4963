from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcore.errors import InputError
from mmcore.training.splits import folds


def cases(seed: int, count: int = 120) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 3, count), np.array([f"s{k}" for k in rng.integers(0, count // 3, count)])


@given(st.integers(0, 500), st.integers(2, 6))
@settings(max_examples=25, deadline=None)
def test_no_subject_is_in_two_folds_and_every_fold_is_used(seed: int, count: int) -> None:
    labels, subjects = cases(seed)
    fold = folds(labels, subjects, count, seed)
    assert set(fold.tolist()) == set(range(count))
    assert all(len(set(fold[subjects == subject].tolist())) == 1 for subject in set(subjects))


@given(st.integers(0, 500))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    labels, subjects = cases(seed)
    order = np.random.default_rng(seed + 1).permutation(len(labels))
    assert np.array_equal(folds(labels[order], subjects[order], 4, 0), folds(labels, subjects, 4, 0)[order])


def test_classes_are_spread_evenly() -> None:
    labels = np.array([0] * 90 + [1] * 30)
    fold = folds(labels, np.arange(120).astype(str), 3, 0)
    assert [int((labels[fold == k] == 1).sum()) for k in range(3)] == [10, 10, 10]


def test_another_seed_gives_another_split() -> None:
    labels, subjects = cases(0)
    assert not np.array_equal(folds(labels, subjects, 4, 0), folds(labels, subjects, 4, 1))


def test_too_few_subjects_are_an_error_that_says_how_many() -> None:
    with pytest.raises(InputError, match="2 subjects are too few for 3 folds"):
        folds(np.array([0, 1, 0]), np.array(["a", "b", "b"]), 3, 0)
