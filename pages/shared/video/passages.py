"""Passages of a film that can be clicked and follow the playback: our own component, its script beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from mmcore.domains.video import film_clock
from pages.shared.video.timeline import script

CSS = """
#passages {font-family: var(--st-font); color: var(--st-text-color)}
ol {list-style: none; margin: 0; padding: 0; overflow: auto; max-height: 18rem; position: relative}
.strip {display: flex; gap: 8px; padding-bottom: 6px}
.strip li {flex: none; width: 140px}
.strip img {display: block; width: 100%; border-radius: 6px}
.strip button {display: block; width: 100%}
button {border: 0; border-left: 3px solid transparent; background: none; color: inherit; font: inherit; font-size: 15px; text-align: left;
  padding: 3px 6px; cursor: pointer; overflow-wrap: anywhere; border-radius: 4px}
.lines button {display: grid; grid-template-columns: 3.6em 1fr; width: 100%}
.when {color: var(--st-gray-text-color); font-size: 13px; line-height: 1.6}
button:hover {background: var(--st-secondary-background-color)}
button[aria-current] {background: var(--st-secondary-background-color); border-left-color: var(--st-primary-color)}
"""
_passages = st.components.v2.component("triptych_passages", html='<div id="passages"></div>', css=CSS, js=script("common", "passages"))


@dataclass(frozen=True)
class Passage:
    """A stretch of a film: from and to in seconds, what happens in it, and its picture as a data URI, with words in its stead."""

    start: float
    end: float
    text: str = ""
    picture: str = ""
    alt: str = ""


def show(title: str, passages: Sequence[Passage], key: str, film_s: float, player: str = "player") -> None:
    """Below one another; side by side where they have pictures.

    Args:
        film_s: length of the film, in seconds.
        player: key of the container that holds it.
    """
    data = {
        "title": title, "player": player, "tenths": film_clock.tenths(film_s), "passages": [asdict(p) for p in passages],
        "pictures": any(p.picture for p in passages),
    }  # fmt: skip
    _passages(key=key, data=data, height="content")
