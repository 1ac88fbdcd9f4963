"""How well a spoken command is read under each condition: by sound, by the lips and by both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from mmcore.figures.palette import FILM, GRID, KINDS, layout
from mmcore.wording import percent

ROW = 56
APART = 0.17
"""Of a row: how far the dots of one condition lie below each other."""
SERIES = {
    "audio": ("sound", FILM["audio"], "diamond"),
    "visual": ("lips", FILM["visual"], "triangle-up"),
    "sum": ("plain sum", KINDS["baseline"], "square-open"),
    "fused": ("fused", FILM["event"], "circle"),
}
"""Key of the figures -> name, colour and sign."""


def draw(conditions: Mapping[str, Mapping[str, Any]]) -> go.Figure:
    """A row for each condition, a dot with its 95 % interval for each of SERIES.

    Args:
        conditions: name for people -> {"audio", "visual", "sum", "fused": accuracy in 0..1, and of each "_ci": [low, high]}.
    """
    names = list(conditions)
    figure = go.Figure()
    places = range(len(names))
    for number, (key, (name, colour, sign)) in enumerate(SERIES.items()):
        values = [row[key] for row in conditions.values()]
        ends = [row.get(f"{key}_ci") or [row[key], row[key]] for row in conditions.values()]
        above, below = ([abs(end[side] - value) for end, value in zip(ends, values, strict=True)] for side in (1, 0))
        figure.add_trace(
            go.Scatter(
                name=name,
                x=values,
                y=[at + APART * number for at in places],
                customdata=names,
                mode="markers",
                marker={"color": colour, "size": 10, "symbol": sign},
                error_x={"type": "data", "symmetric": False, "array": above, "arrayminus": below, "color": colour, "thickness": 1.5},
                hovertemplate=f"%{{customdata}}, {name}: %{{x:.1%}}<extra></extra>",
            )
        )
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}
    figure.update_layout(layout(ROW * len(names) + 80, showlegend=True, margin={"l": 4, "r": 12, "t": 4, "b": 4}, legend=legend))
    marks = {"tickvals": [at + 1.5 * APART for at in places], "ticktext": names}
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True, showgrid=False, zeroline=False, **marks)
    figure.update_xaxes(title="words that are right", tickformat=".0%", gridcolor=GRID, zeroline=False, fixedrange=True, automargin=True)
    return figure


def headline(conditions: Mapping[str, Mapping[str, Any]]) -> str:
    """What the figure shows, of the condition in which the sound alone is worst."""
    name, row = min(conditions.items(), key=lambda pair: pair[1]["audio"])
    sound, lips, added, both = (f"{100 * row[key]:.0f}" for key in SERIES)
    told = f"it gets {sound} of 100 words right, the lips {lips}, both {both} (their plain sum {added})"
    return f"Where sound alone does worst ({name}), {told}."


def alt(conditions: Mapping[str, Mapping[str, Any]]) -> str:
    """The figure in words."""
    listed = (f"{name}: {', '.join(f'{SERIES[key][0]} {percent(row[key])}' for key in SERIES)}" for name, row in conditions.items())
    return f"Words that are right: {'; '.join(listed)}."
