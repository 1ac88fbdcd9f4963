"""Shoppers that can be put on the page: the samples with a story, those of the history, or one from nothing."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.shop import Shop
from mmcore.settings import read_toml
from pages.shared.retail import catalogues, thumbs

STORIES_FILE = catalogues.ROOT / "sample_data" / "retail" / "shoppers.toml"
STORIES, HISTORY, NOBODY = "Samples", "From the history", "From nothing"
LISTED = 3_000


@dataclass(frozen=True)
class Person:
    """A shopper as they come, before anything is clicked or typed.

    Attributes:
        key: stands for the shopper in the address.
        shopper: past purchases, the latest first.
        wish, review: what a sample shopper typed.
    """

    key: str
    title: str
    story: str
    shopper: Shopper
    generated: bool = False
    wish: str = ""
    review: str = ""


def samples(shop: Shop, source: catalogues.Source) -> dict[str, Person]:
    """The generated shoppers of the bundled catalogue; some of the history for the real one."""
    rows = shop.catalogue.rows
    if source.key == catalogues.SAMPLE:
        table = read_toml(STORIES_FILE)
        return {
            key: Person(
                key, one["title"], one["story"], Shopper(tuple(rows[item] for item in one["items"] if item in rows), name=key), True,
                one.get("wish", ""), one.get("review", ""),
            )
            for key, one in table.items()
        }  # fmt: skip
    if source.key == catalogues.WEEK:
        return {person.key: person for person in (_of_history(shop, name) for name in _telling(shop))}
    return {}


def nobody() -> Person:
    """A shopper about whom nothing is known."""
    return Person(
        "new", "A shopper of your own", "Nothing is known yet: pick products, type a wish, add a review or drop a photo.", Shopper()
    )


def choose(shop: Shop, source: catalogues.Source) -> Person:
    """The cards and menus that put a shopper on the page; the address names who it is."""
    found = samples(shop, source)
    names = history_names(shop)
    options = [*([STORIES] if found else []), *([HISTORY] if len(names) else []), NOBODY]
    asked = st.query_params.get("shopper", "")
    key = f"retail.who.{source.key}"
    named = STORIES if asked in found else NOBODY if asked == nobody().key else HISTORY if asked in names else None
    if named is not None or st.session_state.get(key) not in options:  # the address decides, also where a link brought another one
        st.session_state[key] = named or options[0]
    who = st.segmented_control("Shopper", options, key=key, required=True, on_change=_forget_address)
    if who == STORIES:
        person = _cards(shop, found, asked if asked in found else next(iter(found)))
    elif who == HISTORY:
        at = names.index(asked) if asked in names else 0
        name = st.selectbox("Shopper of the history", names, index=at, key=f"retail.name.{source.key}")
        person = _of_history(shop, name)
    else:
        person = nobody()
    st.query_params["shopper"] = person.key
    return person


@st.cache_data(show_spinner=False, max_entries=8)
def _names(digest: str, count: int, _shop: Shop) -> list[str]:
    return sorted({str(name) for name in _shop.purchases.shoppers})[:LISTED]


def history_names(shop: Shop) -> list[str]:
    """Shoppers of the history, at most LISTED of them."""
    return _names(shop.catalogue.digest, len(shop.purchases), shop)


def _cards(shop: Shop, found: dict[str, Person], now: str) -> Person:
    with st.grid("auto", min_column_width=150, gap="xsmall", key="cards"):
        for key, person in found.items():
            with st.container(key="card_chosen" if key == now else f"card_{key}"):
                picture = thumbs.uri(shop.catalogue, person.shopper.rows[0], 96) if person.shopper.rows else ""
                label = f"![]({picture}) {person.title}" if picture else f":material/person_off: {person.title}"
                st.button(label, key=f"person.{key}", help=person.story, width="stretch", wrap=True, on_click=_pick, args=(key,))
    return found[now]


def _forget_address() -> None:
    st.query_params.pop("shopper", None)


def _pick(key: str) -> None:
    st.query_params["shopper"] = key


def _of_history(shop: Shop, name: str) -> Person:
    shopper = shop.purchases.histories([name])[name]
    count = len(shopper.rows)
    return Person(name, f"Shopper {name}", f"{count} purchase{'s' * (count != 1)} in the history.", shopper)


def _telling(shop: Shop) -> list[str]:
    """A few shoppers with pasts of different length."""
    counts: dict[str, int] = {}
    for name in shop.purchases.shoppers:
        counts[str(name)] = counts.get(str(name), 0) + 1
    return (
        [next((name for name in counts if counts[name] == wanted), next(iter(counts))) for wanted in (1, 2, 4, 6, 9, 15)] if counts else []
    )
