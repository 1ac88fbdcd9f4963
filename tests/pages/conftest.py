"""The app as a script, and cases to give it."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 300
WAIT_S = 300  # a busy machine takes longer than a page waits


def settled(app: AppTest) -> AppTest:
    """Runs again until nothing works in the background any more."""
    end = time.monotonic() + WAIT_S
    while any(button.label in {"Cancel", "Stop"} for button in app.button):
        assert time.monotonic() < end, "still at work"
        time.sleep(0.3)
        app.run()
    assert not app.exception
    return app


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Opens a page of the app in a new session, at an address with these parameters, and waits until it is at rest."""

    def open_at(page: str = "", **parameters: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S).run()
        if page:
            app.switch_page(f"pages/{page}.py")
            for name, value in parameters.items():
                app.query_params[name] = value
            app.run()
        return settled(app)

    return open_at


@pytest.fixture
def open_retail(open_page: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """The same for the retail page."""
    return partial(open_page, "retail")


@pytest.fixture
def photo() -> bytes:
    """A small JPEG of noise on skin colour."""
    rng = np.random.default_rng(0)
    pixels = np.clip(rng.normal((205, 160, 140), 12, (120, 160, 3)), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def record() -> bytes:
    """A record in words of its own."""
    return json.dumps({"Age": "61 years", "region": "nose", "bleeding": "yes"}).encode()


def words(app: AppTest) -> str:
    """Every text of the page in one string, numbers with plain spaces and signs."""
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.success, app.title, app.header, app.subheader)
    listed = [str(getattr(item.proto, "title", "") or "") + " " + str(item.value) for kind in kinds for item in kind]
    return "\n".join(listed).replace("\u00a0", " ").replace("\u2212", "-").replace("\\", "")
