"""Where the case on the page comes from: samples, files, a form, real cases, or many cases at once."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mmcore.model_spec import ModelSpec
from pages.shared import chosen, edits, real_cases, record_form, samples, uploads
from pages.shared.chosen import Chosen
from pages.shared.plain import plain

SAMPLES, FILES, BY_HAND, REAL, MANY = "Samples", "Your files", "By hand", "Real cases", "Many at once"
KINDS = {"sample": SAMPLES, "real": REAL, "upload": FILES, "form": BY_HAND}
ICONS = {
    SAMPLES: ":material/gallery_thumbnail:",
    FILES: ":material/upload_file:",
    BY_HAND: ":material/edit_note:",
    REAL: ":material/person:",
    MANY: ":material/table_rows:",
}


def show(domain: str, spec: ModelSpec, folder: Path) -> Chosen | None:
    """Draws the choice of source and what belongs to it; the case to show, None where many are asked for or none is there.

    Args:
        folder: of the model.
    """
    found = samples.of(domain, spec)
    fold = real_cases.held_out(folder)
    named = st.session_state.get(f"{domain}.data_folder", "")

    def open_link(link: str) -> Chosen | None:
        return samples.as_chosen(found[link]) if link in found else real_cases.open_link(link, spec, fold, named)

    case = chosen.current(domain, next(iter(found), ""), open_link)
    case = edits.named(case, spec) if case is not None else None
    source = _source(domain, case, fold is not None)
    now, refused = case.link if case else "", False
    if source == SAMPLES:
        samples.show_cards(domain, found, now)
    elif source == FILES:
        uploads.show(domain, spec)
        refused = uploads.refused(domain)
    elif source == BY_HAND:
        refused = record_form.show(domain, spec, made=case is not None and case.kind == chosen.FORM)
    elif source == REAL and fold is not None:
        real_cases.show(domain, spec, fold, now)
    if case is not None and source != MANY and (KINDS[case.kind] != source or refused):
        st.caption(f":material/visibility: Still shown: {'the sample ' if case.kind == 'sample' else ''}{plain(case.case.title)}")
    if text := chosen.message(domain):
        st.info(text, icon=":material/info:")
    return None if source == MANY else case


def many(domain: str) -> bool:
    """True where the user asked for many cases at once."""
    return st.session_state.get(f"{domain}.source") == MANY


def _source(domain: str, case: Chosen | None, real: bool) -> str:
    key = f"{domain}.source"
    options = [SAMPLES, FILES, BY_HAND, *([REAL] if real else []), MANY]
    if st.session_state.get(key) not in options:
        st.session_state[key] = KINDS[case.kind] if case else SAMPLES
    source = st.segmented_control(
        "Case",
        options,
        format_func=lambda o: f"{ICONS[o]} {o}",
        key=key,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
        wrap=True,
    )
    return source or SAMPLES
