"""What was found of a film, each with a way back to its seconds: key frames, speech, writing, and what speaks for an event."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmcore.domains.video import film_clock
from mmcore.domains.video.event_document import TITLES
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_spans import Event
from mmcore.domains.video.film_faithful import EventPieces
from mmcore.domains.video.sound_folders import SPEECH
from mmcore.domains.video.understanding import Understanding
from mmcore.report.picture import jpeg_uri
from mmcore.wording import capital, points, sentence
from pages.shared.video import passages
from pages.shared.video.film_tracks import LEAST_SCORE, kind_name
from pages.shared.video.passages import Passage

KEYS_SHOWN, LINES_SHOWN, SIDE = 60, 400, 280


def show_key_frames(found: Understanding) -> None:
    """One picture a shot, as a strip; nothing for a sound."""
    shots = [shot for shot in found.shots if shot.start_s in found.keys]
    if not shots:
        return
    st.header("Key frames", anchor=False)
    frames = [
        Passage(
            shot.start_s, shot.end_s, picture=jpeg_uri(found.keys[shot.start_s], SIDE),
            alt=f"Key frame at {film_clock.at(shot.start_s, found.seconds)}",
        )
        for shot in shots[:KEYS_SHOWN]
    ]  # fmt: skip
    passages.show("Key frames", frames, "video.keys", found.seconds)
    if len(shots) > KEYS_SHOWN:
        st.caption(f"The first {KEYS_SHOWN} of {len(shots)} shots.")


def show_said(model: EventModel, found: Understanding) -> None:
    """The transcript, or why there is none."""
    st.header("What is said", anchor=False)
    if not found.said:
        st.caption(why_nothing_said(model, found))
        return
    _lines("What is said", [Passage(part.start_s, part.end_s, part.text) for part in found.said], found, "video.said")
    st.caption("Written down by a small English model: names and rare words are often wrong.")


def why_nothing_said(model: EventModel, found: Understanding) -> str:
    """Why there is no transcript: no sound, no voice, or a voice without words that could be written down."""
    if found.sounds is None:
        return "The sound of this film could not be read." if found.media.sound else "This film has no sound."
    heard = found.sounds[~np.isnan(found.sounds[:, 0])]
    if SPEECH in {model.head.kinds[k] for k in heard.argmax(axis=1)}:
        return "Speech was heard, but no words could be made out; only English is written down."
    return "No speech was heard."


def show_written(found: Understanding) -> None:
    """The words on the screen."""
    if found.unread:
        st.caption(sentence(found.unread))
    if found.written:
        st.header("What is written on the screen", anchor=False)
        lines = [Passage(line.start_s, line.end_s, line.text) for line in found.written]
        _lines("What is written on the screen", lines, found, "video.written")


def show_evidence(model: EventModel, found: Understanding, event: Event, key: str) -> None:
    """For each modality the moment at which it speaks most for the event, and what it says there."""
    pieces = EventPieces(found, event)
    scores = dict(zip(pieces.pieces, pieces.scores, strict=True))
    lines = []
    for name in event.shares:
        row = pieces.strongest(name)
        if row is not None and scores[name, row] >= LEAST_SCORE:
            at, half = float(found.moments[row]), found.every_s / 2
            what = f"{capital(TITLES[name])}: {_there(model, found, name, row)}, {points(scores[name, row])} of that second"
            lines.append(Passage(max(0.0, at - half), at + half, what))
    if lines:
        passages.show(f"What speaks most for {event.label}", lines, key, found.seconds)


def _lines(title: str, lines: list[Passage], found: Understanding, key: str) -> None:
    passages.show(title, lines[:LINES_SHOWN], key, found.seconds)
    if len(lines) > LINES_SHOWN:
        st.caption(f"The first {LINES_SHOWN} of {len(lines)} lines; all are in the result as JSON.")


def _there(model: EventModel, found: Understanding, modality: str, row: int) -> str:
    """What a modality makes of one moment, in a few words."""
    at = float(found.moments[row])
    if modality == "visual" and found.pictures is not None:
        return f"most like {model.kinds_of_picture[int(found.pictures[row].argmax())]}"
    if modality == "audio" and found.sounds is not None:
        return kind_name(model.head.kinds[int(found.sounds[row].argmax())])
    lines = [(part.start_s, part.end_s, part.text) for part in (found.said if modality == "speech" else found.written)]
    nearest = min(lines, key=lambda line: max(line[0] - at, at - line[1], 0.0), default=(0.0, 0.0, "its words"))
    return f"\u201c{nearest[2]}\u201d"
