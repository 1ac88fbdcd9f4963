"""Which of the video models is on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mmcore.commands import tasks
from mmcore.errors import TriptychError
from pages.shared import models

FIRST = "video_events"
PARAMETER = "model"


def choose(domain: str) -> Any:
    """The model picked, the one for whole films at first; ends the page where there is none."""
    found = models.specs(domain)
    if not found:
        st.info("No model for this page is installed yet.", icon=":material/info:")
        st.stop()
    names = sorted(found, key=lambda name: name != FIRST)
    asked = st.query_params.get(PARAMETER, "")
    name = st.segmented_control(
        "Model", names, format_func=lambda n: found[n].title, key="video.model", default=asked if asked in names else names[0],
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    st.query_params[PARAMETER] = name or names[0]
    try:
        return tasks.load(str(models.folders()[name or names[0]]))
    except TriptychError as error:
        models.problem(error)
        st.stop()
