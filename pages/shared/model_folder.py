"""A folder that ``train`` wrote, added to this session's models."""

from __future__ import annotations

import streamlit as st

from mmcore.errors import TriptychError
from pages.shared import models


def show() -> None:
    """A text input; what is wrong with the folder is said at once."""
    with st.expander("Add a model trained on this machine", icon=":material/create_new_folder:"):
        st.caption(
            "A folder that `python -m mmcore train` wrote. It joins the models of this visit; those in .models are listed by themselves."
        )
        with st.form("models.folder", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            text = st.text_input("Model folder", key="models.folder_text", placeholder="/path/to/the/folder")
            sent = st.form_submit_button("Add", icon=":material/add:")
        if sent and text:
            try:
                name = models.add_folder(text.strip())
            except TriptychError as error:
                models.problem(error)
            else:
                st.success(f"{name} is among the models now.", icon=":material/check_circle:")
