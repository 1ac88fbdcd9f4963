"""A product that nobody has bought yet is given a start, so that it can reach a shelf; bought ones are scored as before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mmcore.domains.retail import Shop
from mmcore.domains.retail.ranker import WHOLE, Ranker, Told


def test_a_start_lifts_only_products_without_a_purchase(shop: Shop) -> None:
    cold = np.isin(np.arange(48), [4, 21])
    seen = shop.purchases.select(~cold[shop.purchases.rows])
    settings = shop.model.settings
    scores = {}
    for launch in (0.0, 1.5):
        chosen = replace(settings, blend=replace(settings.blend, launch=launch))
        ranker = Ranker(shop.model.towers, shop.ranker.features, seen, chosen, shop.model.device)
        scores[launch] = ranker.scores([Told((0, 1), (1, 1))], WHOLE)[0]
    gain = scores[1.5] - scores[0.0]
    assert np.allclose(gain[cold], 1.5, atol=1e-5) and np.allclose(gain[~cold], 0, atol=1e-5)


def test_a_catalogue_without_purchases_is_ranked_by_its_content(shop: Shop) -> None:
    empty = shop.purchases.select(np.zeros(len(shop.purchases), bool))
    ranker = Ranker(shop.model.towers, shop.ranker.features, empty, shop.model.settings, shop.model.device)
    told = [Told((17, 18), (1, 1))]
    parts = ranker.parts(told, WHOLE)
    assert not parts["counts"].any() and not parts["neighbours"].any()
    assert np.allclose(ranker.scores(told, WHOLE), parts["towers"] + parts["popularity"]) and np.ptp(parts["popularity"]) < 1e-6
