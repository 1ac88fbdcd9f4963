"""What is known of the shopper on the page, to look at and to change: past, clicks, wish, review and photo."""

from __future__ import annotations

import html
from dataclasses import replace

import numpy as np
import streamlit as st

from mmcore.domains.retail import praised
from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.reviews.reading import ReviewReading, read_review
from mmcore.domains.retail.shop import Shop
from mmcore.figures.palette import AGAINST, FOR
from mmcore.wording import MINUS, percent
from pages.shared.plain import plain
from pages.shared.retail import photo, thumbs, words
from pages.shared.retail.people import Person

SHOWN = 12
LONGEST = 600
NONE = -1
OPPOSITE = {"more": "less", "less": "more"}
REMOVE, UNDO = ":material/remove_circle:", ":material/undo:"


def key(person: Person, part: str) -> str:
    """Name of a piece of state that belongs to this shopper in this catalogue alone."""
    return f"retail.{part}.{person.catalogue[:8]}.{person.key}"


def clicked(person: Person, part: str) -> list[int]:
    """Rows clicked: "more", "less", "hidden" or "left_out"."""
    return st.session_state.setdefault(key(person, part), [])


def click(person: Person, part: str, row: int, told: str = "") -> None:
    """Adds a row, or takes it back where it was there; ``told`` is said about it. Nothing is wanted more and less at once."""
    held = clicked(person, part)
    if part in OPPOSITE and row in clicked(person, OPPOSITE[part]):
        clicked(person, OPPOSITE[part]).remove(row)
    held.remove(row) if row in held else held.append(row)
    if told:
        st.toast(told)


def as_it_came(person: Person) -> bool:
    """Whether nothing about the shopper was clicked, typed or dropped in this visit."""
    typed = any(st.session_state.get(key(person, part), own) != own for part, own in (("wish", person.wish), ("review", person.review)))
    dropped = key(person, "photo") in st.session_state.get("retail.photos", {})
    return not typed and not dropped and not any(clicked(person, part) for part in ("more", "less", "hidden", "left_out"))


def show(shop: Shop, person: Person, *, searching: bool = False) -> Shopper:
    """Draws it; the shopper as they stand now. In a search its own words and photo stand in place of the wish and the photo here."""
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        past(shop, person)
    with right:
        wish, likes, pixels = _asked(shop, person, searching)
    return shop.like_these(clicked(person, "more"), Shopper(*_kept(person), wish, pixels, likes, person.title))


def without_review(now: Shopper) -> Shopper | None:
    """The same shopper without what the review said; None where it says nothing."""
    return replace(now, likes={}) if now.likes else None


def past(shop: Shop, person: Person) -> None:
    """Thumbnails of past purchases and clicks; a click leaves one out, or takes it back."""
    rows = person.shopper.rows
    more, less, out = (clicked(person, part) for part in ("more", "less", "left_out"))
    st.markdown(
        f"## What they bought{' and clicked' if more or less else ''}",
        anchors=False,
        help="Click one to leave it out and see what it did to the shelf; click again to take it back.",
    )
    if not rows and not more and not less:
        st.caption("Nothing yet. On the shelf below, the plus adds a product to this shopper's past.")
        return
    with st.grid("auto", min_column_width=84, gap="xsmall", key="past"):
        for row in rows[:SHOWN]:
            _past(shop, person, row, "left_out", *(("Take back", UNDO, " (left out)") if row in out else ("Leave out", REMOVE)))
        for row in more:
            _past(shop, person, row, "more", "Clicked", REMOVE)
        for row in less:
            _past(shop, person, row, "less", "Less like this", UNDO, " (a click takes it back)")
    if len(rows) > SHOWN:
        st.caption(f"and {len(rows) - SHOWN} older ones, all of which count")


def _past(shop: Shop, person: Person, row: int, part: str, text: str, icon: str, hint: str = "") -> None:
    product = shop.catalogue.products[row]
    with st.container(gap="xxsmall"):
        if picture := thumbs.uri(shop.catalogue, row):
            st.image(picture, width="stretch", alt="")
        st.button(
            text, key=key(person, f"{part}.{row}"), help=f"{plain(product.name)}{hint}", type="tertiary", icon=icon, on_click=click,
            args=(person, part, row),
        )  # fmt: skip


def _kept(person: Person) -> tuple[tuple[int, ...], tuple[int, ...]]:
    out = set(clicked(person, "left_out"))
    pairs = [(row, age) for row, age in zip(person.shopper.rows, person.shopper.days, strict=True) if row not in out]
    return tuple(row for row, _ in pairs), tuple(age for _, age in pairs)


def _asked(shop: Shop, person: Person, searching: bool) -> tuple[str, dict[str, float], np.ndarray | None]:
    """The wish, what the review praises and blames, and the photo."""
    wish, pixels = "", None
    st.markdown("## What they wrote" if searching else "## What they look for", anchors=False)
    if not searching:
        wish = st.text_input(
            "A wish, in words", person.wish, key=key(person, "wish"), placeholder="a warm blue sweater", max_chars=200,
            persist_state="session",
        )  # fmt: skip
    title = "A review they wrote" if searching else "A review they wrote, or a photo"
    with st.expander(title, icon=":material/rate_review:", expanded=bool(person.review)):
        review = st.text_area(
            "Review", person.review, key=key(person, "review"), max_chars=LONGEST, help=words.REVIEW, height=90, persist_state="session"
        )
        likes = _likes(shop, person, review) if review.strip() else {}
        if not searching:
            pixels = photo.ask(key(person, "photo"), "A photo of something they like")
    return wish, likes, pixels


def _likes(shop: Shop, person: Person, review: str) -> dict[str, float]:
    """What the review praises and blames of the product that it is about, shown as it is read."""
    show_review(review)
    products, bought = shop.catalogue.products, [*_kept(person)[0], *clicked(person, "more")]
    about = NONE
    if bought:
        about = st.selectbox(
            "What it is about", [*bought, NONE], format_func=lambda at: "none of these" if at == NONE else products[at].name,
            key=key(person, "reviewed"), persist_state="session",
        )  # fmt: skip
    likes = praised.likes(review, None if about == NONE else products[about])
    listed = [f"{'+' if weight > 0 else MINUS} “{plain(text)}”" for text, weight in likes.items()]
    st.caption(f"What counts: {', '.join(listed)}" if listed else "Nothing in it says what other products should be like.")
    return likes


def show_review(review: str) -> None:
    """The review with its aspects marked, and what its writer thinks on the whole."""
    reading = read_review(review)
    st.html(f'<div style="font-size:.9rem;line-height:1.7">{marked(review, reading)}</div>')
    st.caption(
        f"{percent(reading.probability)} likely to recommend it. "
        "Blue is praise, amber is blame; fit, fabric, colour and comfort move the shelf, where the catalogue says something of them."
    )


def marked(text: str, reading: ReviewReading) -> str:
    """HTML of the review, each aspect underlined in the colour of its polarity, with its name."""
    out, at = [], 0
    for aspect in sorted(reading.aspects, key=lambda a: (a.start, a.end)):
        if aspect.start < at:
            out.append(f"<sup> {html.escape(aspect.name)}</sup>")
            continue
        colour = FOR if aspect.polarity > 0 else AGAINST if aspect.polarity < 0 else "rgba(128,132,145,.9)"
        out.append(html.escape(text[at : aspect.start]))
        out.append(
            f'<span style="border-bottom:3px solid {colour}">{html.escape(text[aspect.start : aspect.end])}</span>'
            f"<sup>{html.escape(aspect.name)}</sup>"
        )
        at = aspect.end
    return "".join([*out, html.escape(text[at:])])
