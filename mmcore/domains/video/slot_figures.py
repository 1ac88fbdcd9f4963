"""Accuracy of spoken-command answers under conditions, with 95 % bootstrap intervals over clips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mmcore.domains.video.slot_conditions import spelled
from mmcore.evaluation.bootstrap import interval
from mmcore.wording import NBSP

WAYS = ("audio", "visual", "fused")
DIGIT = "digit"


def condition_figures(right: Mapping[str, np.ndarray], slots: list[str], groups: np.ndarray) -> dict[str, Any]:
    """The contract's figures of one condition.

    Args:
        right: way of answering -> (N, S) bool, NaN-free.
        groups: (N,) letter of each clip, by which intervals are drawn.
    """
    out: dict[str, Any] = {"n": len(groups)}
    out |= {way: float(values.mean()) for way, values in right.items()}
    out |= {f"{way}_ci": list(interval(_mean, groups, values.mean(axis=1))) for way, values in right.items()}
    if DIGIT in slots:
        at = slots.index(DIGIT)
        out[DIGIT] = {way: float(values[:, at].mean()) for way, values in right.items()}
        out[DIGIT] |= {f"{way}_ci": list(interval(_mean, groups, values[:, at].astype(float))) for way, values in right.items()}
    return out


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values))


def against_sum(conditions: Mapping[str, Mapping[str, Any]]) -> str:
    """In which conditions the fusion is surely better or worse than the plain sum for the digit: where the intervals do not overlap."""
    rows = {spelled(name): row[DIGIT] for name, row in conditions.items()}
    below = [name for name, row in rows.items() if row["fused"] < row["sum"]]
    apart = [name for name, row in rows.items() if row["fused_ci"][0] > row["sum_ci"][1] or row["fused_ci"][1] < row["sum_ci"][0]]
    said = [f"The plain sum is ahead of the fusion in {len(below)} of {len(rows)} rows"]
    said += [f"by at most {100 * max(rows[name]['sum'] - rows[name]['fused'] for name in below):.1f} points"] if below else []
    within = "in each of these the 95 % intervals overlap" if not set(below) & set(apart) else "not always within the 95 % intervals"
    said += [f"and {within}"]
    told = [f"{name} {_spread(rows[name], 'fused')} against {_spread(rows[name], 'sum')} of the sum" for name in apart]
    return f"{', '.join(said)}. Intervals that do not overlap: {'; '.join(told) or 'none'}."


def _spread(row: Mapping[str, Any], way: str) -> str:
    low, high = (100 * end for end in row[f"{way}_ci"])
    return f"{100 * row[way]:.1f}{NBSP}% ({low:.1f} to {high:.1f})"


def table(conditions: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The conditions for people."""
    ways = [way for way in ("audio", "visual", "sum", "fused") if way in next(iter(conditions.values()))]
    titles = {"audio": "sound", "visual": "lips", "sum": "plain sum", "fused": "fused"}
    head = f"{'':<20}" + "".join(f"{titles[w]:>11}" for w in ways) + "   digit: " + "".join(f"{titles[w]:>11}" for w in ways)
    lines = [head]
    for name, row in conditions.items():
        digits = "".join(f"{100 * row[DIGIT][w]:>10.1f}%" for w in ways) if DIGIT in row else ""
        lines.append(f"{name:<20}" + "".join(f"{100 * row[w]:>10.1f}%" for w in ways) + "          " + digits)
    return lines
