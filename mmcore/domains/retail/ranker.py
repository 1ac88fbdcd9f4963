"""One catalogue ready to be ranked: vectors, counts and kernels, and every subset's scores for any shopper.

A score is a weighted sum of parts, each standardised over the catalogue for the shopper at hand:

- towers: the product of the shopper's vector and the product's (image and text);
- counts: item-item weights solved on the catalogue's purchases, with content kernels of the modalities in the subset (behaviour);
- neighbours: who bought this also bought (behaviour); popularity: recent purchases of everybody, and a start for what nobody has bought yet
  (behaviour);
- similarity: plain likeness to the past, where behaviour is missing (image, text);
- wish and photo: likeness to what the shopper asks for (text; image).

A subset leaves a modality out of the products, of the past and of the counts. Of the catalogue at hand only counts are learned.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
import torch

from mmcore.domains.retail import counts
from mmcore.domains.retail.catalogue import Purchases
from mmcore.domains.retail.features import Features
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.towers import Towers
from mmcore.tokens import all_subsets, subset_name

MODALITIES = ("image", "text", "behaviour")
SUBSETS = tuple(subset_name(subset) for subset in all_subsets(MODALITIES)[1:])
WHOLE = subset_name(MODALITIES)
HIDDEN = -1e9
"""Score of a product that may not be shown."""


@dataclass(frozen=True)
class Told:
    """A shopper as the ranker reads one: past rows with ages, and what was asked for in features.

    Attributes:
        wish: (K, F, 128) sentence vectors of wishes with (K,) weights, below zero for what is unwanted.
        photo: (256,) or None.
    """

    rows: tuple[int, ...] = ()
    ages: tuple[int, ...] = ()
    wish: np.ndarray | None = None
    weights: np.ndarray | None = None
    photo: np.ndarray | None = None

    @property
    def known(self) -> bool:
        return bool(self.rows) or self.wish is not None or self.photo is not None


class Ranker:
    """A catalogue's features and purchases, with one model's towers. Counts are solved for a subset when it is first asked for."""

    def __init__(self, towers: Towers, features: Features, purchases: Purchases, settings: RankingSettings, device: torch.device) -> None:
        self.towers, self.features, self.settings, self.device = towers, features, settings, device
        self.bought = counts.matrix(purchases, len(features.image))
        self.count = np.asarray(self.bought.sum(axis=0)).ravel()
        self.popularity = _standardised(counts.popularity(purchases, len(features.image), settings.counts.half_life)[None])[0]
        self.cold = ((self.count == 0) & bool(self.count.any())).astype(np.float32)
        self.words = counts.flat_text(features)
        self._has = features.has
        self._weights: dict[tuple[bool, bool], sp.csr_matrix] = {}
        self._neighbours: sp.csr_matrix | None = None
        self._vectors: dict[tuple[bool, bool], tuple[torch.Tensor, torch.Tensor]] = {}
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self.features.image)

    def with_towers(self, towers: Towers) -> Ranker:
        """The same catalogue and counts, which do not depend on the towers, with others."""
        other = copy.copy(self)
        other.towers, other._vectors = towers, {}
        return other

    def scores(self, told: Sequence[Told], subset: str, blend: Mapping[str, float] | None = None) -> np.ndarray:
        """(B, N) float32.

        Args:
            blend: modality -> factor on everything that rests on it (1 as trained), for sliders.
        """
        total = np.zeros((len(told), len(self)), np.float32)
        for name, values in self.parts(told, subset).items():
            total += np.float32(_factor(name, blend)) * values
        return total

    def parts(self, told: Sequence[Told], subset: str) -> dict[str, np.ndarray]:
        """Name of a part -> (B, N), standardised and weighted: their sum is the score."""
        present = subset.split("+")
        image, text, behaviour = (name in present for name in MODALITIES)
        weights, past = self.settings.blend, self._past(told)
        found: dict[str, np.ndarray] = {}
        if image or text:
            found["towers"] = weights.towers * _standardised(self._tower_scores(told, image, text))
        if behaviour:
            found["counts"] = weights.counts * _standardised((past @ self.item_weights(image, text)).toarray())
            found["neighbours"] = weights.neighbours * _standardised((past @ self.neighbours()).toarray())
            popular = weights.popularity * self.popularity + weights.launch * self.cold
            found["popularity"] = np.repeat(popular[None], len(told), axis=0)
        elif past.nnz:
            found["similarity"] = weights.similarity * _standardised(self._likeness(past, image, text))
        if text and any(one.wish is not None for one in told):
            found["wish"] = weights.wish * _standardised(np.stack([self._wished(one) for one in told]))
        if image and any(one.photo is not None for one in told):
            photos = np.stack([one.photo if one.photo is not None else np.zeros(self.features.image.shape[1], np.float32) for one in told])
            found["photo"] = weights.photo * _standardised(photos @ self.features.image.T)
        return found

    def item_weights(self, image: bool, text: bool) -> sp.csr_matrix:
        """(N, N) of `counts.item_weights` with these content kernels."""
        with self._lock:
            if (image, text) not in self._weights:
                self._weights[image, text] = counts.item_weights(self.bought, self.features, self.settings.counts, image, text)
            return self._weights[image, text]

    def neighbours(self) -> sp.csr_matrix:
        """(N, N) of `counts.neighbours`."""
        with self._lock:
            if self._neighbours is None:
                self._neighbours = counts.neighbours(self.bought, self.settings.counts.shrink, self.settings.counts.kept)
            return self._neighbours

    def vectors(self, image: bool, text: bool) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, D) of the product side and of the past side, with these modalities."""
        with self._lock:
            if (image, text) not in self._vectors:
                self._vectors[image, text] = self.encode(self.features, self._has & np.array([image, text]))
            return self._vectors[image, text]

    @torch.inference_mode()
    def encode(self, features: Features, there: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Content to (K, D) vectors of the product side and of the past side."""
        tensors = [torch.from_numpy(np.ascontiguousarray(part)).to(self.device) for part in (features.image, features.text, there)]
        return self.towers.products(*tensors), self.towers.past(*tensors)

    @torch.inference_mode()
    def shopper_vectors(self, told: Sequence[Told], image: bool, text: bool) -> torch.Tensor:
        """(B, D) of unit length; zeros for a shopper of whom these modalities say nothing."""
        _, past = self.vectors(image, text)
        asked = [self._asked(one, image, text) for one in told]
        longest = max(1, max(len(one.rows) + len(extra) for one, extra in zip(told, asked, strict=True)))
        tokens = torch.zeros(len(told), longest, past.shape[1], device=self.device)
        mask, age = torch.zeros(len(told), longest, dtype=torch.bool), torch.zeros(len(told), longest, dtype=torch.long)
        for at, (one, extra) in enumerate(zip(told, asked, strict=True)):
            count = len(one.rows)
            tokens[at, :count] = past[list(one.rows)]
            tokens[at, count : count + len(extra)] = extra
            mask[at, : count + len(extra)] = True
            age[at, :count] = torch.tensor(one.ages[:count] or [1] * count, dtype=torch.long)
            age[at, count : count + len(extra)] = 1
        vectors = self.towers.shoppers(tokens, mask.to(self.device), age.to(self.device))
        return vectors * mask.any(dim=1, keepdim=True).to(self.device)

    def _tower_scores(self, told: Sequence[Told], image: bool, text: bool) -> np.ndarray:
        products, _ = self.vectors(image, text)
        with torch.inference_mode():
            return (self.shopper_vectors(told, image, text) @ products.T).float().cpu().numpy()

    def _asked(self, one: Told, image: bool, text: bool) -> torch.Tensor:
        """(K, D): wanted wishes by words alone, a photo by its picture alone."""
        wishes = one.wish[one.weights > 0] if one.wish is not None and one.weights is not None and text else np.zeros((0, 0, 0), np.float32)
        photos = one.photo[None] if one.photo is not None and image else np.zeros((0, 0), np.float32)
        pictures = np.zeros((len(wishes) + len(photos), self.features.image.shape[1]), np.float32)
        words = np.zeros((len(pictures), *self.features.text.shape[1:]), np.float32)
        words[: len(wishes)] = wishes if len(wishes) else 0
        pictures[len(wishes) :] = photos if len(photos) else 0
        if not len(pictures):
            return torch.zeros(0, self.towers.settings.dim, device=self.device)
        asked = Features(pictures, words)
        return self.encode(asked, asked.has)[1]

    def _past(self, told: Sequence[Told]) -> sp.csr_matrix:
        rows = np.repeat(np.arange(len(told)), [len(one.rows) for one in told])
        columns = np.array([row for one in told for row in one.rows], dtype=int)
        return sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(told), len(self)))

    def _likeness(self, past: sp.csr_matrix, image: bool, text: bool) -> np.ndarray:
        total = np.zeros(past.shape, np.float32)
        for use, vectors in ((image, self.features.image), (text, self.words)):
            if use:
                total += (past @ vectors) @ vectors.T
        return total

    def _wished(self, one: Told) -> np.ndarray:
        if one.wish is None or one.weights is None:
            return np.zeros(len(self), np.float32)
        wish = one.wish.reshape(len(one.wish), -1) / np.sqrt(one.wish.shape[1])
        return (one.weights[:, None] * (wish @ self.words.T)).sum(axis=0)


PART_OF = {"towers": ("image", "text"), "similarity": ("image", "text"), "counts": ("behaviour",), "neighbours": ("behaviour",),
           "popularity": ("behaviour",), "wish": ("text",), "photo": ("image",)}  # fmt: skip


def _factor(part: str, blend: Mapping[str, float] | None) -> float:
    """A slider's factor on a part: the mean over the modalities that it rests on."""
    return 1.0 if blend is None else float(np.mean([blend.get(name, 1.0) for name in PART_OF[part]]))


def _standardised(values: np.ndarray) -> np.ndarray:
    """Each row to mean 0 and deviation 1 over the catalogue; zeros where all are alike."""
    values = np.asarray(values, dtype=np.float32)
    deviation = values.std(axis=1, keepdims=True)
    return np.where(deviation > 1e-8, (values - values.mean(axis=1, keepdims=True)) / np.maximum(deviation, 1e-8), 0).astype(np.float32)


def top(scores: np.ndarray, count: int) -> np.ndarray:
    """(B, count) rows of the highest scores, highest first; ties by row number."""
    count = min(count, scores.shape[1])
    part = np.sort(np.argpartition(-scores, count - 1, axis=1)[:, :count], axis=1)
    order = np.argsort(-np.take_along_axis(scores, part, axis=1), axis=1, kind="stable")
    return np.take_along_axis(part, order, axis=1)
