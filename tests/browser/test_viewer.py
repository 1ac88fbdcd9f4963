"""The viewer in a real browser: it shows what the model sees, follows mouse and keys without the server, and links prior and current."""

from __future__ import annotations

import re

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from mmcore.model_spec import read_spec
from mmcore.readers.case_folder import read_case
from tests.browser.conftest import ROOT, elsewhere, settle
from tests.browser.test_looks import ALLOWED

OPENED_MS = 180_000
PIXELS = "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"


def open_case(visit, case: str, **look) -> Page:
    page = visit(f"medical?model=chest_xray&case={case}", **look)
    page.locator(".st-key-viewer-image canvas.picture[data-drawn]").wait_for(timeout=OPENED_MS)
    settle(page)
    return page


def canvas_of(page: Page, key: str = "viewer-image") -> Locator:
    return page.locator(f".st-key-{key} canvas.picture")


def part(page: Page, selector: str) -> Locator:
    return page.locator(f".st-key-viewer-image {selector}")


def grey(canvas: Locator) -> np.ndarray:
    """(H, W) of what the canvas shows; -1 where it shows nothing."""
    width, height = canvas.evaluate("c => [c.width, c.height]")
    rgba = np.array(canvas.evaluate(PIXELS), dtype=int).reshape(height, width, 4)
    return np.where(rgba[:, :, 3] > 0, rgba[:, :, 0], -1)


def drawn_anew(page: Page, canvas: Locator, do) -> None:
    """Does something and waits for a new view."""
    before = canvas.get_attribute("data-draws")
    do()
    expect(canvas).not_to_have_attribute("data-draws", before)
    page.wait_for_timeout(120)


def test_it_shows_what_the_model_sees_and_follows_mouse_and_keys(visit):
    page = open_case(visit, "frames")
    canvas = canvas_of(page)
    drawn_anew(page, canvas, lambda: part(page, ".over input").fill("0"))
    drawn_anew(page, canvas, lambda: part(page, "button:text-is('Overlay')").click())
    shown = grey(canvas)
    case = read_case([ROOT / "sample_data" / "chest_xray" / "frames"], read_spec(ROOT / "mmcore" / "models" / "chest_xray"))
    seen = case.inputs["image"].value.pixels[:, :, 0].astype(int)
    rows, columns = np.nonzero(shown >= 0)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    for down, across in ((0.3, 0.3), (0.4, 0.7), (0.65, 0.52), (0.85, 0.4)):
        y, x = int(down * seen.shape[0]), int(across * seen.shape[1])
        around = seen[y - 3 : y + 4, x - 3 : x + 4].mean()
        there = shown[rows.min() + int(down * height), columns.min() + int(across * width)]
        assert abs(there - around) < 12, (down, across, there, around)

    asked = len(page.asked)
    canvas.click(position={"x": 100, "y": 100})
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 60, steps=4)
    page.mouse.up()
    page.wait_for_timeout(150)
    middle = np.s_[shown.shape[0] // 2 - 20 : shown.shape[0] // 2 + 20, shown.shape[1] // 2 - 20 : shown.shape[1] // 2 + 20]
    assert grey(canvas)[middle].mean() > shown[middle].mean() + 3  # dragged up: brighter
    drawn_anew(page, canvas, lambda: page.keyboard.press("r"))
    assert np.abs(grey(canvas)[middle] - shown[middle]).max() <= 1
    drawn_anew(page, canvas, lambda: page.keyboard.press("i"))
    assert np.abs(255 - grey(canvas)[middle] - shown[middle]).max() <= 2
    drawn_anew(page, canvas, lambda: page.keyboard.press("i"))
    drawn_anew(page, canvas, lambda: page.mouse.wheel(0, -400))
    expect(part(page, ".status")).not_to_contain_text("zoom 100")
    drawn_anew(page, canvas, lambda: canvas.dblclick())
    what_is_told_follows_frame_and_zoom_under_a_pointer_at_rest(page, canvas)
    drawn_anew(page, canvas, lambda: page.keyboard.press("m"))
    expect(part(page, "button:text-is('Move')")).to_have_attribute("aria-pressed", "true")
    drawn_anew(page, canvas, lambda: page.keyboard.press("o"))
    expect(part(page, "button:text-is('Overlay')")).to_have_attribute("aria-pressed", "true")
    drawn_anew(page, canvas, lambda: page.keyboard.press("d"))
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 100, steps=3)
    page.mouse.up()
    assert len(page.asked) == asked  # nothing of that went to the server

    drawn_anew(page, canvas, lambda: part(page, ".frames input").fill("4"))
    part(page, "button:text-is('Analyse this frame')").click()
    expect(page.get_by_text("Analysed: frame 4 of 6")).to_be_visible(timeout=OPENED_MS)
    expect(page.locator(".st-key-changes")).to_contain_text("frame 4 of 6")
    expect(part(page, ".count")).to_have_text("4 of 6, analysed")
    assert elsewhere(page) == []
    nothing_in_the_way(page)


def what_is_told_follows_frame_and_zoom_under_a_pointer_at_rest(page: Page, canvas: Locator) -> None:
    box, status = canvas.bounding_box(), part(page, ".status")
    page.mouse.move(box["x"] + 150, box["y"] + 150)
    first = status.inner_text()
    drawn_anew(page, canvas, lambda: page.keyboard.press("PageDown"))
    second = status.inner_text()
    assert " pts" in first and " pts" not in second and second.split(":")[0] == first.split(":")[0]  # the same place, another frame
    drawn_anew(page, canvas, lambda: page.keyboard.press("+"))
    assert status.inner_text().split(":")[0] != first.split(":")[0]
    drawn_anew(page, canvas, lambda: page.keyboard.press("0"))
    drawn_anew(page, canvas, lambda: page.keyboard.press("PageUp"))
    assert status.inner_text() == first


def test_prior_and_current_move_together_and_fit_a_phone(visit):
    page = open_case(visit, "picture_alone", width=390, height=844, theme="dark")
    windows = part(page, ".tools select option").all_inner_texts()
    page.get_by_role("button", name="A study with its prior").click()
    page.locator(".st-key-compare-image canvas.picture").nth(1).wait_for(timeout=OPENED_MS)
    settle(page)
    assert len(windows) > 2
    expect(part(page, ".tools select option")).to_have_text(windows)  # another picture with windows of the same names
    prior, current = canvas_of(page, "compare-image").nth(0), canvas_of(page, "compare-image").nth(1)
    current.scroll_into_view_if_needed()
    expect(current).to_have_attribute("data-drawn", re.compile("."))
    before = [grey(canvas) for canvas in (prior, current)]
    drawn_anew(page, current, lambda: prior.press("i"))
    after = [grey(canvas) for canvas in (prior, current)]
    assert all(np.abs(a - b)[a >= 0].mean() > 20 for a, b in zip(after, before, strict=True))
    page.locator(".st-key-compare-image .over select").select_option(label="Evidence: what changed")
    expect(page.locator(".st-key-compare-image .ticks")).to_contain_text("more")
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.wait_for_function("() => [...document.querySelectorAll('.stMain')].every(e => e.scrollWidth <= e.clientWidth)")
    nothing_in_the_way(page)


def nothing_in_the_way(page: Page) -> None:
    """Of assistive technology."""
    found = [v for v in Axe().run(page).response["violations"] if v["id"] not in ALLOWED]
    assert not found, [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]
