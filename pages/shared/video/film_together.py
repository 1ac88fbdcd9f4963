"""Which pictures and sounds of a film belong together, and a film beside another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_report import clock
from mmcore.domains.video.together import alignment, alike
from mmcore.domains.video.understanding import Understanding, relabel
from pages.shared.video import film_run, film_tracks, matrix, timeline
from pages.shared.video.film_source import MOST_MB, Shown
from pages.shared.video.film_watched import Watched

OTHER_PLAYER = "player_other"
NONE, FILE = "no other film", "a file of yours"
ALIGNMENT_HELP = (
    "How near in meaning the picture at one moment (down) and the sound at another (across) are: the cosine of what their kinds mean. "
    "Sound of no known kind, and silence, are left blank. With pictures seen beyond doubt the nearest sound was "
    "nearly always the picture's own; with real ones it will be so less often: see the card."
)
ALIKE_HELP = "How alike the pictures of the two films look at each pair of moments: the cosine of what EfficientNet-Lite0 sees."
ROWS = 12


def show_alignment(model: EventModel, found: Understanding) -> None:
    """Pictures against sounds; nothing where one of them is missing."""
    values = alignment(model, found)
    if values is None:
        return
    with st.expander("Which pictures and sounds belong together", icon=":material/join_inner:"):
        st.caption("Down: the picture. Across: the sound. Blue: they mean the same.", help=ALIGNMENT_HELP)
        rows, columns = matrix.Axis("picture", found.seconds), matrix.Axis("sound", found.seconds)
        matrix.show("Pictures and sounds by meaning", values, rows, columns, key="video.alignment")


def show_comparison(model: EventModel, shown: Shown, found: Understanding, samples: Mapping[str, Shown]) -> None:
    """A second film, its timeline and labels beside those of the first."""
    with st.expander("Compare with another film", icon=":material/compare:"):
        names = [NONE, FILE, *(name for name, sample in samples.items() if sample.title != shown.title)]
        name = st.selectbox(
            "The other film", names, key="video.other", format_func=lambda n: samples[n].title if n in samples else n.capitalize()
        )
        other = samples.get(name)
        if name == FILE:
            given = st.file_uploader("The other film or sound", key="video.other_file", max_upload_size=MOST_MB)
            other = Shown(given.name, given.getvalue(), False) if given is not None else None
        if other is None:
            return
        watched = film_run.run(model, other)
        if watched is not None:
            _beside(model, shown, found, other, watched)


def _beside(model: EventModel, shown: Shown, found: Understanding, other: Shown, watched: Watched) -> None:
    second = relabel(model, watched.found, found.labels)
    left, right = st.columns([1, 1], gap="medium")
    with left, st.container(key=OTHER_PLAYER):
        if watched.kind == "video":
            st.video(watched.playable)
        else:
            st.audio(watched.playable)
    with right:
        likeness = alike(found, second)
        if likeness is not None:
            st.caption("Down: this film. Across: the other. Blue: they look alike.", help=ALIKE_HELP)
            rows, columns = matrix.Axis("this film", found.seconds), matrix.Axis("the other", second.seconds, OTHER_PLAYER)
            matrix.show("The two films by their looks", likeness, rows, columns, key="video.alike")
    timeline.show(
        f"Timeline of {other.title}", second.seconds, film_tracks.of(model, second), [], key="video.other_timeline", player=OTHER_PLAYER
    )
    one, two = found.evidence.fused.mean(axis=0), second.evidence.fused.mean(axis=0)
    order = np.argsort(-np.maximum(one, two))[:ROWS]
    table = {
        "label": [found.labels[i] for i in order], shown.title: [float(one[i]) for i in order],
        other.title: [float(two[i]) for i in order], "seconds here": [_seconds(found, found.labels[i]) for i in order],
        "seconds there": [_seconds(second, found.labels[i]) for i in order],
    }  # fmt: skip
    percent = {name: st.column_config.ProgressColumn(name, min_value=0.0, max_value=1.0, format="percent") for name in list(table)[1:3]}
    st.dataframe(pd.DataFrame(table), hide_index=True, column_config=percent, alt="Labels of both films")
    st.caption(f"Mean probability over each whole film ({clock(found.seconds)} and {clock(second.seconds)}), and seconds in its events.")


def _seconds(found: Understanding, label: str) -> float:
    return round(sum(e.end_s - e.start_s for e in found.events if e.label == label), 1)
