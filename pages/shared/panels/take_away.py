"""The result to take away, and what it rests on."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from mmcore.report import document, html
from pages.shared import terms
from pages.shared.view import View


def show(view: View) -> None:
    st.markdown("## Take it away", anchors=False, help="Both carry the notice, the evidence grade, the licence and the fingerprints.")
    stem = f"{view.result.model}-{view.result.case[:12]}"
    with st.container(horizontal=True):
        st.download_button(
            "Report (HTML)",
            lambda: html.render(view.result, view.spec, view.case, f"{datetime.now():%Y-%m-%d %H:%M}").encode(),
            f"{stem}.html",
            "text/html",
            icon=":material/description:",
            on_click="ignore",
        )
        st.download_button(
            "Data (JSON)",
            lambda: document.text(view.result).encode(),
            f"{stem}.json",
            "application/json",
            icon=":material/data_object:",
            on_click="ignore",
        )


def provenance(view: View) -> None:
    """How the numbers came about, for those who want to repeat them."""
    result = view.result
    inputs = result.confidence.subset.replace("+", " and ")
    st.caption(
        f"Model {result.model}, version `{result.version[:12]}` · case `{result.case[:12]}` · "
        f"calibrated on {result.confidence.calibration_n} cases with {inputs} · {sum(result.timings_ms.values()):.0f} ms",
        help=f"{terms.VERSION} Full fingerprints are in the downloads.",
    )
