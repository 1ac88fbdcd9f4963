"""The menu: a Streamlit page for every page file."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.shared import discovery


def pages(folder: Path = discovery.FOLDER) -> list[st.Page]:
    """Every page in the menu's order; the first opens the app."""
    found = discovery.find(folder)
    return [st.Page(info.path, title=info.title, icon=info.icon, help=info.summary or None, default=i == 0) for i, info in enumerate(found)]
