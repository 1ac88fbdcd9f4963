"""A film or sound that the user dropped: held in the memory of the visit, on whichever page they are meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mmcore.readers.limits import LIMITS, megabytes
from pages.shared.plain import plain

MOST_MB = 200
LARGER = (
    f"Here up to {MOST_MB} MB and an hour. The command line takes films up to {LIMITS.media_bytes / 1e9:.0f} GB: "
    "`python -m mmcore analyze video_events film.mp4 --html film.html`"
)
HELP = "It stays in memory on this machine and is gone when the page is loaded anew."


@dataclass(frozen=True)
class Held:
    """A file by its name and bytes."""

    name: str
    data: bytes


def held(key: str) -> Held | None:
    """The file dropped last in the zone with this key, in this visit."""
    return st.session_state.get(f"{key}.held")


def drop_zone(label: str, key: str, note: str = LARGER, help: str = HELP) -> Held | None:
    """A place to drop a file with a note below it, and the file dropped last with a way to forget it."""
    number = st.session_state.setdefault(f"{key}.number", 0)
    with st.container(key=key, gap="xsmall"):
        zone = f"{key}.{number}"
        st.file_uploader(label, key=zone, max_upload_size=MOST_MB, help=help, on_change=_take, args=(key, zone))
        st.caption(note)
        found = held(key)
        if found is not None:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.caption(f":material/draft: {plain(found.name)}, {megabytes(len(found.data))}", width="content")
                st.button("Forget this file", key=f"{key}.forget", icon=":material/delete:", on_click=_forget, args=(key,), type="tertiary")
    return found


def _take(key: str, zone: str) -> None:
    """Keeps what was dropped once: a new drop zone takes the place of the one that holds the bytes too."""
    given = st.session_state.get(zone)
    if given is not None:
        st.session_state[f"{key}.number"] += 1
        st.session_state[f"{key}.held"] = Held(given.name, given.getvalue())


def _forget(key: str) -> None:
    st.session_state.pop(f"{key}.held", None)
