"""One catalogue ready to be ranked: vectors, counts and kernels, and every subset's scores for any shopper.

A score is a weighted sum of parts, each standardised over the catalogue for the shopper at hand (what is counted then tamed):

- towers: the product of the shopper's vector and the product's (image and text);
- counts: item-item weights solved on the catalogue's purchases, with content kernels of the modalities in the subset (behaviour);
- factors: a shopper and a product by the latent factors of all purchases (behaviour);
- popularity: recent purchases of everybody (behaviour); for what nobody has bought yet it and the factors are foretold from its content,
  with weights of their own (`launch`);
- similarity: plain likeness to the past, where behaviour is missing (image, text);
- wish and photo: likeness to what the shopper asks for (text; image); described: likeness of a product's words to what the photo foretells
  of them (image and text).

A subset leaves a modality out of the products, of the past and of the counts. Of the catalogue at hand only counts are learned.

Beyond `index.EXACT` products only candidates are scored: those nearest to the shopper's vector by an approximate index, those bought
together with the past, and those bought most. Parts of content are then standardised by a sample of the catalogue.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch

from mmcore.domains.retail import counts
from mmcore.domains.retail.catalogue import Purchases
from mmcore.domains.retail.features import Features
from mmcore.domains.retail.index import EXACT, NearIndex
from mmcore.domains.retail.launch import Foretold, foretell
from mmcore.domains.retail.scores import NEVER, of_bought, standardised, tamed
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.told import MODALITIES, Told
from mmcore.domains.retail.towers import Towers
from mmcore.domains.retail.vectors import Vectors

NEAR, POPULAR, SAMPLE = 1000, 200, 5000
"""In a large catalogue: candidates of each kind, the most bought ones among them, and products by which parts are standardised."""


class Ranker:
    """A catalogue's features and purchases, with one model's towers. Counts are solved for a subset when it is first asked for."""

    def __init__(self, towers: Towers, features: Features, purchases: Purchases, settings: RankingSettings, device: torch.device) -> None:
        self.features, self.settings, self.device = features, settings, device
        self.vectors = Vectors(towers, features, device)
        self.bought = counts.matrix(purchases, len(features.image))
        self.count = np.asarray(self.bought.sum(axis=0)).ravel()
        self.popularity = of_bought(counts.popularity(purchases, len(features.image), settings.counts.half_life), self.count)
        self.cold = (self.count == 0) & bool(self.count.any())
        self.words = counts.flat_text(features)
        self._weights: dict[tuple[bool, bool], sp.csr_matrix] = {}
        self._neighbours: sp.csr_matrix | None = None
        self._latent: Any = None
        self._factors: dict[tuple[bool, bool], np.ndarray] = {}
        self._foretold: dict[tuple[bool, bool], Foretold] = {}
        self._indexes: dict[tuple[bool, bool], NearIndex] = {}
        self._looks: NearIndex | None = None
        self._popular = np.argsort(-self.popularity, kind="stable")[:POPULAR]
        self._sample = np.sort(np.random.default_rng(0).permutation(len(self))[:SAMPLE])
        self.exact = EXACT
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self.features.image)

    def with_towers(self, towers: Towers) -> Ranker:
        """The same catalogue and counts, which do not depend on the towers, with others."""
        other = copy.copy(self)
        other.vectors, other._indexes = Vectors(towers, self.features, self.device), {}
        return other

    def scores(
        self, told: Sequence[Told], subset: str, blend: Mapping[str, float] | None = None, also: Sequence[int] = ()
    ) -> np.ndarray:  # fmt: skip
        """(B, N) float32; in a large catalogue NEVER for what is no candidate.

        Args:
            blend: modality -> factor on everything that rests on it (1 as trained), for sliders.
            also: rows that are scored in any case.
        """
        if len(self) <= self.exact:
            return self._summed(self.parts(told, subset), blend, (len(told), len(self)))
        total = np.full((len(told), len(self)), NEVER, np.float32)
        for at, one in enumerate(told):
            rows = self.candidates(one, subset, also)
            total[at, rows] = self._summed(self.parts([one], subset, rows), blend, (1, len(rows)))
        return total

    def _summed(self, parts: Mapping[str, np.ndarray], blend: Mapping[str, float] | None, shape: tuple[int, int]) -> np.ndarray:
        total = np.zeros(shape, np.float32)
        for name, values in parts.items():
            total += np.float32(factor(name, blend)) * values
        return total

    def candidates(self, one: Told, subset: str, also: Sequence[int] = ()) -> np.ndarray:
        """(K,) rows worth scoring for a shopper, in order."""
        image, text, behaviour = (name in subset.split("+") for name in MODALITIES)
        found = [np.array(also, dtype=np.int64), self._popular]
        if (image or text) and (one.rows or one.wish is not None):
            found.append(self.index(image, text).near(self.vectors.shoppers([one], image, text)[0].float().cpu().numpy(), NEAR))
        if image and one.photo is not None:
            found.append(self.look_index().near(one.photo, NEAR))
        if behaviour and one.rows:
            past = self._past([one])
            for table in (self.item_weights(image, text), self.neighbours()):
                together = (past @ table).tocsr()
                best = np.argsort(-together.data, kind="stable")[:NEAR]
                found.append(together.indices[best].astype(np.int64))
        return np.unique(np.concatenate(found))

    def index(self, image: bool, text: bool) -> NearIndex:
        """The approximate index over the product vectors of these modalities, built when it is first asked for."""
        with self._lock:
            if (image, text) not in self._indexes:
                self._indexes[image, text] = NearIndex(self.vectors.products(image, text)[0].float().cpu().numpy())
            return self._indexes[image, text]

    def look_index(self) -> NearIndex:
        """The same over the looks, for a photo."""
        with self._lock:
            if self._looks is None:
                self._looks = NearIndex(self.features.look)
            return self._looks

    def parts(self, told: Sequence[Told], subset: str, rows: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """Name of a part -> (B, N), standardised and weighted: their sum is the score; with ``rows`` (B, K), of these products."""
        present = subset.split("+")
        image, text, behaviour = (name in present for name in MODALITIES)
        weights, past = self.settings.blend, self._past(told)
        at: Any = slice(None) if rows is None else rows
        found: dict[str, np.ndarray] = {}

        def scaled(score: Callable[[Any], np.ndarray]) -> np.ndarray:
            return standardised(score(at)) if rows is None else standardised(score(at), score(self._sample))

        if image or text:
            shopper = self.vectors.shoppers(told, image, text)
            found["towers"] = self.weight("towers", behaviour)[at] * scaled(lambda on: self._tower_scores(shopper, image, text, on))
        if behaviour:
            new, factors = self.foretold(image, text), self.factors(image, text)
            taste = self._taste(past)
            popular = self.popularity.copy()
            popular[new.rows] = new.popularity
            popular = (self.weight("popularity") * popular + self.settings.launch.start * self.cold).astype(np.float32)
            found["counts"] = self.weight("counts")[at] * tamed(standardised((past @ self.item_weights(image, text)).toarray())[:, at])
            found["factors"] = self.weight("factors")[at] * tamed(scaled(lambda on: taste @ factors[on].T))
            found["popularity"] = np.repeat(popular[None, at], len(told), axis=0)
        elif past.nnz:
            found["similarity"] = weights.similarity * scaled(lambda on: self._likeness(past, image, text, on))
        if text and any(one.wish is not None for one in told):
            found["wish"] = weights.wish * scaled(lambda on: np.stack([self._wished(one, on) for one in told]))
        if image and any(one.photo is not None for one in told):
            photos = np.stack([one.photo if one.photo is not None else np.zeros(self.features.look.shape[1], np.float32) for one in told])
            found["photo"] = weights.photo * scaled(lambda on: photos @ self.features.look[on].T)
            if text:
                found["described"] = weights.described * scaled(lambda on: np.stack([self._described(one, on) for one in told]))
        return found

    def weight(self, part: str, behaviour: bool = True) -> np.ndarray:
        """(N,) weight of a part: that of ``launch`` for what nobody has bought yet, where behaviour is there."""
        usual, new = np.float32(getattr(self.settings.blend, part)), np.float32(getattr(self.settings.launch, part))
        return np.where(self.cold & behaviour, new, usual)

    def foretold(self, image: bool, text: bool) -> Foretold:
        """`launch.foretell` with this content."""
        with self._lock:
            if (image, text) not in self._foretold:
                found = foretell(self.features, self.count, self.popularity, self.settings.launch, image, text)
                self._foretold[image, text] = found
            return self._foretold[image, text]

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

    def factors(self, image: bool, text: bool) -> np.ndarray:
        """(N, D) latent factors of the products; of what nobody has bought yet those of the bought ones most like it by this content."""
        with self._lock:
            if (image, text) not in self._factors:
                new = self.foretold(image, text)
                found = np.array(self._als().item_factors if self.bought.nnz else np.zeros((len(self), 1)), dtype=np.float32)
                found[new.rows] = new.alike @ found
                self._factors[image, text] = found
            return self._factors[image, text]

    def _taste(self, past: sp.csr_matrix) -> np.ndarray:
        """(B, D) latent factors of shoppers by their past."""
        if not self.bought.nnz:
            return np.zeros((past.shape[0], 1), np.float32)
        return np.asarray(self._als().recalculate_user(np.arange(past.shape[0]), past))

    def _als(self) -> Any:
        with self._lock:
            if self._latent is None:
                chosen = self.settings.counts
                self._latent = counts.factorised(self.bought, chosen.factors, chosen.regularization, chosen.alpha)
            return self._latent

    def _tower_scores(self, shopper: torch.Tensor, image: bool, text: bool, on: Any) -> np.ndarray:
        products, _ = self.vectors.products(image, text)
        with torch.inference_mode():
            return (shopper @ products[on].T).float().cpu().numpy()

    def _past(self, told: Sequence[Told]) -> sp.csr_matrix:
        rows = np.repeat(np.arange(len(told)), [len(one.rows) for one in told])
        columns = np.array([row for one in told for row in one.rows], dtype=int)
        return sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(told), len(self)))

    def _likeness(self, past: sp.csr_matrix, image: bool, text: bool, on: Any) -> np.ndarray:
        used = [vectors for use, vectors in ((image, self.features.image), (text, self.words)) if use]
        return np.sum([(past @ vectors) @ vectors[on].T for vectors in used], axis=0)

    def _wished(self, one: Told, on: Any) -> np.ndarray:
        if one.wish is None or one.weights is None:
            return np.zeros(len(self.words[on]), np.float32)
        wish = one.wish.reshape(len(one.wish), -1) / np.sqrt(one.wish.shape[1])
        return (one.weights[:, None] * (wish @ self.words[on].T)).sum(axis=0)

    def _described(self, one: Told, on: Any) -> np.ndarray:
        return np.zeros(len(self.words[on]), np.float32) if one.described is None else self.words[on] @ one.described.ravel()


PART_OF = {"towers": ("image", "text"), "similarity": ("image", "text"), "counts": ("behaviour",), "factors": ("behaviour",),
           "popularity": ("behaviour",), "wish": ("text",), "photo": ("image",), "described": ("image", "text")}  # fmt: skip


def factor(part: str, blend: Mapping[str, float] | None) -> float:
    """A slider's factor on a part: the mean over the modalities that it rests on."""
    return 1.0 if blend is None else float(np.mean([blend.get(name, 1.0) for name in PART_OF[part]]))
