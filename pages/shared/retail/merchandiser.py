"""For a merchandiser: every shopper's shelf as a table, what is never shown and why, whom a product would reach, a launch list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.domains.retail.catalogue import TIERS
from mmcore.domains.retail.shop import Shop
from mmcore.wording import capital
from pages.shared import models
from pages.shared.jobs import Job, Progress
from pages.shared.retail import tables

SHELF, DEEP, CHUNK, POLL_S = 20, 100, 64, 0.5
LAUNCH = 5  # places of the cold shelf on which the launch list counts
FIRST_OF_NEW = f"shoppers (first {LAUNCH} new)"


@dataclass(frozen=True)
class Ranked:
    """Shelves of B shoppers.

    Attributes:
        rows, chances: (B, DEEP) products, best first, and their probabilities.
        launched: row of a product nobody has bought -> on how many shoppers' first LAUNCH new products it is.
    """

    shoppers: tuple[str, ...]
    rows: np.ndarray
    chances: np.ndarray
    launched: Mapping[int, int]


def show(shop: Shop) -> None:
    """The button, progress, and the four tables."""
    names = sorted({str(name) for name in shop.purchases.shoppers})
    if not names:
        st.info("This catalogue came without an order history: there are no shoppers to rank for.", icon=":material/info:")
        return
    key = f"retail.batch.{shop.catalogue.digest[:12]}"
    jobs: dict[str, Job] = st.session_state.setdefault("retail.batches", {})
    said = f"Rank for all {len(names):,} shoppers"
    st.button(said, icon=":material/play_arrow:", key=f"{key}.start", on_click=_start, args=(shop, names, jobs, key))
    job = jobs.get(key)
    if job is None:
        st.caption(
            "Then: everybody's shelf to download, products that nobody is shown, whom a product would reach, and a list for a launch."
        )
        return
    if not job.wait(1.0):
        _watch(key)
        return
    if job.problem is not None:
        models.problem(job.problem)
        return
    if job.cancelled:
        st.info("Cancelled. Start again when you like.", icon=":material/cancel:")
        return
    ranked: Ranked = job.outcome
    shelves(shop, ranked)
    never(shop, ranked)
    left, right = st.columns(2, gap="medium")
    with left:
        reach(shop, ranked)
    with right:
        launch(shop, ranked)


def _start(shop: Shop, names: list[str], jobs: dict[str, Job], key: str) -> None:
    if (old := jobs.pop(key, None)) is not None:
        old.cancel()
    jobs[key] = Job(partial(_work, shop, names))


def _work(shop: Shop, names: list[str], report: Progress) -> Ranked:
    """Ranks for the shoppers, some at a time."""
    histories = shop.purchases.histories(names)
    rows, chances, launched = [], [], Counter[int]()
    deep = min(DEEP, len(shop.catalogue))
    for start in range(0, len(names), CHUNK):
        report(f"Shopper {start + 1:,} of {len(names):,}", start / len(names))
        people = [histories[name] for name in names[start : start + CHUNK]]
        part = shop.batch(people, deep)
        rows.append(part[0].astype(np.int32))
        chances.append(part[1].astype(np.float32))
        launched.update(dict(shop.launch(people, LAUNCH)))
    return Ranked(tuple(names), np.concatenate(rows), np.concatenate(chances), launched)


@st.fragment(run_every=POLL_S)
def _watch(key: str) -> None:
    job: Job | None = st.session_state["retail.batches"].get(key)
    if job is None or job.done:
        st.rerun()
        return
    st.progress(job.fraction, text=job.stage)
    st.button("Cancel", key="retail.batch.cancel", icon=":material/close:", on_click=job.cancel)


def table(shop: Shop, ranked: Ranked) -> pd.DataFrame:
    """One row a shopper and place."""
    size = min(SHELF, ranked.rows.shape[1])
    rows = ranked.rows[:, :size].ravel()
    products = shop.catalogue.products
    return pd.DataFrame(
        {
            "shopper": np.repeat(ranked.shoppers, size),
            "place": np.tile(np.arange(1, size + 1), len(ranked.shoppers)),
            "item": [products[row].id for row in rows],
            "name": [products[row].name for row in rows],
            "probability": ranked.chances[:, :size].ravel().round(6),
        }
    )


def shelves(shop: Shop, ranked: Ranked) -> None:
    """Every shopper's shelf as a table to look at and to download."""
    st.markdown("## Everybody's shelf", anchors=False)
    tables.show("Shelves", table(shop, ranked), "Each shopper's shelf, place by place", 240)


def never(shop: Shop, ranked: Ranked) -> None:
    """Products on nobody's shelf, with the best place that any of the shoppers has them at, and why."""
    found = never_shown(shop, ranked)
    st.markdown(
        f"## Never shown: {len(found)} of {len(shop.catalogue)}",
        anchors=False,
        help="On no shelf of the first 20 places of these shoppers.",
    )
    if len(found):
        tables.show("Never shown", found, "Products that are on nobody's shelf, and why", 300)
    else:
        st.caption("Every product is on somebody's shelf.")


def never_shown(shop: Shop, ranked: Ranked) -> pd.DataFrame:
    """One row a product: its best place, and what is likely behind it."""
    size, products = min(SHELF, ranked.rows.shape[1]), shop.catalogue.products
    best = np.full(len(products), ranked.rows.shape[1] + 1)
    for place in range(ranked.rows.shape[1] - 1, -1, -1):
        best[ranked.rows[:, place]] = place + 1
    shown = set(np.unique(ranked.rows[:, :size]).tolist())
    groups = shop.catalogue.groups
    in_other_colour = {int(groups[row]) for row in shown}
    rows = [row for row in range(len(products)) if row not in shown]
    rows.sort(key=lambda row: int(best[row]))
    return pd.DataFrame(
        {
            "item": [products[row].id for row in rows],
            "name": [products[row].name for row in rows],
            "best place": [str(best[row]) if best[row] <= ranked.rows.shape[1] else f"beyond {ranked.rows.shape[1]}" for row in rows],
            "why": [_why(shop, row, int(groups[row]) in in_other_colour) for row in rows],
        }
    )


def _why(shop: Shop, row: int, other_colour: bool) -> str:
    bought, product = int(shop.ranker.count[row]), shop.catalogue.products[row]
    said = ["nobody has bought it" if not bought else f"bought {bought} times" if bought > 1 else "bought once"]
    if product.picture is None:
        said.append("it has no picture")
    if not any(product.texts.values()):
        said.append("nothing is written about it")
    if other_colour:
        said.append("the same garment is shown in another colour")
    return ", ".join(said)


def reached(ranked: Ranked, row: int) -> list[tuple[int, int, float]]:
    """Number of the shopper, place and probability of a product, the best place first, where it is on the shelf."""
    who, place = np.nonzero(ranked.rows[:, :SHELF] == row)
    order = np.lexsort((-ranked.chances[who, place], place))
    return [(int(who[at]), int(place[at]) + 1, float(ranked.chances[who[at], place[at]])) for at in order]


def reach(shop: Shop, ranked: Ranked) -> None:
    """Which shoppers a product would reach."""
    st.markdown("## Whom would a product reach?", anchors=False)
    products = shop.catalogue.products
    row = st.selectbox(
        "Product", range(min(len(products), 10_000)), format_func=lambda at: f"{products[at].name} · {products[at].id}",
        key=f"retail.reach.{shop.catalogue.digest[:8]}",
    )  # fmt: skip
    found, names = reached(ranked, row), ranked.shoppers
    tier = f" {capital(TIERS[products[row].tier])}." if products[row].tier else ""
    st.caption(f"On the shelf, the first {SHELF} of all products, of {len(found):,} of {len(names):,} shoppers.{tier}")
    if not found:
        return
    who, places, chances = zip(*found, strict=True)
    listed = pd.DataFrame({"shopper": [names[number] for number in who], "place": places, "probability": chances, "item": products[row].id})
    tables.show("Reach", listed, "Shoppers whose shelf the product is on", 220)


def launch(shop: Shop, ranked: Ranked) -> None:
    """Products without a purchase, by how many shoppers they would interest."""
    st.markdown("## Launch list", anchors=False)
    found = sorted(ranked.launched.items(), key=lambda entry: (-entry[1], entry[0]))
    if not found:
        st.caption("Every product has been bought at least once.")
        return
    products = shop.catalogue.products
    st.caption(
        "Products that nobody has bought, ranked among themselves alone by what their look and words foretell, by how many"
        f" shoppers have each among their first {LAUNCH} of these: other counts than those of the shelf of all products."
    )
    listed = [{"item": products[row].id, FIRST_OF_NEW: count, "name": products[row].name} for row, count in found]
    tables.show("Launch list", pd.DataFrame(listed), "Products without a purchase, by the number of shoppers they would interest", 220)
