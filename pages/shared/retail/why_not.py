"""Why a product the user names is not on the shelf, and what would move it up."""

from __future__ import annotations

import streamlit as st

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.reasons import PARTS
from mmcore.domains.retail.shop import Shop
from pages.shared.plain import plain
from pages.shared.retail import thumbs, why, words

LISTED = 10_000
HELP = (
    "The score of this product less that of the last one on the shelf, part by part. Below zero holds it back. The parts are standardised "
    "over the catalogue, so they can be compared."
)
GAINS = {
    "towers": "its look and words and this shopper's taste",
    "counts": "what shoppers with this past buy",
    "neighbours": "what is bought together",
    "popularity": "what sells these days",
    "similarity": "likeness to the past",
    "wish": "the typed wish",
    "photo": "likeness to the photo",
}


def show(shop: Shop, shopper: Shopper) -> None:
    """A menu of products and the answer for the one picked."""
    products = shop.catalogue.products
    row = st.selectbox(
        "Which product do you miss?", range(min(len(products), LISTED)), format_func=lambda at: f"{products[at].name} · {products[at].id}",
        key=f"retail.whynot.{shop.catalogue.digest[:8]}",
    )  # fmt: skip
    found = shop.why_not(shopper, products[row].id)
    left, middle, right = st.columns([0.6, 1.2, 1.2], gap="medium")
    with left:
        if picture := thumbs.uri(shop.catalogue, row):
            st.image(picture, width="stretch", alt=found.name)
    with middle:
        place = f"Place {found.rank:,} of {len(products):,}" if found.rank else "Not shown"
        st.markdown(f"## {place}", anchors=False)
        st.caption(f"Probability {words.chance(found.probability)}", help=words.PROBABILITY)
        for reason in found.reasons:
            st.markdown(f"- {plain(reason)}")
        limit = max([1e-9, *(abs(value) for value in found.parts.values())])
        ordered = sorted(found.parts.items(), key=lambda part: part[1])
        st.markdown("### Against the last product of the shelf", anchors=False, help=HELP)
        st.html(why.table([(GAINS.get(name, PARTS.get(name, name)), f"{value:+.2f}", why.bar(value, limit)) for name, value in ordered]))
    with right:
        st.markdown("### What would move it up", anchors=False)
        if not found.edits:
            st.caption("Nothing needs to: see on the left.")
        for sentence, rank in sorted(found.edits.items(), key=lambda edit: edit[1]):
            moved = "up" if rank < found.rank else "down" if rank > found.rank else "no change"
            icon = {"up": ":material/arrow_upward:", "down": ":material/arrow_downward:"}.get(moved, ":material/remove:")
            st.markdown(f"{icon} Place **{rank:,}** {plain(sentence)}")
