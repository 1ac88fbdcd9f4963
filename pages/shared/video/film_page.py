"""A film on the page: player and timeline, events and why, search, words, key frames, another film beside it, files to take away."""

from __future__ import annotations

import json
import time

import pandas as pd
import streamlit as st

from mmcore.domains.video import event_report
from mmcore.domains.video.event_document import document, events_csv, reasoning, webvtt
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_report import clock
from mmcore.domains.video.understanding import Understanding, relabel
from mmcore.errors import TriptychError
from pages.shared import models
from pages.shared.plain import plain
from pages.shared.video import film_event, film_find, film_keep, film_source, film_together, film_tracks, timeline
from pages.shared.video.film_source import Shown
from pages.shared.video.film_watched import Watched

KEYS_SHOWN, SHOWN, LINES_SHOWN = 12, 6, 40
LABELS_HELP = (
    "What to look for, in your own words, separated by commas. The probability is shared out among exactly these labels, so it depends on "
    "the list: it is not calibrated for words of your own."
)
SHARES_HELP = (
    "Shares: what sight (blue), sound (amber), speech (violet) and words on the screen (red) add to the label that is first at each "
    "moment, above an even share. Sound: its spectrogram, high pitches on top; frames mark the seconds that count for the event chosen "
    "above, blue for it and amber against it."
)


def show(model: EventModel, shown: Shown, watched: Watched) -> None:
    """Everything that was found of one film."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(shown.title, anchor=False, width="content")
        if shown.generated:
            st.badge("generated", icon=":material/draw:", color="orange", help="Made by a program. It shows nothing real.")
    if shown.story:
        st.caption(shown.story)
    for warning in watched.found.warnings:
        st.warning(warning[:1].upper() + warning[1:] + ".", icon=":material/warning:")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _player(watched)
    with right:
        found = _labels(model, watched.found)
        _summary(found)
        hits = film_find.show(model, found)
        event = film_event.choose(found)
    timeline.show(f"Timeline of {shown.title}", found.seconds, film_tracks.of(model, found, event), hits, key="video.timeline")
    st.caption("Click to go there.", help=SHARES_HELP)
    if event is not None:
        film_event.show(model, found, event)
    _key_frames(found)
    _said(found)
    _written(found)
    film_together.show_alignment(model, found)
    film_together.show_comparison(model, shown, found, film_source.samples())
    _take_away(model, shown, found)
    film_keep.show(model, watched)
    st.caption(f"{model.spec.notice[:1].upper()}{model.spec.notice[1:]}.")


def _labels(model: EventModel, found: Understanding) -> Understanding:
    with st.expander("What to look for", icon=":material/label:"):
        typed = st.text_area("Labels", value=", ".join(model.settings.labels), key="video.labels", help=LABELS_HELP, height=100)
    try:
        return relabel(model, found, typed.split(","))
    except TriptychError as error:
        models.problem(error)
        return found


def _player(watched: Watched) -> None:
    with st.container(key="player"):
        if watched.kind == "video":
            st.video(watched.playable, subtitles={"English": webvtt(watched.found.said)} if watched.found.said else None)
        else:
            st.audio(watched.playable)


def _summary(found: Understanding) -> None:
    st.header("What happens", anchor=False)
    if not found.events:
        st.markdown("**Not sure.** At no moment was one label sure enough to be named. The tracks below show what was seen and heard.")
    for number, event in enumerate(found.events[:SHOWN]):
        title = f"{clock(event.start_s)} to {clock(event.end_s)}: **{plain(event.label)}**, {100 * event.probability:.0f} %"
        with st.expander(title, expanded=number == 0):
            st.markdown("\n".join(f"- {plain(sentence)}" for sentence in reasoning(event)))
    if len(found.events) > SHOWN:
        st.caption(f"And {len(found.events) - SHOWN} more on the timeline.")


def _key_frames(found: Understanding) -> None:
    if not found.keys:
        return
    st.header("Key frames", anchor=False)
    with st.grid("auto", min_column_width=130, gap="small", key="key_frames"):
        for shot in found.shots[:KEYS_SHOWN]:
            key = found.keys.get(shot.start_s)
            if key is not None:
                start = clock(shot.start_s)
                st.image(key, caption=f"{start} to {clock(shot.end_s)}", width="stretch", alt=f"Key frame at {start}")
    if len(found.shots) > KEYS_SHOWN:
        st.caption(f"The first {KEYS_SHOWN} of {len(found.shots)} shots.")


def _said(found: Understanding) -> None:
    st.header("What is said", anchor=False)
    if not found.said:
        st.caption("No voice was heard. Only English is written down.")
        return
    for part in found.said:
        st.markdown(f":gray[{clock(part.start_s)}]  {plain(part.text)}")
    st.caption("Written down by a small English model: names and rare words are often wrong.")


def _written(found: Understanding) -> None:
    if found.unread:
        st.caption(f"{found.unread[:1].upper()}{found.unread[1:]}.")
    if not found.written:
        return
    st.header("What is written on the screen", anchor=False)
    for line in found.written[:LINES_SHOWN]:
        st.markdown(f":gray[{clock(line.start_s)} to {clock(line.end_s)}]  {plain(line.text)}")
    if len(found.written) > LINES_SHOWN:
        st.caption(f"The first {LINES_SHOWN} of {len(found.written)} lines; all are in the result as JSON.")


def _take_away(model: EventModel, shown: Shown, found: Understanding) -> None:
    with st.container(horizontal=True, gap="small"):
        result = json.dumps(document(model, found), indent=1, ensure_ascii=False)
        st.download_button("Result as JSON", result, "film.json", "application/json", icon=":material/data_object:", on_click="ignore")
        st.download_button("Events as CSV", events_csv(found), "events.csv", "text/csv", icon=":material/table:", on_click="ignore")
        st.download_button(
            "Report as HTML", lambda: event_report.render(model, found, shown.title, shown.generated, time.strftime("%Y-%m-%d %H:%M")),
            "film.html", "text/html", icon=":material/article:", on_click="ignore", help="With key frames; it needs no network.",
        )  # fmt: skip
        if found.said:
            st.download_button("Subtitles", webvtt(found.said), "film.vtt", "text/vtt", icon=":material/subtitles:", on_click="ignore")
    with st.expander("Time taken", icon=":material/timer:"):
        st.dataframe(pd.DataFrame({"stage": list(found.timings_ms), "ms": list(found.timings_ms.values())}), hide_index=True)
