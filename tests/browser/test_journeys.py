import io
import json

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import elsewhere, settle

READABLE = 4.5  # the least contrast of text, WCAG 2.2 AA
# Contrast of an element's text with what is painted behind it, layer over layer.
CONTRAST = """node => {
    const rgba = text => { const n = text.match(/[0-9.]+/g).map(Number); return [...n.slice(0, 3), n[3] ?? 1] };
    const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
    const light = c => c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const text = [...node.querySelectorAll('p')].pop() ?? node, layers = [];
    for (let at = text; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    const ground = layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
    const [a, b] = [light(over(rgba(getComputedStyle(text).color), ground)), light(ground)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.fixture
def photo(tmp_path):
    pixels = np.clip(np.random.default_rng(0).normal((205, 160, 140), 12, (200, 260, 3)), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    path = tmp_path / "lesion.jpg"
    path.write_bytes(buffer.getvalue())
    return path


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "record.json"
    path.write_text(json.dumps({"age": 61, "region": "nose", "bleed": "yes"}))
    return path


def source(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
    settle(page)


def give(page: Page, *paths) -> None:
    source(page, "Your files")
    page.locator('input[type="file"]').first.set_input_files([str(path) for path in paths])
    expect(page.get_by_text("Accepted").or_(page.get_by_text("Refused")).first).to_be_visible()
    settle(page)


def test_a_sample_from_the_first_page_opens_survives_a_reload_and_can_be_linked_to(visit):
    page = visit()
    page.get_by_role("link", name="A landscape by mistake").click()
    expect(page.locator("h1")).to_contain_text("landscape")
    settle(page)
    page.reload()
    settle(page)
    expect(page.locator("h1")).to_contain_text("landscape")
    expect(visit(page.url.split("/", 3)[3]).locator("h1")).to_contain_text("landscape")


def test_a_card_opens_its_sample_and_back_returns_to_the_one_before(visit):
    page = visit("medical")
    page.get_by_role("button", name="A record without a photo").click()
    expect(page.locator("h1")).to_contain_text("without a photo")
    assert "case=no_photo" in page.url


def test_files_give_an_answer_and_are_gone_after_a_reload_which_says_so(visit, photo, record):
    page = visit("medical")
    give(page, photo, record)
    expect(page.locator("h1")).to_contain_text("Your case")
    expect(page.get_by_text("Accepted").first).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_text("they are gone")).to_be_visible()
    expect(page.locator("h1")).not_to_contain_text("Your case")


def test_a_bad_file_is_refused_in_words_and_the_case_stays(visit, tmp_path):
    bad = tmp_path / "holiday.jpg"
    bad.write_text("no picture")
    page = visit("medical")
    give(page, bad)
    expect(page.get_by_text("This is text, not a picture")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("even brown mole")


def test_a_broken_file_on_a_phone_in_the_dark_is_refused_readably_and_nothing_is_cut_off(visit, photo, tmp_path):
    cut = tmp_path / "a_very_long_name_of_a_photo_that_was_cut_off_while_it_was_copied_from_the_telephone.jpg"
    cut.write_bytes(photo.read_bytes()[:300])
    page = visit("medical", width=390, height=844, theme="dark")
    give(page, cut)
    refusal = page.get_by_test_id("stMarkdown").filter(has_text=cut.stem[:20]).last
    expect(refusal).to_be_visible()
    box = refusal.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert refusal.evaluate("e => [e, ...e.querySelectorAll('*')].every(n => n.scrollWidth <= n.clientWidth + 1 || !n.clientWidth)")
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert refusal.evaluate(CONTRAST) >= READABLE


def test_taking_an_input_away_and_editing_a_field_show_the_change_at_once(visit):
    page = visit("medical")
    page.locator('[class*="st-key-use-"][class*="-image"] label').first.click()
    expect(page.locator(".st-key-changes")).to_contain_text("without the photo")
    settle(page)
    page.get_by_role("button", name="Back to the original").click()
    expect(page.locator(".st-key-changes")).to_have_count(0)
    settle(page)
    bleeds = page.locator(".st-key-record_record").get_by_role("radiogroup", name="Bleeds").or_(page.get_by_label("Bleeds")).first
    bleeds.get_by_text("Yes").click()
    expect(page.locator(".st-key-changes")).to_contain_text("bleeds: yes")


def test_the_report_and_the_data_can_be_taken_away(visit):
    page = visit("medical")
    for button, part in (("Report (HTML)", "<!doctype html>"), ("Data (JSON)", '"predictions"')):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        text = download.value.path().read_text()
        assert part in text and "Not a medical device" in text and "held-out patients" in text and "PAD-UFES-20" in text


def test_many_cases_run_with_progress_and_give_a_table(visit):
    page = visit("medical")
    source(page, "Many at once")
    page.get_by_role("button", name="Try it with the samples").click()
    expect(page.get_by_text("cases answered")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    assert download.value.path().read_text().count("\n") >= 7


def test_the_models_page_shows_the_card(visit):
    page = visit("models?model=skin_lesion")
    expect(page.locator("h1").first).to_contain_text("Models")
    expect(page.get_by_text("Not a medical device").first).to_be_visible()


@pytest.mark.parametrize("path", ["", "medical", "models"])
def test_no_request_leaves_this_machine(visit, path):
    page = visit(path)
    page.wait_for_timeout(1500)
    assert page.asked and not elsewhere(page)
