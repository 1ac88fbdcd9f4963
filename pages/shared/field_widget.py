"""The widget that fits a field of a record. Its value is as the user gave it, None for not given."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from mmcore.model_spec import Field
from mmcore.wording import capital, spoken

NOT_GIVEN = "not given"


def written(value: float | str | None) -> float | str | None:
    """A value as a person writes it: 130, not 130.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def show(field: Field, key: str, disabled: bool = False, label: bool = False) -> float | str | None:
    """Draws the widget; its value is in the session under ``key``.

    Args:
        label: True to show the field's title above it; else the title is there for screen readers only.
    """
    visibility: Literal["visible", "collapsed"] = "visible" if label else "collapsed"
    unit = f" ({field.unit})" if field.unit else ""
    title = f"{field.title}{unit}"
    if field.type == "number":
        # No limits: a browser keeps what is outside of them to itself, and the page would answer for the number before.
        return st.number_input(
            title,
            value=None,
            step=1.0,
            format="%g",
            key=key,
            placeholder="–",
            disabled=disabled,
            label_visibility=visibility,
            persist_state="session",
        )
    if field.type == "category":
        return st.selectbox(
            title,
            list(field.values),
            index=None,
            format_func=lambda v: capital(spoken(v)),
            key=key,
            placeholder=NOT_GIVEN,
            disabled=disabled,
            label_visibility=visibility,
            persist_state="session",
        )
    return st.segmented_control(
        title,
        ["True", "False"],
        format_func=lambda v: capital(spoken(v)),
        key=key,
        disabled=disabled,
        label_visibility=visibility,
        persist_state="session",
    )
