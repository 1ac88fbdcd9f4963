"""What a real case turned out to be, folded away so that one can judge first."""

from __future__ import annotations

import streamlit as st

from mmcore.report import reading
from pages.shared.view import View


def show(view: View) -> None:
    """Only where the data set says what it was."""
    label = view.chosen.case.notes.get("truth", "")
    if label:
        with st.expander("What it turned out to be", icon=":material/visibility:"):
            st.markdown(f"**{reading.name(view.spec, label)}**, says the data set.")
