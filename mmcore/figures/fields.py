"""Each field's push on the class that is explained."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from mmcore.figures.palette import AGAINST, FOR, GRID, LINE, layout, signed
from mmcore.result import Evidence, Explanation
from mmcore.wording import points

ROW = 28
FLOOR = 0.02  # probability: a weaker strongest push than this does not fill the bar


def pushes(explanation: Explanation, modality: str) -> dict[str, Evidence]:
    """field -> its evidence, strongest first."""
    listed = [e for e in explanation.evidence if e.modality == modality and "field" in e.where]
    return {str(e.where["field"]): e for e in sorted(listed, key=lambda e: -abs(e.score))}


def full(explanation: Explanation, modality: str) -> float:
    """The push that fills a bar: the strongest, but at least FLOOR."""
    return max([FLOOR, *(abs(e.score) for e in pushes(explanation, modality).values())])


def draw(explanation: Explanation, modality: str, titles: Mapping[str, str]) -> go.Figure:
    """Diverging bars, strongest first: to the right for the class, to the left against it."""
    listed = pushes(explanation, modality)
    names = [f"{titles.get(f, f)}: {e.value}" if e.value is not None else titles.get(f, f) for f, e in listed.items()]
    values = [e.score for e in listed.values()]
    limit = 1.35 * full(explanation, modality)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=names,
            x=values,
            width=0.6,
            marker={"color": [signed(v) for v in values]},
            text=[points(v) for v in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(layout(ROW * max(1, len(names)) + 26))
    figure.update_xaxes(range=[-limit, limit], tickformat="+.0%", gridcolor=GRID, zerolinecolor=LINE, fixedrange=True, nticks=5)
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True)
    return figure


def alt(explanation: Explanation, modality: str, titles: Mapping[str, str]) -> str:
    """The bars in words."""
    listed = ", ".join(f"{titles.get(f, f)} {points(e.score)}" for f, e in pushes(explanation, modality).items())
    return f"Push of each field on {explanation.target}: {listed or 'no field is given'}."


def push_bar(score: float | None, limit: float) -> str:
    """One push as a bar beside its field, as HTML: zero in the middle, to the right for, to the left against.

    Args:
        score: None where the field is not given and so pushes nothing.
        limit: the push that fills half the width.
    """
    if score is None:
        style = "opacity:.75;font-size:.8rem;line-height:1.5rem;text-align:center"
        return f'<div style="{style}" title="Not given, so it pushes nothing">not given</div>'
    share = min(1.0, abs(score) / limit) * 50
    side = "left" if score >= 0 else "right"
    colour = FOR if score >= 0 else AGAINST
    return (
        '<div style="line-height:1"><div style="position:relative;height:.6rem;border-radius:3px;background:rgba(128,132,145,.16)">'
        f'<div style="position:absolute;{side}:50%;width:{share:.1f}%;top:0;bottom:0;background:{colour};border-radius:2px"></div>'
        '<div style="position:absolute;left:50%;top:-2px;bottom:-2px;width:1px;background:rgba(128,132,145,.9)"></div></div>'
        f'<div style="font-size:.78rem;text-align:center;margin-top:3px">{points(score)}</div></div>'
    )
