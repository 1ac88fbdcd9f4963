"""Real cases from patients that the model was not trained on, where the data lies on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from mmcore.errors import TriptychError
from mmcore.model_spec import ModelSpec
from mmcore.readers.dataset import DatasetRow, read_dataset
from pages.shared import chosen, models
from pages.shared.chosen import Chosen

VARIABLE = "TRIPTYCH_DATA"
HELD_OUT = "held_out.json"
PREFIX = "real-"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass(frozen=True)
class HeldOut:
    """The held-out fold that a model folder names.

    Attributes:
        data: folder name of the data set.
        ids: of its cases, as the data set's reader gives them.
    """

    data: str
    ids: tuple[str, ...]


def held_out(model_folder: Path) -> HeldOut | None:
    """What the model folder says about its held-out fold; None where it says nothing usable or names no case."""
    try:
        stated = json.loads((model_folder / HELD_OUT).read_text(encoding="utf-8"))
        ids = tuple(str(i) for i in stated["ids"])
        return HeldOut(str(stated["data"]), ids) if ids else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_data(fold: HeldOut, spec: ModelSpec, named: str = "") -> Path | None:
    """The folder with the data set: the one the user named, $TRIPTYCH_DATA, or beside the program; None where it is nowhere."""
    roots = [Path(text).expanduser() for text in (named, os.environ.get(VARIABLE, "")) if text]
    for root in (*roots, BESIDE):
        for folder in (root / fold.data, root):
            if (folder / spec.data.table).is_file():
                return folder
    return None


def show(domain: str, spec: ModelSpec, fold: HeldOut, now: str) -> None:
    """A menu of the fold's cases, and a place to say where the data lies."""
    key = f"{domain}.data_folder"
    named = st.session_state.get(key, "")
    folder = find_data(fold, spec, named)
    if folder is None:
        st.text_input(
            f"Folder with the data set {fold.data}",
            key=key,
            persist_state="session",
            placeholder="/path/to/the/data",
            help=f"On this machine. The variable {VARIABLE} names it for good. Nothing is copied or changed.",
        )
        if named:
            st.error(
                f"It has no {spec.data.table} with this model's columns.", title="This is not the data set", icon=":material/folder_off:"
            )
        return
    try:
        table = rows(folder, spec)
    except TriptychError as error:
        models.problem(error)
        return
    numbers = [i for i, name in enumerate(fold.ids) if name in table]
    picked = f"{domain}.real"
    number = now.removeprefix(PREFIX)
    st.session_state[picked] = int(number) if number != now and number.isdigit() else None  # what is on the page, always
    left, right = st.columns([1, 3], gap="medium", vertical_alignment="bottom")
    left.selectbox(
        "Real case",
        numbers,
        index=None,
        format_func=lambda i: f"Case {i + 1}",
        key=picked,
        placeholder="Pick one",
        on_change=_pick,
        args=(domain, spec, fold, folder),
        help="Its true class is shown below the answer, not before.",
    )
    right.caption(f"{len(numbers)} cases held out, of patients the model was not trained on. {spec.licence}")


def open_link(link: str, spec: ModelSpec, fold: HeldOut | None, named: str = "") -> Chosen | None:
    """The case behind a link such as "real-12"; None where there is none."""
    text = link.removeprefix(PREFIX)
    if fold is None or text == link or not text.isdigit() or int(text) >= len(fold.ids):
        return None
    folder = find_data(fold, spec, named)
    try:
        row = rows(folder, spec).get(fold.ids[int(text)]) if folder else None
        read = row.load() if row else None
    except TriptychError:
        return None
    if row is None or read is None:
        return None
    case = replace(read, title=f"Real case {int(text) + 1}", generated=False, notes={"truth": row.label} if row.label else {})
    return Chosen("real", link, case, "Held out: a patient the model was not trained on.", spec.licence)


def rows(folder: Path, spec: ModelSpec) -> Mapping[str, DatasetRow]:
    """Rows of the data set by id; InputError where the table is broken."""
    path = folder / spec.data.table
    return _rows(str(folder), path.stat().st_mtime_ns, spec.name, _spec=spec)


@st.cache_resource(show_spinner=False, max_entries=4)
def _rows(folder: str, changed: int, model: str, _spec: ModelSpec) -> Mapping[str, DatasetRow]:
    return {row.id: row for row in read_dataset(Path(folder), _spec)}


def _pick(domain: str, spec: ModelSpec, fold: HeldOut, folder: Path) -> None:
    number = st.session_state.get(f"{domain}.real")
    found = None if number is None else open_link(f"{PREFIX}{number}", spec, fold, str(folder))
    if found is not None:
        chosen.select(domain, found)
