"""A server, a real browser, and a list of every address that a page asked for."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
START_S = 90
WAIT_MS = 60_000
REST_MS = 700
AT_REST = """(rest) => {
    const app = document.querySelector('[data-testid=stApp]');
    const still = app && app.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-testid=stStatusWidget], [data-stale=true], [data-testid=stSkeleton]');
    window.atRestSince = still ? (window.atRestSince ?? performance.now()) : undefined;
    return still && performance.now() - window.atRestSince >= rest;
}"""

expect.set_options(timeout=WAIT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield started
        started.close()


@contextmanager
def serve(log: Path) -> Iterator[str]:
    """Address of a server of its own, which writes to ``log``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true"]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server for all tests: its models are loaded once."""
    with serve(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens an address of the server in a new visit; ``page.asked`` lists every address the browser asked for."""
    contexts = []

    def open_at(path: str = "", *, width: int = 1280, height: int = 900, theme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("websocket", lambda socket: page.asked.append(socket.url))
        page.goto(f"{server}/{path}")
        settle(page)
        return page

    yield open_at
    away = [url for context in contexts for page in context.pages for url in elsewhere(page)]
    for context in contexts:
        context.close()
    assert not away, "a page asked for something that is not on this machine"


def settle(page: Page) -> None:
    """Waits until the page is drawn and has been at rest for a while.

    A slow machine pauses between a click and its run, and draws what an earlier run left behind pale until the new one ends.
    So rest means: no run, nothing pale, no placeholder, all that without a break.
    """
    page.locator("h1").first.wait_for()
    page.evaluate("() => { window.atRestSince = undefined }")
    page.wait_for_function(AT_REST, arg=REST_MS, polling=50)


def elsewhere(page: Page) -> list[str]:
    """Every address that the page asked for and that is not on this machine."""
    return [url for url in page.asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1"]


def _wait(address: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()[-2000:]}")
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start within {START_S} s: {log.read_text()[-2000:]}")
