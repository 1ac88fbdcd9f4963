"""Where the browser fetches the numbers of a picture: an address of this server that holds for the session.

Streamlit's store of media files is not public, but what is public sends all bytes again with every change of a layer, as base64 in
JSON. That stays the way where a later Streamlit has no such store: the viewer works on, slower.
"""

from __future__ import annotations

import base64

import streamlit as st
from streamlit.runtime import get_instance

TYPE = "application/octet-stream"


def address(data: bytes, place: str) -> str:
    """An address of ``data`` for the browser.

    Args:
        place: names the one place on the page that shows it; what stood there before is let go.
    """
    try:
        path = get_instance().media_file_mgr.add(data, TYPE, place)
    except (AttributeError, TypeError):
        return f"data:{TYPE};base64,{base64.b64encode(data).decode()}"
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path
