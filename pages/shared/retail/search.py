"""Search by words, by photo, or by both ("this, but in blue"), with the explanation of a shelf; of a search no probability is known."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.shelf import Shelf
from mmcore.domains.retail.shop import Shop, asked_for
from mmcore.errors import InputError
from pages.shared import models
from pages.shared.plain import plain
from pages.shared.recent import Recent
from pages.shared.retail import about, photo, shelf, thumbs, why
from pages.shared.retail.people import Person

NOTHING = -1
LEAN = "Off: whoever asks gets the same answer, less what was hidden."


def show(shop: Shop, person: Person) -> None:
    """Words and picture in, a shelf out; what is known of the shopper only where the search leans to it."""
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        words = st.text_input(
            "Words", key="retail.search.words", placeholder="in blue, with stripes", max_chars=200, persist_state="session"
        )
        st.caption(shop.language)
        lean = st.toggle("Lean to this shopper's taste", key="retail.search.lean", help=LEAN, persist_state="session")
    with right:
        pixels = _picture(shop)
    shopper = about.show(shop, person, searching=True) if lean else None
    if not words.strip() and pixels is None:
        st.info("Type words, give a picture, or both: a picture and “in blue” looks for this, but in blue.", icon=":material/search:")
        return
    try:
        found = _search(shop, person, words, pixels, shopper)
    except InputError as error:
        models.problem(error)
        return
    st.html(shelf.legend(found.tells))
    shelf.said(found)
    key = about.key(person, "chosen")
    rows = [item.row for item in found.items]
    chosen = st.session_state.get(key)
    chosen = chosen if chosen in rows else rows[0]
    counts = f"“More like” and “Less like” count for the shelf of {plain(person.title)}{', and here' if lean else ', not here'}."
    st.caption(f":material/info: {counts} “Hide” counts on both.{_gone(person)}")
    shelf.grid(shop, person, found.items, chosen, "search", said=counts)
    asked, without = asked_for(words, pixels, shopper)
    why.show(shop, asked, chosen, without=without)


def _picture(shop: Shop) -> np.ndarray | None:
    """A dropped photo, else the picture of a product that was picked."""
    given = photo.ask("retail.search.photo", "A photo")
    if given is not None:
        return given
    products = shop.catalogue.products
    options = [NOTHING, *range(min(len(products), 5_000))]
    row = st.selectbox(
        "or the picture of a product", options,
        format_func=lambda at: "none" if at == NOTHING else f"{products[at].name} · {products[at].id}",
        key=f"retail.search.product.{shop.catalogue.digest[:8]}", persist_state="session",
    )  # fmt: skip
    if row == NOTHING:
        return None
    if picture := thumbs.uri(shop.catalogue, row):
        st.image(picture, width=120, alt="The product's picture")
    return thumbs.pixels(shop.catalogue, row)


def _gone(person: Person) -> str:
    count = len(about.clicked(person, "hidden"))
    return f" {count} hidden." if count else ""


def _search(shop: Shop, person: Person, words: str, pixels: np.ndarray | None, shopper: Shopper | None) -> Shelf:
    held: Recent[Shelf] = st.session_state.setdefault("retail.searches", Recent(16))
    hide, less = tuple(about.clicked(person, "hidden")), tuple(about.clicked(person, "less")) if shopper else ()
    key = repr((shop.fingerprint, words, Shopper(photo=pixels).sha256, shopper.sha256 if shopper else "", hide, less))
    return held.get(key) or held.put(key, shop.search(words, pixels, shopper, hide=hide, less=less))
