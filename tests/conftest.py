"""Fixtures for every test: the real data where it is, a generated set in its format, a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.find_browser import ADVICE, find
from tests.generated import write_skin_set

REPO = Path(__file__).resolve().parents[1]
REAL_DATA = REPO.parent / "shared" / "data"


@pytest.fixture(scope="session")
def repo() -> Path:
    """The project's own folder."""
    return REPO


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data sets; skips where they are not."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real data is not in ../shared/data")
    return REAL_DATA


@pytest.fixture(scope="session")
def tiny_skin_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated data set of 60 photos in the format of skin_pad_ufes20; colour and record go with the label."""
    return write_skin_set(tmp_path_factory.mktemp("skin_set"))


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Path of a Chromium or Chrome; skips where there is none."""
    path = find()
    if path is None:
        pytest.skip(f"no browser: {ADVICE}")
    return path


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run, and say why."""
    if item.get_closest_marker("data") and not REAL_DATA.is_dir():
        pytest.skip("the real data is not in ../shared/data")
    if item.get_closest_marker("cuda"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("no NVIDIA GPU here")
