"""Loads the shipped models before the first page, once a server."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from mmcore import library
from mmcore.commands import tasks
from mmcore.errors import TriptychError


@st.cache_resource(show_spinner="Loading the models, once …")
def warm() -> Mapping[str, str]:
    """Model name -> why it cannot be used ("" where it can)."""
    states = {}
    for name in library.model_folders():
        try:
            tasks.load(name)
            states[name] = ""
        except TriptychError as error:
            states[name] = str(error)
    # Streamlit collects garbage after every run, and with torch imported that dominates: what is loaded by now stays anyway.
    gc.collect()
    gc.freeze()
    return MappingProxyType(states)
