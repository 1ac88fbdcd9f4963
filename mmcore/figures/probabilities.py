"""Every class's probability, with the prediction set marked."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from mmcore.figures.palette import FAINT, FOR, GRID, RESULT, layout
from mmcore.result import Result
from mmcore.wording import listing, percent

ROW = 25
WRITTEN = 0.16  # of the axis: what a number takes behind its bar
IN_SET, OUTSIDE = "●", "○"


def draw(result: Result, target: str | None = None, before: Mapping[str, float] | None = None) -> go.Figure:
    """Bars, most probable first; classes in the prediction set are filled and carry a full dot.

    Args:
        target: the class being explained; its name is set in bold.
        before: label -> probability in the original case, drawn as a small mark to compare with.
    """
    chosen = set(result.confidence.set)
    names = [_name(p.label, p.name, p.label in chosen, p.label == target) for p in result.predictions]
    values = [p.probability for p in result.predictions]
    places = ["in" if p.label in chosen else "not in" for p in result.predictions]
    hover = [f"{p.name}: {percent(p.probability)}, {place} the prediction set" for p, place in zip(result.predictions, places, strict=True)]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=names,
            x=values,
            width=0.62,
            marker={"color": [FOR if p.label in chosen else FAINT for p in result.predictions]},
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    if before:
        figure.add_trace(
            go.Scatter(
                y=names,
                x=[before.get(p.label, 0.0) for p in result.predictions],
                mode="markers",
                marker={"symbol": "line-ns", "size": 14, "line": {"width": 2.5, "color": RESULT}},
                hovertemplate="originally %{x:.0%}<extra></extra>",
            )
        )
    marks = [before.get(p.label, 0.0) if before else 0.0 for p in result.predictions]
    figure.add_trace(
        go.Scatter(
            y=names,
            x=[max(v, mark) if mark < v + WRITTEN else v for v, mark in zip(values, marks, strict=True)],  # beside a mark, not under it
            mode="text",
            text=[f" {percent(v)}" for v in values],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    figure.update_layout(layout(ROW * len(names) + 28))
    figure.update_xaxes(
        range=[0, 1.14], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", gridcolor=GRID, zeroline=False, fixedrange=True
    )
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True)
    return figure


def alt(result: Result) -> str:
    """The bars in words."""
    listed = ", ".join(f"{p.name} {percent(p.probability)}" for p in result.predictions)
    names = [p.name for p in result.predictions if p.label in result.confidence.set]
    return f"Probabilities: {listed}. Prediction set at {percent(result.confidence.level)}: {listing(names) or 'empty'}."


def _name(label: str, name: str, inside: bool, target: bool) -> str:
    text = f"{name or label} {IN_SET if inside else OUTSIDE}"
    return f"<b>{text}</b>" if target else text
