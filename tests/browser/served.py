"""The app on a server of its own and a page of a browser before it, for scripts that measure: tests have fixtures."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, serve, settle
from tests.find_browser import find

PATIENCE_MS = 300_000


@contextmanager
def opened(path: str) -> Iterator[Page]:
    """A page of a new server, at rest."""
    browser_path = find()
    if browser_path is None:
        raise SystemExit("no Chromium or Chrome is found: name one in TRIPTYCH_BROWSER")
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(browser_path), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/{path}")
        settle(page)
        yield page
        browser.close()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_load() -> None:
    say(f"load of the machine over the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
