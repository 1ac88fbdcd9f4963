"""Is the evidence the evidence: what a shelf's first product loses when its evidence is taken away in order, against a random order.

A picture loses pixels (patches blurred, then encoded again), a text loses words (encoded again), a past loses products. In each the pieces
go in ten steps where there are so many; random is the mean of five orders; gains are paired over cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mmcore.domains.retail.accuracy import interval
from mmcore.domains.retail.catalogue import TEXT_FIELDS, Shopper, read_or_none
from mmcore.domains.retail.content import Content, chances_of, with_pictures
from mmcore.domains.retail.explained import in_depth
from mmcore.domains.retail.features import Step
from mmcore.domains.retail.shop import Shop
from mmcore.domains.retail.told import MODALITIES, WHOLE
from mmcore.encoders.efficientnet import patch_boxes, resize, scale
from mmcore.explain.occlusion import blur, without_cells
from mmcore.result import Evidence

STEPS, ORDERS = 10, 5
FEWEST_PIECES = 3

Remove = Callable[[Sequence[Sequence[int]]], np.ndarray]


def faithfulness(shop: Shop, shoppers: Sequence[Shopper], cases: int, seed: int, progress: Step) -> dict[str, Any]:
    """Modality -> deletion and insertion figures over at most ``cases`` shoppers drawn at random."""
    rng = np.random.default_rng(seed)
    chosen = [shoppers[at] for at in rng.permutation(len(shoppers))[:cases]]
    found: dict[str, list[np.ndarray]] = {name: [] for name in MODALITIES}
    for number, shopper in enumerate(chosen):
        for name, curve in _case(shop, shopper, rng).items():
            found[name].append(curve)
        progress("explanation", number + 1, len(chosen))
    return {name: _summary(np.array(rows), seed) for name, rows in found.items() if len(rows) > 1}


def _case(shop: Shop, shopper: Shopper, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Modality -> [deletion, its random, insertion, its random] of the shelf's first product."""
    row = shop.shelf(shopper, 1, explain=False).items[0].row
    told, bought = shop.told(shopper), shop.bought(shopper)
    explanation = in_depth(shop, told, row, WHOLE, bought)
    content = Content(shop, told, row, WHOLE, bought)
    out = {}
    image = [piece for piece in explanation.evidence if piece.modality == "image" and "box" in piece.where]
    words = [piece for piece in explanation.evidence if "span" in piece.where]
    past = [piece for piece in explanation.evidence if "item" in piece.where]
    for name, pieces, remove in (
        ("image", image, _pixels(shop, content, row, image)),
        ("text", words, _words(shop, content, row, words)),
        ("behaviour", past, _past(shop, shopper, row, past, bought)),
    ):
        if len(pieces) >= FEWEST_PIECES and remove is not None:
            out[name] = _curves(np.array([piece.score for piece in pieces]), remove, rng)
    return out


def _curves(scores: np.ndarray, remove: Remove, rng: np.random.Generator) -> np.ndarray:
    count = len(scores)
    cuts = np.unique(np.round(np.linspace(0, count, min(STEPS, count) + 1)).astype(int))
    orders = [np.argsort(-scores, kind="stable"), *(rng.permutation(count) for _ in range(ORDERS))]
    deleted = remove([order[:cut].tolist() for order in orders for cut in cuts]).reshape(len(orders), -1).mean(axis=1)
    given = remove([order[cut:].tolist() for order in orders for cut in cuts]).reshape(len(orders), -1).mean(axis=1)
    return np.array([deleted[0], deleted[1:].mean(), given[0], given[1:].mean()])


def _pixels(shop: Shop, content: Content, row: int, pieces: Sequence[Evidence]) -> Remove | None:
    pixels = read_or_none(shop.catalogue.products[row].picture)
    if pixels is None or not pieces:
        return None
    encoder = shop.model.encoders.picture
    small = scale(resize(pixels))
    soft = blur(small)
    cell_of = {tuple(int(v) for v in box): cell for cell, box in enumerate(patch_boxes((pixels.shape[1], pixels.shape[0])))}
    cells = [cell_of[tuple(piece.where["box"])] for piece in pieces]

    def remove(groups: Sequence[Sequence[int]]) -> np.ndarray:
        """Chances with the patches of each group blurred."""
        inputs = without_cells(small, soft, encoder.cells, [[cells[at] for at in group] for group in groups])
        return content.chances(with_pictures(shop, row, encoder.features_of_input(inputs).numpy()))

    return remove


def _words(shop: Shop, content: Content, row: int, pieces: Sequence[Evidence]) -> Remove | None:
    texts = shop.catalogue.products[row].words
    def remove(groups: Sequence[Sequence[int]]) -> np.ndarray:
        """Chances with the words of each group taken out of the product's texts."""
        edited = [_without(texts, [pieces[at] for at in group]) for group in groups]
        distinct = sorted({words for one in edited for words in one})
        vectors = dict(zip(distinct, shop.model.encoders.sentences(distinct), strict=True))
        features = shop.ranker.features.at(np.full(len(groups), row))
        for at, one in enumerate(edited):
            for field, words in enumerate(one):
                kept = bool(words.strip(" ,.")) and features.text[at, field].any()
                features.text[at, field] = shop.model.projection.field(field, vectors[words][None])[0] if kept else 0
        return content.chances(features)

    return remove if pieces else None


def _without(texts: dict[str, str], pieces: Sequence[Evidence]) -> list[str]:
    """Every field's text without these words."""
    out = []
    for name in TEXT_FIELDS:
        words = texts[name]
        for start, end in sorted((piece.where["span"] for piece in pieces if piece.where["field"] == name), reverse=True):
            words = words[:start] + words[end:]
        out.append(words)
    return out


def _past(shop: Shop, shopper: Shopper, row: int, pieces: Sequence[Evidence], bought: np.ndarray) -> Remove | None:
    told = shop.told(shopper)
    rows = [shop.catalogue.rows[str(piece.where["item"])] for piece in pieces]

    def remove(groups: Sequence[Sequence[int]]) -> np.ndarray:
        """Chances with the purchases of each group never made."""
        edited = []
        for group in groups:
            gone = {rows[at] for at in group}
            kept = [at for at, past in enumerate(told.rows) if past not in gone]
            edited.append(replace(told, rows=tuple(told.rows[at] for at in kept), ages=tuple(told.ages[at] for at in kept)))
        return chances_of(shop, shop.ranker.scores(edited, WHOLE), [row], WHOLE, bought, len(told.rows))[:, 0]

    return remove if pieces else None


def _summary(rows: np.ndarray, seed: int) -> dict[str, Any]:
    """(K, 4) curves of K cases as the contract's figures."""
    mean = rows.mean(axis=0)
    return {
        "cases": len(rows),
        "deletion": float(mean[0]), "deletion_random": float(mean[1]), "deletion_gain_ci": interval(rows[:, 1] - rows[:, 0], seed),
        "insertion": float(mean[2]), "insertion_random": float(mean[3]), "insertion_gain_ci": interval(rows[:, 2] - rows[:, 3], seed),
    }  # fmt: skip
