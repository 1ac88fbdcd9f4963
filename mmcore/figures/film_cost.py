"""What a film costs by its length: time and memory, as measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.figures.palette import AGAINST, FOR, GRID, LINE, layout
from mmcore.wording import percent

AIM = 5
"""Times real time that a film should be understood in at most."""
HEIGHT = 320


def draw(lengths: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Time taken (left, both axes logarithmic) and the most memory held (right, from zero) against the film's length.

    Args:
        lengths: {"film_s", "seconds", "memory_mb"}, of each film.
    """
    rows = sorted(lengths, key=lambda row: row["film_s"])
    x = [row["film_s"] for row in rows]
    figure = make_subplots(cols=2, subplot_titles=("Time taken, seconds", "Most memory held, MB"), horizontal_spacing=0.14)
    span = [min(x), max(x)]
    for times, dash in ((1, "dot"), (AIM, "dash")):
        line = {"color": LINE, "dash": dash, "width": 1.5}
        name = "as long as the film" if times == 1 else f"{times} times faster"
        figure.add_trace(go.Scatter(x=span, y=[s / times for s in span], mode="lines", line=line, name=name, hoverinfo="skip"), 1, 1)
    for column, key, colour, name, unit in ((1, "seconds", FOR, "time", "s"), (2, "memory_mb", AGAINST, "memory", "MB")):
        dots = go.Scatter(
            x=x, y=[row[key] for row in rows], mode="lines+markers", line={"color": colour}, marker={"color": colour, "size": 9}, name=name,
            hovertemplate=f"film of %{{x:.0f}} s: %{{y:.0f}} {unit}<extra></extra>",
        )  # fmt: skip
        figure.add_trace(dots, 1, column)
    margin = {"l": 4, "r": 12, "t": 30, "b": 4}
    figure.update_layout(layout(HEIGHT, showlegend=True, margin=margin, legend={"orientation": "h", "y": -0.3}))
    figure.update_annotations(font_size=13)
    shared = {"gridcolor": GRID, "zeroline": False, "fixedrange": True, "automargin": True}
    marks = {"tickvals": x, "ticktext": [_length(s) for s in x]}
    figure.update_xaxes(type="log", **marks, **shared)
    figure.update_yaxes(type="log", dtick=1, col=1, **shared)
    figure.update_yaxes(rangemode="tozero", col=2, **shared)
    return figure


def headline(lengths: Sequence[Mapping[str, Any]]) -> str:
    """What the figure shows, with the figures of the longest film."""
    row = max(lengths, key=lambda row: row["film_s"])
    part, memory = row["seconds"] / row["film_s"], row["memory_mb"] / 1000
    return f"A film of {_length(row['film_s'])} takes {row['seconds']:.0f} s, {percent(part)} of its length, and {memory:.1f} GB of memory."


def alt(lengths: Sequence[Mapping[str, Any]]) -> str:
    """The figure in words."""
    rows = sorted(lengths, key=lambda row: row["film_s"])
    listed = "; ".join(f"film of {_length(r['film_s'])}: {r['seconds']:.0f} s, {r['memory_mb']:.0f} MB" for r in rows)
    return f"Time and memory by length: {listed}."


def _length(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
