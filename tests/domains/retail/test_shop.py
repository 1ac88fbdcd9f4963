"""Shelves, their explanations and what moves them, on the generated shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from mmcore.domains.retail import Shop, Shopper
from mmcore.domains.retail.catalogue import EMPTY_PURCHASES
from mmcore.domains.retail.cautions import NOTHING_SOLD
from mmcore.domains.retail.content import chances_of
from mmcore.domains.retail.encoding import Encoders
from mmcore.domains.retail.shop import asked_for
from mmcore.domains.retail.told import SUBSETS, WHOLE, Told
from mmcore.errors import InputError


def kinds(shop: Shop, items: list[str]) -> list[str]:
    return [shop.catalogue.products[shop.row(item)].texts["kind"].split(",")[0] for item in items]


def trousers(shop: Shop, count: int = 3) -> Shopper:
    rows = [row for row, product in enumerate(shop.catalogue.products) if product.texts["kind"].startswith("Trousers")]
    return Shopper(tuple(rows[:count]), (1,) * count)


def test_a_probability_is_told_as_that_of_the_shop_of_training_and_of_nothing_that_was_asked_for(shop: Shop) -> None:
    shelf, asked = shop.shelf(trousers(shop), 3), shop.search("blue trousers", k=3)
    assert shop.home and shelf.tells and not asked.tells
    elsewhere = shop.model.open(shop.catalogue, replace(shop.purchases, began=date(2019, 5, 5)), raw=shop.raw)
    strange = elsewhere.shelf(trousers(shop), 3)
    assert not elsewhere.home and strange.tells
    told = [item.explanation.reasoning[0] for found in (shelf, asked, strange) for item in found.items[:1] if item.explanation]
    starts = ("Of a hundred such suggestions about ", "Most comes from ", "Of a hundred such suggestions in the shop that ")
    assert [said.startswith(start) for said, start in zip(told, starts, strict=True)] == [True] * 3
    depth = shop.explain(Shopper(wish="a blue shirt"), "P0000")[0].reasoning
    assert not any("points" in said or "hundred" in said for said in depth)


def test_a_shelf_shows_twenty_new_products_the_most_probable_first(shop: Shop) -> None:
    shopper = trousers(shop)
    shelf = shop.shelf(shopper)
    assert len(shelf.items) == 20 and not {item.row for item in shelf.items} & set(shopper.rows)
    scores = [item.score for item in shelf.items]
    assert scores == sorted(scores, reverse=True) and shelf.subset == WHOLE and shelf.known
    assert all(0 < item.probability < 1 for item in shelf.items)
    assert max(item.probability for item in shelf.items) <= shelf.any_probability + 0.5 and 0 < shelf.any_probability < 1


def test_a_shopper_of_trousers_sees_trousers_first_by_words_and_by_looks(shop: Shop) -> None:
    for without in ((), ("image",), ("text",)):
        found = kinds(shop, [item.item for item in shop.shelf(trousers(shop), 5, without=without, explain=False).items])
        assert found.count("Trousers") >= 3, (without, found)


def test_shares_add_up_to_the_probability_exactly(shop: Shop) -> None:
    for without in ((), ("behaviour",)):
        for item in shop.shelf(trousers(shop), 4, without=without).items:
            explanation = item.explanation
            assert explanation is not None
            assert explanation.base + sum(explanation.shares.values()) == pytest.approx(item.probability, abs=1e-9)
            assert explanation.values[""] == shop.model.chances.prior
            assert set(explanation.shares) == {"image", "text", "behaviour"} - set(without)


def test_a_product_in_depth_has_the_probability_of_its_shelf(shop: Shop) -> None:
    asked, left_out = asked_for("a red dress")
    for shopper, without in ((trousers(shop), ()), (asked, left_out)):
        item = shop.shelf(shopper, 3, without=without, explain=False).items[0]
        explanation, _ = shop.explain(shopper, item.item, without=without)
        assert explanation.base + sum(explanation.shares.values()) == pytest.approx(item.probability, abs=1e-9)
    assert [i.row for i in shop.search("a red dress", explain=False).items[:1]] == [item.row]


def test_a_product_is_as_probable_whatever_is_shown_beside_it(shop: Shop) -> None:
    shopper = trousers(shop)
    whole = {item.row: item for item in shop.shelf(shopper, 48).items}
    for few in ([7, 30], [12]):  # filters that leave two products, and one
        shelf = shop.shelf(shopper, allowed=np.isin(np.arange(48), few), hide=(5,))
        assert {item.row for item in shelf.items} == set(few)
        for item in shelf.items:
            assert item.probability == pytest.approx(whole[item.row].probability, abs=1e-12)
            assert item.explanation is not None and whole[item.row].explanation is not None
            assert item.explanation.shares == pytest.approx(whole[item.row].explanation.shares, abs=1e-12)


def test_nothing_is_certain_for_who_has_bought_everything(shop: Shop) -> None:
    everything = Shopper(tuple(range(48)), (1,) * 48)
    explanation, _ = shop.explain(everything, shop.catalogue.products[3].id)
    assert max(explanation.values.values()) < 0.5 and shop.why_not(everything, shop.catalogue.products[3].id).probability < 0.5


def test_of_a_shelf_at_least_one_is_bought_no_less_than_the_best_and_no_more_than_all(shop: Shop) -> None:
    for shopper in (trousers(shop), Shopper()):
        for k in (1, 3, 20):
            shelf = shop.shelf(shopper, k, explain=False)
            chances = [item.probability for item in shelf.items]
            assert max(chances) - 1e-12 <= shelf.any_probability <= sum(chances) + 1e-12


def test_evidence_of_a_past_product_is_what_is_lost_without_it(shop: Shop) -> None:
    shopper = trousers(shop)
    item = shop.shelf(shopper, 1).items[0]
    assert item.explanation is not None
    for piece in item.explanation.evidence:
        if "item" in piece.where:
            gone = shop.row(piece.where["item"])
            left = Shopper(tuple(row for row in shopper.rows if row != gone), (1, 1))
            bought = shop.bought(shopper)
            scores = shop.ranker.scores([shop.told(left)], WHOLE)
            assert piece.score == pytest.approx(item.probability - chances_of(shop, scores, [item.row], WHOLE, bought, 3)[0, 0], abs=1e-6)


def test_words_and_patches_are_explained_in_depth_and_patches_paired(shop: Shop) -> None:
    item = shop.shelf(trousers(shop), 1, explain=False).items[0].item
    explanation, pairs = shop.explain(trousers(shop), item)
    words = shop.catalogue.products[shop.row(item)].words
    spans = [piece for piece in explanation.evidence if "span" in piece.where]
    assert spans and all(words[piece.where["field"]][slice(*piece.where["span"])] == piece.value for piece in spans)
    assert sum("box" in piece.where for piece in explanation.evidence) == 49
    assert pairs and all(-1 <= pair.likeness <= 1.0001 and pair.past in trousers(shop).rows for pair in pairs)


def test_where_nobody_has_bought_anything_nothing_is_told_as_bought_most(shop: Shop) -> None:
    unsold = shop.model.open(shop.catalogue, EMPTY_PURCHASES)
    shelf = unsold.shelf(Shopper(), 3)
    assert shelf.reasons == (NOTHING_SOLD,)
    for item in shelf.items:
        assert item.explanation is not None and item.explanation.reasoning[-1].endswith("nobody has bought this product yet.")


def test_a_shopper_of_whom_nothing_is_known_is_told_so(shop: Shop) -> None:
    shelf = shop.shelf(Shopper())
    assert not shelf.known and "Nothing is known" in shelf.reasons[0]
    popular = int(np.argmax(shop.ranker.count))
    assert popular in [item.row for item in shelf.items[:5]]


def test_words_find_what_they_name(shop: Shop) -> None:
    names = [item.name for item in shop.search("a yellow dress", k=4, explain=False).items]
    assert sum("Dress" in name for name in names) >= 3 and "Yellow" in names[0]


def test_a_photo_finds_its_own_product(shop: Shop) -> None:
    product = shop.catalogue.products[7]
    assert product.picture is not None
    found = shop.search(photo=product.picture(), k=3, explain=False)
    assert product.id in [item.item for item in found.items] and found.subset == "image+text"


def test_words_that_a_photo_foretells_are_those_of_its_kind(shop: Shop) -> None:
    picture = shop.catalogue.products[7].picture
    assert picture is not None
    described = shop.told(Shopper(photo=picture())).described
    assert described is not None
    nearest = np.argsort(-(shop.ranker.words @ described.ravel()))[:5]
    assert set(kinds(shop, [shop.catalogue.products[row].id for row in nearest])) == {kinds(shop, [shop.catalogue.products[7].id])[0]}


def test_a_photo_counts_by_look_and_words_and_both_go_with_it(shop: Shop) -> None:
    picture = shop.catalogue.products[7].picture
    assert picture is not None
    shopper = Shopper(photo=picture())
    parts = {subset: shop.ranker.parts([shop.told(shopper)], subset) for subset in ("image", "image+text", "text")}
    assert {name for name, of in parts.items() if "photo" in of} == {"image", "image+text"}
    assert {name for name, of in parts.items() if "described" in of} == {"image+text"}
    explanation, pairs = shop.explain(shopper, shop.catalogue.products[7].id, without=["behaviour"])
    scores = {str(piece.where.get("field")): piece.score for piece in explanation.evidence if "span" not in piece.where}
    assert scores["photo"] > 0 and pairs and pairs[0].past == -1 and pairs[0].likeness > 0.99


def test_a_wish_moves_the_shelf(shop: Shop) -> None:
    plain = shop.shelf(trousers(shop), 10, explain=False)
    asked = shop.shelf(Shopper(trousers(shop).rows, wish="a red dress"), 10, explain=False)
    dresses = [kinds(shop, [item.item for item in shelf.items]).count("Dress") for shelf in (plain, asked)]
    assert dresses[1] > dresses[0]


def test_less_like_this_moves_its_likes_down(shop: Shop) -> None:
    shopper = trousers(shop)
    target = shop.shelf(shopper, 1, explain=False).items[0]
    before = shop.why_not(shopper, target.item).rank
    assert before == 1 and shop.why_not(shopper, target.item, less=[target.row]).rank > 1


def test_less_like_this_spares_what_a_purchase_speaks_for(shop: Shop) -> None:
    shopper = trousers(shop)
    target = shop.shelf(shopper, 1, explain=False).items[0]
    after = shop.shelf(shopper, 10, less=[target.row], explain=False)
    assert target.row not in [item.row for item in after.items]
    assert kinds(shop, [item.item for item in after.items[:5]]).count("Trousers") >= 3
    kept = {item.row: item.probability for item in shop.shelf(shopper, 48, explain=False).items}
    assert all(item.probability == pytest.approx(kept[item.row], abs=1e-12) for item in after.items)


def test_less_like_this_takes_its_near_twins_down_where_nothing_was_bought(shop: Shop) -> None:
    before = [item.row for item in shop.shelf(Shopper(), 48, explain=False).items]
    features, words = shop.ranker.features.image, shop.ranker.words
    target = before[0]
    twin = max(set(before[1:20]), key=lambda row: float(features[row] @ features[target] + words[row] @ words[target]))
    after = [item.row for item in shop.shelf(Shopper(), 48, less=[target], explain=False).items]
    assert after.index(target) > 40 and after.index(twin) > before.index(twin)


def test_why_not_speaks_of_the_shelf_that_filters_weights_and_clicks_give(shop: Shop) -> None:
    shopper = trousers(shop)
    first = shop.shelf(shopper, 1, explain=False).items[0]
    hidden = shop.why_not(shopper, first.item, hide=[first.row])
    filtered = shop.why_not(shopper, first.item, allowed=np.arange(48) != first.row)
    assert (hidden.rank, filtered.rank) == (0, 0) and "hidden by the shopper" in hidden.reasons[0] and "filters" in filtered.reasons[0]
    nothing = shop.why_not(shopper, first.item, allowed=np.zeros(48, bool))
    assert nothing.reasons == filtered.reasons and not nothing.parts
    blend = {"image": 2.0, "text": 0.0, "behaviour": 0.3}
    for options in ({"blend": blend}, {"less": [first.row]}, {"diversity": 0.6}, {"hide": [first.row], "blend": blend, "diversity": 0.3}):
        shelf = shop.shelf(shopper, 10, explain=False, **options)  # type: ignore[arg-type]
        for item in shelf.items:
            assert shop.why_not(shopper, item.item, 10, **options).rank == item.rank  # type: ignore[arg-type]
        shown = {*shopper.rows, first.row, *(item.row for item in shelf.items)}
        left = next(row for row in range(48) if row not in shown)
        told = shop.why_not(shopper, shop.catalogue.products[left].id, 10, **options)  # type: ignore[arg-type]
        assert sum(told.parts.values()) == pytest.approx(-told.gap, abs=1e-4) and "on the shelf, at" not in told.reasons[0]


def test_a_search_leaves_out_what_was_hidden(shop: Shop) -> None:
    first = shop.search("a yellow dress", k=1, explain=False).items[0]
    assert first.row not in [item.row for item in shop.search("a yellow dress", k=47, hide=[first.row], explain=False).items]


def test_a_shop_is_known_by_its_catalogue_and_its_purchases(shop: Shop) -> None:
    assert shop.model.open(shop.catalogue, shop.purchases, raw=shop.raw).fingerprint == shop.fingerprint
    assert shop.model.open(shop.catalogue, EMPTY_PURCHASES, raw=shop.raw).fingerprint != shop.fingerprint


def test_why_not_says_the_rank_and_a_click_on_its_like_moves_it_up(shop: Shop) -> None:
    shopper = trousers(shop)
    last = shop.shelf(shopper, 45, explain=False).items[-1]
    told = shop.why_not(shopper, last.item)
    assert told.rank == 45 and told.gap > 0 and told.reasons and min(told.edits.values()) < 45
    bought = shop.why_not(shopper, shop.catalogue.products[shopper.rows[0]].id)
    assert bought.rank == 0 and "bought before" in bought.reasons[0]


def test_every_subset_scores_every_product_and_leaves_out_what_it_must(shop: Shop) -> None:
    told = [Told((3, 9), (1, 2))]
    for subset in SUBSETS:
        parts = shop.ranker.parts(told, subset)
        assert ("counts" in parts) == ("behaviour" in subset) and ("towers" in parts) == (subset != "behaviour")
        scores = shop.ranker.scores(told, subset)
        assert scores.shape == (1, 48) and np.isfinite(scores).all()


def test_filters_hides_diversity_and_sliders_are_kept(shop: Shop) -> None:
    shopper = trousers(shop)
    allowed = np.arange(48) % 2 == 0
    shelf = shop.shelf(shopper, 10, allowed=allowed, hide=(4,), explain=False)
    assert all(item.row % 2 == 0 and item.row != 4 for item in shelf.items)
    plain, spread = (shop.shelf(shopper, 10, diversity=d, explain=False) for d in (0.0, 0.9))
    assert len(set(kinds(shop, [i.item for i in spread.items]))) >= len(set(kinds(shop, [i.item for i in plain.items])))
    assert [i.row for i in shop.shelf(shopper, 10, blend={"behaviour": 0.0}, explain=False).items] != [i.row for i in plain.items]
    with pytest.raises(InputError, match="no product is left"):
        shop.shelf(shopper, allowed=np.zeros(48, bool))
    with pytest.raises(InputError, match="every kind of input"):
        shop.shelf(shopper, without=("image", "text", "behaviour"))
    with pytest.raises(InputError, match="not in the catalogue"):
        shop.explain(shopper, "nothing")


def test_whom_a_product_would_reach_is_those_on_whose_shelf_it_is(shop: Shop) -> None:
    shoppers = list(shop.purchases.histories().values())[:20]
    item = shop.catalogue.products[5].id
    reached = {number for number, _, _ in shop.reach(item, shoppers, 10)}
    rows, chances = shop.batch(shoppers, 10)
    assert reached == {number for number in range(20) if 5 in rows[number]} and chances.shape == (20, 10)


def test_what_was_encoded_before_a_stop_is_kept_and_the_next_call_goes_on_from_there(shop: Shop, tmp_path: Path) -> None:
    encoded: list[int] = []

    class Counting(Encoders):
        def __init__(self) -> None:  # the encoders of the model, which are loaded already
            self.picture, self.text = shop.model.encoders.picture, shop.model.encoders.text

        def pixels(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
            encoded.append(len(pictures))
            return super().pixels(pictures)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "pictures" and done < total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Counting().embed(shop.catalogue, stop, tmp_path)
    before = sum(encoded)
    again = Counting().embed(shop.catalogue, cache=tmp_path)
    assert 0 < before < len(shop.catalogue) and sum(encoded) == int(shop.raw.has_image.sum())
    assert np.allclose(again.image, shop.raw.image, atol=0.01) and np.allclose(again.text, shop.raw.text, atol=0.01)
