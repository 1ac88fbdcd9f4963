"""What the modalities say alone, what that would add up to, and what they say together: the gap is the interaction."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from mmcore.figures.palette import FAINT, FOR, GRID, LINE, RESULT, layout, signed
from mmcore.result import Explanation
from mmcore.wording import percent, points

ROW = 26


def rows(explanation: Explanation, titles: Mapping[str, str]) -> list[tuple[str, float]]:
    """(name, probability of the target): each modality alone, the sum of their effects, all together."""
    values, base = explanation.values, explanation.base
    alone = [m for m in explanation.shares if m in values]
    listed = [(f"{titles.get(m, m)} alone", values[m]) for m in alone]
    added = base + sum(values[m] - base for m in alone)
    return [*listed, ("If simply added", added), ("Together", added + explanation.interaction)]


def draw(explanation: Explanation, titles: Mapping[str, str]) -> go.Figure:
    """Bars of each probability with the interaction as the arrow between the last two."""
    listed = rows(explanation, titles)
    names = [name for name, _ in listed]
    values = [value for _, value in listed]
    colours = [FAINT] * (len(listed) - 2) + [RESULT, FOR]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=names,
            x=values,
            width=0.6,
            marker={"color": colours},
            text=[percent(v) if 0 <= v <= 1 else f"{100 * v:.0f}\u00a0%" for v in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    last = len(listed) - 1
    figure.add_shape(
        type="line", x0=values[-2], x1=values[-1], y0=last - 0.5, y1=last - 0.5, line={"color": signed(explanation.interaction), "width": 4}
    )
    low, high = min(0.0, *values), max(0.05, *values)
    figure.update_layout(layout(ROW * len(listed) + 26))
    figure.update_xaxes(
        range=[low * 1.15, high + 0.24 * (high - low)], tickformat=".0%", gridcolor=GRID, zerolinecolor=LINE, fixedrange=True, nticks=6
    )
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True)
    return figure


def alt(explanation: Explanation, titles: Mapping[str, str]) -> str:
    """The bars in words."""
    listed = ", ".join(f"{name} {100 * value:.0f} %" for name, value in rows(explanation, titles))
    return f"{listed}; interaction {points(explanation.interaction)}."
