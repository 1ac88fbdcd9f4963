"""What was noticed while the inputs were read."""

from __future__ import annotations

import streamlit as st

from pages.shared import terms
from pages.shared.plain import plain
from pages.shared.view import View


def show(view: View) -> None:
    listed = [(modality, warning) for modality, report in view.result.inputs.items() for warning in report.warnings]
    if not listed:
        return
    st.markdown("## Noticed while reading", anchors=False, help=terms.SEEN_AS)
    for modality, warning in listed:
        st.markdown(f":material/warning: {view.titles.get(modality, modality)}: {plain(warning)}")
