"""Why a product is on the shelf: shares, past products, words, places in the picture drawn as pairs, and the chain of reasons."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from mmcore.domains.retail.catalogue import TEXT_FIELDS, Shopper
from mmcore.domains.retail.reasons import parts
from mmcore.domains.retail.shelf import PatchPair
from mmcore.domains.retail.shop import Shop
from mmcore.figures import fields, overlay
from mmcore.report.picture import patches
from mmcore.result import Evidence, Explanation
from mmcore.wording import fine_percent
from pages.shared import terms
from pages.shared.plain import plain
from pages.shared.recent import Recent
from pages.shared.retail import thumbs, words

PAIR_SIDE, PAIR_COLOURS = 260, ((47, 126, 216), (217, 130, 0), (176, 97, 159), (95, 158, 63), (123, 127, 140))
PAST = 6
LEAST = 0.0005  # probability: weaker evidence than this never gets full colour
FIELD_TITLES = {"name": "Name", "kind": "Kind", "colour": "Colour", "place": "Department", "description": "Description", "price": "Price"}


def show(shop: Shop, shopper: Shopper, row: int, without: Sequence[str] = ()) -> None:
    """One product in depth, in points of its probability where that holds; ``without``: modalities that its shelf leaves out."""
    product, tells = shop.catalogue.products[row], shop.tells(shopper)
    st.markdown(f"## Why {plain(product.name)}?", anchors=False, help=words.SHARES if tells else words.PARTS)
    with st.spinner("Taking words and parts of the picture away, one by one …"):
        explanation, pairs = _in_depth(shop, shopper, product.id, without)
    left, middle, right = st.columns([1, 1.1, 1.1], gap="medium")
    with left:
        picture(shop, row, explanation, tells)
    with middle:
        shares(explanation, tells)
        past(shop, explanation, tells)
    with right:
        st.markdown(
            "### Which words",
            anchors=False,
            help="Words in blue speak for it, in amber against it: each was taken away and the rest read again.",
        )
        st.html(coloured_words(product.words, explanation, tells))
        st.markdown("### In sentences", anchors=False, help=terms.REASONS)
        st.markdown("\n".join(f"{n}. {plain(sentence)}" for n, sentence in enumerate(explanation.reasoning, 1)))
    pair_panel(shop, shopper, row, pairs)


def _in_depth(shop: Shop, shopper: Shopper, item: str, without: Sequence[str]) -> tuple[Explanation, tuple[PatchPair, ...]]:
    held: Recent = st.session_state.setdefault("retail.depths", Recent(16))
    key = repr((shop.fingerprint, shopper.sha256, item, tuple(without)))
    return held.get(key) or held.put(key, shop.explain(shopper, item, without=without))


def picture(shop: Shop, row: int, explanation: Explanation, tells: bool) -> None:
    """The product with the parts that count laid over it."""
    pixels = thumbs.pixels(shop.catalogue, row)
    if pixels is None:
        st.info("This product has no picture.", icon=":material/hide_image:")
        return
    boxes, scores = patches(explanation, "image")
    size = (pixels.shape[1], pixels.shape[0])
    key = "retail.opacity"
    opacity = st.session_state.setdefault(key, 60)
    full = 1.0 if tells else _strongest(scores)
    say = words.change if tells else words.part
    figure = overlay.draw(overlay.data_uri(pixels), size, boxes, scores / full, opacity / 100, 330, LEAST / full, say)
    if not tells:
        told = {"hovertemplate": "%{z:+.0f} % of the strongest<extra></extra>", "colorbar_ticktext": ["against", "0", "for"]}
        figure.update_traces(told, selector={"type": "heatmap"})
    st.plotly_chart(
        figure,
        key=f"retail.picture.{row}",
        config={"displayModeBar": False, "scrollZoom": False},
        alt=overlay.alt(boxes, scores / full, size, shop.catalogue.products[row].name, say=say),
    )
    if len(boxes):
        st.slider("Evidence over the picture", 0, 100, key=key, format="%d %%", help=terms.OPACITY, persist_state="session")


def shares(explanation: Explanation, tells: bool) -> None:
    """From what was known beforehand to the probability; where that does not hold, how much of what counts is of each kind."""
    st.markdown("### What each kind of evidence adds", anchors=False, help=words.SHARES if tells else words.PARTS)
    limit = _strongest(explanation.shares.values())
    told = {name: words.change(share) for name, share in explanation.shares.items()}
    if not tells:
        told = {name: words.part(part) for name, part in parts(explanation.shares).items()}
    rows = [(words.TITLES[name], told[name], bar(share, limit)) for name, share in explanation.shares.items()]
    if tells:
        answer = explanation.base + sum(explanation.shares.values())
        rows = [("Before looking", fine_percent(explanation.base), ""), *rows, ("The answer", fine_percent(answer), "")]
    st.html(table(rows))


def past(shop: Shop, explanation: Explanation, tells: bool) -> None:
    """Past products, the wish and the photo, each taken away."""
    asked = [piece for piece in explanation.evidence if "item" in piece.where or piece.where.get("field") in ("wish", "photo")]
    if not asked:
        return
    told = "What the probability would lose if this alone were not known." if tells else words.STRONGEST
    st.markdown("### Which of the past, wish and photo", anchors=False, help=told)
    ordered = sorted(asked, key=lambda piece: -abs(piece.score))[:PAST]
    limit = _strongest(piece.score for piece in ordered)
    rows = [(_name(shop, piece), _said(piece.score, limit, tells), bar(piece.score, limit)) for piece in ordered]
    st.html(table(rows, shop, ordered))


def _strongest(scores: Iterable[float]) -> float:
    return max([1e-9, *(abs(score) for score in scores)])


def _said(score: float, limit: float, tells: bool) -> str:
    """In points of probability, or as a part of the strongest."""
    return words.change(score) if tells else words.part(score / limit)


def _name(shop: Shop, piece: Evidence) -> str:
    if "item" not in piece.where:
        return {"wish": "Asked for, praised or refused", "photo": "Photo"}[str(piece.where["field"])]
    return shop.catalogue.products[shop.catalogue.rows[str(piece.where["item"])]].name


def bar(score: float, limit: float) -> str:
    """One push as a bar around zero."""
    drawn = fields.push_bar(score / limit, 1.0)
    return drawn[: drawn.index('<div style="font-size')] + "</div>"


def table(rows: list[tuple[str, str, str]], shop: Shop | None = None, pieces: list[Evidence] | None = None) -> str:
    """Name, number and bar a line, with a thumbnail where the piece is a product."""
    lines = []
    for number, (name, value, drawn) in enumerate(rows):
        item = pieces[number].where.get("item") if pieces else None
        uri = thumbs.uri(shop.catalogue, shop.catalogue.rows[str(item)], 64) if shop is not None and item is not None else ""
        image = f'<img src="{uri}" alt="" style="height:1.9rem;border-radius:3px;margin-right:.45rem">' if uri else ""
        lines.append(
            '<div style="display:grid;grid-template-columns:1.3fr .75fr 1fr;gap:.5rem;align-items:center;padding:.18rem 0;'
            'font-size:.88rem">'
            f'<span style="display:flex;align-items:center">{image}{html.escape(name)}</span>'
            f'<span style="text-align:right;font-variant-numeric:tabular-nums">{html.escape(value)}</span><span>{drawn}</span></div>'
        )
    return "".join(lines)


def coloured_words(texts: dict[str, str], explanation: Explanation, tells: bool) -> str:
    """HTML of every text field, each word on a ground of its push."""
    pieces = [piece for piece in explanation.evidence if "span" in piece.where]
    limit = _strongest(piece.score for piece in pieces)
    out = []
    for field in TEXT_FIELDS:
        if texts[field]:
            own = sorted((piece for piece in pieces if piece.where["field"] == field), key=lambda piece: piece.where["span"][0])
            marked = _coloured(texts[field], own, limit, tells)
            out.append(f'<div style="font-size:.9rem;line-height:1.7"><b>{FIELD_TITLES[field]}</b> {marked}</div>')
    return "".join(out)


def _coloured(text: str, pieces: list[Evidence], limit: float, tells: bool) -> str:
    out, at = [], 0
    for piece in pieces:
        start, end = piece.where["span"]
        ground = "47,126,216" if piece.score >= 0 else "217,130,0"
        strength = 0.5 * abs(piece.score) / limit
        out.append(html.escape(text[at:start]))
        out.append(
            f'<span title="{_said(piece.score, limit, tells)}" style="background:rgba({ground},{strength:.2f});border-radius:3px">'
            f"{html.escape(text[start:end])}</span>"
        )
        at = end
    return "".join([*out, html.escape(text[at:])])


def pair_panel(shop: Shop, shopper: Shopper, row: int, pairs: tuple[PatchPair, ...]) -> None:
    """The most alike parts of this product and of a past one (or the photo), in the same colour and with the same number."""
    drawn = [(pair.past, [other for other in pairs if other.past == pair.past]) for pair in pairs]
    for past_row, own in dict(drawn).items():
        mine = thumbs.pixels(shop.catalogue, row)
        theirs = shopper.photo if past_row < 0 else thumbs.pixels(shop.catalogue, past_row)
        if mine is None or theirs is None:
            continue
        name = "the photo" if past_row < 0 else shop.catalogue.products[past_row].name
        st.markdown(
            f"### Alike: this product and {plain(name)}",
            anchors=False,
            help="Parts whose features are most alike. The same number marks a pair.",
        )
        left, right, rest = st.columns([1, 1, 2], gap="small")
        left.image(
            numbered(mine, [pair.box for pair in own]), width="stretch", caption="this product", alt="This product with numbered parts"
        )
        right.image(
            numbered(theirs, [pair.past_box for pair in own]),
            width="stretch",
            caption=name,
            alt=f"{name} with the same numbers on the parts that are alike",
        )
        with rest:
            st.markdown("\n".join(f"{n}. likeness {pair.likeness:.2f}" for n, pair in enumerate(own, 1)))


def numbered(pixels: np.ndarray, boxes: list[tuple[int, int, int, int]]) -> Image.Image:
    """The picture with numbered frames."""
    factor = PAIR_SIDE / max(pixels.shape[:2])
    image = Image.fromarray(pixels).resize((round(pixels.shape[1] * factor), round(pixels.shape[0] * factor)), Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(image)
    for number, (x, y, w, h) in enumerate(boxes):
        colour = PAIR_COLOURS[number % len(PAIR_COLOURS)]
        pen.rectangle([x * factor, y * factor, (x + w) * factor, (y + h) * factor], outline=colour, width=3)
        pen.rectangle([x * factor, y * factor, x * factor + 13, y * factor + 14], fill=colour)
        pen.text((x * factor + 4, y * factor + 1), str(number + 1), fill=(255, 255, 255))
    return image
