"""What was noticed while an input was read."""

from __future__ import annotations

import streamlit as st

from mmcore.report import reading
from mmcore.wording import capital
from pages.shared.plain import plain
from pages.shared.view import View


def show(view: View, modality: str) -> None:
    """One line a warning, below the input it is about."""
    with st.container(gap="xxsmall"):
        for warning in view.case.inputs[modality].warnings:
            told = reading.warning(view.spec.inputs[modality], warning)
            st.caption(f":material/warning: {plain(capital(told))}")
