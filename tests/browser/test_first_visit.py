"""On a server that nobody has visited."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import elsewhere, serve


@pytest.fixture
def server(tmp_path):
    with serve(tmp_path / "log.txt") as address:
        yield address


def test_a_pages_own_address_works_on_a_fresh_server(visit):
    page = visit("medical?case=no_record")
    expect(page.locator("h1")).to_contain_text("photo only")
    for name in ("Home", "Medical", "Models"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    assert "case=no_record" in page.url
    assert not elsewhere(page)
