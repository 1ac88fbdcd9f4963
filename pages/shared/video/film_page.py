"""A film on the page: player and timeline, events and why, search, words, key frames, another film beside it, files to take away."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mmcore.domains.video import event_report
from mmcore.domains.video.event_document import document, events_csv, reasoning, subrip, webvtt
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_spans import Event
from mmcore.domains.video.film_clock import span
from mmcore.domains.video.preview import playable
from mmcore.domains.video.understanding import Understanding, relabel
from mmcore.encoders.transcript import Said
from mmcore.errors import TriptychError
from mmcore.readers.media import read_media
from mmcore.readers.names import stem
from mmcore.wording import percent, sentence
from pages.shared import models, terms
from pages.shared.panels import heading
from pages.shared.plain import plain
from pages.shared.video import film_event, film_find, film_keep, film_passages, film_run, film_source, film_together, film_tracks, timeline
from pages.shared.video.film_source import Shown
from pages.shared.video.film_watched import Watched

SHOWN, STEM = 6, 60
LABELS_HELP = (
    "What to look for, in your own words, separated by commas. The probability is shared out among exactly these labels, so it depends on "
    "the list: it is not calibrated for words of your own."
)
SHARES_HELP = (
    "Shares: what sight (blue), sound (amber), speech (violet) and words on the screen (red) add to the label that is first at each "
    "moment, above an even share. Sound: its spectrogram, high pitches on top; frames mark the seconds that count for the event chosen "
    "above, blue for it and amber against it."
)


def show(model: EventModel, shown: Shown) -> None:
    """One film: it plays at once where a browser can play it; what is found of it follows."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(plain(shown.title), anchor=False, width="content")
        if shown.generated:
            heading.generated()
    if shown.story:
        st.caption(shown.story)
    problems = st.container()
    left, right = st.columns([3, 2], gap="medium")
    try:
        with right:
            watched = film_run.run(model, shown)
    except TriptychError as error:
        with problems:
            models.problem(error)
        return
    with left, st.container(key="player"):
        if watched is None:
            _play_meanwhile(shown)
        else:
            _play(watched.playable, watched.kind, watched.found.said)
    if watched is not None:
        _found(model, shown, watched, left, right)


def _found(model: EventModel, shown: Shown, watched: Watched, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Everything that was found; the search goes under the player, the answer beside it."""
    with right:
        for warning in watched.found.warnings:
            st.warning(plain(sentence(warning)), icon=":material/warning:")
        found = _labels(model, watched.found)
        above = st.container()
        event = film_event.choose(found)
        with above:
            _summary(model, found, event)
    with left:
        film_find.show(model, found)
    timeline.show(f"Timeline of {shown.title}", found.seconds, film_tracks.of(model, found, event), key="video.timeline")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Click to go there.", help=SHARES_HELP, width="content")
        st.html(film_tracks.legend(found), width="content")
    if event is not None:
        film_event.show(model, found, event, file_stem(shown.title))
    film_passages.show_key_frames(found)
    film_passages.show_said(model, found)
    film_passages.show_written(found)
    film_together.show_alignment(model, found)
    film_together.show_comparison(model, shown, found, film_source.samples())
    _take_away(model, shown, found)
    film_keep.show(model, watched)
    st.caption(sentence(model.spec.notice))


def _labels(model: EventModel, found: Understanding) -> Understanding:
    with st.expander("What to look for: change the labels", icon=":material/label:"):
        typed = st.text_area(
            "Labels", value=", ".join(model.settings.labels), key="video.labels", help=LABELS_HELP, height=100, persist_state="session"
        )
    try:
        return relabel(model, found, typed.split(","))
    except TriptychError as error:
        models.problem(error)
        return found


def _play(data: bytes, kind: str, said: Sequence[Said] = ()) -> None:
    if kind == "video":
        st.video(data, subtitles={"English": webvtt(said)} if said else None)
    else:
        st.audio(data)


def _play_meanwhile(shown: Shown) -> None:
    """The film as it is, while it is still looked at; a file that cannot be read has its message elsewhere."""
    try:
        media = read_media(shown.data)
        if playable(media):
            _play(shown.data, "video" if media.picture else "audio")
        else:
            st.caption("Browsers do not play this kind of file. A copy that they play is made at the end.")
    except TriptychError:
        return


def _summary(model: EventModel, found: Understanding, chosen: Event | None) -> None:
    """The events; the one that is looked at closely is open."""
    st.header("What happens", anchor=False, help=terms.POINTS)
    if not found.events:
        st.markdown("**Not sure.** At no moment was one label sure enough to be named. The tracks below show what was seen and heard.")
    for number, event in enumerate(found.events[:SHOWN]):
        title = f"{span(event.start_s, event.end_s, found.seconds)}: **{plain(event.label)}**, {percent(event.probability)}"
        with st.expander(title, expanded=event is chosen):
            st.markdown("\n".join(f"- {plain(said)}" for said in reasoning(event, found.seconds)[1:]))  # the first says the title again
            film_passages.show_evidence(model, found, event, key=f"video.evidence.{number}")
    if len(found.events) > SHOWN:
        st.caption(f"And {len(found.events) - SHOWN} more on the timeline.")


def file_stem(title: str) -> str:
    """What files about a film begin with: its title without an ending, its letters, figures and dashes alone."""
    return re.sub(r"[^\w-]+", "_", stem(title)).strip("_-")[:STEM] or "film"


def _take_away(model: EventModel, shown: Shown, found: Understanding) -> None:
    with st.container(horizontal=True, gap="small"):
        name = file_stem(shown.title)
        result = json.dumps(document(model, found), indent=1, ensure_ascii=False)
        st.download_button("Result as JSON", result, f"{name}.json", "application/json", icon=":material/data_object:", on_click="ignore")
        st.download_button("Events as CSV", events_csv(found), f"{name}-events.csv", "text/csv", icon=":material/table:", on_click="ignore")
        st.download_button(
            "Report as HTML", lambda: event_report.render(model, found, shown.title, shown.generated, time.strftime("%Y-%m-%d %H:%M")),
            f"{name}.html", "text/html", icon=":material/article:", on_click="ignore", help="With key frames; it needs no network.",
        )  # fmt: skip
        if found.said:
            for ending, kind, text in (("vtt", "text/vtt", webvtt(found.said)), ("srt", "application/x-subrip", subrip(found.said))):
                label = f"Subtitles as {ending.upper()}"
                st.download_button(label, text, f"{name}.{ending}", kind, icon=":material/subtitles:", on_click="ignore")
    with st.expander("Time taken", icon=":material/timer:"):
        st.dataframe(pd.DataFrame({"stage": list(found.timings_ms), "ms": list(found.timings_ms.values())}), hide_index=True)
