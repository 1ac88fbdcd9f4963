"""The component on the page: panes with their frames, layers of evidence over them, and what the user asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from mmcore.case import Picture
from mmcore.figures.surface import FLOOR, scale, smooth
from mmcore.wording import points
from pages.shared.recent import Recent
from pages.shared.viewer import stack
from pages.shared.viewer.address import address
from pages.shared.viewer.stack import Block

HEIGHT = 380
OPACITY = 60  # per cent
BLOCKS = 4
WORDS = {"evidence": ("against", "for"), "change": ("less", "more")}
_HERE = Path(__file__).parent
_viewer = st.components.v2.component(
    "triptych_viewer",
    html='<div id="viewer"></div>',
    css=(_HERE / "viewer.css").read_text(encoding="utf-8"),
    js="\n".join((_HERE / f"{part}.js").read_text(encoding="utf-8") for part in ("pixels", "layers", "hands", "pane", "viewer")),
)


@dataclass(frozen=True)
class Layer:
    """Scores of patches to lay over a picture.

    Attributes:
        boxes: (P, 4) [x, y, w, h] in the picture's pixels.
        scores: (P,) in units of probability.
    """

    boxes: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True)
class Pane:
    """One picture to show.

    Attributes:
        name: above it, may be empty.
        alt: what it shows, in words.
        layers: one for each of the viewer's layer names; None where this picture has none.
        choose: called with a position in the series when the user wants that frame analysed; None where there is no choice.
    """

    picture: Picture
    name: str
    alt: str
    layers: Sequence[Layer | None] = ()
    choose: Callable[[int], None] | None = None


def show(panes: Sequence[Pane], key: str, layers: Sequence[tuple[str, str]] = (), height: int = HEIGHT) -> None:
    """Draws the panes side by side, with one window, zoom and place for all.

    Args:
        layers: (name, kind) of what can be laid over, kind one of WORDS; at least one pane has something for each.
    """
    wanted = _wanted(key, panes)
    fulls = [_full([pane.layers[i] for pane in panes if pane.layers]) for i in range(len(layers))]
    data = {
        "panes": [_pane(pane, number, key, wanted.get(number), fulls) for number, pane in enumerate(panes)],
        "layers": [
            {"name": name, "ticks": _ticks(kind, full)}
            for (name, kind), full in zip(layers, fulls, strict=True)
        ],
        "opacity": OPACITY, "height": height,
    }  # fmt: skip
    _viewer(key=key, data=data, height="content", on_analyse_change=lambda: _chosen(key, panes), on_want_change=lambda: None)


def _pane(pane: Pane, number: int, key: str, wanted: int | None, fulls: Sequence[float]) -> dict[str, Any]:
    source = pane.picture.source
    series, position = source.at if source else (0, 0)
    count = min(source.series[series].count, stack.MOST_FRAMES) if source else 1
    found = _block(pane.picture, min(position if wanted is None else wanted, count - 1))
    return {
        "number": number, "id": identity(pane.picture), "name": pane.name, "alt": pane.alt, "count": count,
        "position": position, "analysed": position, "choose": pane.choose is not None,
        "block": {"start": found.start, "frames": found.frames, "url": address(found.data, f"{key}.{number}.{found.start}")},
        "layers": [_layer(layer, pane.picture.size, full) for layer, full in zip(pane.layers, fulls, strict=False)],
    }  # fmt: skip


def identity(picture: Picture) -> str:
    """Stands for a picture, or for all frames of its series, in the browser's memory of windows and zoom."""
    source = picture.source
    return (picture.sha256 if source is None else source.series[source.at[0]].sha256)[:24]


def _block(picture: Picture, position: int) -> Block:
    """Made once for each block of this session."""
    held: Recent[Block] = st.session_state.setdefault("frames", Recent(BLOCKS))
    source = picture.source
    name = picture.sha256 if source is None else f"{identity(picture)}.{position}"
    if (found := held.get(name)) is not None:
        return found
    return held.put(name, stack.single(picture) if source is None else stack.block(source.series[source.at[0]], position))


def _wanted(key: str, panes: Sequence[Pane]) -> dict[int, int]:
    """Pane -> the position that the user stepped to and that the browser does not have yet."""
    told = st.session_state.get(key, {}).get("want")
    return {told["pane"]: told["position"]} if _sound(told, panes) else {}


def _chosen(key: str, panes: Sequence[Pane]) -> None:
    told = st.session_state[key].get("analyse")
    if _sound(told, panes) and (choose := panes[told["pane"]].choose) is not None:
        choose(told["position"])


def _sound(told: Any, panes: Sequence[Pane]) -> bool:
    """True for a message of our own script; a browser can send anything."""
    if not isinstance(told, dict) or not all(isinstance(told.get(name), int) for name in ("pane", "position")):
        return False
    if not 0 <= told["pane"] < len(panes):
        return False
    source = panes[told["pane"]].picture.source
    return source is not None and 0 <= told["position"] < source.series[source.at[0]].count


def _full(layers: Sequence[Layer | None]) -> float:
    return max((scale(layer.scores) for layer in layers if layer is not None), default=FLOOR)


def _layer(layer: Layer | None, size: tuple[int, int], full: float) -> dict[str, Any] | None:
    if layer is None:
        return None
    surface = smooth(layer.boxes, layer.scores, size)
    values = [None if np.isnan(v) else round(float(v), 5) for v in surface.reshape(-1)]
    return {"rows": surface.shape[0], "columns": surface.shape[1], "values": values, "full": full}


def _ticks(kind: str, full: float) -> list[str]:
    low, high = WORDS[kind]
    return [f"{low} {points(-full)}", "0", f"{high} {points(full)}"]
