"""How long a film takes from its drop on the video page to the complete page, in a real browser. Not a test, since the figures are those
of the machine:

    python -m tests.browser.film_speed FILM... [--runs 3]

A server of its own; a sample is opened first, so that the networks are loaded. Prints the time from the drop to the first events and to
the complete page: player, timeline, downloads, nothing left to draw.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, ROOT, settle
from tests.browser.viewer_speed import say, wait
from tests.find_browser import find

LONG_MS = 900_000
FIRST = "() => document.body.innerText.includes('So far, and it may still change') || document.querySelector('#timeline svg rect')"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    browser_path = find()
    if browser_path is None:
        raise SystemExit("no Chromium or Chrome is found: name one in TRIPTYCH_BROWSER")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait(f"http://127.0.0.1:{port}/_stcore/health")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=str(browser_path), args=ARGUMENTS)
                for film in given.films:
                    times = []
                    for _ in range(given.runs):
                        page = browser.new_page(viewport={"width": 1280, "height": 900})
                        times.append(from_drop(page, f"http://127.0.0.1:{port}/video", film))
                        page.close()
                    first, whole = (statistics.median(values) for values in zip(*times, strict=True))
                    listed = ", ".join(f"{seconds:.1f}" for _, seconds in sorted(times, key=lambda pair: pair[1]))
                    say(f"{film.name}: first events {first:.1f} s, complete page {whole:.1f} s after the drop, median of {listed}")
                browser.close()
        finally:
            server.terminate()
    say(f"load of the machine over the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def from_drop(page: Page, address: str, film: Path) -> tuple[float, float]:
    """Seconds from the drop to the first events, and to the page at rest with its downloads."""
    page.set_default_timeout(LONG_MS)
    page.goto(address)
    page.locator("#timeline svg rect").first.wait_for()
    settle(page)
    page.get_by_role("radio", name="Your file").or_(page.get_by_role("button", name="Your file")).first.click()
    page.get_by_role("heading", name="A film or a sound").wait_for()
    settle(page)
    started = time.monotonic()
    page.locator('.st-key-video-file input[type="file"]').set_input_files(str(film))
    page.wait_for_function(FIRST)
    first = time.monotonic() - started
    page.get_by_role("button", name="Result as JSON").wait_for()
    page.locator("#timeline svg rect").first.wait_for()
    whole = time.monotonic() - started
    settle(page)
    return first, whole


if __name__ == "__main__":
    main()
