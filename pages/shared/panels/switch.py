"""The heading of a modality's panel, with the switch that takes the modality away."""

from __future__ import annotations

import streamlit as st

from pages.shared import edits, terms
from pages.shared.view import View


def show(view: View, modality: str) -> None:
    """Off takes the input away; the last one that is left cannot be."""
    there = view.chosen.case.inputs[modality].present or view.case.inputs[modality].present
    last = view.case.present == (modality,)  # one input has to stay
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"## {view.titles[modality]}", anchors=False, width="content")
        if there:
            st.session_state.setdefault(edits.use_key(view.chosen, modality), True)
            st.toggle(
                "Use it",
                key=edits.use_key(view.chosen, modality),
                disabled=last,
                persist_state="session",
                help=f"{view.spec.inputs[modality].help} {'The last input stays on.' if last else terms.REMOVE}".strip(),
            )
