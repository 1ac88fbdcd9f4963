"""The shipped weights on the generated catalogue: what they were never trained on must still be ranked sensibly."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmcore.commands import ranking, tasks
from mmcore.domains.retail import RetailModel, Shop, Shopper, load
from mmcore.domains.retail.case import read_shopper_case
from mmcore.domains.retail.cautions import ASKED, ELSEWHERE, ENGLISH, UNLIKE
from mmcore.domains.retail.result import analyze
from tests.project.tree import REPO

SAMPLE = REPO / "sample_data" / "retail"


@pytest.fixture(scope="module")
def fashion() -> RetailModel:
    return load("fashion")


@pytest.fixture(scope="module")
def sample(fashion: RetailModel) -> tuple[Shop, dict[str, Shopper]]:
    cases = {name: read_shopper_case([SAMPLE, Path(name)]) for name in ("one_taste", "two_tastes", "cold_start", "wish_only")}
    first = cases["one_taste"]
    return fashion.open(first.catalogue, first.purchases), {name: case.shopper for name, case in cases.items()}


def described(shop: Shop, shopper: Shopper, count: int, **options: object) -> list[str]:
    rows = [item.row for item in shop.shelf(shopper, count, explain=False, **options).items]  # type: ignore[arg-type]
    return [" ".join(shop.catalogue.products[row].words.values()).lower() for row in rows]


def test_a_shopper_of_striped_blue_shirts_sees_striped_and_blue_first(sample: tuple[Shop, dict[str, Shopper]]) -> None:
    shop, shoppers = sample
    for without, times in (((), 2.0), (("behaviour",), 1.5)):
        first = described(shop, shoppers["one_taste"], 6, without=without)
        every = [" ".join(product.words.values()).lower() for product in shop.catalogue.products]
        for word in ("strip", "blue"):
            share, base = (sum(word in text for text in texts) / len(texts) for texts in (first, every))
            assert share >= 0.5 and share > times * base, (without, word, share, base, first)


def test_a_wish_alone_finds_what_it_names(sample: tuple[Shop, dict[str, Shopper]]) -> None:
    shop, shoppers = sample
    first = described(shop, shoppers["wish_only"], 3)
    assert all("dress" in text for text in first) and any("yellow" in text for text in first)


@pytest.mark.parametrize(("words", "matches"), [("green floral dress", True), ("checks", True), ("zzqx submarine engine", False)])
def test_a_search_or_a_wish_that_nothing_matches_says_so(sample: tuple[Shop, dict[str, Shopper]], words: str, matches: bool) -> None:
    expected = (ASKED,) if matches else (f"{UNLIKE} {ENGLISH}", ASKED)
    assert sample[0].search(words, explain=False).reasons == expected
    assert sample[0].shelf(Shopper(wish=words), 5, explain=False).reasons == expected


@pytest.mark.parametrize(
    ("wish", "field", "word", "count"),
    [
        ("red sweater", "colour", "Red", 3), ("yellow dress", "colour", "Yellow", 3), ("dotted dress", "colour", "Dot", 8),
        ("dark blue trousers", "kind", "Trousers", 6),
    ],
)  # fmt: skip
def test_a_named_colour_pattern_or_kind_comes_first(
    sample: tuple[Shop, dict[str, Shopper]], wish: str, field: str, word: str, count: int
) -> None:
    shop, _ = sample
    for shelf in (shop.search(wish, k=count, explain=False), shop.shelf(Shopper(wish=wish), count, explain=False)):
        assert all(word in shop.catalogue.products[item.row].texts[field] for item in shelf.items), wish


def test_what_follows_without_is_left_out(sample: tuple[Shop, dict[str, Shopper]]) -> None:
    shop, _ = sample
    texts = [shop.catalogue.products[item.row].texts for item in shop.search("dress without dots", k=8, explain=False).items]
    assert all("Dress" in one["kind"] and "Dot" not in one["colour"] for one in texts)


def test_only_what_was_asked_for_makes_the_order_all_that_counts(sample: tuple[Shop, dict[str, Shopper]]) -> None:
    shop, shoppers = sample
    assert ASKED not in shop.shelf(shoppers["one_taste"], 5, explain=False).reasons


def test_the_story_of_striped_blue_shirts_says_what_its_shelf_shows(sample: tuple[Shop, dict[str, Shopper]]) -> None:
    shop, shoppers = sample
    kinds = [shop.catalogue.products[item.row].texts for item in shop.shelf(shoppers["one_taste"], 7, explain=False).items]
    assert all("Stripe" in one["colour"] and one["kind"].startswith("Shirt") for one in kinds)
    blue = sum("Blue" in one["colour"] for one in kinds)
    story = (SAMPLE / "shoppers.toml").read_text("utf-8")
    assert blue == 4 and "The first seven suggestions are striped shirts, four of them blue." in story


@pytest.mark.parametrize("name", ["one_taste", "two_tastes"])
def test_one_refusal_takes_a_product_off_the_first_places_and_leaves_the_taste(sample: tuple[Shop, dict[str, Shopper]], name: str) -> None:
    shop, shoppers = sample
    before = [item.row for item in shop.shelf(shoppers[name], 20, explain=False).items]
    after = [item.row for item in shop.shelf(shoppers[name], 20, less=[before[0]], explain=False).items]
    assert before[0] not in after and len(set(after[:10]) & set(before)) >= 8
    if name == "one_taste":
        assert sum("Stripe" in shop.catalogue.products[row].texts["colour"] for row in after[:10]) >= 6


def test_in_another_shop_a_probability_is_told_as_that_of_training(fashion: RetailModel) -> None:
    case = read_shopper_case([SAMPLE, Path("one_taste")])
    document = analyze(fashion, case, (), read_ms=0.0, target=None)
    assert document["confidence"]["calibrated"] is False and ELSEWHERE in document["confidence"]["reasons"]
    assert 0 < document["predictions"][0]["probability"] < 1 and document["explanation"]["reasoning"]
    text = "\n".join(ranking.lines(document))
    assert "again and again (generated):" in text and "Of a hundred such suggestions in the shop that the model learned from about" in text


def test_a_cold_start_says_so(sample: tuple[Shop, dict[str, Shopper]]) -> None:
    shop, shoppers = sample
    assert not shop.shelf(shoppers["cold_start"], explain=False).known


def test_the_models_list_and_page_know_it(fashion: RetailModel) -> None:
    assert tasks.load("fashion") is fashion and fashion.spec.domain == "retail" and fashion.card
