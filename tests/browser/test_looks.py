import pytest
from axe_playwright_python.sync_playwright import Axe

SETTLED_MS = 10_000
ALLOWED = {"presentation-role-conflict"}  # Streamlit's own


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "medical", "medical?case=no_photo", "models"])
def test_nothing_stands_in_the_way_of_assistive_technology(visit, path, theme):
    page = visit(path, theme=theme)
    found = [v for v in Axe().run(page).response["violations"] if v["id"] not in ALLOWED]
    assert not found, [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]


@pytest.mark.parametrize("path", ["", "medical", "models"])
def test_a_phone_needs_no_sideways_scrolling(visit, path):
    page = visit(path, width=390, height=844)
    # Charts are drawn wide and then fitted, so what counts is the page once it has come to rest.
    page.wait_for_function("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth", timeout=SETTLED_MS)
    page.wait_for_function("() => [...document.querySelectorAll('.stMain')].every(e => e.scrollWidth <= e.clientWidth)", timeout=SETTLED_MS)
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [390, 700, 1280])
@pytest.mark.parametrize("case", ["dicom_record_note", "fhir_and_note"])
def test_no_number_of_a_record_is_cut_to_another_number(visit, case, width):
    page = visit(f"medical?model=chest_xray&case={case}", width=width, height=844)
    page.locator(".stNumberInput input").first.wait_for()
    cut = "() => [...document.querySelectorAll('.stNumberInput input')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.value)"
    assert not page.evaluate(cut)


def test_photo_probabilities_and_record_share_one_view(visit):
    page = visit("medical", width=1280, height=960)
    for _ in range(SETTLED_MS // 250):
        if _in_one_view(page):
            break
        page.wait_for_timeout(250)  # panels move while charts and the photo find their sizes
    assert _in_one_view(page)


def _in_one_view(page):
    names = ("picture-image", "probabilities", "waterfall", "record_record")
    tops = [page.locator(f".st-key-{name}").first.bounding_box() for name in names]
    if not all(box is not None and box["y"] + min(box["height"], 120) <= 960 for box in tops):
        return False
    return len({round(box["x"]) for box in (tops[0], tops[1], tops[3])}) == 3


def test_both_themes_paint_their_own_ground(visit):
    grounds = [
        visit("medical", theme=theme).evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        for theme in ("light", "dark")
    ]
    assert grounds[0] != grounds[1]
