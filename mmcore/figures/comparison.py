"""The table that compare writes, as dots with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from mmcore.figures.palette import GRID, KIND_SYMBOLS, KINDS, layout
from mmcore.wording import capital

ROW = 30
METRICS = {
    "auroc": "AUROC",
    "balanced_accuracy": "Balanced accuracy",
    "malignant_auroc": "Malignant or not, AUROC",
    "recall@20": "Recall@20",
    "strict_recall@20": "Recall@20, STRICT",
    "ndcg@20": "NDCG@20",
    "diversity@20": "Diversity of the shelf",
    "catalogue_coverage@20": "Share of the catalogue that is shown",
    "novelty@20": "Novelty of the shelf, bits",
    "ece": "Calibration error",
    "coverage": "Coverage of the 90 % sets",
    "set_size": "Mean size of the 90 % sets",
}
KIND_NAMES = {"fusion": "inputs together", "single": "one input alone", "baseline": "plain baseline", "sources": "sources never seen"}
NAMES = {
    "late": "Late fusion",
    "concat": "Inputs joined end to end",
    "weighted": "Weighted inputs",
    "attention": "Attention across inputs",
    "graph": "Graph of inputs",
    "boosting_record": "Boosted trees on the record",
    "linear_record": "Linear, record",
    "linear_image": "Linear, picture",
    "linear_text": "Linear, text",
    "linear_product": "Linear ones multiplied",
}
LOWER_IS_BETTER = ("ece", "set_size")


def metrics(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The metrics that at least one row has, in the order of METRICS."""
    return [name for name in METRICS if any(isinstance(row.get(name), int | float) for row in rows)]


def ordered(rows: Sequence[Mapping[str, Any]], metric: str) -> list[Mapping[str, Any]]:
    """The rows that have this metric, best first."""
    listed = [row for row in rows if isinstance(row.get(metric), int | float)]
    return sorted(listed, key=lambda row: row[metric], reverse=metric not in LOWER_IS_BETTER)


def spelled(name: str) -> str:
    """A row's name for people: "late, nested" as "Late fusion, nested"."""
    first, comma, rest = name.partition(",")
    return capital(f"{NAMES.get(first, first)}{comma}{rest}")


def draw(rows: Sequence[Mapping[str, Any]], metric: str = "auroc", shipped: str | None = None) -> go.Figure:
    """One dot a row with its 95 % interval, best on top; the shipped model's name is bold.

    Args:
        rows: {"name", "kind": fusion, single or baseline, metric: value, metric + "_ci": [low, high]}.
    """
    listed = ordered(rows, metric)
    figure = go.Figure()
    for kind, colour in KINDS.items():
        chosen = [row for row in listed if row.get("kind") == kind]
        if chosen:
            figure.add_trace(_dots(chosen, metric, kind, colour, shipped))
    names = [title(row, shipped) for row in listed]
    figure.update_layout(
        layout(
            ROW * len(listed) + 70,
            showlegend=True,
            margin={"l": 4, "r": 12, "t": 4, "b": 4},
            legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        )
    )
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], automargin=True, fixedrange=True, showgrid=False)
    figure.update_xaxes(title=METRICS.get(metric, metric), gridcolor=GRID, zeroline=False, fixedrange=True, automargin=True)
    return figure


def alt(rows: Sequence[Mapping[str, Any]], metric: str) -> str:
    """The dots in words."""
    listed = ", ".join(f"{spelled(row['name'])} {row[metric]:.3f}" for row in ordered(rows, metric))
    return f"{METRICS.get(metric, metric)}: {listed}."


def title(row: Mapping[str, Any], shipped: str | None) -> str:
    """A row's name; the shipped one is bold and says so."""
    name = spelled(row["name"])
    return f"<b>{name} (shipped)</b>" if row["name"] == shipped else name


def _dots(rows: list[Mapping[str, Any]], metric: str, kind: str, colour: str, shipped: str | None) -> go.Scatter:
    values = [row[metric] for row in rows]
    intervals = [row.get(f"{metric}_ci") or [row[metric], row[metric]] for row in rows]
    return go.Scatter(
        name=KIND_NAMES[kind],
        x=values,
        y=[title(row, shipped) for row in rows],
        mode="markers",
        marker={"color": colour, "size": 10, "symbol": KIND_SYMBOLS[kind]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - value for value, (_, high) in zip(values, intervals, strict=True)],
            "arrayminus": [value - low for value, (low, _) in zip(values, intervals, strict=True)],
            "color": colour,
            "thickness": 1.5,
        },
        customdata=[f"{value:.3f} ({low:.3f} to {high:.3f})" for value, (low, high) in zip(values, intervals, strict=True)],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
