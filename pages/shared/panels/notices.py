"""What was noticed while an input was read."""

from __future__ import annotations

import streamlit as st

from mmcore.readers.fit import MEANINGLESS
from mmcore.report import reading
from mmcore.wording import capital
from pages.shared.plain import plain
from pages.shared.view import View


def show(view: View, modality: str) -> None:
    """One line a warning, below the input it is about; that it is none for this model stands at the head of the page."""
    with st.container(gap="xxsmall"):
        for warning in (text for text in view.case.inputs[modality].warnings if not text.endswith(MEANINGLESS)):
            told = reading.warning(view.spec.inputs[modality], warning)
            st.caption(f":material/warning: {plain(capital(told))}")
