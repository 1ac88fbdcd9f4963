"""Large catalogues: the approximate index finds what comparing all would find, and scoring candidates alone gives the same shelf."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from mmcore.domains.retail import Shop
from mmcore.domains.retail import ranker as ranking
from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.index import NearIndex, nearest
from mmcore.domains.retail.scores import NEVER, top
from mmcore.domains.retail.told import SUBSETS, WHOLE, Told


def test_the_index_finds_what_comparing_all_finds() -> None:
    rng = np.random.default_rng(0)
    kinds = rng.normal(size=(50, 32))
    vectors = kinds[rng.integers(0, 50, 4000)] + 0.7 * rng.normal(size=(4000, 32))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    index = NearIndex(vectors, threads=1)
    found = [len(set(index.near(vectors[at], 20)) & set(nearest(vectors, vectors[at], 20))) / 20 for at in range(0, 4000, 100)]
    assert np.mean(found) >= 0.95 and len(NearIndex(vectors[:5], threads=1).near(vectors[0], 20)) == 5


def test_a_photo_has_candidates_of_its_own(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "NEAR", 5)
    large = copy.copy(shop.ranker)
    large.exact, large._popular = 10, shop.ranker._popular[:3]
    scores = large.scores([Told(photo=shop.ranker.features.look[7])], "image")[0]
    assert top(scores[None], 1)[0, 0] == 7 and (scores > NEVER).sum() <= 8


@pytest.mark.parametrize("subset", SUBSETS)
def test_candidates_are_scored_as_in_a_small_catalogue(shop: Shop, subset: str) -> None:
    large = copy.copy(shop.ranker)
    large.exact = 10
    told = [Told((0, 1), (1, 2)), Told((17,), (1,)), Told()]
    exact, found = shop.ranker.scores(told, subset), large.scores(told, subset)
    there = found > NEVER
    assert there[0].sum() >= 20 and np.allclose(found[there], exact[there], atol=1e-4)


def test_a_filter_may_leave_what_is_no_candidate(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "NEAR", 20)
    large = copy.copy(shop)
    large.ranker = copy.copy(shop.ranker)
    large.ranker.exact, large.ranker._popular = 10, shop.ranker._popular[:3]
    shopper = Shopper((0, 1), (1, 2))
    scores = large.ranker.scores([large.told(shopper)], WHOLE)[0]
    left_out = np.setdiff1d(np.flatnonzero(scores == NEVER), shopper.rows)[:2]
    for item in large.shelf(shopper, allowed=np.isin(np.arange(48), left_out)).items:
        explanation, _ = large.explain(shopper, item.item)
        assert item.score > NEVER and item.explanation is not None
        assert item.probability == pytest.approx(item.explanation.values[WHOLE]) == explanation.values[WHOLE]


def test_what_is_no_candidate_is_not_shown_unless_asked_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "NEAR", 8)
    large = copy.copy(shop.ranker)
    large.exact, large._popular = 10, shop.ranker._popular[:3]
    told = Told((0, 1), (1, 2))
    scores = large.scores([told], WHOLE)[0]
    left_out = np.flatnonzero(scores == NEVER)
    assert len(left_out) > 0 and top(scores[None], 1)[0, 0] == top(shop.ranker.scores([told], WHOLE), 1)[0, 0]
    assert large.scores([told], WHOLE, also=[int(left_out[0])])[0, left_out[0]] > NEVER
