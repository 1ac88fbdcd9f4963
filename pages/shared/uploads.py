"""Files that the user gives: read at once into a case, then dropped. The case lives in this session's memory alone."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mmcore.model_spec import ModelSpec
from mmcore.readers.limits import LIMITS, MEGA, megabytes
from pages.shared import chosen, edits, verdicts
from pages.shared.chosen import UPLOAD, VERDICTS, Chosen
from pages.shared.plain import plain

ICONS = {verdicts.ACCEPTED: ":material/check_circle:", verdicts.WARNED: ":material/warning:", verdicts.REFUSED: ":material/block:"}
COLOURS = {verdicts.ACCEPTED: "green", verdicts.WARNED: "orange", verdicts.REFUSED: "red"}


def show(domain: str, spec: ModelSpec) -> None:
    """The drop zone with its limits before it, and a verdict on each file beside it."""
    st.caption(limits_text(spec))
    key = f"{domain}.uploads"
    number = st.session_state.setdefault(f"{key}.number", 0)
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        whole_folder = bool(st.session_state.get(f"{key}.folder", False))
        st.file_uploader(
            "A folder with one case" if whole_folder else "The files of one case",
            accept_multiple_files="directory" if whole_folder else True,
            key=f"{key}.{number}.{whole_folder}",
            on_change=_take,
            args=(domain, spec, f"{key}.{number}.{whole_folder}"),
            help="They are read into memory on this machine and never stored or sent anywhere.",
            max_upload_size=LIMITS.zip_bytes // MEGA,
        )
        st.toggle("Give a whole folder", key=f"{key}.folder", persist_state="session")
    with right:
        held = chosen.held(domain, UPLOAD)
        doubts = verdicts.doubted(edits.apply(held, spec), spec) if held is not None else ()
        show_verdicts((*st.session_state.get(f"{domain}.{VERDICTS}", ()), *doubts))
        if held is not None:
            st.button("Forget these files", key=f"{key}.forget", icon=":material/delete:", on_click=chosen.forget, args=(domain,))


def refused(domain: str) -> bool:
    """True where of the files given last nothing was taken."""
    listed = st.session_state.get(f"{domain}.{VERDICTS}", ())
    return bool(listed) and all(verdict.state == verdicts.REFUSED for verdict in listed)


def limits_text(spec: ModelSpec) -> str:
    """What is accepted, in a sentence or two."""
    limits = LIMITS
    kinds = {item.kind for item in spec.inputs.values()}
    parts = []
    if "picture" in kinds:
        most = f"{limits.picture_pixels / 1e6:.0f} million pixels"
        parts.append(f"Pictures: JPEG, PNG, WebP, TIFF, BMP or DICOM, up to {megabytes(limits.picture_bytes)} and {most}.")
    if "record" in kinds:
        parts.append("Records: JSON or CSV with one row, columns named like the fields.")
    if "text" in kinds:
        parts.append(f"Notes: plain text, up to {megabytes(limits.text_bytes)}, or PDF with text, up to {limits.pdf_pages} pages.")
    parts.append(f"Or a folder, or a zip up to {megabytes(limits.zip_bytes)}, with a case.toml or without.")
    parts.append("One case at a time; a second file for the same input starts a new case.")
    return " ".join(parts)


def show_verdicts(listed: tuple[verdicts.Verdict, ...]) -> None:
    """One line a file."""
    with st.container(gap="xxsmall"):
        for verdict in listed:
            icon, colour = ICONS[verdict.state], COLOURS[verdict.state]
            st.markdown(f":{colour}[{icon} **{verdict.state.capitalize()}**] {plain(verdict.name)}: {plain(verdict.text)}")


def _take(domain: str, spec: ModelSpec, zone: str) -> None:
    """Reads what was dropped, then drops it: a new drop zone takes the place of the one that holds the bytes."""
    key = f"{domain}.uploads"
    given: Any = st.session_state.get(zone) or []
    files, twice = verdicts.by_name((file.name, file.getvalue()) for file in given)
    if not files and not twice:
        return
    st.session_state[f"{key}.number"] += 1
    if not files:
        st.session_state[f"{domain}.{VERDICTS}"] = twice
        return
    held = chosen.held(domain, UPLOAD)
    case, listed = verdicts.read(files, spec, held.case if held else None)
    st.session_state[f"{domain}.{VERDICTS}"] = (*listed, *twice)
    if case is not None:
        chosen.select(domain, Chosen(UPLOAD, UPLOAD, case))
