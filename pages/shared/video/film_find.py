"""Moments of a film found by words or by a picture."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.moments import search
from mmcore.domains.video.together import nearest_moments
from mmcore.domains.video.understanding import Understanding
from mmcore.errors import TriptychError
from mmcore.readers.picture import read_picture
from pages.shared import models
from pages.shared.recent import Recent
from pages.shared.video import passages
from pages.shared.video.passages import Passage

MOST, KEPT = 6, 6
LIKE = 0.5
"""Cosine of two looks from which on they are alike. In 1,200 pairs of a film (12, drawn and real) and a photo of something else (skin,
chest, clothes) the nearest moment reached at most 0.47; a picture of the film, brighter, coarser, smaller or cut to 80 %, at least 0.62."""
PICTURE_HELP = (
    "The shots of this film that look most like it. The number says how alike: the cosine of what EfficientNet-Lite0 sees, 1 for the same "
    f"picture. Below {LIKE} nothing is named: photos of something else reach up to that, and so does a picture with wide borders."
)


def show(model: EventModel, found: Understanding) -> None:
    """The two searches, each with what it found below it."""
    film = found.media.sha256[:12]  # what was asked of one film is not asked of the next
    query = st.text_input(
        "Find a moment", placeholder="some words: what is said, written, seen or heard", key=f"video.query.{film}", persist_state="session"
    )
    if query.strip():
        hits = [Passage(moment.start_s, moment.end_s, moment.why) for moment in search(model, found, query)]
        _hits("Moments found by words", hits, found, "video.hits", "Nothing in this film is near these words.")
    if found.looks is not None:
        with st.expander("Find a moment by a picture", icon=":material/image_search:"):
            kinds = ["png", "jpg", "jpeg", "webp", "bmp"]
            given = st.file_uploader("A picture", type=kinds, key=f"video.picture.{film}", help=PICTURE_HELP)
            if given is not None:
                _by_picture(model, found, given.getvalue())


def _by_picture(model: EventModel, found: Understanding, data: bytes) -> None:
    kept: Recent[np.ndarray] = st.session_state.setdefault("video.looks", Recent(KEPT))
    key = hashlib.sha256(data).hexdigest()
    try:
        look = kept.get(key)
        if look is None:
            picture, _ = read_picture(data)
            with model.lock:
                look = kept.put(key, model.sight.cells([picture.pixels]).mean(axis=1)[0])
    except TriptychError as error:
        models.problem(error)
        return
    hits = alike(found, look)
    _hits("Moments that look like the picture", hits, found, "video.like", "Nothing in this film looks like this picture.")
    if hits:
        st.caption("1 is the same picture.", help=PICTURE_HELP)


def alike(found: Understanding, look: np.ndarray) -> list[Passage]:
    """The shots with a moment that looks like (1280,), best first; each from that moment to the end of its stretch of a second."""
    near = [(float(found.moments[row]), cosine) for row, cosine in nearest_moments(found, look, MOST) if cosine >= LIKE]
    return [Passage(at, at + found.every_s, f"looks like it ({cosine:.2f})") for at, cosine in near]


def _hits(title: str, hits: list[Passage], found: Understanding, key: str, nothing: str) -> None:
    if hits:
        passages.show(title, hits, key, found.seconds)
    else:
        st.caption(nothing)
