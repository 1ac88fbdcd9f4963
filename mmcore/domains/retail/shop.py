"""One catalogue with one model: shelves, search, and why a product is or is not shown."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from mmcore.domains.retail.asked import FIELDS, Piece, Values, pieces
from mmcore.domains.retail.catalogue import TEXT_FIELDS, Catalogue, Purchases, Shopper
from mmcore.domains.retail.cautions import ASKED, NOTHING_SOLD, UNKNOWN, UNLIKE, language
from mmcore.domains.retail.chances import SHELF, edges
from mmcore.domains.retail.content import chances_of
from mmcore.domains.retail.explained import in_depth, of_rows
from mmcore.domains.retail.features import Raw, Step, silent, unit
from mmcore.domains.retail.home import at_home
from mmcore.domains.retail.patch_pairs import patch_pairs
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.refused import POOL, points
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.shelf import PatchPair, Shelf, ShelfItem, WhyNot
from mmcore.domains.retail.told import MODALITIES, SUBSETS, WHOLE, Told
from mmcore.domains.retail.why_not import why_not
from mmcore.errors import InputError
from mmcore.result import Explanation
from mmcore.tokens import subset_name

if TYPE_CHECKING:
    from mmcore.domains.retail.model import RetailModel

LIKE = 0.42
"""Likeness below which a search is told that nothing matches. In the sample catalogue 40 of 40 strings of random letters lie below it and
24 of 25 wishes for other things (not "football boots"), and 25 of 28 wishes for clothes above; "summer", "something for the beach" and
"gift for my sister", of which no product says anything, lie below. A larger catalogue has more that may be like anything."""


class Shop:
    """Answers for any shopper. Made by `RetailModel.open`; safe to share between threads."""

    def __init__(self, model: RetailModel, catalogue: Catalogue, purchases: Purchases, ranker: Ranker, raw: Raw) -> None:
        self.model, self.catalogue, self.purchases, self.ranker, self.raw = model, catalogue, purchases, ranker, raw
        self._likeness: dict[str, float] = {}

    @cached_property
    def values(self) -> dict[str, Values]:
        """This catalogue's colours and kinds, which a wish may name."""
        texts, at = [product.words for product in self.catalogue.products], {name: TEXT_FIELDS.index(name) for name in FIELDS}
        return {name: Values.of([words[name] for words in texts], self.ranker.features.text[:, at[name]]) for name in FIELDS}

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of the model, the catalogue and the purchases: the same one gives the same answers."""
        found = hashlib.sha256(f"{self.model.version}:{self.catalogue.digest}".encode())
        found.update("\n".join(map(str, self.purchases.shoppers)).encode("utf-8", "replace"))
        found.update(self.purchases.rows.tobytes() + self.purchases.days.tobytes())
        return found.hexdigest()

    @cached_property
    def home(self) -> bool:
        """Whether the model was calibrated on this shop's shoppers (`at_home`)."""
        return at_home(self.model.folder, self.catalogue, self.purchases)

    @staticmethod
    def tells(shopper: Shopper | Told) -> bool:
        """Whether people are told a probability: not of what was asked for, whose weights are set by hand. The order alone counts then."""
        return not shopper.asked

    @cached_property
    def language(self) -> str:
        """In which language to ask for products, in a sentence."""
        return language(self.catalogue)

    def shelf(
        self, shopper: Shopper, k: int = SHELF, *, without: Sequence[str] = (), blend: Mapping[str, float] | None = None,
        diversity: float = 0.0, allowed: np.ndarray | None = None, hide: Sequence[int] = (), less: Sequence[int] = (), explain: bool = True,
    ) -> Shelf:  # fmt: skip
        """The best products for a shopper; those in their past are not shown again.

        A product's probability is the same whatever filters, sliders and hidden products leave beside it.

        Args:
            without: modalities to leave out on both sides.
            blend: modality -> factor, 1 as trained: sliders.
            diversity: 0 by score alone, up to 1: how much a product loses by being like those above it (Carbonell and Goldstein 1998).
            allowed: (N,) bool, filters; None for all.
            hide: rows not to show; ``less``: rows to show less like (`refused`).

        Raises:
            InputError: nothing is left to show, or every modality is left out.
        """
        started = time.perf_counter()
        subset = self._subset(without)
        told = self.told(shopper)
        bought = self.bought(shopper)
        hidden = self.hidden(bought, allowed, hide)
        if hidden.all():
            raise InputError("no product is left to show", "Loosen the filters or hide fewer")
        also: list[int] = [] if allowed is None else np.flatnonzero(~hidden).tolist()  # a filter may leave what is far from their taste
        scores = self.ranker.scores([told], subset, also=also)
        ranked = scores if blend is None else self.ranker.scores([told], subset, blend, also=[*also, *top(scores, POOL)[0].tolist()])
        ranked = self.ordered(ranked, hidden, less, shopper.rows, subset)
        rows = top(ranked[None], min(k, int((~hidden).sum())))[0] if diversity <= 0 else self._diverse(ranked, k, diversity, hidden)
        chances = chances_of(self, scores, rows.tolist(), subset, bought, len(shopper.rows))[0]
        timings = {"fuse": _since(started)}
        started = time.perf_counter()
        explanations: list[Explanation | None] = [None] * len(rows)
        if explain:
            explanations = list(of_rows(self, told, rows.tolist(), subset, bought))
        timings["explain"] = _since(started)
        products = self.catalogue.products
        items = tuple(
            ShelfItem(int(row), products[row].id, products[row].name, place + 1, float(ranked[row]), float(chance), explanation)
            for place, (row, chance, explanation) in enumerate(zip(rows, chances, explanations, strict=True))
        )
        found = self.model.chances
        reasons: tuple[str, ...] = () if told.known else (UNKNOWN if self.ranker.count.any() else NOTHING_SOLD,)
        if shopper.asked:
            strange = shopper.wish.strip() and shopper.photo is None and self.likeness(shopper.wish) < LIKE
            reasons += (f"{UNLIKE} {self.language}", ASKED) if strange else (ASKED,)
        one_of_them = float(found.of_shelf(subset, chances, np.array(len(shopper.rows))))
        return Shelf(items, subset, one_of_them, told.known, self.tells(shopper), reasons, found.counted.get(subset, 0), timings)

    def warm(self, step: Step = silent) -> None:
        """Solve the counts of every subset now, which the first explained shelf would wait for."""
        for number, subset in enumerate(SUBSETS):
            self.ranker.scores([Told()], subset)
            step("counts", number + 1, len(SUBSETS))

    def explain(
        self, shopper: Shopper, item: str, *, without: Sequence[str] = ()
    ) -> tuple[Explanation, tuple[PatchPair, ...]]:  # fmt: skip
        """One product in depth: words and patches of its own by taking each away, and the patches it shares with the past."""
        row = self.row(item)
        subset, told = self._subset(without), self.told(shopper)
        explanation = in_depth(self, told, row, subset, self.bought(shopper))
        return explanation, patch_pairs(self, shopper, row) if "image" in subset else ()

    def why_not(
        self, shopper: Shopper, item: str, k: int = SHELF, *, without: Sequence[str] = (), blend: Mapping[str, float] | None = None,
        diversity: float = 0.0, allowed: np.ndarray | None = None, hide: Sequence[int] = (), less: Sequence[int] = (),
    ) -> WhyNot:  # fmt: skip
        """Where a named product stands, what holds it back against the last product of the shelf, and what would move it.

        Takes what `shelf` takes, and speaks of the shelf that this gives.
        """
        options = {"without": without, "blend": blend, "diversity": diversity, "allowed": allowed, "hide": hide, "less": less}
        return why_not(self, shopper, self.row(item), self._subset(without), k, options)

    def search(
        self, words: str = "", photo: np.ndarray | None = None, shopper: Shopper | None = None, k: int = SHELF, *,
        hide: Sequence[int] = (), less: Sequence[int] = (), explain: bool = True,
    ) -> Shelf:  # fmt: skip
        """Products like the words, the photo, or both; with a shopper, leaning to their taste. A photo is also matched to words."""
        if not words.strip() and photo is None:
            raise InputError("there is nothing to search for", "Type words, drop a photo, or both")
        asked, without = asked_for(words, photo, shopper)
        return self.shelf(asked, k, without=without, hide=hide, less=less, explain=explain)

    def likeness(self, words: str) -> float:
        """Cosine between the words and the field of any product that is most like them; every product is read, so the last is kept."""
        found = self._likeness.get(words)
        if found is None:
            wish, fields = self.model.encoders.sentences([words])[0], range(len(TEXT_FIELDS))
            found = max(float((self.raw.text[:, field].astype(np.float32) @ wish).max()) for field in fields)
            self._likeness = {words: found}
        return found

    def like_these(self, more: Sequence[int], shopper: Shopper) -> Shopper:
        """The shopper with "more like this", counted as clicks of today."""
        rows = tuple(dict.fromkeys([*more, *shopper.rows]))
        days = dict(zip(shopper.rows, shopper.days, strict=True))
        return replace(shopper, rows=rows, ages=tuple(days.get(row, 1) for row in rows))

    def batch(self, shoppers: Sequence[Shopper], k: int = SHELF, *, without: Sequence[str] = ()) -> tuple[np.ndarray, np.ndarray]:
        """(B, k) rows and their probabilities, without explanations."""
        subset, told = self._subset(without), [self.told(one) for one in shoppers]
        scores = self.ranker.scores(told, subset)
        shown = scores.copy()
        for at, one in enumerate(shoppers):
            shown[at, list(one.rows)] = HIDDEN
        rows = top(shown, k)
        past = np.array([len(one.rows) for one in shoppers])[:, None]
        chosen = np.take_along_axis(scores, rows, axis=1)
        return rows, self.model.chances.of_products(subset, chosen, edges(shown)[:, None], past)

    def reach(self, item: str, shoppers: Sequence[Shopper], k: int = SHELF) -> list[tuple[int, int, float]]:
        """Which shoppers a product would reach: (number of the shopper, rank, probability), the best first, those with rank up to ``k``."""
        row = self.row(item)
        scores = self.ranker.scores([self.told(one) for one in shoppers], WHOLE, also=[row])
        found = []
        for number, one in enumerate(shoppers):
            if row in one.rows:
                continue
            shown = scores[number].copy()
            shown[list(one.rows)] = HIDDEN
            rank = 1 + int((shown > shown[row]).sum())
            if rank <= k:
                chance = self.model.chances.of_products(WHOLE, shown[row], edges(shown[None])[0], np.array(len(one.rows)))
                found.append((number, rank, float(chance)))
        return sorted(found, key=lambda entry: (entry[1], -entry[2]))

    def launch(self, shoppers: Sequence[Shopper], k: int = SHELF) -> list[tuple[int, int]]:
        """Products nobody has bought yet: (row, on how many of these shoppers' cold shelves it would be), the most first."""
        cold = np.flatnonzero(self.ranker.count == 0)
        if not len(cold) or not shoppers:
            return [(int(row), 0) for row in cold]
        scores = self.ranker.scores([self.told(one) for one in shoppers], WHOLE, also=cold.tolist())[:, cold]
        shown = np.bincount(top(scores, k).ravel(), minlength=len(cold))
        return sorted(((int(cold[at]), int(shown[at])) for at in range(len(cold))), key=lambda entry: (-entry[1], entry[0]))

    def row(self, item: str) -> int:
        """Row of a product id; InputError where it is not in the catalogue."""
        if item not in self.catalogue.rows:
            raise InputError(f"product {item!r} is not in the catalogue", "Give an id of its items")
        return self.catalogue.rows[item]

    def told(self, shopper: Shopper) -> Told:
        """A shopper as the ranker reads one: wishes and the photo encoded."""
        known = {field: values.known for field, values in self.values.items()}
        asked = [*pieces(shopper.wish, known), *(Piece(text, "", weight) for text, weight in shopper.likes.items())]
        wish = weights = photo = described = None
        if asked:
            vectors = self.model.encoders.sentences([piece.text for piece in asked])
            projection = self.model.projection
            wish = np.stack([projection.field(number, vectors) for number in range(len(TEXT_FIELDS))], axis=1)
            for at, piece in enumerate(asked):
                if piece.field:
                    wish[at] = 0
                    wish[at, TEXT_FIELDS.index(piece.field)] = self.values[piece.field].direction(piece.text.split())
            weights = np.array([piece.weight for piece in asked], dtype=np.float32)
        if shopper.photo is not None:
            look = self.model.projection.look(self.model.encoders.pixels([shopper.photo]).mean(axis=1))
            photo, described = look[0], self.model.projection.described(look)[0]
        return Told(shopper.rows, shopper.days, wish, weights, photo, described, shopper.asked)

    def _subset(self, without: Sequence[str]) -> str:
        left = [name for name in MODALITIES if name not in without]
        if not left:
            raise InputError("every kind of input is left out", f"Keep at least one of: {', '.join(MODALITIES)}")
        return subset_name(left)

    def bought(self, shopper: Shopper) -> np.ndarray:
        """(N,) bool: the shopper's past, which is not shown again."""
        past = np.zeros(len(self.catalogue), bool)
        past[list(shopper.rows)] = True
        return past

    def hidden(self, bought: np.ndarray, allowed: np.ndarray | None, hide: Sequence[int]) -> np.ndarray:
        """(N,) bool: what is not shown, being bought, filtered out or hidden."""
        found = bought | (False if allowed is None else ~np.asarray(allowed, bool))
        found[list(hide)] = True
        return found

    def ordered(self, scores: np.ndarray, hidden: np.ndarray, less: Sequence[int], past: Sequence[int], subset: str) -> np.ndarray:
        """(1, N) scores -> (N,) what a shelf is ordered by: less what "less like this" takes off, HIDDEN for what is not shown."""
        ranked = np.where(hidden, HIDDEN, scores)[0]
        if not less or hidden.all():
            return ranked
        return ranked - points(self.ranker.features, self.ranker.words, ranked, int((~hidden).sum()), less, past, subset)

    def _diverse(self, ranked: np.ndarray, k: int, diversity: float, hidden: np.ndarray) -> np.ndarray:
        """Maximal marginal relevance among the best products."""
        pool = top(ranked[None], min(POOL, int((~hidden).sum())))[0]
        vectors = unit(np.concatenate([self.ranker.words[pool], self.ranker.features.image[pool]], axis=1))
        spread = max(1e-6, float(ranked[pool[0]] - ranked[pool[-1]]))
        worth = (ranked[pool] - ranked[pool[-1]]) / spread
        chosen: list[int] = []
        likest = np.zeros(len(pool))
        while len(chosen) < min(k, len(pool)):
            value = (1 - diversity) * worth - diversity * likest
            value[chosen] = -np.inf
            best = int(np.argmax(value))
            chosen.append(best)
            likest = np.maximum(likest, vectors @ vectors[best])
        return pool[chosen]


def asked_for(words: str, photo: np.ndarray | None = None, shopper: Shopper | None = None) -> tuple[Shopper, tuple[str, ...]]:
    """A search as a shopper and the modalities that say nothing in it."""
    if shopper is not None:
        return Shopper(shopper.rows, shopper.ages, words, photo, shopper.likes), ()
    return Shopper(wish=words, photo=photo), ("image", "behaviour") if photo is None else ("behaviour",)


def _since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 2)
