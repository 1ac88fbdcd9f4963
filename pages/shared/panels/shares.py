"""From what was known beforehand to the answer, step by step, and what the inputs say only together."""

from __future__ import annotations

import streamlit as st

from mmcore.figures import interaction as interplay
from mmcore.figures import waterfall
from mmcore.report import reading
from mmcore.wording import points
from pages.shared import terms
from pages.shared.view import View


def show(view: View) -> None:
    """The waterfall of shares, with how to read it."""
    explanation = view.explanation
    st.markdown(f"## Why {reading.name(view.spec, view.target)}?", anchors=False, help=f"{terms.SHARES} {terms.POINTS}")
    st.plotly_chart(
        waterfall.draw(explanation, view.titles),
        key="waterfall",
        config={"displayModeBar": False},
        alt=waterfall.alt(explanation, view.titles),
    )


def interaction(view: View) -> None:
    """The interaction as a figure of its own; nothing where there is only one input."""
    explanation = view.explanation
    if len(explanation.shares) < 2:
        return
    st.markdown(f"## Interaction: {points(explanation.interaction)}", anchors=False, help=f"{terms.INTERACTION} {terms.POINTS}")
    st.plotly_chart(
        interplay.draw(explanation, view.titles),
        key="interaction",
        config={"displayModeBar": False},
        alt=interplay.alt(explanation, view.titles),
    )
