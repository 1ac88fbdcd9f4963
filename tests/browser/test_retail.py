"""The retail page in a real browser: its main journey, on a phone, and with assistive technology."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import elsewhere, settle
from tests.browser.test_looks import ALLOWED

OPENED_MS = 240_000


@pytest.fixture
def shop(visit):
    """Opens the page and waits until the catalogue is embedded."""

    def open_at(path: str = "retail", **how) -> Page:
        page = visit(path, **how)
        expect(page.get_by_text("What each kind of evidence adds")).to_be_visible(timeout=OPENED_MS)
        settle(page)
        return page

    return open_at


def cards(page: Page):
    return page.locator(".st-key-shelf [data-testid=stImage]")


def test_a_shopper_is_picked_a_wish_typed_a_product_explained_and_nothing_is_fetched(shop):
    page = shop()
    expect(page.locator("h1").nth(1)).to_contain_text("Striped blue shirts")
    expect(cards(page)).to_have_count(20)
    page.get_by_role("button", name="No past, but a wish").click()
    expect(page.locator("h1").nth(1)).to_contain_text("a wish")
    assert "shopper=wish_only" in page.url
    settle(page)
    wish = page.get_by_role("textbox", name="A wish, in words")
    expect(wish).to_have_value("a yellow dress with dots")
    wish.fill("red sweater")
    wish.press("Enter")
    settle(page)
    page.get_by_role("button", name="Why").nth(1).click()
    settle(page)
    expect(page.get_by_text("In sentences")).to_be_visible()
    page.reload()
    expect(page.locator("h1").nth(1)).to_contain_text("a wish", timeout=OPENED_MS)
    assert not elsewhere(page)


def test_every_button_of_a_card_is_named_with_its_product(shop):
    page = shop()
    buttons = page.locator("[class*='st-key-acts_'] button")
    names = [button.get_attribute("aria-label") or button.inner_text() for button in buttons.all()]
    for word in ("Why", "More like", "Less like", "Hide"):
        assert page.get_by_role("button", name=f"{word} Bo shirt, Dark Blue").count() == 1, names[:4]


def test_own_products_are_opened_with_their_bad_rows_listed(shop, tmp_path):
    page = shop()
    page.get_by_role("combobox", name="Catalogue").click()
    page.get_by_role("option", name="Your own").click()
    settle(page)
    table = tmp_path / "products.csv"
    table.write_text("id,name,price\n1,Blue shirt,5\n2,Red dress,6\n,No id,7\n3,Coat,dear\n")
    page.locator("[data-testid=stFileUploader]", has_text="Products").locator("input[type=file]").set_input_files(str(table))
    settle(page)
    page.get_by_role("button", name="Open this catalogue").click()
    expect(page.get_by_text("2 rows with something wrong: 1 left out, 1 used")).to_be_visible()
    expect(page.get_by_text("no picture").first).to_be_visible(timeout=OPENED_MS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_assistive_technology(shop, theme):
    page = shop(theme=theme)
    found = [v for v in Axe().run(page).response["violations"] if v["id"] not in ALLOWED]
    assert not found, [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]


def test_a_phone_needs_no_sideways_scrolling(shop):
    page = shop(width=390, height=844)
    page.wait_for_function("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.wait_for_function("() => [...document.querySelectorAll('.stMain')].every(e => e.scrollWidth <= e.clientWidth)")
