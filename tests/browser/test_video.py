"""The video page in a real browser: the timeline seeks and follows, files play, nothing overflows on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mmcore.readers.media import read_media
from tests.browser.conftest import elsewhere, settle
from tests.browser.test_looks import ALLOWED
from tests.readers.films import film, pictures, tone

LONG_MS = 180_000


def open_film(visit, path: str = "video", **look) -> Page:
    page = visit(path, **look)
    page.locator("#timeline svg rect").first.wait_for(timeout=LONG_MS)
    settle(page)
    return page


def test_a_click_on_the_timeline_seeks_and_the_line_follows(visit):
    page = open_film(visit)
    expect(page.locator("#timeline text.tick", has_text="100 %")).to_have_count(1)  # the shares alone have an axis
    line = page.locator("#timeline line.now")
    before = float(line.get_attribute("x1"))
    box = page.locator("#timeline svg").bounding_box()
    page.mouse.click(box["x"] + 62 + (box["width"] - 66) * 0.6, box["y"] + 20)
    page.wait_for_function("() => Math.abs(document.querySelector('.st-key-player video').currentTime - 12) < 0.7")
    page.wait_for_timeout(500)
    assert float(line.get_attribute("x1")) > before + 50
    expect(page.locator("#timeline .saying")).to_have_text("Events: clock ticking")
    page.locator("#passages .strip button").nth(1).click()
    page.wait_for_function("() => Math.abs(document.querySelector('.st-key-player video').currentTime - 5) < 0.7")
    expect(page.locator("#passages .strip [aria-current=true] img")).to_have_attribute("alt", "Key frame at 0:05")
    page.get_by_text("Which pictures and sounds are near in meaning").click()
    matrix = page.locator("#matrix svg")
    matrix.scroll_into_view_if_needed()
    settle(page)
    scale = matrix.bounding_box()["width"] / 358  # the drawing's own width
    matrix.click(position={"x": (34 + 320 * 4.5 / 20) * scale, "y": 320 * 18.5 / 20 * scale})
    page.wait_for_function("() => Math.abs(document.querySelector('.st-key-player video').currentTime - 18.5) < 0.7")
    expect(page.locator("#matrix .note")).to_contain_text("picture at 0:18 (like ")
    expect(page.locator("#matrix .note")).to_contain_text(": near in meaning, 0.4")
    expect(page.locator("#matrix .diagonal")).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="These seconds as a film").click()
    cut = read_media(Path(waiting.value.path()).read_bytes())
    assert 4.9 < cut.seconds < 5.3 and cut.sound
    assert elsewhere(page) == []


def test_a_film_that_the_browser_cannot_play_gets_a_preview(visit, tmp_path):
    path = tmp_path / "holiday.avi"
    path.write_bytes(film("avi", pictures(2.0), [tone(2.0)]))
    page = open_film(visit)
    page.get_by_role("radio", name="Your file").or_(page.get_by_role("button", name="Your file")).first.click()
    page.locator('.st-key-video-file input[type="file"]').set_input_files(str(path))
    page.get_by_role("heading", name="holiday.avi").wait_for(timeout=LONG_MS)
    page.locator(".st-key-player video").wait_for(timeout=LONG_MS)
    page.wait_for_function("() => document.querySelector('.st-key-player video').readyState >= 1")


def test_odd_and_broken_files_on_a_phone_in_the_dark(visit, tmp_path):
    page = open_film(visit, "video?case=silent_film", width=390, height=844, theme="dark")
    page.get_by_role("radio", name="Your file").or_(page.get_by_role("button", name="Your file")).first.click()
    odd = {
        "words.mp4": (b"only words, no film at all\n" * 40, "neither a film nor a sound"),
        "turned.mp4": (film("mp4", pictures(2.0), [tone(2.0)], rotation=90), "What happens"),
        "broken.mp4": (film("mp4", pictures(2.0))[:600], "damaged or cut off"),
        "one_picture.mp4": (film("mp4", pictures(0.1)), "What happens"),
    }
    for name, (data, expected) in odd.items():
        (tmp_path / name).write_bytes(data)
        page.locator('.st-key-video-file input[type="file"]').set_input_files(str(tmp_path / name))
        page.get_by_role("heading", name=name).wait_for(timeout=LONG_MS)
        expect(page.get_by_text(expected).first).to_be_visible(timeout=LONG_MS)
        settle(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        if name == "turned.mp4":
            shown = page.locator(".st-key-player video").evaluate("v => [v.videoWidth, v.videoHeight]")
            assert shown == [48, 64]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_phone(visit, theme):
    page = open_film(visit, width=390, height=844, theme=theme)
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    boxes = [pill.bounding_box() for pill in page.locator(".st-key-video-sample [role=radio]").all()]
    assert len(boxes) == 5 and all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    found = [v for v in Axe().run(page).response["violations"] if v["id"] not in ALLOWED]
    assert not found, [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]
