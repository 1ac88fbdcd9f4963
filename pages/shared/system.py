"""What the app runs on."""

from __future__ import annotations

import streamlit as st

from mmcore import device
from pages.shared import terms


def show() -> None:
    """The device in use, in a line."""
    st.badge(device.describe(device.pick()), icon=":material/memory:", color="gray", help=terms.DEVICE)
    st.badge(
        "no request leaves this machine",
        icon=":material/shield:",
        color="gray",
        help="No network is used: models, samples and pages are local.",
    )
