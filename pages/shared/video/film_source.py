"""Which film is on the page: a generated sample or the user's own file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from mmcore.domains.video.films import one_film
from mmcore.errors import TriptychError
from mmcore.readers.case_file import CASE_FILE

ROOT = Path(__file__).resolve().parents[3] / "sample_data" / "video"
SAMPLES, FILE = "Samples", "Your file"
PARAMETER = "case"
MOST_MB = 200


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


def choose() -> Shown | None:
    """Draws the choice; the film to show, None where none is given yet."""
    options = samples()
    source = st.segmented_control(
        "Film", [SAMPLES, FILE], key="video.source", default=SAMPLES, required=True, label_visibility="collapsed",
        format_func=lambda o: f"{':material/gallery_thumbnail:' if o == SAMPLES else ':material/upload_file:'} {o}",
    )  # fmt: skip
    if source == SAMPLES and options:
        asked = st.query_params.get(PARAMETER, "")
        if asked and asked not in options and "video.sample" not in st.session_state:
            st.info("There is no such sample here; another is shown.", icon=":material/info:")
        names = list(options)
        start = names.index(asked) if asked in options else 0
        name = st.pills(
            "Sample", names, format_func=lambda n: options[n].title, default=names[start], key="video.sample", label_visibility="collapsed",
            required=True,
        )  # fmt: skip
        st.query_params[PARAMETER] = name or names[0]
        return options[name or names[0]]
    st.query_params.pop(PARAMETER, None)
    given = st.file_uploader(
        "A film (mp4, mov, mkv, webm, avi, gif) or a sound (wav, mp3, ogg, flac, m4a)", key="video.file", max_upload_size=MOST_MB,
        help="At most an hour. It stays in memory on this machine and is gone when the page is loaded anew.",
    )  # fmt: skip
    return Shown(given.name, given.getvalue(), False) if given is not None else None
