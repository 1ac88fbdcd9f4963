"""Results of films kept on this machine, only when the user says so; with their size, and a way to delete them."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from mmcore.domains.video import keeping
from mmcore.domains.video.event_model import EventModel
from mmcore.readers.limits import megabytes
from pages.shared.video.film_watched import Watched

VARIABLE = "TRIPTYCH_FILMS"
AGREED = "agreed.txt"
HELP = (
    "Off: what was found is gone when the page is loaded anew. On: what was found of a film is written to this machine under the hash of "
    "the film, with its key frames and words, and the same film opens at once the next time. The film itself is not kept."
)


def folder() -> Path:
    """Where films are kept: $TRIPTYCH_FILMS, else .cache/films beside the program."""
    return Path(os.environ.get(VARIABLE) or Path(__file__).resolve().parents[3] / ".cache" / "films")


def agreed() -> bool:
    """Whether the user has agreed; remembered until they take it back."""
    return (folder() / AGREED).is_file()


def find(model: EventModel, sha256: str, data: bytes) -> Watched | None:
    """What is kept of this film."""
    kept = keeping.find(folder(), model, sha256, data) if agreed() else None
    if kept is None:
        return None
    found, preview = kept
    return Watched(found, preview if preview is not None else data, "video" if found.media.picture else "audio")


def keep(model: EventModel, watched: Watched) -> None:
    """Keeps it, where the user has agreed."""
    if agreed():
        preview = watched.playable if watched.playable != watched.found.media.source else None
        keeping.keep(folder(), model, watched.found, preview)


def show(model: EventModel, watched: Watched) -> None:
    """The switch, the size and the button."""
    films, size = keeping.kept_bytes(folder())
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        wanted = st.toggle("Keep results on this machine", value=agreed(), key="video.keep", help=HELP)
        if wanted != agreed():
            _agree(wanted)
            if wanted:
                keep(model, watched)
            st.rerun()
        if films:
            st.caption(f"{films} {'film' if films == 1 else 'films'}, {megabytes(size)}", width="content")
            if st.button("Delete them", icon=":material/delete:", key="video.delete"):
                keeping.delete(folder())
                st.rerun()


def _agree(wanted: bool) -> None:
    folder().mkdir(parents=True, exist_ok=True)
    if wanted:
        (folder() / AGREED).write_text("Results of films are kept here because the user of the video page said so.\n", encoding="utf-8")
    else:
        (folder() / AGREED).unlink(missing_ok=True)
