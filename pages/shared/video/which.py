"""Which of the video models is on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mmcore.commands import tasks
from mmcore.errors import TriptychError
from pages.shared import models

FIRST = "video_events"
KEY, SAY = "video.model", "video.model.say"


def choose(domain: str) -> Any:
    """The model that the address names, else the one picked in this visit, else that for whole films; ends the page where there is none."""
    found = models.specs(domain)
    if not found:
        st.info("No model for this page is installed yet.", icon=":material/info:")
        st.stop()
    names = sorted(found, key=lambda name: name != FIRST)
    asked = st.query_params.get(models.PARAMETER, "")
    if asked in found or st.session_state.get(KEY) not in found:
        st.session_state[KEY] = asked if asked in found else names[0]
    if asked not in found:
        st.session_state[SAY] = models.unknown(asked, found[st.session_state[KEY]].title) if asked else ""
    name = st.segmented_control(
        "Model", names, format_func=lambda n: found[n].title, key=KEY, required=True, label_visibility="collapsed",
        on_change=_forget_address, persist_state="session",
    )  # fmt: skip
    st.query_params[models.PARAMETER] = name or names[0]
    try:
        return tasks.load(str(models.folders()[name or names[0]]))
    except TriptychError as error:
        models.problem(error)
        st.stop()


def message() -> str:
    """What there is to say of the model that the address asked for, "" for nothing."""
    return st.session_state.get(SAY, "")


def _forget_address() -> None:
    """The model picked is to win over the one that the address still names."""
    st.query_params.pop(models.PARAMETER, None)
