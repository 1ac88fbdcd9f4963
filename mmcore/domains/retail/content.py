"""A product whose own content is another: how its probability changes, and its features with a text or its picture replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mmcore.domains.retail.catalogue import TEXT_FIELDS
from mmcore.domains.retail.chances import edges
from mmcore.domains.retail.features import Features
from mmcore.domains.retail.scores import HIDDEN
from mmcore.domains.retail.told import Told

if TYPE_CHECKING:
    from mmcore.domains.retail.shop import Shop


def chances_of(shop: Shop, scores: np.ndarray, rows: Sequence[int], subset: str, bought: np.ndarray, past: int) -> np.ndarray:
    """(B, N) scores -> (B, K) probabilities of the rows."""
    return shop.model.chances.of_products(subset, scores[:, list(rows)], shelf_edges(scores, bought)[:, None], np.array(past))


def shelf_edges(scores: np.ndarray, bought: np.ndarray) -> np.ndarray:
    """(B, N) -> (B,) `chances.edges` of what is not bought yet; of everything where all of it is."""
    return edges(scores if bought.all() else np.where(bought, HIDDEN, scores))


class Content:
    """How a product's probability changes when its own content is another: by the towers and by what was asked for.

    Counts were solved with the product as it is and stay as they are, so this understates what content does through them.
    """

    def __init__(self, shop: Shop, told: Told, row: int, subset: str, bought: np.ndarray) -> None:
        self.shop, self.told, self.row, self.subset = shop, told, row, subset
        ranker = shop.ranker
        self.score = ranker.scores([told], subset, also=[row])
        self.edge = shelf_edges(self.score, bought)[0]
        self.image, self.text = "image" in subset.split("+"), "text" in subset.split("+")
        self.weight = ranker.weight("towers", "behaviour" in subset.split("+"))[row]
        self.shopper = ranker.vectors.shoppers([told], self.image, self.text)[0] if self.image or self.text else None

    def chances(self, features: Features) -> np.ndarray:
        """(K,) probabilities of the product with each of these contents instead of its own."""
        gain = self._content(features) - self._content(self.shop.ranker.features.at(np.array([self.row])))
        scores = self.score[0, self.row] + gain
        return self.shop.model.chances.of_products(self.subset, scores, self.edge, np.array(len(self.told.rows)))

    def _content(self, features: Features) -> np.ndarray:
        """(K,) what the content gives to the score, on the scale of the standardised parts."""
        ranker, weights = self.shop.ranker, self.shop.model.settings.blend
        total = np.zeros(len(features.image), np.float32)
        if self.shopper is not None:
            products, _ = ranker.vectors.encode(features, features.has & np.array([self.image, self.text]))
            every = (ranker.vectors.products(self.image, self.text)[0] @ self.shopper).cpu().numpy()
            total += self.weight * (products @ self.shopper).cpu().numpy() / max(float(every.std()), 1e-8)
        if self.text and self.told.wish is not None and self.told.weights is not None:
            wish = (self.told.weights[:, None] * self.told.wish.reshape(len(self.told.wish), -1)).sum(axis=0) / np.sqrt(len(TEXT_FIELDS))
            every = ranker.words @ wish
            own = features.text.reshape(len(total), -1) / np.sqrt(len(TEXT_FIELDS))
            total += weights.wish * (own @ wish) / max(float(every.std()), 1e-8)
        if self.image and self.told.photo is not None:
            every = ranker.features.look @ self.told.photo
            total += weights.photo * features.look @ self.told.photo / max(float(every.std()), 1e-8)
        if self.image and self.text and self.told.described is not None:
            shown = self.told.described.ravel() / np.sqrt(len(TEXT_FIELDS))
            total += weights.described * (features.text.reshape(len(total), -1) @ shown) / max(float((ranker.words @ shown).std()), 1e-8)
        return total


def with_texts(shop: Shop, row: int, fields: Sequence[int], texts: Sequence[str]) -> Features:
    """The product's features with one field's text replaced in each of K copies; an empty text is a missing field."""
    edited = shop.ranker.features.at(np.full(len(texts), row))
    vectors = shop.model.encoders.sentences(list(texts))
    for at, (field, words, vector) in enumerate(zip(fields, texts, vectors, strict=True)):
        edited.text[at, field] = shop.model.projection.field(field, vector[None])[0] if words.strip(" ,.") else 0
    return edited


def with_pictures(shop: Shop, row: int, patches: np.ndarray) -> Features:
    """The product's features with its picture replaced by each of K: (K, 49, 1280) patches."""
    means, projection = patches.mean(axis=1), shop.model.projection
    return replace(shop.ranker.features.at(np.full(len(means), row)), image=projection.image(means), look=projection.look(means))
