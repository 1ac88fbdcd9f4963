"""The table that compare writes, as dots with their intervals."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from mmcore.figures.palette import GRID, KIND_SYMBOLS, KINDS, layout
from mmcore.wording import capital, in_sentence, listing

ROW = 34
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
NO_BEST = ("coverage", "diversity@20", "catalogue_coverage@20", "novelty@20")
"""More of it is not always better: no rival is named beside these."""
HEADLINES = {
    "auroc": "Of two cases, one of a class and one of another, {who} ranks the right one higher in {number} of 100 pairs",
    "balanced_accuracy": "{who} names {number} of 100 cases right, where each class counts alike",
    "malignant_auroc": "Of a cancer and something else, {who} ranks the cancer higher in {number} of 100 pairs",
    "recall@20": "Of what a shopper buys on the test day, {number} % is on {who}'s shelf of twenty",
    "strict_recall@20": "Of what is no other colour of something they had, {number} % is on {who}'s shelf of twenty",
    "ndcg@20": "The order of {who}'s shelf gets {number} points of 100, which it would get with all that is bought at the very top",
    "diversity@20": "Two products on {who}'s shelf are {number} points of 100 apart by their words",
    "catalogue_coverage@20": "{who} shows {number} of 100 products to at least one shopper",
    "novelty@20": "A product on {who}'s shelf makes up about one in {number} purchases",
    "ece": "What {who} states is {number} points off, on average, from how often it comes true",
    "coverage": "Of 100 prediction sets of {who}, {number} hold the true class; 90 should",
    "set_size": "A prediction set of {who} holds {number} classes on average",
}
"""What the chart of each metric shows, in plain words."""
RIVALS = {"single": "for the best input alone", "baseline": "for the best plain baseline", "sources": "on sources never seen"}


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


def headline(rows: Sequence[Mapping[str, Any]], metric: str, shipped: str | None = None) -> tuple[str, str]:
    """What the chart shows in a sentence with its main figure, and in another what stands beside it ("" where nothing does).

    Args:
        shipped: name of the row that the first is about; the best of those of all inputs together where no row has it.
    """
    listed = ordered(rows, metric)
    own = next((row for row in listed if row["name"] == shipped), None)
    who = "this model" if own else ""
    own = own or next((row for row in listed if row.get("kind") == "fusion"), listed[0])
    said = HEADLINES[metric].format(who=who or f"“{spelled(own['name'])}”", number=_number(own, metric))
    kinds = [kind for kind in RIVALS if metric not in NO_BEST and any(row.get("kind") == kind for row in listed)]
    beside = [_rival(listed, metric, kind) for kind in kinds]
    return capital(f"{said}."), f"Beside it: {listing(beside)}." if beside else ""


def _rival(listed: Sequence[Mapping[str, Any]], metric: str, kind: str) -> str:
    """The first of a kind, of sources never seen the one with most inputs: its figure and its name."""
    found = [row for row in listed if row.get("kind") == kind]
    if kind == "sources":
        return f"{_number(max(found, key=lambda row: row['subset'].count('+')), metric)} {RIVALS[kind]}"
    return f"{_number(found[0], metric)} {RIVALS[kind]} ({in_sentence(spelled(found[0]['name']))})"


def _number(row: Mapping[str, Any], metric: str) -> str:
    """A row's figure as HEADLINES tells it."""
    if metric == "set_size":
        return f"{row[metric]:.1f}"
    if metric == "novelty@20":
        return f"{2 ** row[metric]:,.0f}"
    return f"{100 * row[metric]:.{1 if metric == 'ece' else 0}f}"


def once(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Names of the trained rows of one seed that stand beside others of several: a difference between these can be chance."""
    trained = [row for row in rows if row.get("kind") != "baseline"]
    several = any(row.get("seeds", 1) > 1 for row in trained)
    return {row["name"] for row in trained if several and row.get("seeds") == 1}


def draw(rows: Sequence[Mapping[str, Any]], metric: str = "auroc", shipped: str | None = None) -> go.Figure:
    """One dot a row with its 95 % interval, best on top; the shipped model's name is bold.

    Args:
        rows: {"name", "kind": fusion, single or baseline, metric: value, metric + "_ci": [low, high]}.
    """
    listed = ordered(rows, metric)
    single = once(rows)
    figure = go.Figure()
    for kind, colour in KINDS.items():
        chosen = [row for row in listed if row.get("kind") == kind]
        if chosen:
            figure.add_trace(_dots(chosen, metric, kind, colour, [title(row, shipped, single) for row in chosen]))
    names = [title(row, shipped, single) for row in listed]
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


def title(row: Mapping[str, Any], shipped: str | None, single: Container[str] = ()) -> str:
    """A row's name; the shipped one is bold and says so, and one of ``single``, which `once` gives, says that it is of one seed."""
    marks = [mark for mark, holds in (("shipped", row["name"] == shipped), ("one seed", row["name"] in single)) if holds]
    name = spelled(row["name"]) + (f"<br>({', '.join(marks)})" if marks else "")
    return f"<b>{name}</b>" if row["name"] == shipped else name


def _dots(rows: list[Mapping[str, Any]], metric: str, kind: str, colour: str, names: list[str]) -> go.Scatter:
    values = [row[metric] for row in rows]
    intervals = [row.get(f"{metric}_ci") or [row[metric], row[metric]] for row in rows]
    return go.Scatter(
        name=KIND_NAMES[kind],
        x=values,
        y=names,
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
