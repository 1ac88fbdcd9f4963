"""A DICOM picture at once, while its case is still being analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mmcore.case import Picture
from mmcore.wording import in_sentence
from pages.shared import analyses
from pages.shared.chosen import Chosen
from pages.shared.viewer import component
from pages.shared.viewer.component import Pane

if TYPE_CHECKING:
    from mmcore.pipeline import Pipeline


def show(pipeline: Pipeline, chosen: Chosen) -> DeltaGenerator:
    """The place it is drawn in, to be emptied once the whole page can be drawn; empty where there is nothing to wait for."""
    place = st.empty()
    pictures = {m: item.value for m, item in chosen.case.inputs.items() if isinstance(item.value, Picture) and item.value.source}
    if not pictures or analyses.ready(pipeline, chosen.case, shared=chosen.kind == "sample"):
        return place
    with place.container():
        left, right = st.columns([1.05, 2.25], gap="medium")
        with left:
            for modality, picture in pictures.items():
                title = pipeline.spec.inputs[modality].title
                st.markdown(f"## {title}", anchors=False)
                component.show([Pane(picture, "", f"The {in_sentence(title)}, not yet analysed.")], f"first.{modality}")
        with right:
            st.caption("The picture is here; what the model says of it follows.")
    return place
