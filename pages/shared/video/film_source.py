"""Which film is on the page: a generated sample or the user's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mmcore.domains.video.films import one_film
from mmcore.errors import TriptychError
from mmcore.readers.case_file import CASE_FILE
from pages.shared.chosen import PARAMETER, SESSION_ONLY, UPLOAD
from pages.shared.plain import plain
from pages.shared.video import held_file, which

ROOT = Path(__file__).resolve().parents[3] / "sample_data" / "video"
SAMPLES, FILE = "Samples", "Your file"
ICONS = {SAMPLES: ":material/gallery_thumbnail:", FILE: ":material/upload_file:"}
SOURCE, SAMPLE, SAY = "video.source", "video.sample", "video.film.say"
ZONE = "video.file"


@dataclass(frozen=True)
class Shown:
    """The film on the page.

    Attributes:
        source: its file or bytes.
        generated: True where a program made it.
    """

    title: str
    source: Path | bytes
    generated: bool
    story: str = ""

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()


def samples() -> dict[str, Shown]:
    """name -> sample, in order of their names; a damaged one is left out."""
    found = {}
    for path in sorted(ROOT.glob(f"*/{CASE_FILE}")):
        try:
            film = one_film([path.parent])
        except TriptychError:
            continue
        found[path.parent.name] = Shown(film.title, film.path, bool(film.generated), film.story)
    return found


def choose(row: DeltaGenerator) -> Shown | None:
    """Draws the choice in ``row`` and the place to drop a file below it; the film to show, None where none is given yet."""
    options = samples()
    _follow_address(options)
    source = row.segmented_control(
        "Film", [SAMPLES, FILE], format_func=lambda o: f"{ICONS[o]} {o}", key=SOURCE, required=True, label_visibility="collapsed",
        on_change=_forget_address, persist_state="session",
    )  # fmt: skip
    if source == SAMPLES and options:
        name = row.pills(
            "Sample", list(options), format_func=lambda n: options[n].title, key=SAMPLE, label_visibility="collapsed", required=True,
            on_change=_forget_address, persist_state="session",
        )  # fmt: skip
        st.query_params[PARAMETER] = name or next(iter(options))
        return options[name or next(iter(options))]
    given = held_file.drop_zone("A film (mp4, mov, mkv, webm, avi, gif) or a sound (wav, mp3, ogg, flac, m4a)", ZONE)
    if given is None:
        st.query_params.pop(PARAMETER, None)
        return None
    st.query_params[PARAMETER] = UPLOAD
    st.session_state.pop(SAY, None)
    return Shown(given.name, given.data, False)


def message() -> str:
    """What there is to say of the film that the address asked for, "" for nothing."""
    return st.session_state.get(SAY, "")


def _follow_address(options: Mapping[str, Shown]) -> None:
    """Puts on the page what the address names, else what was there before in this visit, else the first sample."""
    asked, state = st.query_params.get(PARAMETER, ""), st.session_state
    if asked in options:
        state[SOURCE], state[SAMPLE] = SAMPLES, asked
    elif asked == UPLOAD:
        state[SOURCE] = FILE
        if held_file.held(ZONE) is None:
            state[SAY] = SESSION_ONLY[UPLOAD]
    else:
        state[SAY] = f"There is no sample “{plain(asked)}” here. Below is another instead." if asked else ""
    if state.get(SOURCE) not in (SAMPLES, FILE):
        state[SOURCE] = SAMPLES
    if state.get(SAMPLE) not in options:
        state[SAMPLE] = next(iter(options), None)


def _forget_address() -> None:
    """What is picked is to win over what the address still names, and over what was said of it."""
    st.query_params.pop(PARAMETER, None)
    st.session_state[which.SAY] = ""
