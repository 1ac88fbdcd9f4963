"""Understanding a film in a thread of its own, with its stages and a way to stop; the last few films of a visit are kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import streamlit as st

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.preview import playable, preview
from mmcore.domains.video.understanding import Understanding, understand
from pages.shared import models
from pages.shared.jobs import Job, Progress
from pages.shared.video.film_source import Shown

KEPT = 3
STAGES = {
    "look": "Looking", "listen": "Listening", "write down": "Writing down what is said", "join": "Joining", "preview": "Making a preview",
}  # fmt: skip
QUICK_S = 1.0


@dataclass(frozen=True)
class Watched:
    """A film with all that was found, and what the browser plays: the file as it is, or a preview."""

    found: Understanding
    playable: bytes
    kind: str


def run(model: EventModel, shown: Shown) -> Watched | None:
    """The film understood: at once where it was before, else once its stages are through. None while it runs or where it cannot be."""
    kept: dict[str, Watched] = st.session_state.setdefault("video.kept", {})
    data = shown.source if isinstance(shown.source, bytes) else shown.source.read_bytes()
    key = hashlib.sha256(data).hexdigest() + model.version
    if key in kept:
        return kept[key]
    jobs: dict[str, Job] = st.session_state.setdefault("video.jobs", {})
    if key not in jobs:
        for other in jobs.values():
            other.cancel()
        jobs.clear()
        jobs[key] = Job(lambda report: _watch(model, data, report))
    job = jobs[key]
    if not job.wait(QUICK_S):
        _progress(key)
        return None
    if job.problem is not None:
        models.problem(job.problem)
        return None
    if job.cancelled or job.outcome is None:
        st.info("Stopped. Choose another film, or start this one again.", icon=":material/stop_circle:")
        if st.button("Start again", icon=":material/restart_alt:"):
            jobs.pop(key)
            st.rerun()
        return None
    jobs.pop(key)
    while len(kept) >= KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = job.outcome
    return kept[key]


@st.fragment(run_every=0.5)
def _progress(key: str) -> None:
    job: Job | None = st.session_state.get("video.jobs", {}).get(key)
    if job is None:
        return
    if job.done:
        st.rerun()
    st.progress(job.fraction, text=f"{STAGES.get(job.stage, 'Opening')} …")
    st.button("Stop", icon=":material/stop_circle:", on_click=job.cancel)


def _watch(model: EventModel, data: bytes, report: Progress) -> Watched:
    found = understand(model, data, progress=report)
    media = found.media
    if playable(media):
        return Watched(found, data, "video" if media.picture else "audio")
    return Watched(found, preview(media, lambda share: report("preview", share)), "video" if media.picture else "audio")
