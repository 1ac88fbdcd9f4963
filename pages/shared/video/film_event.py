"""One event looked at closely: where in the picture it is seen, what speaks for it, and its seconds as a film to take away."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from mmcore.domains.video import film_clock
from mmcore.domains.video.cut_out import cut_out, picture_at
from mmcore.domains.video.event_document import TITLES
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_spans import Event
from mmcore.domains.video.film_faithful import EventPieces, proven
from mmcore.domains.video.understanding import Understanding
from mmcore.domains.video.where_seen import SeenWhere, seen_where
from mmcore.errors import TriptychError
from mmcore.figures import overlay
from mmcore.figures.palette import FILM
from mmcore.wording import percent, points
from pages.shared import models
from pages.shared.plain import plain
from pages.shared.recent import Recent

SIDE, HEIGHT, KEPT = 480, 300, 12
WHERE_HELP = (
    "The picture at the moment at which sight says most for the event. Blue: this part says the label more than the average part does, "
    "alone and when it is missing; amber: less. Places are as coarse as a grid of 7 x 7. Frames mark words that were read there."
)
UNPROVEN_HELP = (
    "Where in the picture the label is seen is not shown: what this model says of it has not been measured to be better than chance. "
    "Frames mark words that were read there."
)
MOMENTS_HELP = (
    "Percentage points of that one second's probability, not of the whole event's: what the label would lose there without it. Seconds "
    "of which nothing is sure make the event as a whole less probable."
)
IN_THE_PICTURE = "in_the_picture"


def choose(found: Understanding) -> Event | None:
    """Draws the choice of the event to look at; at first the longest of those that most inputs speak for. None where there is none."""
    if not found.events:
        return None
    first = max(range(len(found.events)), key=lambda i: _worth_a_look(found.events[i]))
    known = hashlib.sha256("|".join([found.media.sha256, *found.labels]).encode()).hexdigest()[:12]
    number = st.selectbox(
        "Look closer at", range(len(found.events)), index=first, key=f"video.event.{known}",
        format_func=lambda i: f"{film_clock.at(found.events[i].start_s, found.seconds)} {found.events[i].label}", persist_state="session",
        help="The seconds of sound that count for it are framed on the track Sound; where it is seen stands below the timeline.",
    )  # fmt: skip
    return found.events[number]


def _worth_a_look(event: Event) -> tuple[int, float]:
    """How many inputs speak for it, and for how long it lasts."""
    return sum(round(100 * share) > 0 for share in event.shares.values()), event.end_s - event.start_s


def show(model: EventModel, found: Understanding, event: Event, stem: str) -> None:
    """Where, why, and the cut clip.

    Args:
        stem: what the name of the clip begins with.
    """
    st.header(f"{plain(event.label)}, {film_clock.span(event.start_s, event.end_s, found.seconds)}", anchor=False)
    left, right = st.columns([3, 2], gap="medium")
    pieces = EventPieces(found, event)
    row = pieces.strongest("visual")
    with left:
        if found.media.size is None:
            st.caption("This is a sound alone: there is no picture to look at.")
        elif row is None:
            st.caption("Nothing is seen there that speaks for or against it.")
        else:
            _where(model, found, event, row)
    with right:
        _without(found, event)
        _moments(found, pieces)
        _cut(found, event, stem)


def _cut(found: Understanding, event: Event, stem: str) -> None:
    """The event's seconds to take away: of a film a film, of a sound a sound."""
    span = film_clock.span(event.start_s, event.end_s, found.seconds).replace(":", "-").replace(" to ", "_")
    film = found.media.picture
    st.download_button(
        f"These seconds as a {'film' if film else 'sound'}", lambda: cut_out(found.media, event.start_s, event.end_s),
        f"{stem}-{span}.{'mp4' if film else 'm4a'}", "video/mp4" if film else "audio/mp4", icon=":material/content_cut:",
        on_click="ignore", help=f"{'H.264 with sound' if film else 'AAC'}, at most two minutes. Cut when you click.",
    )  # fmt: skip


def _where(model: EventModel, found: Understanding, event: Event, row: int) -> None:
    at = float(found.moments[row])
    kept: Recent = st.session_state.setdefault("video.where", Recent(KEPT))
    key = f"{found.media.sha256}{row}{event.label}{found.labels}"
    try:
        held: tuple[np.ndarray, SeenWhere] | None = kept.get(key)
        if held is None:
            pixels = picture_at(found.media, at, SIDE)
            held = kept.put(key, (pixels, seen_where(model, pixels, found.labels, event.label)))
    except TriptychError as error:
        models.problem(error)
        return
    pixels, where = held
    size = (pixels.shape[1], pixels.shape[0])
    boxes, scores = (where.boxes, where.scores - where.scores.mean()) if proven(model.folder, IN_THE_PICTURE) else (None, None)
    figure = overlay.draw(overlay.data_uri(pixels, SIDE), size, boxes, scores, height=HEIGHT)
    for line in found.written:
        if line.start_s <= at <= line.end_s:
            left, top, right, bottom = (edge * size[i % 2] for i, edge in enumerate(line.box))
            figure.add_shape(type="rect", x0=left, y0=top, x1=right, y1=bottom, line={"color": FILM["text"], "width": 2})
    st.plotly_chart(
        figure, key="video.where_figure", config={"displayModeBar": False}, alt=overlay.alt(boxes, scores, size, event.label)
    )
    if boxes is None:
        st.caption(f"The picture at {film_clock.at(at, found.seconds)}.", help=UNPROVEN_HELP)
    else:
        when = film_clock.at(at, found.seconds)
        st.caption(f"The picture at {when}. Points of what sight alone says of it{undecided(where)}.", help=WHERE_HELP)


def undecided(where: SeenWhere) -> str:
    """The end of a sentence where most parts of the picture are worth the same; "" where some parts stand out."""
    if where.alike <= len(where.scores) / 2:
        return ""
    return f"; no single part decides: {where.alike} of {len(where.scores)} are worth about the same, those in amber less"


def _without(found: Understanding, event: Event) -> None:
    """What the answer would be without each modality."""
    names = list(event.shares)
    if len(names) < 2:
        return
    lines = [f"- everything: **{percent(event.probability)}**"]
    for name in names:
        rest = "+".join(n for n in names if n != name)
        own = event.alone[name]
        rather = "" if own == event.label else ", sure of no label" if own is None else f", rather {plain(own)}"
        alone = f"{TITLES[name]} alone: {percent(event.values[name])}{rather}"
        lines.append(f"- without {TITLES[name]}: {percent(event.values[rest])}; {alone}")
    st.markdown("\n".join(lines))


def _moments(found: Understanding, pieces: EventPieces) -> None:
    best = sorted(zip(pieces.scores, pieces.pieces, strict=True), key=lambda item: -item[0])[:3]
    parts = [
        f"{TITLES[name]} at {film_clock.at(float(found.moments[row]), found.seconds)} ({points(score)})"
        for score, (name, row) in best if score > 0
    ]  # fmt: skip
    if parts:
        st.caption(f"Speaks most for it, in points of that second: {', '.join(parts)}.", help=MOMENTS_HELP)
