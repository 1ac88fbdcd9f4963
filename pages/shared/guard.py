"""Makes sure that app.py ran before a page does.

On a fresh server, a first visit to a page's own address starts that page alone: raw file names in the menu and no
settings, for every visitor until app.py runs. Telling Streamlit of the navigation and running again starts app.py.
"""

from __future__ import annotations

import streamlit as st

from pages.shared import look, navigation

FLAG = "triptych.app_ran"


def mark() -> None:
    """Called by app.py, first of all."""
    st.session_state[FLAG] = True


def require_app() -> None:
    """Called by every page, first of all: starts over through app.py where it has not run in this session."""
    if FLAG not in st.session_state:
        look.configure()
        st.navigation(navigation.pages(), position="top")
        st.rerun()
