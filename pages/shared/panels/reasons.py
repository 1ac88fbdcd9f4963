"""The chain of reasons: sentences that each stand on a measured number."""

from __future__ import annotations

import streamlit as st

from pages.shared import terms
from pages.shared.view import View


def show(view: View) -> None:
    """The sentences, numbered."""
    st.markdown("## Chain of reasons", anchors=False, help=terms.REASONS)
    st.markdown("\n".join(f"{i}. {sentence}" for i, sentence in enumerate(view.explanation.reasoning, 1)) or "No reasons are given.")
