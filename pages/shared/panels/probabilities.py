"""Every class's probability, the prediction set and its level."""

from __future__ import annotations

import streamlit as st

from mmcore.figures import probabilities
from pages.shared import terms
from pages.shared.view import View, level_key


def show(view: View) -> None:
    """The bars, before and after a change, and the slider of the level."""
    st.markdown("## How probable is each class?", anchors=False, help=f"{terms.PROBABILITY} {terms.PREDICTION_SET}")
    before = {p.label: p.probability for p in view.before.predictions} if view.changed else None
    st.plotly_chart(
        probabilities.draw(view.result, view.target, before),
        key="probabilities",
        config={"displayModeBar": False},
        alt=probabilities.alt(view.result),
    )
    if view.changed:
        st.caption("Upright marks: the case as it came.")
    st.session_state.setdefault(level_key(view.chosen), view.level)
    st.slider(
        "Level of the prediction set",
        0.5,
        0.99,
        step=0.01,
        key=level_key(view.chosen),
        format="percent",
        help=terms.LEVEL,
        persist_state="session",
    )
