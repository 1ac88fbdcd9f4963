"""The timeline under the player: our own component, its script beside this file. A click seeks, a line follows the playback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from mmcore.domains.video import film_clock

CSS = """
#timeline {width: 100%; font-family: var(--st-font)}
svg {display: block; cursor: pointer; outline-offset: 2px}
.ground {fill: var(--st-secondary-background-color)}
.name, .tick {font-size: 12px; fill: var(--st-text-color)}
.tick {font-size: 11px}
.word {font-size: 11px; fill: var(--st-text-color); pointer-events: none}
.area {fill-opacity: .8}
.frame {fill: none; stroke: var(--st-text-color); stroke-width: 1.5; pointer-events: none}
.saying {min-height: 1.5em; font-size: 14px; color: var(--st-text-color); overflow-wrap: anywhere; margin-top: 2px}
.now {stroke: var(--st-text-color); stroke-width: 2; pointer-events: none}
"""


def script(*parts: str) -> str:
    """The scripts of this folder with these names, one after another as one."""
    return "\n".join((Path(__file__).parent / f"{part}.js").read_text(encoding="utf-8") for part in parts)


_timeline = st.components.v2.component(
    "triptych_timeline",
    html='<div id="timeline"></div>',
    css=CSS,
    js=script("common", "timeline"),
)


@dataclass(frozen=True)
class Span:
    """A block on a track; strength is its opacity from 0 to 1."""

    start: float
    end: float
    text: str
    colour: str
    strength: float = 0.45
    help: str = ""


@dataclass(frozen=True)
class Track:
    """A row of the timeline: blocks, areas stacked over time, or a picture as long as the film.

    Attributes:
        image: data URI of that picture; blocks over it are drawn as frames.
        high: pixels.
        follows: its block at the second that plays is written out under the timeline.
    """

    name: str
    spans: tuple[Span, ...] = ()
    areas: tuple[dict[str, Any], ...] = ()
    image: str = ""
    high: int = 30
    follows: bool = False


def show(title: str, seconds: float, tracks: Sequence[Track], key: str, player: str = "player") -> None:
    """Draws the tracks. ``player`` is the key of the container that holds the film."""
    data = {
        "title": title, "seconds": seconds, "tenths": film_clock.tenths(seconds), "tracks": [asdict(track) for track in tracks],
        "player": player,
    }  # fmt: skip
    _timeline(key=key, data=data, height="content")
