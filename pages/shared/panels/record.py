"""The record: every field to edit, with its push on the class that is explained."""

from __future__ import annotations

import streamlit as st

from mmcore.figures import fields
from mmcore.model_spec import Field
from mmcore.report import reading
from pages.shared import edits, field_widget, terms
from pages.shared.panels import notices, switch
from pages.shared.view import View

NAME_WIDTH, BAR_WIDTH = 112, 92  # CSS pixels


def show(view: View, modality: str) -> None:
    """The fields of one record; an edit analyses the case anew."""
    switch.show(view, modality)
    listed = view.spec.inputs[modality].fields
    pushes = fields.pushes(view.explanation, modality)
    limit = fields.full(view.explanation, modality)
    changed = {f.name for f in edits.changed_fields(view.chosen, modality, listed)}
    off = not edits.used(view.chosen, modality)
    name = reading.name(view.spec, view.target)
    st.caption(f"Change a field and the answer follows. Bars: push on {name}, to the right for it.", help=f"{terms.EDIT} {terms.PUSH}")
    with st.container(gap="xsmall", key=f"record_{modality}"):
        for field in listed:
            piece = pushes.get(field.name)
            _row(view, modality, field, None if piece is None else piece.score, limit, field.name in changed, off)
    notices.show(view, modality)


def _row(view: View, modality: str, field: Field, push: float | None, limit: float, changed: bool, off: bool) -> None:
    unit = f" ({field.unit})" if field.unit else ""
    mark = " :material/edit:" if changed else ""
    key = edits.field_key(view.chosen, modality, field.name)
    st.session_state.setdefault(key, edits.original(view.chosen, modality, field.name))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.markdown(f"{field.title}{unit}{mark}", help=field.help or None, width=NAME_WIDTH)
        with st.container(width="stretch"):
            field_widget.show(field, key, disabled=off)
        st.html(fields.push_bar(push, limit), width=BAR_WIDTH)
