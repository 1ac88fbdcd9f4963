"""Analyses by the hash of their case and their model: nothing is computed twice, and long work can be cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from mmcore.case import Case
from pages.shared.jobs import Job
from pages.shared.recent import Recent

if TYPE_CHECKING:
    from mmcore.analysis import Analysis
    from mmcore.pipeline import Pipeline

SHARED = 32  # analyses of samples, for every visitor
OWN = 24  # analyses of one session's case and its variants
GRACE_S = 3.0  # shorter work is simply waited for
POLL_S = 0.4
STAGES = {
    "starting": "Starting …",
    "encode": "Reading the inputs: picture and record become evidence …",
    "fuse": "Weighing the evidence together …",
    "explain": "Taking evidence away piece by piece, to see what it was worth …",
}


@st.cache_resource(show_spinner=False)
def shared_store() -> Recent[Analysis]:
    """Analyses of bundled samples: the same for everyone."""
    return Recent(SHARED)


def own_store() -> Recent[Analysis]:
    """This session's analyses; they go when the session goes."""
    return st.session_state.setdefault("analyses", Recent(OWN))


def ready(pipeline: Pipeline, case: Case, shared: bool = False) -> bool:
    """True where `of` would answer without computing anything."""
    return (shared_store() if shared else own_store()).get(_key(pipeline, case)) is not None


def _key(pipeline: Pipeline, case: Case) -> str:
    return f"{pipeline.version}:{case.digest}"


def of(pipeline: Pipeline, case: Case, shared: bool = False) -> Analysis | None:
    """The analysis of ``case``; None while it is still being computed or after it was cancelled, with that said on the page.

    Args:
        shared: True only for a bundled sample exactly as it came.
    """
    key = _key(pipeline, case)
    store = shared_store() if shared else own_store()
    if (found := store.get(key)) is not None:
        return found
    jobs: dict[str, Job] = st.session_state.setdefault("analysis_jobs", {})
    job = jobs.get(key)
    if job is None:
        for other in jobs.values():
            other.cancel()  # of a case that is no longer on the page
        jobs.clear()
        job = jobs[key] = Job(lambda progress: pipeline.open(case, progress))
    if not job.wait(GRACE_S):
        _watch(key)
        return None
    if job.problem is not None:
        jobs.pop(key, None)
        raise job.problem
    if job.cancelled:
        _offer_again(key)
        return None
    jobs.pop(key, None)
    return store.put(key, job.outcome)


@st.fragment(run_every=POLL_S)
def _watch(key: str) -> None:
    job: Job | None = st.session_state["analysis_jobs"].get(key)
    if job is None or job.done:
        st.rerun()
        return
    st.progress(job.fraction, text=STAGES.get(job.stage, job.stage))
    st.button("Cancel", key="cancel_analysis", on_click=job.cancel, icon=":material/close:")


def _offer_again(key: str) -> None:
    st.info("Cancelled: this case was not analysed.", icon=":material/cancel:")
    st.button("Analyse it after all", key="analyse_again", on_click=lambda: st.session_state["analysis_jobs"].pop(key, None))
