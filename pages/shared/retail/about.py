"""What is known of the shopper on the page, to look at and to change: past, clicks, wish, review, photo."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
import streamlit as st

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.reviews.reading import ReviewReading, read_review
from mmcore.domains.retail.shop import Shop
from mmcore.errors import InputError
from mmcore.figures.palette import AGAINST, FOR
from mmcore.readers.limits import LIMITS, MEGA
from mmcore.readers.picture import read_picture
from mmcore.wording import percent
from pages.shared import models
from pages.shared.plain import plain
from pages.shared.retail import thumbs, words
from pages.shared.retail.people import Person

SHOWN = 12
REVIEW_WEIGHT = 0.6  # of one clause of a review beside a wish's 1
LONGEST = 600


def key(person: Person, part: str) -> str:
    """Name of a piece of state that belongs to this shopper alone."""
    return f"retail.{part}.{person.key}"


def clicked(person: Person, part: str) -> list[int]:
    """Rows clicked: "more", "less", "hidden" or "left_out"."""
    return st.session_state.setdefault(key(person, part), [])


def click(person: Person, part: str, row: int) -> None:
    """Adds a row, or takes it back where it was there."""
    held = clicked(person, part)
    held.remove(row) if row in held else held.append(row)


def show(shop: Shop, person: Person, *, searching: bool = False) -> Shopper:
    """Draws it; the shopper as they stand now. In a search its own words and photo stand in place of the wish and the photo here."""
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        past(shop, person)
    with right:
        wish, review, photo = _asked(person, searching)
    now = Shopper(*_kept(person), wish, photo, review_likes(review), person.title)
    return shop.like_these(clicked(person, "more"), clicked(person, "less"), now)


def without_review(shop: Shop, person: Person, now: Shopper) -> Shopper | None:
    """The same shopper without what the review said; None where it says nothing."""
    review = st.session_state.get(key(person, "review"), person.review)
    likes = review_likes(review)
    if not likes:
        return None
    rest = {text: weight for text, weight in now.likes.items() if text not in likes}
    return Shopper(now.rows, now.ages, now.wish, now.photo, rest, now.name)


def review_likes(review: str) -> dict[str, float]:
    """Clause -> weight for what a review praises (above 0) or blames (below 0); sentiment words alone say nothing of a product."""
    if not review.strip():
        return {}
    likes: dict[str, float] = {}
    for aspect in read_review(review).aspects:
        if aspect.polarity and aspect.name in ("fit", "fabric", "colour", "comfort"):
            likes[review[aspect.start : aspect.end]] = REVIEW_WEIGHT * aspect.polarity
    return likes


def past(shop: Shop, person: Person) -> None:
    """Thumbnails of past purchases and clicks; a click leaves one out, or takes it back."""
    rows = person.shopper.rows
    more, out = clicked(person, "more"), clicked(person, "left_out")
    st.markdown(
        "## What they bought",
        anchors=False,
        help="Click one to leave it out and see what it did to the shelf; click again to take it back.",
    )
    if not rows and not more:
        st.caption("Nothing yet. On the shelf below, the plus adds a product to this shopper's past.")
        return
    with st.grid("auto", min_column_width=84, gap="xsmall", key="past"):
        for row in rows[:SHOWN]:
            _past(shop, person, row, "left_out", row in out)
        for row in more:
            _past(shop, person, row, "more", False)
    if len(rows) > SHOWN:
        st.caption(f"and {len(rows) - SHOWN} older ones, all of which count")


def _past(shop: Shop, person: Person, row: int, part: str, out: bool) -> None:
    product = shop.catalogue.products[row]
    with st.container(gap="xxsmall"):
        if picture := thumbs.uri(shop.catalogue, row):
            st.image(picture, width="stretch", alt="")
        text = "Take back" if out else "Clicked" if part == "more" else "Leave out"
        st.button(
            text, key=key(person, f"{part}.{row}"), help=f"{plain(product.name)}{' (left out)' if out else ''}", type="tertiary",
            icon=":material/undo:" if out else ":material/remove_circle:", on_click=click, args=(person, part, row),
        )  # fmt: skip


def _kept(person: Person) -> tuple[tuple[int, ...], tuple[int, ...]]:
    out = set(clicked(person, "left_out"))
    pairs = [(row, age) for row, age in zip(person.shopper.rows, person.shopper.days, strict=True) if row not in out]
    return tuple(row for row, _ in pairs), tuple(age for _, age in pairs)


def _asked(person: Person, searching: bool) -> tuple[str, str, np.ndarray | None]:
    """The wish, the review and the photo."""
    wish, photo = "", None
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
        if review.strip():
            show_review(review)
        if not searching:
            photo = ask_photo(key(person, "photo"), "A photo of something they like")
    return wish, review, photo


def show_review(review: str) -> None:
    """The review with its aspects marked, and what its writer thinks on the whole."""
    reading = read_review(review)
    st.html(f'<div style="font-size:.9rem;line-height:1.7">{marked(review, reading)}</div>')
    st.caption(
        f"{percent(reading.probability)} likely to recommend it. "
        "Blue is praise, amber is blame; fit, fabric, colour and comfort move the shelf."
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


def ask_photo(name: str, label: str) -> np.ndarray | None:
    """A dropped photo as pixels; what cannot be read is said."""
    given = st.file_uploader(
        label, key=name, max_upload_size=LIMITS.picture_bytes // MEGA, help="Read in memory on this machine; stored nowhere."
    )
    if given is None:
        return None
    held: Mapping[str, np.ndarray] = st.session_state.setdefault("retail.photos", {})
    try:
        if given.file_id not in held:
            picture, _ = read_picture(given.getvalue())
            st.session_state["retail.photos"] = {given.file_id: picture.pixels}
        pixels = st.session_state["retail.photos"][given.file_id]
    except InputError as error:
        models.problem(error)
        return None
    st.image(pixels, width=120, alt="The photo that was given")
    return pixels
