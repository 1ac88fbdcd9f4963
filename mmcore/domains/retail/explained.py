"""Why a product is on the shelf: shares of the modalities, past products, words and patches, each by taking it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mmcore.domains.retail.catalogue import TEXT_FIELDS, read_or_none
from mmcore.domains.retail.content import Content, chances_of, with_pictures, with_texts
from mmcore.domains.retail.reasons import reasons
from mmcore.domains.retail.told import Told
from mmcore.encoders.efficientnet import patch_boxes, resize, scale
from mmcore.encoders.minilm import words as word_spans
from mmcore.explain.occlusion import blur, without_cells
from mmcore.explain.shapley import interaction, shapley_shares
from mmcore.result import Evidence, Explanation
from mmcore.tokens import all_subsets, subset_name

if TYPE_CHECKING:
    from mmcore.domains.retail.shop import Shop

MOST_PAST = 24
"""Past products that are taken away one by one, the latest first."""


def of_rows(shop: Shop, told: Told, rows: Sequence[int], subset: str, bought: np.ndarray) -> list[Explanation]:
    """Explanations of a shelf's products: exact Shapley shares, past products and asked-for things, and fields of the product's text."""
    rows = [int(row) for row in rows]
    values = subset_values(shop, told, rows, subset, bought)
    past = _past_evidence(shop, told, rows, subset, bought, values[subset])
    fields = _field_evidence(shop, told, rows, subset, bought, values[subset])
    found = []
    for at, row in enumerate(rows):
        one = {name: float(chances[at]) for name, chances in values.items()}
        found.append(_explanation(shop, row, one, subset, [*past[at], *fields[at]], told))
    return found


def in_depth(shop: Shop, told: Told, row: int, subset: str, bought: np.ndarray) -> Explanation:
    """One product: words of its texts instead of whole fields, and patches of its picture, each taken away and encoded again."""
    values = subset_values(shop, told, [row], subset, bought)
    evidence = _past_evidence(shop, told, [row], subset, bought, values[subset])[0]
    evidence += _word_evidence(shop, told, row, subset, bought, float(values[subset][0]))
    evidence += _patch_evidence(shop, told, row, subset, bought, float(values[subset][0]))
    return _explanation(shop, row, {name: float(chances[0]) for name, chances in values.items()}, subset, evidence, told)


def subset_values(shop: Shop, told: Told, rows: Sequence[int], subset: str, bought: np.ndarray) -> dict[str, np.ndarray]:
    """Every subset of ``subset`` -> (K,) probabilities of the rows, each by its own calibration; "" is the prior."""
    found = {"": np.full(len(rows), shop.model.chances.prior)}
    for part in all_subsets(tuple(subset.split("+")))[1:]:
        name = subset_name(part)
        found[name] = chances_of(shop, shop.ranker.scores([told], name, also=rows), rows, name, bought, len(told.rows))[0]
    return found


def _past_evidence(
    shop: Shop, told: Told, rows: Sequence[int], subset: str, bought: np.ndarray, whole: np.ndarray
) -> list[list[Evidence]]:
    """For each row, what is lost when one past product, the wish or the photo is taken away."""
    places = list(range(min(len(told.rows), MOST_PAST)))
    edited = [replace(told, rows=_but(told.rows, at), ages=_but(told.ages, at)) for at in places]
    names: list[tuple[str, dict[str, Any]]] = [("behaviour", {"item": shop.catalogue.products[told.rows[at]].id}) for at in places]
    if told.wish is not None and "text" in subset:
        edited.append(replace(told, wish=None, weights=None))
        names.append(("text", {"field": "wish"}))
    if told.photo is not None and "image" in subset:
        edited.append(replace(told, photo=None, described=None))
        names.append(("image", {"field": "photo"}))
    if not edited:
        return [[] for _ in rows]
    chances = chances_of(shop, shop.ranker.scores(edited, subset, also=rows), rows, subset, bought, len(told.rows))
    owner = "behaviour" if "behaviour" in subset else subset.split("+")[-1]
    return [
        [
            Evidence(owner if modality == "behaviour" else modality, where, float(whole[at] - chances[number, at]))
            for number, (modality, where) in enumerate(names)
        ]
        for at in range(len(rows))
    ]


def _but(values: tuple[int, ...], at: int) -> tuple[int, ...]:
    return values[:at] + values[at + 1 :]


def _field_evidence(
    shop: Shop, told: Told, rows: Sequence[int], subset: str, bought: np.ndarray, whole: np.ndarray
) -> list[list[Evidence]]:
    """For each row, what is lost when one field of its text is taken away."""
    if "text" not in subset.split("+"):
        return [[] for _ in rows]
    found: list[list[Evidence]] = []
    for row in rows:
        own = shop.ranker.features.at(np.array([row]))
        given = [number for number in range(len(TEXT_FIELDS)) if own.text[0, number].any()]
        if not given:
            found.append([])
            continue
        edited = shop.ranker.features.at(np.full(len(given) + 1, row))
        edited.text[np.arange(len(given)), given] = 0
        chances = Content(shop, told, row, subset, bought).chances(edited)
        words = shop.catalogue.products[row].words
        found.append([
            Evidence("text", {"field": TEXT_FIELDS[number]}, float(chances[-1] - chances[at]), words[TEXT_FIELDS[number]])
            for at, number in enumerate(given)
        ])  # fmt: skip
    return found


def _word_evidence(shop: Shop, told: Told, row: int, subset: str, bought: np.ndarray, whole: float) -> list[Evidence]:
    """What is lost when one word of a field is taken away: {"field", "span"} in characters of that field."""
    if "text" not in subset.split("+"):
        return []
    texts = shop.catalogue.products[row].words
    pieces = [(number, span) for number, name in enumerate(TEXT_FIELDS) for span in word_spans(texts[name])]
    if not pieces:
        return []
    edited = [texts[TEXT_FIELDS[n]][: span[0]] + texts[TEXT_FIELDS[n]][span[1] :] for n, span in pieces]
    chances = Content(shop, told, row, subset, bought).chances(with_texts(shop, row, [n for n, _ in pieces], edited))
    return [
        Evidence("text", {"field": TEXT_FIELDS[n], "span": list(span)}, whole - float(chance), texts[TEXT_FIELDS[n]][slice(*span)])
        for (n, span), chance in zip(pieces, chances, strict=True)
    ]


def _patch_evidence(shop: Shop, told: Told, row: int, subset: str, bought: np.ndarray, whole: float) -> list[Evidence]:
    """What is lost when one patch of the picture is blurred and the picture encoded again."""
    pixels = read_or_none(shop.catalogue.products[row].picture)
    if pixels is None or "image" not in subset.split("+"):
        return []
    encoder = shop.model.encoders.picture
    small = scale(resize(pixels))
    patches = encoder.features_of_input(without_cells(small, blur(small), encoder.cells, [[cell] for cell in range(len(encoder.cells))]))
    chances = Content(shop, told, row, subset, bought).chances(with_pictures(shop, row, patches.numpy()))
    boxes = patch_boxes((pixels.shape[1], pixels.shape[0]))
    return [
        Evidence("image", {"box": [int(v) for v in box]}, whole - float(chance)) for box, chance in zip(boxes, chances, strict=True)
    ]  # fmt: skip


def _explanation(shop: Shop, row: int, values: dict[str, float], subset: str, evidence: list[Evidence], told: Told) -> Explanation:
    present = tuple(subset.split("+"))
    shares = shapley_shares(values, present)
    chance = values[subset] if shop.tells(told) else None
    said = reasons(shop.catalogue, row, chance, shares, evidence, told.known, bool(shop.ranker.count[row]), shop.home)
    together = interaction(values, present) if len(present) > 1 else 0.0
    ordered = tuple(sorted(evidence, key=lambda piece: -abs(piece.score)))
    return Explanation(shop.catalogue.products[row].id, values, values[""], shares, together, ordered, tuple(said))
