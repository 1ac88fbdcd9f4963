"""Which pictures and sounds of a film are near in meaning, and a film beside another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.domains.video import film_clock
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.together import alignment, alike
from mmcore.domains.video.understanding import Understanding, relabel
from mmcore.errors import TriptychError
from pages.shared import models
from pages.shared.video import film_run, film_tracks, held_file, matrix, timeline
from pages.shared.video.film_find import LIKE
from pages.shared.video.film_source import Shown
from pages.shared.video.film_tracks import kind_name
from pages.shared.video.film_watched import Watched

OTHER_PLAYER = "player_other"
NONE, FILE = "no other film", "a file of yours"
NEAR, SAME = 0.3, 0.6
"""Cosines of two names from which on a cell is coloured, and is full: for each kind of sound at most 21 of the thousand kinds of picture
reach the first (instruments and players, for music); a thing and its own sound reach 0.4 to 0.9, but most breeds of dog stay below."""
ALIGNMENT_HELP = (
    "The picture at one moment (down) and the sound at another (across), each put into words: the kinds of ImageNet that the picture is "
    f"most like, and the kind of sound heard. Compared are the meanings of these words (a cosine; blue from {NEAR} on, full from {SAME}), "
    "not the picture and the sound themselves: a picture that is taken for something else is compared as that, and of breeds of dog few "
    "reach the barking. Hold over a cell, or click it, to see the words. Sound of no known kind, and silence, have no colour."
)
ALIKE_HELP = (
    "How alike the pictures of the two films look at each pair of moments: the cosine of what EfficientNet-Lite0 sees, 1 for the same. "
    f"Blue from {LIKE} on, which photos of something else did not reach."
)
NEARNESS, LIKENESS = ("near in meaning", "not near in meaning"), ("alike", "not alike")
ROWS = 12


def show_alignment(model: EventModel, found: Understanding) -> None:
    """Pictures against sounds; nothing where one of them is missing."""
    values = alignment(model, found)
    if values is None:
        return
    with st.expander("Which pictures and sounds are near in meaning", icon=":material/join_inner:"):
        st.caption(
            "Down: the picture. Across: the sound, of every moment with every other. Blue: the words that the model has for the two are "
            "near in meaning; they may be wrong. Only on the dashed line are both of the same moment.",
            help=ALIGNMENT_HELP,
        )
        rows = matrix.Axis("picture", found.seconds, words=_seen(model, found))
        columns = matrix.Axis("sound", found.seconds, words=_heard(model, found))
        matrix.show("Pictures and sounds by meaning", values, rows, columns, "video.alignment", NEAR, SAME, NEARNESS, diagonal=True)


def show_comparison(model: EventModel, shown: Shown, found: Understanding, samples: Mapping[str, Shown]) -> None:
    """A second film, its timeline and labels beside those of the first."""
    with st.expander("Compare with another film", icon=":material/compare:"):
        names = [NONE, FILE, *(name for name, sample in samples.items() if sample.title != shown.title)]
        name = st.selectbox(
            "The other film", names, key="video.other", format_func=lambda n: samples[n].title if n in samples else n.capitalize()
        )
        other = samples.get(name)
        if name == FILE:
            given = held_file.drop_zone("The other film or sound", "video.other_file")
            other = Shown(given.name, given.data, False) if given is not None else None
        if other is None:
            return
        try:
            watched = film_run.run(model, other)
        except TriptychError as error:
            models.problem(error)
            return
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
            matrix.show("The two films by their looks", likeness, rows, columns, "video.alike", LIKE, 1.0, LIKENESS)
    timeline.show(
        f"Timeline of {other.title}", second.seconds, film_tracks.of(model, second), key="video.other_timeline", player=OTHER_PLAYER
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
    lengths = [film_clock.at(one.seconds, one.seconds) for one in (found, second)]
    st.caption(f"Mean probability over each whole film ({lengths[0]} and {lengths[1]}), and seconds in its events.")


def _seen(model: EventModel, found: Understanding) -> list[str]:
    """What each moment's picture is most like; "" where there is none."""
    assert found.pictures is not None
    there = ~np.isnan(found.pictures[:, 0])
    best = np.nan_to_num(found.pictures).argmax(axis=1)
    return [f"like {model.kinds_of_picture[k]}" if seen else "" for k, seen in zip(best, there, strict=True)]


def _heard(model: EventModel, found: Understanding) -> list[str]:
    """The kind of sound at each moment."""
    assert found.sounds is not None
    there = ~np.isnan(found.sounds[:, 0])
    best = np.nan_to_num(found.sounds).argmax(axis=1)
    return [kind_name(model.head.kinds[k]) if heard else "silence" for k, heard in zip(best, there, strict=True)]


def _seconds(found: Understanding, label: str) -> float:
    return round(sum(e.end_s - e.start_s for e in found.events if e.label == label), 1)
