"""The one use of a part of Streamlit that is not public."""

from __future__ import annotations

import base64
from types import SimpleNamespace

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from pages.shared.viewer import address as module
from pages.shared.viewer.address import address


def test_streamlit_still_has_the_store_of_media_files_that_the_viewer_uses() -> None:
    assert callable(getattr(MediaFileManager, "add", None)), (
        "Streamlit has taken MediaFileManager.add away: the viewer now sends pictures as base64, which is slower. "
        "See pages/shared/viewer/address.py and measure with python -m tests.browser.viewer_speed"
    )


def test_without_that_store_the_bytes_go_along_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "get_instance", lambda: SimpleNamespace())
    head, _, tail = address(b"\x00\xff16 bits", "viewer.0.0").partition(",")
    assert head == "data:application/octet-stream;base64" and base64.b64decode(tail) == b"\x00\xff16 bits"


@pytest.mark.parametrize(("base", "expected"), [("", "/media/x.bin"), ("/app/", "/app/media/x.bin")])
def test_an_address_lies_below_the_servers_own_path(monkeypatch: pytest.MonkeyPatch, base: str, expected: str) -> None:
    store = SimpleNamespace(add=lambda data, kind, place: "/media/x.bin")
    monkeypatch.setattr(module, "get_instance", lambda: SimpleNamespace(media_file_mgr=store))
    monkeypatch.setattr(module.st, "get_option", lambda name: base)
    assert address(b"", "p") == expected
