"""The picture with its evidence over it: a photo as a figure, a DICOM picture in the viewer."""

from __future__ import annotations

import streamlit as st

from mmcore.case import Picture
from mmcore.figures import overlay
from mmcore.report import reading
from mmcore.report.picture import patches
from mmcore.wording import in_sentence
from pages.shared import terms
from pages.shared.panels import frames, notices, switch
from pages.shared.recent import Recent
from pages.shared.view import View

HEIGHT = 376
OPACITY = 60  # per cent
PHOTOS = 4


def show(view: View, modality: str) -> None:
    """The picture with the smooth overlay and its colour bar."""
    switch.show(view, modality)
    picture = view.case.inputs[modality].value
    if not isinstance(picture, Picture):
        _absent(view, modality)
        notices.show(view, modality)
        return
    if picture.source is not None:
        frames.show(view, modality, picture, picture.source)
        notices.show(view, modality)
        return
    boxes, scores = patches(view.explanation, modality)
    key, title = f"opacity.{view.spec.domain}", in_sentence(view.titles[modality])
    opacity = st.session_state.setdefault(key, OPACITY)
    st.plotly_chart(
        overlay.draw(photo(picture), picture.size, boxes, scores, opacity / 100, HEIGHT),
        key=f"picture.{modality}",
        config={"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "toImage"], "scrollZoom": False},
        alt=overlay.alt(boxes, scores, picture.size, reading.name(view.spec, view.target), view.titles[modality]),
    )
    if len(boxes):
        st.slider(
            f"Evidence over the {title}", 0, 100, key=key, format="%d %%", help=f"{terms.OVERLAY} {terms.OPACITY}", persist_state="session"
        )
    notices.show(view, modality)


def photo(picture: Picture) -> str:
    """The picture as a data URI, made once for each picture of this session."""
    held: Recent[str] = st.session_state.setdefault("photos", Recent(PHOTOS))
    return held.get(picture.sha256) or held.put(picture.sha256, overlay.data_uri(picture.pixels))


def _absent(view: View, modality: str) -> None:
    title = in_sentence(view.titles[modality])
    off = view.chosen.case.inputs[modality].present
    text = f"The {title} is switched off." if off else f"This case has no {title}. The answer rests on the rest alone."
    with st.container(border=True, height=HEIGHT, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(f":material/hide_image: {text}", text_alignment="center")
