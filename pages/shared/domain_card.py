"""A domain on the first page: what it does, and its samples one click away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from mmcore.model_spec import ModelSpec
from pages.shared import models, starts
from pages.shared.discovery import PageInfo

MODELS = Path(__file__).resolve().parents[1] / "models.py"


def show(page: PageInfo, specs: Mapping[str, ModelSpec]) -> None:
    """Only for a domain that works: its models are there, name -> spec."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.header(f"{page.icon} {page.title}", anchor=False, width="content")
            st.page_link(page.path, label=f"Open {page.title.lower()}", icon=":material/arrow_forward:", icon_position="right")
        st.markdown(page.summary)
        for name, spec in specs.items():
            found = starts.of(page.domain, spec)
            if found:
                with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                    st.caption(f"{spec.title}. Samples (:material/draw: generated, or parts of it):", width="content")
                    st.page_link(MODELS, label="How good is it?", query_params={models.PARAMETER: name}, help=spec.grade_help)
                with st.grid("auto", min_column_width=125, gap="small", key=f"start_{spec.name}"):
                    for sample in found:
                        _card(page, sample)


def _card(page: PageInfo, sample: starts.Start) -> None:
    with st.container(gap="xsmall"):
        if sample.thumbnail:
            st.image(sample.thumbnail, width="stretch", alt="")
        else:
            with st.container(border=True, height=136, horizontal_alignment="center", vertical_alignment="center"):
                st.markdown(sample.icon)
        label = f":material/draw: {sample.title}" if sample.generated else sample.title
        st.page_link(page.path, label=label, query_params=dict(sample.address), help=sample.story, width="stretch")
