"""Search by words, by photo, or by both ("this, but in blue"), with the same probabilities and explanation."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.shelf import Shelf
from mmcore.domains.retail.shop import Shop, asked_for
from mmcore.errors import InputError
from pages.shared import models
from pages.shared.recent import Recent
from pages.shared.retail import about, shelf, thumbs, why
from pages.shared.retail.people import Person

NOTHING = -1


def show(shop: Shop, person: Person) -> None:
    """Words and picture in, a shelf out; what is known of the shopper only where the search leans to it."""
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        words = st.text_input(
            "Words", key="retail.search.words", placeholder="in blue, with stripes", max_chars=200, persist_state="session"
        )
        lean = st.toggle("Lean to this shopper's taste", key="retail.search.lean", help="Off: whoever asks gets the same answer.")
    with right:
        photo = _picture(shop)
    shopper = about.show(shop, person, searching=True) if lean else None
    if not words.strip() and photo is None:
        st.info("Type words, give a picture, or both: a picture and “in blue” looks for this, but in blue.", icon=":material/search:")
        return
    try:
        found = _search(shop, words, photo, shopper)
    except InputError as error:
        models.problem(error)
        return
    st.html(shelf.legend())
    shelf.said(found)
    key = about.key(person, "chosen")
    rows = [item.row for item in found.items]
    chosen = st.session_state.get(key)
    chosen = chosen if chosen in rows else rows[0]
    shelf.grid(shop, person, found.items, chosen, "search")
    asked, without = asked_for(words, photo, shopper)
    why.show(shop, asked, chosen, without=without)


def _picture(shop: Shop) -> np.ndarray | None:
    """A dropped photo, else the picture of a product that was picked."""
    photo = about.ask_photo("retail.search.photo", "A photo")
    if photo is not None:
        return photo
    products = shop.catalogue.products
    options = [NOTHING, *range(min(len(products), 5_000))]
    row = st.selectbox(
        "or the picture of a product", options,
        format_func=lambda at: "none" if at == NOTHING else f"{products[at].name} · {products[at].id}",
        key=f"retail.search.product.{shop.catalogue.digest[:8]}",
    )  # fmt: skip
    if row == NOTHING:
        return None
    if picture := thumbs.uri(shop.catalogue, row):
        st.image(picture, width=120, alt="The product's picture")
    return thumbs.pixels(shop.catalogue, row)


def _search(shop: Shop, words: str, photo: np.ndarray | None, shopper: Shopper | None) -> Shelf:
    held: Recent[Shelf] = st.session_state.setdefault("retail.searches", Recent(16))
    key = repr((id(shop), words, Shopper(photo=photo).sha256, shopper.sha256 if shopper else ""))
    return held.get(key) or held.put(key, shop.search(words, photo, shopper))
