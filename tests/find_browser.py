"""Finds a Chromium or Chrome for the browser tests; with --install it installs one where there is none.

    python tests/find_browser.py [--install]

Prints the browser's path. $TRIPTYCH_BROWSER names another one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "TRIPTYCH_BROWSER"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ADVICE = f"install Chromium or Chrome, or name one in {VARIABLE}; without one, run: python -m pytest -m 'not browser'"


def starts(path: str) -> bool:
    """Whether the program runs at all: a name on the path can be a mere stand-in that asks for another installer."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def bundled() -> str | None:
    """The browser that playwright keeps for itself, where it has one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def find() -> str | None:
    """Path of a browser that starts: the one named, else one on the path, else playwright's own; None where there is none."""
    if named := os.environ.get(VARIABLE):
        return named if starts(named) else None
    found = [path for name in NAMES if (path := shutil.which(name))] + ([str(MAC)] if MAC.is_file() else [])
    return next((path for path in found if starts(path)), None) or bundled()


def install() -> str | None:
    """Install one: Debian's package where that is possible without a password, else playwright's own build."""
    if shutil.which("apt-get") and (root := root_prefix()) is not None:
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run([*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *words], stdout=sys.stderr)
        if path := find():
            return path
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr)
    return find()


def root_prefix() -> list[str] | None:
    """What to put before a command that needs root; None where there is no way that asks for no password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--install", action="store_true", help="install one where there is none")
    wanted = parser.parse_args().install and VARIABLE not in os.environ
    path = find() or (install() if wanted else None)
    print(path or f"no browser that starts, for the browser tests: {ADVICE}", file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
