"""A product that nobody has bought yet is given a start, so that it can reach a shelf; bought ones are scored as before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmcore.domains.retail import Shop
from mmcore.domains.retail.features import Features
from mmcore.domains.retail.launch import foretell
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.settings import LaunchSettings
from mmcore.domains.retail.told import WHOLE, Told


def test_a_start_lifts_only_products_without_a_purchase(shop: Shop) -> None:
    cold = np.isin(np.arange(48), [4, 21])
    seen = shop.purchases.select(~cold[shop.purchases.rows])
    settings = shop.model.settings
    scores = {}
    for start in (0.0, 1.5):
        chosen = replace(settings, launch=replace(settings.launch, start=start))
        ranker = Ranker(shop.model.towers, shop.ranker.features, seen, chosen, shop.model.device)
        scores[start] = ranker.scores([Told((0, 1), (1, 1))], WHOLE)[0]
    gain = scores[1.5] - scores[0.0]
    assert np.allclose(gain[cold], 1.5, atol=1e-5) and np.allclose(gain[~cold], 0, atol=1e-5)


def test_what_nobody_bought_is_foretold_from_what_is_bought_like_it() -> None:
    rng = np.random.default_rng(0)
    image = rng.normal(size=(60, 256)).astype(np.float32)
    image[:, 0] = np.repeat([30.0, -30.0], 30)  # two kinds that look apart; one sells, the other does not
    image /= np.linalg.norm(image, axis=1, keepdims=True)
    features = Features(image, image, np.zeros((60, 6, 128), np.float32))
    count = np.repeat([20, 1], 30)
    count[[3, 40]] = 0
    found = foretell(features, count, np.log(count + 0.5), LaunchSettings(ridge=1.0, alike=5), image=True, text=False)
    assert found.rows.tolist() == [3, 40] and found.popularity == pytest.approx([np.log(20.5), np.log(1.5)], abs=0.15)
    for number, kind in enumerate((range(30), range(30, 60))):
        assert found.alike[number].sum() == pytest.approx(1) and set(found.alike[number].indices) <= set(kind) - {3, 40}
    blind = foretell(features, count, np.log(count + 0.5), LaunchSettings(), image=False, text=False)
    assert np.ptp(blind.popularity) == 0 and not blind.alike.nnz


def test_a_new_colour_is_foretold_to_sell_as_the_colours_it_joins() -> None:
    rng = np.random.default_rng(1)
    image = rng.normal(size=(60, 256)).astype(np.float32)
    image[1:3] = image[0] + rng.normal(scale=0.1, size=(2, 256))  # three colours of one garment that sells far above the others
    image /= np.linalg.norm(image, axis=1, keepdims=True)
    features = Features(image, image, np.zeros((60, 6, 128), np.float32))
    count = np.full(60, 5)
    count[[0, 1, 2]] = 400, 400, 0
    said = foretell(features, count, np.log(count + 0.5), LaunchSettings(), image=True, text=False).popularity
    assert said == pytest.approx([np.log(400.5)], abs=0.3)


def test_popularity_follows_what_the_look_says_beyond_the_most_alike() -> None:
    rng = np.random.default_rng(2)
    image = rng.normal(size=(300, 256)).astype(np.float32)
    image /= np.linalg.norm(image, axis=1, keepdims=True)  # hardly any two alike, and popularity a line through the look
    features = Features(image, image, np.zeros((300, 6, 128), np.float32))
    log = 3 + 20 * image[:, 0]
    count = np.where(np.arange(300) < 30, 0, 5)
    found = foretell(features, count, log, LaunchSettings(ridge=0.1), image=True, text=False)
    assert np.corrcoef(found.popularity, log[:30])[0, 1] > 0.8


def test_a_catalogue_without_purchases_is_ranked_by_its_content(shop: Shop) -> None:
    empty = shop.purchases.select(np.zeros(len(shop.purchases), bool))
    ranker = Ranker(shop.model.towers, shop.ranker.features, empty, shop.model.settings, shop.model.device)
    told = [Told((17, 18), (1, 1))]
    parts = ranker.parts(told, WHOLE)
    assert not parts["counts"].any() and not parts["factors"].any()
    assert np.allclose(ranker.scores(told, WHOLE), parts["towers"] + parts["popularity"]) and np.ptp(parts["popularity"]) < 1e-6
