"""One case in one view, for any model that looks at pictures, records and texts."""

from __future__ import annotations

import streamlit as st

from pages.shared.panels import answer, heading, note, picture, prior, probabilities, reasons, record, shares, take_away, truth, what_if
from pages.shared.view import View


def show(view: View) -> None:
    """Top to bottom as it looks."""
    with st.container(gap="xsmall"):
        answer.show(view)
        heading.notice(view)
    left, rest = st.columns([1.05, 2.3], gap="medium")
    with left:
        for modality in of_kind(view, "picture"):
            picture.show(view, modality)
        reasons.show(view)
        truth.show(view)
    with rest:
        middle, right = st.columns([1.15, 1.1], gap="medium")
        with middle:
            probabilities.show(view)
            shares.show(view)
            what_if.show(view)
        with right:
            for modality in of_kind(view, "record"):
                record.show(view, modality)
            for modality in of_kind(view, "text"):
                note.show(view, modality)
        with middle if of_kind(view, "text") else right:  # the shorter one
            shares.interaction(view)
        take_away.show(view)
    prior.show(view)
    take_away.provenance(view)


def of_kind(view: View, kind: str) -> list[str]:
    """The modalities that this kind of reader takes."""
    return [name for name, item in view.spec.inputs.items() if item.kind == kind]
