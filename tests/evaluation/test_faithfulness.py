"""Deletion and insertion on functions whose answer is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcore.evaluation.faithfulness import areas, removal_counts, summarise_areas


@dataclass(frozen=True)
class Additive:
    """A probability that is the sum of what each piece that is left is worth."""

    worth: np.ndarray
    scores: np.ndarray

    def probability(self, removed: Sequence[Sequence[int]]) -> np.ndarray:
        return np.array([self.worth.sum() - self.worth[list(pieces)].sum() for pieces in removed])


WORTH = np.random.default_rng(0).dirichlet(np.ones(49))


def test_deletion_and_insertion_of_an_additive_function_by_hand():
    case = Additive(np.array([0.4, 0.3, 0.2, 0.1, 0.0]), np.array([5.0, 4.0, 3.0, 2.0, 1.0]))
    # ceil(k * 5 / 10) pieces are gone after step k = 1..10: 1 1 2 2 3 3 4 4 5 5
    found = areas(case, seed=0)
    assert found.deletion == pytest.approx(np.mean([0.6, 0.6, 0.3, 0.3, 0.1, 0.1, 0, 0, 0, 0]))
    # given back, so that after step k still ceil((10 - k) * 5 / 10) are gone, the worst ones: 5 4 4 3 3 2 2 1 1 0
    assert found.insertion == pytest.approx(np.mean([0, 0.4, 0.4, 0.7, 0.7, 0.9, 0.9, 1, 1, 1]))


def test_the_right_order_beats_random_and_the_reverse_order_loses():
    right, wrong = areas(Additive(WORTH, WORTH), seed=1), areas(Additive(WORTH, -WORTH), seed=1)
    assert right.deletion < right.deletion_random < wrong.deletion
    assert right.insertion > right.insertion_random > wrong.insertion


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(0, 10_000))
def test_no_order_beats_the_order_of_the_true_worth(pieces, seed):
    rng = np.random.default_rng(seed)
    worth = rng.random(pieces)
    best, other = areas(Additive(worth, worth), seed=seed), areas(Additive(worth, rng.normal(size=pieces)), seed=seed)
    assert best.deletion <= other.deletion + 1e-12 and best.deletion <= best.deletion_random + 1e-12
    assert best.insertion >= other.insertion - 1e-12 and best.insertion >= best.insertion_random - 1e-12


def test_a_function_that_ignores_its_pieces_gains_nothing():
    cases = [areas(Additive(np.zeros(12), np.random.default_rng(seed).normal(size=12)), seed=seed) for seed in range(5)]
    summary = summarise_areas(cases, np.arange(5))
    assert summary["deletion_gain_ci"] == [0, 0] and summary["insertion_gain_ci"] == [0, 0]


def test_scores_that_are_all_equal_are_no_better_than_random():
    worth = np.linspace(1, 0, 20) / 10  # the first pieces are worth most: an order by number would look clever
    cases = [areas(Additive(worth, np.zeros(20)), seed=seed) for seed in range(200)]
    low, high = summarise_areas(cases, np.arange(200))["deletion_gain_ci"]
    assert low < 0 < high


@pytest.mark.parametrize("pieces", [1, 3, 8, 10, 49])
def test_evidence_goes_in_at_least_ten_steps_until_nothing_is_left(pieces):
    counts = removal_counts(pieces)
    assert len(counts) == 11 and counts[0] == 0 and counts[-1] == pieces and (np.diff(counts) >= 0).all()
    assert counts[1] >= 1


def test_the_probability_is_asked_once_a_case_and_no_set_twice():
    asked = []

    class Counting(Additive):
        def probability(self, removed):
            asked.append([tuple(pieces) for pieces in removed])
            return super().probability(removed)

    areas(Counting(WORTH, WORTH), seed=2)
    assert len(asked) == 1 and len(asked[0]) == len(set(asked[0])) <= 2 + 7 * 9


def test_the_summary_pairs_cases_and_draws_subjects():
    cases = [areas(Additive(WORTH * scale, WORTH), seed=i) for i, scale in enumerate((0.5, 0.7, 0.9, 1.0))]
    summary = summarise_areas(cases, np.array(["a", "a", "b", "c"]))
    assert summary["cases"] == 4
    assert summary["deletion"] == pytest.approx(np.mean([case.deletion for case in cases]))
    assert 0 < summary["deletion_gain_ci"][0] <= summary["deletion_random"] - summary["deletion"] <= summary["deletion_gain_ci"][1]
    assert 0 < summary["insertion_gain_ci"][0] <= summary["insertion"] - summary["insertion_random"] <= summary["insertion_gain_ci"][1]


def test_the_same_seed_gives_the_same_areas():
    assert areas(Additive(WORTH, WORTH), seed=[0, 7]) == areas(Additive(WORTH, WORTH), seed=[0, 7])
    assert areas(Additive(WORTH, WORTH), seed=[0, 7]) != areas(Additive(WORTH, WORTH), seed=[0, 8])


def test_an_input_without_pieces_is_refused():
    with pytest.raises(ValueError, match="without pieces"):
        areas(Additive(np.zeros(0), np.zeros(0)), seed=0)
