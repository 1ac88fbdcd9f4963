"""Which case is on the page. A sample is named in the address; an upload lives in its session's memory alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from mmcore.case import Case

PARAMETER = "case"
TRACES = ("taken", "analyses", "photos", "frames", "pictures")
PRIOR = "prior_given"  # session key of the prior that the user gave; it goes when another case is chosen
UPLOAD, FORM = "upload", "form"
VERDICTS = "uploads.verdicts"
SESSION_ONLY = {
    UPLOAD: "The files you gave were held in the memory of your visit only. The page was loaded anew, so they are gone: give them again.",
    FORM: "The case you made by hand was held in the memory of your visit only. The page was loaded anew, so it is gone.",
}
PARTS = ("chosen", "say", VERDICTS, *SESSION_ONLY)  # of what the session holds: they belong to one model


@dataclass(frozen=True)
class Chosen:
    """A case to show.

    Attributes:
        kind: "sample", "real", "upload" or "form".
        link: what stands for it in the address; for an upload this says only that there was one.
        story: a sentence about it, may be empty.
        licence: of the data it comes from, may be empty.
        serial: different at every choice, so that edits never carry over from one case to another.
    """

    kind: str
    link: str
    case: Case
    story: str = ""
    licence: str = ""
    serial: int = 0


def select(domain: str, chosen: Chosen) -> None:
    """Makes this the case on the page; for callbacks and for the first run."""
    before = st.session_state.get(_key(domain, "chosen"))
    serial = st.session_state.get(_key(domain, "serial"), 0) + 1
    st.session_state[_key(domain, "serial")] = serial
    chosen = replace(chosen, serial=serial)
    st.session_state[_key(domain, "chosen")] = chosen
    if chosen.link in SESSION_ONLY:
        st.session_state[_key(domain, chosen.link)] = chosen
    st.session_state[_key(domain, "say")] = ""
    _drop_traces(prior=before is None or not _holds(chosen.case, before.case))
    st.query_params[PARAMETER] = chosen.link


def keep_to(domain: str, model: str) -> None:
    """Puts the case of another model than this aside, and brings back the one that this model had: its uploads, edits and prior.

    What one model takes is nothing to the next.
    """
    before = st.session_state.get(_key(domain, "model"), model)
    st.session_state[_key(domain, "model")] = model
    if before == model:
        return
    kept = st.session_state.setdefault(_key(domain, "kept"), {})
    names = [*(_key(domain, part) for part in PARTS), PRIOR]
    kept[before] = {name: st.session_state[name] for name in names if name in st.session_state}
    forget(domain)
    st.session_state.update(kept.pop(model, {}))


def forget(domain: str) -> None:
    """Drops the case on the page, and every upload of this session with what was said of its files; the address keeps another case."""
    held = st.session_state.get(_key(domain, "chosen"))
    for part in PARTS:
        st.session_state.pop(_key(domain, part), None)
    _drop_traces(prior=True)
    if held is not None and st.query_params.get(PARAMETER) == held.link:
        st.query_params.pop(PARAMETER)


def current(domain: str, first: str, open_link: Callable[[str], Chosen | None]) -> Chosen | None:
    """The case that the address names, else the one held, else the first sample; None where there is none at all.

    Args:
        first: link of the case to open on.
        open_link: gives the case behind a link; None where there is no such case.
    """
    asked = st.query_params.get(PARAMETER, "")
    held = st.session_state.get(_key(domain, "chosen"))
    if held is not None and asked in ("", held.link):
        st.query_params[PARAMETER] = held.link
        return held
    if asked in SESSION_ONLY and (kept := st.session_state.get(_key(domain, asked))) is not None:
        select(domain, kept)
    else:
        _open(domain, asked, first, open_link)
    return st.session_state.get(_key(domain, "chosen"))


def message(domain: str) -> str:
    """What the page has to say about the case it was asked for, "" for nothing."""
    return st.session_state.get(_key(domain, "say"), "")


def held(domain: str, link: str) -> Chosen | None:
    """The upload or hand-made case of this session, whether or not it is on the page."""
    return st.session_state.get(_key(domain, link))


def _open(domain: str, asked: str, first: str, open_link: Callable[[str], Chosen | None]) -> None:
    found = open_link(asked) if asked and asked not in SESSION_ONLY else None
    say = SESSION_ONLY.get(asked, "")
    if asked and not found and not say:
        say = "There is no such case here."
    found = found or open_link(first)
    if found is not None:
        select(domain, found)
    if say:
        st.session_state[_key(domain, "say")] = f"{say} Below is a sample instead." if found else say


def _holds(case: Case, before: Case) -> bool:
    """True where ``case`` is the one before, or that one with an input more."""
    return all(case.inputs[modality].value is before.inputs[modality].value for modality in before.present)


def _drop_traces(prior: bool) -> None:
    """What was computed from the case before: nothing of it is needed any more; the prior only while its case is there."""
    for name in (*TRACES, PRIOR) if prior else TRACES:
        st.session_state.pop(name, None)


def _key(domain: str, part: str) -> str:
    return f"{domain}.{part}"
