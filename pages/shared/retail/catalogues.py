"""Which catalogues the page offers, and the shop of the one chosen: embedded in the background, with progress and cancel."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from mmcore.domains.retail import week
from mmcore.domains.retail.catalogue import EMPTY_PURCHASES, Catalogue, Purchases
from mmcore.errors import TriptychError
from mmcore.readers.limits import megabytes
from pages.shared import models
from pages.shared.jobs import Job, Progress
from pages.shared.real_cases import BESIDE, VARIABLE
from pages.shared.recent import Recent
from pages.shared.retail import words

if TYPE_CHECKING:
    from mmcore.domains.retail.model import RetailModel
    from mmcore.domains.retail.shop import Shop

ROOT = Path(__file__).resolve().parents[3]
SAMPLE, WEEK, OWN = "sample", "hm_week", "own"
CACHE = ROOT / ".cache" / "retail"
GRACE_S, POLL_S, SHOPS = 2.0, 0.5, 4
STAGES = {"words": "Reading the words", "pictures": "Looking at the pictures", "counts": "Counting what is bought together"}


@dataclass(frozen=True)
class Source:
    """A catalogue that can be chosen.

    Attributes:
        note: a sentence under the choice; ``licence`` of the data, "" where it has none.
        read: gives the catalogue and the purchases.
    """

    key: str
    title: str
    note: str
    licence: str
    read: Callable[[], tuple[Catalogue, Purchases]]


def sources() -> dict[str, Source]:
    """What is there: the bundled catalogue, the real week where it lies on this machine, an upload."""
    found = {SAMPLE: Source(SAMPLE, "Sample catalogue (generated)", words.GENERATED, "", lambda: _read(ROOT / "sample_data" / "retail"))}
    if (folder := week_folder()) is not None:
        licence = "H&M Personalized Fashion Recommendations (2022): non-commercial research only."
        found[WEEK] = Source(WEEK, "A real week (H&M)", _week_note(folder), licence, lambda: _read(folder))
    own: tuple[Catalogue, Purchases] | None = st.session_state.get("retail.own")
    note = own[0].title if own else "A table of your products, with or without pictures, and who bought what."
    found[OWN] = Source(OWN, "Your own", note, "", lambda: own or (_nothing()))
    return found


def week_folder() -> Path | None:
    """The real data, where it is on this machine."""
    roots = [Path(text).expanduser() for text in (os.environ.get(VARIABLE, ""),) if text]
    folders = [folder for root in (*roots, BESIDE) for folder in (root / "retail_hm_week", root)]
    return next((folder for folder in folders if (folder / week.ITEMS).is_file() and (folder / week.INTERACTIONS).is_file()), None)


@st.cache_data(show_spinner=False, max_entries=2)
def _week_note(folder: Path) -> str:
    """What the real data holds, counted; without numbers where it cannot be read, which is told once it is chosen."""
    who = "Shoppers of a real shop, by number; no names."
    try:
        items = set(week.read_table(folder / week.ITEMS, ("item_id",), text=("item_id",))["item_id"]) - {""}
        table = week.read_interactions(folder / week.INTERACTIONS)
    except TriptychError:
        return f"Real products and what was bought of them. {who}"
    bought = table[table["item_id"].isin(items)]
    shoppers, days = bought["user_id"].nunique(), bought["date"].dt.normalize().nunique()
    return f"{len(items):,} real products and what {shoppers:,} shoppers bought on {days} days. {who}"


def choose(found: Mapping[str, Source]) -> Source:
    """The choice of catalogue, in the address."""
    state = "retail.catalogue"
    asked = st.query_params.get("catalogue", "")
    if state not in st.session_state or asked in found:  # the address decides, also where a link brought another one
        st.session_state[state] = asked if asked in found else next(iter(found))
    key = st.selectbox(
        "Catalogue",
        list(found),
        format_func=lambda key: found[key].title,
        key=state,
        help="What the shelf is filled from.",
        on_change=_name_in_address,
        args=(state,),
        persist_state="session",
    )
    st.query_params["catalogue"] = key
    return found[key]


def _name_in_address(state: str) -> None:
    st.query_params["catalogue"] = st.session_state[state]


def open_shop(model: RetailModel, source: Source) -> Shop | None:
    """The shop; None while it is being embedded or was cancelled, with that said on the page."""
    own = source.key == OWN
    key = f"{model.version}:{source.key}:{st.session_state.get('retail.own_number', 0) if own else ''}"
    store = st.session_state.setdefault("retail.shops", Recent(1)) if own else shared()
    jobs, kept, shop = _jobs(own), _kept(own), store.get(key)
    if shop is None and key not in jobs:
        cache = cache_folder()
        jobs[key] = Job(_work(model, source, cache))
        (kept.discard if cache is None else kept.add)(key)
    if source.key != SAMPLE and cache_folder() is not None and key not in kept:
        again = "open your files" if own else "start the app"
        st.caption(
            f":material/info: What was computed in this run is not kept: you agreed later, or deleted it. To keep it, {again} again."
        )
    if shop is not None:
        return shop
    job = jobs[key]
    if not job.wait(GRACE_S):
        _watch(key, own)
        return None
    if job.problem is not None:
        jobs.pop(key, None)
        models.problem(job.problem)
        return None
    if job.cancelled:
        st.info("Cancelled. What was embedded is kept only where you agreed to keep it on this disk.", icon=":material/cancel:")
        st.button("Go on", key="retail.again", icon=":material/play_arrow:", on_click=_again, args=(key, own))
        return None
    jobs.pop(key, None)
    return store.put(key, job.outcome)


@st.cache_resource(show_spinner=False)
def shared() -> Recent[Shop]:
    """Shops of the bundled and the real catalogue: the same for every visitor."""
    return Recent(SHOPS)


def cache_folder() -> Path | None:
    """Where features are kept, None where the user has not agreed."""
    return CACHE if st.session_state.get("retail.keep") else None


def keep() -> None:
    """The agreement to keep features on this disk, how much lies there, and a button to delete it."""
    size = sum(path.stat().st_size for path in CACHE.glob("*.npz")) if CACHE.is_dir() else 0
    with st.container(horizontal=True, vertical_alignment="center"):
        st.toggle(
            "Keep results on this disk",
            key="retail.keep",
            persist_state="session",
            help="Numbers, not pictures, under the hash of each picture. A stopped or repeated run then goes on from there.",
        )
        if size:
            st.button(f"Delete {megabytes(size)}", key="retail.delete", icon=":material/delete:", on_click=_delete)


def _delete() -> None:
    shutil.rmtree(CACHE, ignore_errors=True)
    for own in (True, False):
        _kept(own).clear()


def _work(model: RetailModel, source: Source, cache: Path | None) -> Callable[[Progress], Shop]:
    def work(report: Progress) -> Shop:
        """Reads the catalogue and computes what the shop needs, stage by stage."""
        report("Reading the catalogue …", 0.0)
        catalogue, purchases = source.read()
        report("Loading what reads words and pictures …", 0.0)
        _ = model.encoders

        def step(stage: str, done: int, total: int) -> None:
            report(told(stage, done, total), done / max(1, total))

        shop = model.open(catalogue, purchases, step=step, cache=cache)
        shop.warm(step)
        return shop

    return work


def told(stage: str, done: int, total: int) -> str:
    """How far the work is, as "Looking at the pictures: 1,200 of 6,888"."""
    return f"{STAGES.get(stage, stage)}: {done:,} of {total:,}"


def _jobs(own: bool) -> dict[str, Job]:
    """Work under way: on the catalogues of every visitor for all of them together, on one's own for this session."""
    return st.session_state.setdefault("retail.jobs", {}) if own else _shared_jobs()


@st.cache_resource(show_spinner=False)
def _shared_jobs() -> dict[str, Job]:
    return {}


def _kept(own: bool) -> set[str]:
    """Catalogues of which what was computed is on the disk."""
    return st.session_state.setdefault("retail.kept", set()) if own else _shared_kept()


@st.cache_resource(show_spinner=False)
def _shared_kept() -> set[str]:
    return set()


def _again(key: str, own: bool) -> None:
    _jobs(own).pop(key, None)


@st.fragment(run_every=POLL_S)
def _watch(key: str, own: bool) -> None:
    job = _jobs(own).get(key)
    if job is None or job.done:
        st.rerun()
        return
    st.progress(job.fraction, text=job.stage)
    st.button("Cancel", key="retail.cancel", icon=":material/close:", on_click=job.cancel)


def _read(folder: Path) -> tuple[Catalogue, Purchases]:
    table = week.read_interactions(folder / week.INTERACTIONS)
    catalogue = week.read_catalogue(folder, table)
    return catalogue, week.read_purchases(folder, catalogue, table)


def _nothing() -> tuple[Catalogue, Purchases]:
    raise TriptychError("No catalogue of your own is there", "Give one below")


__all__ = ["EMPTY_PURCHASES", "OWN", "SAMPLE", "WEEK", "Source", "choose", "keep", "open_shop", "shared", "sources", "week_folder"]
