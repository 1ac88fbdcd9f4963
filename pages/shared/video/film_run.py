"""Understanding a film in a thread of its own, with its stages and a way to stop; the last few films of a visit are kept."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass, field

import streamlit as st

from mmcore.domains.video import film_clock
from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_spans import Event
from mmcore.domains.video.preview import playable, preview
from mmcore.domains.video.understanding import Sketch, understand
from mmcore.wording import percent
from pages.shared.jobs import Job, Progress
from pages.shared.plain import plain
from pages.shared.video import film_keep, film_source, held_file
from pages.shared.video.film_source import Shown
from pages.shared.video.film_watched import Watched

KEPT = 3
STAGES = {
    "listen": ("Listening", 0.17), "look": ("Looking, reading, writing down", 0.79), "write down": ("Writing down what is said", 0.02),
    "join": ("Joining", 0.02), "preview": ("Making a preview", 0.0),
}  # fmt: skip
"""What each stage is called, and its usual share of the time."""
QUICK_S, ESTIMATE_AFTER_S = 1.0, 2.0
FIRST_SHOWN = 6


@dataclass
class Running:
    """Work under way: its job, when it began, and the sketches that the worker has made so far: lists of events, the last one counts."""

    job: Job
    started: float
    sketches: list[list[Event]] = field(default_factory=list)

    def left_s(self) -> float | None:
        """Seconds left, from the usual shares of the stages; None while that cannot be told."""
        spent, names = time.monotonic() - self.started, list(STAGES)
        if self.job.stage not in STAGES or self.job.stage == "preview" or spent < ESTIMATE_AFTER_S:
            return None
        done = sum(STAGES[name][1] for name in names[: names.index(self.job.stage)]) + STAGES[self.job.stage][1] * self.job.fraction
        return spent * (1 - done) / done if done > 0.05 else None


def run(model: EventModel, shown: Shown) -> Watched | None:
    """The film understood: at once where it was before, else once its stages are through. None while it runs and once it is stopped.

    Raises:
        TriptychError: it cannot be understood.
    """
    kept: dict[str, Watched] = st.session_state.setdefault("video.kept", {})
    data = shown.data
    sha256 = hashlib.sha256(data).hexdigest()
    key = sha256 + model.version
    if key in kept:
        return kept[key]
    running: dict[str, Running] = st.session_state.setdefault("video.jobs", {})
    if key not in running:
        if (before := film_keep.find(model, sha256, data)) is not None:
            return _hold(kept, key, before)
        for other in running.values():
            other.job.cancel()
        running.clear()
        running[key] = _start(model, data)
    job = running[key].job
    if not job.wait(QUICK_S):
        _progress(key)
        return None
    if job.problem is not None:
        raise job.problem
    if job.cancelled or job.outcome is None:
        st.info("Stopped. Choose another film, or start this one again.", icon=":material/stop_circle:")
        if st.button("Start again", icon=":material/restart_alt:"):
            running.pop(key)
            st.rerun()
        return None
    running.pop(key)
    film_keep.keep(model, job.outcome)
    return _hold(kept, key, job.outcome)


def _hold(kept: dict[str, Watched], key: str, watched: Watched) -> Watched:
    """Puts it among the last few. What the user gave stays as long as the file itself: it would have to be understood anew."""
    given = held_file.held(film_source.ZONE)
    spare = [k for k, one in kept.items() if given is None or one.found.media.source is not given.data]
    for old in spare[: max(0, len(kept) + 1 - KEPT)]:
        kept.pop(old)
    kept[key] = watched
    return watched


def _start(model: EventModel, data: bytes) -> Running:
    sketches: list[list[Event]] = []
    return Running(Job(lambda report: _watch(model, data, report, sketches.append)), time.monotonic(), sketches)


@st.fragment(run_every=0.5)
def _progress(key: str) -> None:
    running: Running | None = st.session_state.get("video.jobs", {}).get(key)
    if running is None:
        return
    job = running.job
    if job.done:
        st.rerun()
    left = running.left_s()
    about = f", about {max(1, round(left))} s left" if left is not None else ""
    st.progress(job.fraction, text=f"{STAGES[job.stage][0] if job.stage in STAGES else 'Opening'}{about} …")
    st.button("Stop", icon=":material/stop_circle:", on_click=job.cancel)
    if not running.sketches:
        return
    events = running.sketches[-1]
    st.caption("So far, and it may still change:" if events else "So far, nothing is sure enough to be named.")
    lines = [f"- {film_clock.span(e.start_s, e.end_s, math.inf)}: {plain(e.label)}, {percent(e.probability)}" for e in events[:FIRST_SHOWN]]
    st.markdown("\n".join(lines))


def _watch(model: EventModel, data: bytes, report: Progress, sketch: Sketch) -> Watched:
    found = understand(model, data, progress=report, sketch=sketch)
    media = found.media
    if playable(media):
        return Watched(found, data, "video" if media.picture else "audio")
    return Watched(found, preview(media, lambda share: report("preview", share)), "video" if media.picture else "audio")
