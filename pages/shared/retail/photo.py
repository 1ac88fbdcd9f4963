"""A photo that somebody drops: held for the visit, until it is taken away."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmcore.errors import InputError
from mmcore.readers.limits import LIMITS, MEGA
from mmcore.readers.picture import read_picture
from pages.shared import models
from pages.shared.recent import Recent

DECODED = 2  # photos held as pixels, the others as the files they came in


def ask(name: str, label: str) -> np.ndarray | None:
    """The photo held under this name as pixels, else a place to drop one; what cannot be read is said."""
    held: dict[str, bytes] = st.session_state.setdefault("retail.photos", {})
    if name not in held:
        given = st.file_uploader(
            label, key=name, max_upload_size=LIMITS.picture_bytes // MEGA, help="Read in memory on this machine; stored nowhere."
        )
        if given is None:
            return None
        try:
            _pixels(name, given.getvalue())
        except InputError as error:
            models.problem(error)
            return None
        held[name] = given.getvalue()
        st.rerun()
    pixels = _pixels(name, held[name])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.image(pixels, width=120, alt="The photo that was given")
        st.button("Remove the photo", key=f"{name}.remove", icon=":material/close:", on_click=_remove, args=(name,))
    return pixels


def _pixels(name: str, data: bytes) -> np.ndarray:
    decoded: Recent[np.ndarray] = st.session_state.setdefault("retail.pixels", Recent(DECODED))
    found = decoded.get(name)
    return decoded.put(name, read_picture(data)[0].pixels) if found is None else found


def _remove(name: str) -> None:
    del st.session_state["retail.photos"][name]
    st.session_state.pop("retail.pixels", None)
