"""Does a stated probability come true? Confidence against accuracy, bin by bin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from mmcore.figures.palette import FOR, GRID, LINE, layout

LARGEST = 26  # CSS pixels of the fullest bin's dot


def draw(reliability: Mapping[str, Any], height: int = 340) -> go.Figure:
    """Reliability diagram (DeGroot & Fienberg 1983) of one subset; a dot's area is its number of cases.

    Args:
        reliability: {"bins": [{"confidence", "accuracy", "n"}, ...]}, both in 0..1; empty bins are left out.
    """
    bins = filled(reliability)
    most = max((b["n"] for b in bins), default=1)
    figure = go.Figure()
    figure.add_trace(go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": LINE, "dash": "dash"}, hoverinfo="skip"))
    figure.add_trace(
        go.Scatter(
            x=[b["confidence"] for b in bins],
            y=[b["accuracy"] for b in bins],
            mode="lines+markers",
            line={"color": FOR, "width": 1.5},
            marker={"color": FOR, "size": [max(6.0, LARGEST * (b["n"] / most) ** 0.5) for b in bins]},
            customdata=[b["n"] for b in bins],
            hovertemplate="said %{x:.0%}, right %{y:.0%} of the time<br>%{customdata} cases<extra></extra>",
        )
    )
    figure.update_layout(layout(height, margin={"l": 4, "r": 12, "t": 12, "b": 4}))
    axis = {"range": [0, 1.04], "tickformat": ".0%", "gridcolor": GRID, "zeroline": False, "fixedrange": True, "automargin": True}
    figure.update_xaxes(title="what the model said", **axis)
    figure.update_yaxes(title="how often it was right", **axis)
    return figure


def headline(inputs: str, error: float) -> str:
    """What the diagram shows with its main figure.

    Args:
        inputs: what the answers rest on, as in a sentence.
        error: expected calibration error of the same answers, 0..1.
    """
    return f"With {inputs}, what the model says is {100 * error:.0f} points off on average."


def alt(reliability: Mapping[str, Any]) -> str:
    """The diagram in words."""
    listed = "; ".join(f"said {b['confidence']:.0%}, right {b['accuracy']:.0%} ({b['n']} cases)" for b in filled(reliability))
    return f"Reliability diagram: {listed or 'no cases'}."


def filled(reliability: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The bins that hold cases, in order of confidence."""
    return sorted((b for b in reliability.get("bins", ()) if b.get("n")), key=lambda b: b["confidence"])
