"""Shoppers that can be put on the page: the samples with a story, those of the history, or one from nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from mmcore.domains.retail.catalogue import Product, Shopper
from mmcore.domains.retail.shop import Shop
from mmcore.settings import read_toml
from pages.shared.plain import plain
from pages.shared.retail import catalogues, thumbs

STORIES_FILE = catalogues.ROOT / "sample_data" / "retail" / "shoppers.toml"
STORIES, HISTORY, NOBODY = "Samples", "From the history", "From nothing"
NEW = "new"
PARAMETER = "shopper"
LISTED = 3_000


@dataclass(frozen=True)
class Person:
    """A shopper as they come, before anything is clicked or typed.

    Attributes:
        key: stands for the shopper in the address; with ``catalogue``, its digest, for what is clicked and typed.
        shopper: past purchases, the latest first.
        wish, review: what a sample shopper typed.
        shown: what a sample shopper's shelf shows as it comes, "" where nothing is said of it.
    """

    key: str
    catalogue: str
    title: str
    story: str
    shopper: Shopper
    generated: bool = False
    wish: str = ""
    review: str = ""
    shown: str = ""


def samples(shop: Shop, source: catalogues.Source) -> dict[str, Person]:
    """The generated shoppers of the bundled catalogue; some of the history for the real one."""
    rows, digest = shop.catalogue.rows, shop.catalogue.digest
    if source.key == catalogues.SAMPLE:
        table = read_toml(STORIES_FILE)
        return {
            key: Person(
                key, digest, one["title"], one["story"], Shopper(tuple(rows[item] for item in one["items"] if item in rows), name=key),
                True, one.get("wish", ""), one.get("review", ""), one.get("shelf", ""),
            )
            for key, one in table.items()
        }  # fmt: skip
    if source.key == catalogues.WEEK:
        return {person.key: person for person in (_of_history(shop, name) for name in _telling(shop))}
    return {}


def pictured(products: Sequence[Product]) -> int:
    """Place of the product that stands for a past, latest first: the latest of the kind bought most, so that one gift does not."""
    kinds = [product.texts.get("kind", "") for product in products]
    return kinds.index(Counter(kinds).most_common(1)[0][0]) if kinds else 0


def nobody(shop: Shop) -> Person:
    """A shopper about whom nothing is known."""
    story = "Nothing is known yet: pick products, type a wish, add a review or drop a photo."
    return Person(NEW, shop.catalogue.digest, "A shopper of your own", story, Shopper())


def choose(shop: Shop, source: catalogues.Source) -> Person:
    """The cards and menus that put a shopper on the page; the address names who it is, and the visit remembers it for each catalogue."""
    found = samples(shop, source)
    everyone = _everyone(shop.fingerprint, shop)
    options = [*([STORIES] if found else []), *([HISTORY] if everyone else []), NOBODY]
    digest, address = shop.catalogue.digest, named(shop)
    held: dict[str, str] = st.session_state.setdefault("retail.shoppers", {})
    known = {*found, NEW, *everyone}
    asked = next((key for key in (address, held.get(digest, "")) if key in known), "")
    key, history = f"retail.who.{source.key}", f"retail.name.{source.key}"
    kind = "" if not asked else STORIES if asked in found else NOBODY if asked == NEW else HISTORY
    if kind or st.session_state.get(key) not in options:  # the address decides, also where a link brought another one
        st.session_state[key] = kind or options[0]
    typed = st.session_state.get(history, "")
    if kind == HISTORY or typed not in everyone:
        st.session_state[history] = asked if kind == HISTORY else next(iter(everyone), "")
    who = st.segmented_control("Shopper", options, key=key, required=True, on_change=_forget, args=(digest,))
    if who == STORIES:
        person = _cards(shop, found, asked if asked in found else next(iter(found)))
    elif who == HISTORY:
        person = _of_history(shop, _name(everyone, history, digest))
    else:
        person = nobody(shop)
    missing = typed if who == HISTORY and typed not in everyone else ""
    strange = address if address and address not in known else missing
    if strange:
        st.warning(
            f"There is no shopper “{plain(strange)}” in this catalogue. Showing {plain(person.title)} instead.", icon=":material/warning:"
        )
    held[digest] = st.query_params[PARAMETER] = person.key
    st.session_state["retail.named"] = (digest, person.key)
    return person


def named(shop: Shop) -> str:
    """Whom the address names; "" where it still names the shopper of the catalogue that was shown before."""
    address = st.query_params.get(PARAMETER, "")
    digest, key = st.session_state.get("retail.named", (shop.catalogue.digest, ""))
    return "" if digest != shop.catalogue.digest and address == key else address


@st.cache_resource(show_spinner=False, max_entries=8)
def _everyone(fingerprint: str, _shop: Shop) -> dict[str, None]:
    """Shoppers of the history, in order."""
    return dict.fromkeys(sorted({str(name) for name in _shop.purchases.shoppers}))


def _name(everyone: dict[str, None], key: str, digest: str) -> str:
    """The menu of the history; where it cannot list all of them any other is typed."""
    more = len(everyone) > LISTED
    told = f"{len(everyone):,} shoppers: the first {LISTED:,} are listed, type the id of any other." if more else None
    name = st.selectbox(
        "Shopper of the history", list(everyone)[:LISTED], key=key, help=told, accept_new_options=more, on_change=_forget, args=(digest,)
    )
    return name or next(iter(everyone))


def _cards(shop: Shop, found: dict[str, Person], now: str) -> Person:
    with st.grid("auto", min_column_width=150, gap="xsmall", key="cards"):
        for key, person in found.items():
            with st.container(key="card_chosen" if key == now else f"card_{key}"):
                rows = person.shopper.rows
                shown = pictured([shop.catalogue.products[row] for row in rows])
                picture = thumbs.uri(shop.catalogue, rows[shown], 96) if rows else ""
                label = f"![]({picture}) {person.title}" if picture else f":material/person_off: {person.title}"
                st.button(label, key=f"person.{key}", help=person.story, width="stretch", wrap=True, on_click=_pick, args=(key,))
    return found[now]


def _forget(digest: str) -> None:
    """The menu just used is to win over the address and over who was shown before."""
    st.query_params.pop(PARAMETER, None)
    st.session_state["retail.shoppers"].pop(digest, None)


def _pick(key: str) -> None:
    st.query_params[PARAMETER] = key


def _of_history(shop: Shop, name: str) -> Person:
    shopper = shop.purchases.histories([name])[name]
    count = len(shopper.rows)
    return Person(name, shop.catalogue.digest, f"Shopper {name}", f"{count} purchase{'s' * (count != 1)} in the history.", shopper)


def _telling(shop: Shop) -> list[str]:
    """A few shoppers with pasts of different length."""
    counts: dict[str, int] = {}
    for name in shop.purchases.shoppers:
        counts[str(name)] = counts.get(str(name), 0) + 1
    return (
        [next((name for name in counts if counts[name] == wanted), next(iter(counts))) for wanted in (1, 2, 4, 6, 9, 15)] if counts else []
    )
