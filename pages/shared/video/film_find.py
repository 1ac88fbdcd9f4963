"""Moments of a film found by words or by a picture."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_report import clock
from mmcore.domains.video.moments import search
from mmcore.domains.video.together import nearest_moments
from mmcore.domains.video.understanding import Understanding
from mmcore.errors import TriptychError
from mmcore.readers.picture import read_picture
from pages.shared import models
from pages.shared.recent import Recent

MOST, KEPT = 6, 6
PICTURE_HELP = "The shots of this film that look most like it. How alike is the cosine of what EfficientNet-Lite0 sees, 1 for the same."


def show(model: EventModel, found: Understanding) -> list[tuple[float, str]]:
    """Draws the two searches; (second, words) of what they found."""
    query = st.text_input("Find a moment", placeholder="some words: what is said, written, seen or heard", key="video.query")
    hits = [(moment.start_s, moment.why) for moment in search(model, found, query)] if query.strip() else []
    if query.strip() and not hits:
        st.caption("Nothing in this film is near these words.")
    if found.looks is not None:
        with st.expander("Find a moment by a picture", icon=":material/image_search:"):
            given = st.file_uploader("A picture", type=["png", "jpg", "jpeg", "webp", "bmp"], key="video.picture", help=PICTURE_HELP)
            if given is not None:
                hits += _like(model, found, given.getvalue())
    return hits


def _like(model: EventModel, found: Understanding, data: bytes) -> list[tuple[float, str]]:
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
        return []
    nearest = nearest_moments(found, look, MOST)
    return [(float(found.moments[row]), f"looks like it ({cosine:.2f}), {clock(float(found.moments[row]))}") for row, cosine in nearest]
