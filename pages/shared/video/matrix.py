"""A matrix of moments that can be clicked: our own component, its script beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from mmcore.domains.video import film_clock
from mmcore.domains.video.together import shown
from mmcore.figures.palette import AGAINST, FOR
from pages.shared.video.timeline import script

CSS = """
#matrix {max-width: 26rem; font-family: var(--st-font)}
svg {display: block; width: 100%; cursor: crosshair; outline-offset: 2px}
.ground {fill: var(--st-secondary-background-color)}
.name {font-size: 12px; fill: var(--st-text-color)}
.tick {font-size: 10px; fill: var(--st-text-color)}
.note {font-size: 14px; color: var(--st-text-color); min-height: 3.4em; margin-top: 4px}
.diagonal {stroke: var(--st-text-color); stroke-width: 1; stroke-dasharray: 4 4; stroke-opacity: .6; pointer-events: none}
.note button {border: 1px solid var(--st-border-color); background: var(--st-secondary-background-color); color: var(--st-text-color);
  border-radius: 6px; padding: 2px 8px; margin: 2px 6px 0 0; font: inherit; font-size: 13px; cursor: pointer}
"""
CSS += f".cell {{fill: {FOR}}}\n.mark {{fill: none; stroke: {AGAINST}; stroke-width: 2; pointer-events: none}}\n"
HINT = "Click a cell: the player goes to that moment."
_matrix = st.components.v2.component("triptych_matrix", html='<div id="matrix"></div>', css=CSS, js=script("common", "matrix"))


@dataclass(frozen=True)
class Axis:
    """One side of the matrix: its name, its film's seconds, the key of the container with its player, and what each moment is in words."""

    name: str
    seconds: float
    player: str = "player"
    words: Sequence[str] = ()


def show(
    title: str, values: np.ndarray, rows: Axis, columns: Axis, key: str, low: float, high: float, verdicts: tuple[str, str],
    diagonal: bool = False,
) -> None:  # fmt: skip
    """(N, M) values, NaN for nothing; longer films are drawn in stretches.

    Args:
        low, high: cells of less than ``low`` are clear, those of ``high`` and more are full.
        verdicts: what is said of a cell from ``low`` on, and of one below.
        diagonal: draw where both moments are the same.
    """
    cells = shown(values)
    data = {
        "title": title, "hint": HINT, "values": [[None if np.isnan(v) else round(float(v), 3) for v in row] for row in cells],
        "low": low, "high": high, "near": verdicts[0], "far": verdicts[1], "diagonal": diagonal,
        "rows_tenths": film_clock.tenths(rows.seconds), "columns_tenths": film_clock.tenths(columns.seconds),
        "rows_name": rows.name, "columns_name": columns.name, "rows_s": rows.seconds, "columns_s": columns.seconds,
        "rows_player": rows.player, "columns_player": columns.player,
        "rows_words": _words(rows.words, cells.shape[0]), "columns_words": _words(columns.words, cells.shape[1]),
        "row_times": _middles(rows.seconds, cells.shape[0]), "column_times": _middles(columns.seconds, cells.shape[1]),
    }  # fmt: skip
    _matrix(key=key, data=data, height="content")


def _middles(seconds: float, count: int) -> list[float]:
    return [round(float(t), 2) for t in (np.arange(count) + 0.5) * seconds / count]


def _words(words: Sequence[str], count: int) -> list[str]:
    """Those of the moment in the middle of each stretch."""
    return [str(part[len(part) // 2]) for part in np.array_split(np.asarray(words), count)] if len(words) else []
