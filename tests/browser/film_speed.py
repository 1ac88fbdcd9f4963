"""How long a film takes on the page, in a real browser. Not a test, since the figures are those of the machine:

    python -m tests.browser.film_speed FILM.mp4 [--runs 3]

Drops copies of the film on the video page of a server of its own, each with another hash, and prints the time from the drop to the first
events and to the complete page: everything drawn and at rest. The first copy, which loads the models, is not counted.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import REST_MS, settle
from tests.browser.served import opened, say, say_load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, opened("video?case=silent_film") as page:
        page.get_by_role("radio", name="Your file").or_(page.get_by_role("button", name="Your file")).first.click()
        settle(page)
        times = [from_drop(page, copy(given.film, Path(folder), number)) for number in range(given.runs + 1)][1:]
    for name, values in zip(("first events", "complete page"), zip(*times, strict=True), strict=True):
        listed = ", ".join(f"{value:.1f}" for value in values)
        say(f"from drop to {name}: median {statistics.median(values):.1f} s of {given.runs} ({listed})")
    say_load()


def copy(film: Path, folder: Path, number: int) -> Path:
    """The film with an empty box at its end: another file to the page, the same film to a player."""
    path = folder / f"film-{number}.mp4"
    path.write_bytes(film.read_bytes() + (12).to_bytes(4) + b"free" + number.to_bytes(4))
    return path


def from_drop(page: Page, path: Path) -> tuple[float, float]:
    """Seconds from the drop to the first events, and to the complete page."""
    started = time.monotonic()
    page.locator(".st-key-video-file input[type=file]").set_input_files(str(path))
    page.get_by_text("So far,").wait_for()
    first = time.monotonic() - started
    page.get_by_text("Time taken").wait_for()
    settle(page)
    return first, time.monotonic() - started - REST_MS / 1000


if __name__ == "__main__":
    main()
