"""From what was known beforehand to the answer: base, the share of each modality, and their sum."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from mmcore.figures.palette import GRID, LINE, RESULT, layout, signed
from mmcore.result import Explanation
from mmcore.wording import percent, points

BASE = "Before looking"
TOTAL = "The answer"
ROW = 28


def steps(explanation: Explanation, titles: Mapping[str, str]) -> list[tuple[str, float, float]]:
    """Rows (name, from, to) from the base over each share to the target's probability, all in 0..1 (shares may step outside)."""
    rows = [(BASE, 0.0, explanation.base)]
    at = explanation.base
    for modality, share in explanation.shares.items():
        rows.append((titles.get(modality, modality), at, at + share))
        at += share
    return [*rows, (TOTAL, 0.0, at)]


def draw(explanation: Explanation, titles: Mapping[str, str]) -> go.Figure:
    """Horizontal waterfall: a share that speaks against the class steps to the left.

    Args:
        titles: modality -> name for people.
    """
    rows = steps(explanation, titles)
    names = [name for name, _, _ in rows]
    middle = [end - start for _, start, end in rows]
    ends = (0, len(rows) - 1)
    colours = [RESULT if i in ends else signed(d) for i, d in enumerate(middle)]
    texts = [percent(d) if i in ends else points(d) for i, d in enumerate(middle)]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=names,
            x=middle,
            base=[start for _, start, _ in rows],
            marker={"color": colours},
            customdata=[[percent(end)] for _, _, end in rows],
            hovertemplate="%{y}: reaches %{customdata[0]}<extra></extra>",
            width=0.62,
        )
    )
    low, high = _range(rows)
    for i, (_, start, end) in enumerate(rows):
        figure.add_annotation(x=max(start, end), y=i, text=texts[i], showarrow=False, xanchor="left", xshift=4)
        if i + 1 < len(rows):
            figure.add_shape(type="line", x0=end, x1=end, y0=i - 0.31, y1=i + 1.31, line={"color": LINE, "width": 1, "dash": "dot"})
    figure.update_layout(layout(ROW * len(rows) + 30, bargap=0.3))
    figure.update_xaxes(range=[low, high], tickformat=".0%", gridcolor=GRID, zeroline=True, zerolinecolor=LINE, fixedrange=True, nticks=6)
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True)
    return figure


def alt(explanation: Explanation, titles: Mapping[str, str]) -> str:
    """The waterfall in words."""
    shares = ", ".join(f"{titles.get(m, m)} {points(s)}" for m, s in explanation.shares.items())
    total = explanation.base + sum(explanation.shares.values())
    return f"Waterfall for {explanation.target}: {percent(explanation.base)} beforehand, {shares}, together {percent(total)}."


def _range(rows: list[tuple[str, float, float]]) -> tuple[float, float]:
    lowest = min(min(start, end) for _, start, end in rows)
    highest = max(max(start, end) for _, start, end in rows)
    span = max(highest - min(lowest, 0.0), 0.05)
    return min(lowest - (0.04 * span if lowest < 0 else 0.0), 0.0), highest + 0.24 * span
