"""Item-item weights against the textbook, calibration against known chances, figures against by-hand counts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.domains.retail.accuracy import diversity, judged, ndcgs, recalls
from mmcore.domains.retail.catalogue import Purchases, Shopper
from mmcore.domains.retail.chances import Chances, edges, fit_chances
from mmcore.domains.retail.counts import item_weights, matrix, neighbours, popularity
from mmcore.domains.retail.features import Features
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.settings import CountSettings, TowerSettings
from mmcore.domains.retail.towers import Towers


def random_purchases(shoppers: int = 40, products: int = 12) -> Purchases:
    rng = np.random.default_rng(0)
    count = shoppers * 4
    names = rng.integers(0, shoppers, count).astype(str).astype(object)
    return Purchases(names, rng.integers(0, products, count), rng.integers(0, 5, count))


def test_weights_are_those_of_the_ridge_regression_of_each_product_on_the_others() -> None:
    purchases = random_purchases()
    bought = matrix(purchases, 12)
    empty = Features(np.zeros((12, 256), np.float32), np.zeros((12, 256), np.float32), np.zeros((12, 6, 128), np.float32))
    weights = item_weights(bought, empty, CountSettings(ridge=5.0), image=True, text=True).toarray()
    x = bought.toarray()
    for product in range(12):
        others = [p for p in range(12) if p != product]
        solved = np.linalg.solve(x[:, others].T @ x[:, others] + 5.0 * np.eye(11), x[:, others].T @ x[:, product])
        assert weights[others, product] == pytest.approx(solved, abs=1e-4) and weights[product, product] == 0


def test_likeness_gives_a_product_nobody_bought_neighbours() -> None:
    purchases = random_purchases()
    bought = matrix(purchases, 13)
    image = np.zeros((13, 256), np.float32)
    image[:, 0] = 1
    image[3], image[12] = np.eye(256, dtype=np.float32)[5], np.eye(256, dtype=np.float32)[5]
    features = Features(image, image, np.zeros((13, 6, 128), np.float32))
    with_image = item_weights(bought, features, CountSettings(), image=True, text=False).toarray()
    without = item_weights(bought, features, CountSettings(), image=False, text=False).toarray()
    assert with_image[:, 12].argmax() == 3 and not without[:, 12].any()


def test_neighbours_and_popularity_count_by_hand() -> None:
    purchases = Purchases(np.array(["a", "a", "b", "b", "b"], dtype=object), np.array([0, 1, 0, 1, 2]), np.array([0, 1, 1, 1, 1]))
    table = neighbours(matrix(purchases, 3), shrink=1.0, kept=10).toarray()
    assert table[0, 1] == pytest.approx(2 / 3) and table[0, 2] == pytest.approx(1 / (np.sqrt(2) + 1)) and table[1, 1] == 0
    assert popularity(purchases, 3, half_life=1.0) == pytest.approx(np.log([0.5 + 1 + 0.5, 2.5, 1.5]))


def test_a_missing_modality_changes_nothing_but_its_own_part() -> None:
    torch.manual_seed(0)
    towers = Towers(TowerSettings(dim=8, hidden=16)).eval()
    image, text, there = torch.randn(3, 256), torch.randn(3, 6, 128), torch.tensor([[True, False]] * 3)
    assert torch.equal(towers.products(image, text, there), towers.products(image, 0 * text, there))
    past = towers.past(image, text, there)[None]
    mask = torch.tensor([[True, True, False]])
    age = torch.ones(1, 3, dtype=torch.long)
    changed = past.clone()
    changed[0, 2] = 99
    assert torch.equal(towers.shoppers(past, mask, age), towers.shoppers(changed, mask, age))


def test_stated_chances_are_those_that_the_day_had() -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(0, 1, (600, 300)).astype(np.float32)
    hidden = np.zeros((600, 300), bool)
    true = 1 / (1 + np.exp(-(1.5 * scores - 6)))
    fitted = fit_chances({"text": scores}, rng.random(scores.shape) < true, hidden, np.full(600, 3), seed=0)
    stated = fitted.of_products("text", scores, edges(scores)[:, None], np.full((600, 1), 3))
    best = top(scores, 20)
    assert np.take_along_axis(stated, best, 1).mean() == pytest.approx(np.take_along_axis(true, best, 1).mean(), rel=0.1)
    assert stated.mean() == pytest.approx(true.mean(), rel=0.15) and fitted.prior == pytest.approx(true.mean(), rel=0.1)


def test_the_edge_of_a_shelf_is_a_product_that_may_be_shown() -> None:
    scores = np.tile(np.arange(30, dtype=np.float32), (3, 1))
    scores[1, 5:] = HIDDEN
    scores[2] = HIDDEN
    assert edges(scores).tolist() == [10, 0, HIDDEN]


def test_a_shelf_is_told_within_what_its_products_allow() -> None:
    told = Chances({}, {"text": np.array([-9.0, 0.0, 0.0]), "image": np.array([9.0, 0.0, 0.0])}, 0.1, {})
    chances = np.array([[0.02, 0.01], [0.6, 0.7]])
    assert told.of_shelf("text", chances, np.ones(2)) == pytest.approx([0.02, 0.7])
    assert told.of_shelf("image", chances, np.ones(2)) == pytest.approx([0.03, 1 / (1 + np.exp(-9))])


def test_figures_follow_the_contract() -> None:
    groups, count = np.array([0, 0, 1, 2, 3]), np.array([5, 4, 0, 1, 2])
    people = judged({"a": {0, 1, 2}, "b": {3}}, {"a": Shopper((0,)), "b": Shopper((3,))}, groups, count)
    assert [one.name for one in people] == ["a"] and people[0].truth == {1, 2} and people[0].strict == {2} and people[0].cold == {2}
    assert recalls([[2, 4]], [people[0].truth]) == pytest.approx([0.5])
    assert ndcgs([[4, 2]], [people[0].truth]) == pytest.approx([(1 / np.log2(3)) / (1 + 1 / np.log2(3))])
    assert diversity(np.array([[1.0, 0], [0, 1], [1, 0]])) == pytest.approx(2 / 3)
    assert top(np.array([[1.0, 3, 3, 2]]), 3).tolist() == [[1, 2, 3]]
