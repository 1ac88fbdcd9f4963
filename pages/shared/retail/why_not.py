"""Why a product the user names is not on the shelf, and what would move it up."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.reasons import ASKED
from mmcore.domains.retail.shop import Shop
from mmcore.wording import MINUS, fine_percent
from pages.shared.plain import plain
from pages.shared.retail import shelf, thumbs, why, words
from pages.shared.retail.people import Person

LISTED = 10_000
HELP = (
    "The score of this product less that of the last one on the shelf, part by part. One point of a part is one standard deviation over "
    "the catalogue, times the part's weight, so the parts can be compared."
)
GAINS = {
    "towers": "its look and words and this shopper's taste",
    "counts": "what shoppers with this past buy",
    "factors": "the kinds of things that are bought together",
    "popularity": "what sells these days",
    "similarity": "likeness to the past",
    "wish": ASKED,
    "photo": "likeness to the photo",
    "described": "its words and what the photo shows",
    "less": "likeness to what was clicked away",
}


def show(shop: Shop, person: Person, shopper: Shopper) -> None:
    """What the shelf is filtered and weighed by, a menu of products and the answer for the one picked."""
    with st.expander("Filters, weights and diversity", icon=":material/tune:"):
        options, _ = shelf.ranking(shop, person)
    products = shop.catalogue.products
    row = st.selectbox(
        "Which product do you miss?", range(min(len(products), LISTED)), format_func=lambda at: f"{products[at].name} · {products[at].id}",
        key=f"retail.whynot.{shop.catalogue.digest[:8]}", persist_state="session",
    )  # fmt: skip
    found = shop.why_not(shopper, products[row].id, **options)
    left, middle, right = st.columns([0.6, 1.2, 1.2], gap="medium")
    with left:
        if picture := thumbs.uri(shop.catalogue, row):
            st.image(picture, width="stretch", alt=found.name)
    with middle:
        place = f"Place {found.rank:,} of {len(products):,}" if found.rank else "Not shown"
        st.markdown(f"## {place}", anchors=False)
        if shop.tells(shopper):
            st.caption(f"Probability {fine_percent(found.probability)}", help=words.PROBABILITY)
        for reason in found.reasons:
            st.markdown(f"- {plain(reason)}")
        if found.parts:
            limit = max([1e-9, *(abs(value) for value in found.parts.values())])
            ordered = sorted(found.parts.items(), key=lambda part: part[1])
            st.markdown("### Against the last product of the shelf", anchors=False, help=HELP)
            st.caption("In points of score; below zero holds it back.")
            st.html(why.table([(GAINS[name], signed(value), why.bar(value, limit)) for name, value in ordered]))
    with right:
        ups = {sentence: rank for sentence, rank in found.edits.items() if rank < found.rank}
        st.markdown("### What would move it up", anchors=False)
        if not ups:
            st.caption("Nothing that was tried." if found.edits else "Nothing needs to: see on the left.")
        places(ups, found.rank)
        if rest := {sentence: rank for sentence, rank in found.edits.items() if sentence not in ups}:
            st.markdown("### What would not", anchors=False)
            places(rest, found.rank)


def places(edits: Mapping[str, int], now: int) -> None:
    """Where the product would stand, a line for each edit, the best first."""
    for sentence, rank in sorted(edits.items(), key=lambda edit: edit[1]):
        icon = "arrow_upward" if rank < now else "arrow_downward" if rank > now else "remove"
        st.markdown(f":material/{icon}: Place **{rank:,}** {plain(sentence)}")


def signed(value: float) -> str:
    """A difference of scores as "+0.46", "−1.73"."""
    return f"{value:+.2f}".replace("-", MINUS)
