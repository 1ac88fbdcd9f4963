"""The shelf: controls above, a grid of products with probability and shares, and the same shelf without one kind of evidence beside it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mmcore.domains.retail.catalogue import TIERS, Shopper
from mmcore.domains.retail.reasons import parts
from mmcore.domains.retail.shelf import Shelf, ShelfItem
from mmcore.domains.retail.shop import Shop
from mmcore.domains.retail.told import MODALITIES
from mmcore.errors import InputError
from mmcore.readers.names import shown
from mmcore.wording import fine_percent, listing
from pages.shared import colour_key, models
from pages.shared.plain import plain
from pages.shared.recent import Recent
from pages.shared.retail import about, thumbs, why, words
from pages.shared.retail.people import Person

SIZE, BESIDE = 20, 10
NAME = 80  # characters of a product's name on its card
EVERYTHING = "Everything"
ORDERS = ("Best first", "Price, low first", "Name")


def compute(shop: Shop, shopper: Shopper, k: int = SIZE, **options: Any) -> Shelf:
    """A shelf, kept for the session: nothing is ranked twice."""
    held: Recent[Shelf] = st.session_state.setdefault("retail.shelves", Recent(24))
    key = repr((shop.fingerprint, shopper.sha256, k, _spelled(options)))
    return held.get(key) or held.put(key, shop.shelf(shopper, k, **options))


def _spelled(options: Mapping[str, Any]) -> list[tuple[str, bytes | str]]:
    """Options of a shelf as a part of a key."""
    return sorted((name, value.tobytes() if isinstance(value, np.ndarray) else repr(value)) for name, value in options.items())


def show(shop: Shop, person: Person, shopper: Shopper) -> None:
    """The controls, the grid and the product to explain."""
    with st.expander("Filters, weights and diversity", icon=":material/tune:"):
        options, third = ranking(shop, person)
        with third:
            order, beside = layout()
    try:
        shelf = compute(shop, shopper, **options)
        others = compute(shop, shopper, **{**options, "without": (beside,)}) if beside else None
    except InputError as error:
        models.problem(error)
        return
    if others is None:
        chance(shelf)
    st.html(legend(shelf.tells))
    said(shelf)
    if person.shown and order == ORDERS[0] and _as_trained(options) and about.as_it_came(person):
        st.caption(plain(person.shown))
    _moved_by_review(shop, shopper, shelf, options)
    chosen = st.session_state.get(about.key(person, "chosen"))
    if chosen not in {item.row for ranked in (shelf, others) if ranked for item in ranked.items[: BESIDE if others else None]}:
        chosen = shelf.items[0].row
    if others is None:
        grid(shop, person, _sorted(shop, shelf.items, order), chosen, tells=shelf.tells)
    else:
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown("### With everything", anchors=False)
            chance(shelf)
            grid(shop, person, _sorted(shop, shelf.items[:BESIDE], order), chosen, "with", tells=shelf.tells)
        with right:
            st.markdown(f"### Without {words.TITLES[beside or ''].lower()}", anchors=False)
            chance(others)
            before = {item.row: item.rank for item in shelf.items}
            grid(shop, person, _sorted(shop, others.items[:BESIDE], order), chosen, "without", before, tells=others.tells)
    why.show(shop, shopper, chosen)


def ranking(shop: Shop, person: Person) -> tuple[dict[str, Any], DeltaGenerator]:
    """What to rank, and how: options of `Shop.shelf`, and the column that has room for more."""
    first, second, third = st.columns(3, gap="medium")
    with first:
        allowed = _filters(shop)
    with second:
        blend = {
            name: st.slider(words.TITLES[name], 0.0, 2.0, 1.0, 0.1, key=f"retail.blend.{name}", help=words.BLEND, persist_state="session")
            for name in MODALITIES
        }
    with third:
        diversity = st.slider("Diversity", 0.0, 1.0, 0.0, 0.05, key="retail.diversity", help=words.DIVERSITY, persist_state="session")
        hidden = about.clicked(person, "hidden")
        if hidden:
            st.button(f"Show {len(hidden)} hidden again", key="retail.unhide", icon=":material/visibility:", on_click=hidden.clear)
    options: dict[str, Any] = {"allowed": allowed, "hide": tuple(hidden), "less": tuple(about.clicked(person, "less"))}
    if any(value != 1.0 for value in blend.values()):
        options["blend"] = blend
    if diversity:
        options["diversity"] = diversity
    return options, third


def layout() -> tuple[str, str | None]:
    """(order, modality to leave out beside): how the shelf is laid out."""
    order = st.selectbox("Order", ORDERS, key="retail.order", persist_state="session")
    beside = st.selectbox(
        "Beside it, the shelf without", ["nothing", *MODALITIES], format_func=lambda m: words.TITLES.get(m, "nothing left out"),
        key="retail.beside", help=words.WITHOUT, persist_state="session",
    )  # fmt: skip
    return order, None if beside == "nothing" else beside


def chance(shelf: Shelf) -> None:
    """How sure the model is of the shelf as a whole, where its probabilities hold."""
    if shelf.tells:
        st.markdown(f"**{fine_percent(shelf.any_probability)}** at least one of the first {len(shelf.items)} is bought", help=words.ANY)


def _as_trained(options: Mapping[str, Any]) -> bool:
    """Whether nothing is filtered, weighed, spread, hidden or refused."""
    return not any(value is not None and len(np.atleast_1d(value)) for value in options.values())


def said(shelf: Shelf) -> None:
    """What the shelf says about itself."""
    for reason in shelf.reasons:
        st.info(reason, icon=":material/info:")


def grid(
    shop: Shop, person: Person, items: Sequence[ShelfItem], chosen: int | None, part: str = "", before: Mapping[int, int] | None = None,
    said: str = "", tells: bool = False,
) -> None:  # fmt: skip
    """Cards of products.

    Args:
        part: keeps the keys of two grids apart.
        before: row -> its rank on another shelf, told on each card; ``said`` of a click that adds or takes away.
        tells: whether each card tells a probability.
    """
    with st.grid("auto", min_column_width=158, gap="small", key=f"shelf{part}"):
        for item in items:
            with st.container(border=True, gap="xxsmall", key=f"{'chosen' if item.row == chosen else 'item'}_{part}{item.row}"):
                card(shop, person, item, part, before, said, tells)


def card(
    shop: Shop, person: Person, item: ShelfItem, part: str, before: Mapping[int, int] | None, said: str, tells: bool
) -> None:  # fmt: skip
    """One product: picture, name, price tier, probability, shares, and what can be done with it."""
    product = shop.catalogue.products[item.row]
    if picture := thumbs.uri(shop.catalogue, item.row):
        st.image(picture, width="stretch", alt=product.name)
    else:
        with st.container(height=120, border=False, horizontal_alignment="center", vertical_alignment="center"):
            st.markdown(":material/hide_image: no picture")
    st.markdown(f"**{item.rank}.** {plain(shown(product.name, NAME))}")
    tier = TIERS[product.tier] or "price not known"
    moved = "" if before is None else f" · was {before[item.row]}" if item.row in before else " · new here"
    chance = f"**{fine_percent(item.probability)}** · " if tells else ""
    st.caption(f"{chance}{tier}{moved}", help=words.PROBABILITY if tells and item.rank == 1 else None)
    if item.explanation is not None:
        st.html(share_bar(item.explanation.shares, tells))
    with st.container(horizontal=True, gap="xsmall", wrap=True, key=f"acts_{part}{item.row}"):
        for icon, name, word, text in (
            ("help", "chosen", "Why", "Why is this here?"),
            ("add", "more", "More like", "More like this: counts as bought today"),
            ("remove", "less", "Less like", words.LESS),
            ("visibility_off", "hidden", "Hide", "Hide it"),
        ):
            action = _choose if name == "chosen" else about.click
            arguments = (person, item.row) if name == "chosen" else (person, name, item.row, said if name in ("more", "less") else "")
            st.button(  # the product's name is for who cannot see the card: look.py hides it from the eye
                f"{word} *{plain(product.name)}*", key=f"{name}.{part}.{item.row}", help=text, type="tertiary", icon=f":material/{icon}:",
                on_click=action, args=arguments,
            )  # fmt: skip


def _choose(person: Person, row: int) -> None:
    st.session_state[about.key(person, "chosen")] = row


def share_bar(shares: Mapping[str, float], tells: bool) -> str:
    """The shares as one bar: each kind's size in its colour, hatched where it speaks against."""
    drawn, said = [], []
    for name, part in parts(shares).items():
        colour = words.COLOURS[name]
        fill = colour if part >= 0 else _hatched(colour)
        drawn.append(f'<div style="width:{100 * abs(part):.1f}%;background:{fill}"></div>')
        said.append(f"{words.TITLES[name]} {words.change(shares[name]) if tells else words.part(part)}")
    text = html.escape(", ".join(said))
    return (
        f'<div role="img" aria-label="{text}" title="{text}" '
        f'style="display:flex;height:.45rem;border-radius:3px;overflow:hidden">{"".join(drawn)}</div>'
    )


def legend(tells: bool) -> str:
    """What the colours of the bars are."""
    entries = [(words.COLOURS[name], title) for name, title in words.TITLES.items()]
    return colour_key.line([*entries, (_hatched("#808491"), "speaks against it")], told=words.SHARES if tells else words.PARTS)


def _hatched(colour: str) -> str:
    return f"repeating-linear-gradient(45deg,{colour} 0 3px,transparent 3px 6px)"


def _filters(shop: Shop) -> np.ndarray | None:
    """(N,) bool; None where nothing is filtered."""
    products = shop.catalogue.products
    kinds, colours = _values(shop, "kind"), _values(shop, "colour")
    kind = st.selectbox("Kind", ["all", *kinds], key=f"retail.kind.{shop.catalogue.digest[:8]}", persist_state="session")
    colour = st.selectbox("Colour", ["all", *colours], key=f"retail.colour.{shop.catalogue.digest[:8]}", persist_state="session")
    tier = st.selectbox("Price", ["all", *TIERS[1:]], key="retail.tier", persist_state="session")
    if (kind, colour, tier) == ("all", "all", "all"):
        return None
    return np.array(
        [
            (kind == "all" or _first(p.texts.get("kind", "")) == kind)
            and (colour == "all" or _first(p.texts.get("colour", "")) == colour)
            and (tier == "all" or TIERS[p.tier] == tier)
            for p in products
        ]
    )


def _values(shop: Shop, field: str) -> list[str]:
    held: dict[str, list[str]] = st.session_state.setdefault("retail.values", {})
    key = f"{shop.catalogue.digest}:{field}"
    if key not in held:
        held[key] = sorted({_first(p.texts.get(field, "")) for p in shop.catalogue.products} - {""})
    return held[key]


def _first(text: str) -> str:
    return text.split(",")[0].strip()


def _sorted(shop: Shop, items: Sequence[ShelfItem], order: str) -> Sequence[ShelfItem]:
    if order == ORDERS[1]:
        return sorted(items, key=lambda item: (shop.catalogue.products[item.row].tier or 9, item.rank))
    return sorted(items, key=lambda item: item.name) if order == ORDERS[2] else items


def _moved_by_review(shop: Shop, shopper: Shopper, shelf: Shelf, options: dict[str, Any]) -> None:
    """What the review did to the shelf, in a sentence."""
    plain_shopper = about.without_review(shopper)
    if plain_shopper is None or not plain_shopper.known:
        return
    before = {item.row for item in compute(shop, plain_shopper, **{**options, "explain": False}).items}
    came = [item for item in shelf.items if item.row not in before]
    names = [f"“{item.name}”" for item in came[:3]]  # marks, since names have commas
    brought = f"; it brought up{', among others,' * (len(came) > len(names))} {plain(listing(names))}." if came else "."
    said = f"The review changed {len(came)} of {len(shelf.items)} products on this shelf{brought}"
    st.caption(f":material/rate_review: {said}")
