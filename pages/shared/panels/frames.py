"""A DICOM picture in the viewer: its frames and series to step through, and which of them is analysed."""

from __future__ import annotations

import streamlit as st

from mmcore.case import Picture, Source
from mmcore.figures import overlay
from mmcore.report import reading
from mmcore.report.picture import patches
from pages.shared import edits, terms
from pages.shared.panels import tags
from pages.shared.plain import plain
from pages.shared.view import View
from pages.shared.viewer import component
from pages.shared.viewer.component import Layer, Pane


def show(view: View, modality: str, picture: Picture, source: Source) -> None:
    """The viewer with the evidence, the menu of series where there are several, and the file's tags."""
    boxes, scores = patches(view.explanation, modality)
    name = reading.name(view.spec, view.target)
    series, _ = source.at
    _series_menu(view, modality, source)
    pane = Pane(
        picture,
        "",
        overlay.alt(boxes, scores, picture.size, name, view.titles[modality]),
        (Layer(boxes, scores),) if len(boxes) else (),
        lambda position: edits.choose_frame(view.chosen, modality, series, position),
    )
    component.show([pane], f"viewer.{modality}", [("Evidence", "evidence")] if len(boxes) else [])
    st.caption(_said(source), help=f"{terms.VIEWER} {terms.OVERLAY_HOW}" if len(boxes) else terms.VIEWER)
    tags.show(source, f"tags.{modality}.{picture.sha256[:12]}")


def frame_name(source: Source) -> str:
    """The frame at which a study stands, in a few words."""
    series = source.series[source.at[0]]
    frame = f"frame {source.at[1] + 1} of {series.count}" if series.count > 1 else "its only frame"
    return f"{series.title}, {frame}" if len(source.series) > 1 else frame


def _said(source: Source) -> str:
    text = "Drag on the picture to change its window."
    name = frame_name(source)
    return text if name == "its only frame" else f"Analysed: {plain(name)}. {text}"


def _series_menu(view: View, modality: str, source: Source) -> None:
    if len(source.series) < 2:
        return
    key = edits.series_key(view.chosen, modality)
    st.session_state.setdefault(key, source.at[0])
    st.selectbox(
        "Series of the study",
        range(len(source.series)),
        format_func=lambda i: f"{source.series[i].title} ({source.series[i].count})",
        key=key,
        persist_state="session",
        help=terms.SERIES,
        on_change=lambda: edits.choose_frame(view.chosen, modality, st.session_state[key], 0),
    )
