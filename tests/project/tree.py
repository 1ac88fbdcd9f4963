"""The project's own files, as git sees them: tracked, or new and not ignored."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]


def project_files() -> list[Path]:
    """Every file of the project, relative to its folder; skips where this is no git checkout."""
    words = ["git", "-C", str(REPO), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: the project's files cannot be told from others")
    return sorted(Path(name) for name in listed.split("\0") if name and (REPO / name).is_file())
