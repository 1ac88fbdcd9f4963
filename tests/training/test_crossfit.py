from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mmcore.training.crossfit import (
    crossfit,
    fit_members,
    pooled,
    score_subsets,
    set_exponents,
    simplex,
    static_weights,
    stopping_rows,
    with_exponents,
)
from tests.training.sets import CPU, LATE, QUICK, encoded


def test_every_case_is_scored_by_a_network_that_did_not_see_its_subject() -> None:
    data = encoded(60)
    fitted = crossfit(data, 3, LATE, QUICK, 0, CPU)
    assert set(fitted.fold.tolist()) == {0, 1, 2} and len(fitted.curves) == 3
    for subject in set(data.subjects):
        assert len(set(fitted.fold[data.subjects == subject].tolist())) == 1
    for values in fitted.log_probabilities.values():
        assert np.exp(values).sum(axis=1) == pytest.approx(np.ones(60), abs=1e-5)
    assert set(fitted.log_probabilities) == {"image", "record", "image+record"}
    assert set(fitted.distances) == {"image"} and (fitted.distances["image"] > 0).all()


def test_labels_of_a_fold_cannot_reach_its_own_scores() -> None:
    data = encoded(60)
    before = crossfit(data, 3, LATE, QUICK, 0, CPU)
    held = before.fold == 1
    other = replace(data, labels=np.where(held, (data.labels + 1) % 3, data.labels))
    # Only the fold's own labels differ, so the split is given by the old ones: score it by hand with the same networks.
    ensemble, _ = fit_members(other.rows(np.flatnonzero(~held)), 3, LATE, QUICK, 10, CPU)
    set_exponents(ensemble, before.fold_exponents[1])
    again = score_subsets(ensemble, other.rows(np.flatnonzero(held)))
    assert np.allclose(again["image+record"], before.log_probabilities["image+record"][held])


def test_exponents_of_a_fold_do_not_see_its_labels() -> None:
    data = encoded(60)
    fitted = crossfit(data, 3, LATE, QUICK, 0, CPU)
    prior = np.tile(np.log(np.full(3, 1 / 3)), (60, 1))
    here = fitted.fold == 1
    before = with_exponents(fitted, prior, data.labels, ("image", "record"))
    after = with_exponents(fitted, prior, np.where(here, (data.labels + 1) % 3, data.labels), ("image", "record"))
    assert np.allclose(before.log_probabilities["image+record"][here], after.log_probabilities["image+record"][here])
    assert not np.allclose(before.fold_exponents[0], after.fold_exponents[0])
    assert len(fitted.fold_exponents) == 3 and fitted.exponents.shape == (2,)


def test_only_late_fusion_has_exponents() -> None:
    assert crossfit(encoded(40), 3, replace(LATE, name="concat"), QUICK, 0, CPU).exponents is None


def test_exponents_that_are_not_fitted_stay_at_one() -> None:
    data = encoded(60)
    plain = crossfit(data, 3, LATE, replace(QUICK, fit_exponents=False), 0, CPU)
    assert plain.exponents is None and plain.fold_exponents == ()
    inside, held = np.flatnonzero(plain.fold != 1), np.flatnonzero(plain.fold == 1)
    ensemble, _ = fit_members(data.rows(inside), 3, LATE, QUICK, 10, CPU)
    scores = score_subsets(ensemble, data.rows(held))
    assert np.allclose(plain.log_probabilities["image+record"][held], scores["image+record"])
    assert not np.allclose(crossfit(data, 3, LATE, QUICK, 0, CPU).log_probabilities["image+record"][held], scores["image+record"])


def test_members_differ_and_their_checkpoints_are_kept_apart(tmp_path: Path) -> None:
    ensemble, curves = fit_members(encoded(40), 3, replace(LATE, members=2), QUICK, 0, CPU, tmp_path, "final")
    one, other = (torch.cat([p.flatten() for p in member.parameters()]) for member in ensemble.members)
    assert len(curves) == 2 and not torch.equal(one, other)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["final-member0.ckpt", "final-member1.ckpt"]


def test_rows_for_early_stopping_are_whole_subjects_of_about_that_share() -> None:
    data = encoded(120)
    stop = stopping_rows(data, 0.2, 0)
    assert 0.12 < stop.mean() < 0.28
    assert not set(data.subjects[stop]) & set(data.subjects[~stop])
    assert not stopping_rows(data, 0.0, 0).any()


def test_scores_of_a_subset_do_not_depend_on_what_is_left_out() -> None:
    data = encoded(40)
    ensemble, _ = fit_members(data, 3, LATE, QUICK, 0, CPU)
    garbage = replace(data, features={**data.features, "record": data.features["record"] * 0 + 77})
    assert np.allclose(score_subsets(ensemble, data)["image"], score_subsets(ensemble, garbage)["image"])
    assert not np.allclose(score_subsets(ensemble, data)["image+record"], score_subsets(ensemble, garbage)["image+record"])


def test_a_modality_that_knows_nothing_gets_little_weight() -> None:
    data = encoded(120, signal=3.0)
    noise = torch.randn(data.features["record"].shape, generator=torch.Generator().manual_seed(0))
    blind = replace(data, features={**data.features, "record": noise * (data.features["record"] != 0)})
    weights = static_weights(blind, 3, replace(QUICK, epochs=10), 0, CPU)
    assert weights.sum() == pytest.approx(1) and weights[0] >= 0.7


@pytest.mark.parametrize(("parts", "count"), [(1, 1), (2, 11), (3, 66), (4, 286)])
def test_the_grid_of_weights_is_every_split_into_tenths(parts: int, count: int) -> None:
    grid = simplex(parts, 10)
    assert len({tuple(np.round(weights * 10).astype(int)) for weights in grid}) == count == len(grid)
    assert all(len(w) == parts and w.sum() == pytest.approx(1) and (w >= 0).all() for w in grid)


def test_pooled_tokens_are_the_mean_of_the_first_view() -> None:
    data = encoded(10)
    assert pooled(data, "image") == pytest.approx(data.features["image"][:, 0].mean(dim=1).numpy(), abs=1e-5)
