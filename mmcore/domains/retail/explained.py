"""Why a product is on the shelf: shares of the modalities, past products, words and patches, each by taking it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mmcore.domains.retail.catalogue import TEXT_FIELDS, Shopper
from mmcore.domains.retail.chances import edges
from mmcore.domains.retail.features import Features, read_or_none
from mmcore.domains.retail.reasons import reasons, why_not_reasons
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.shelf import PatchPair, WhyNot
from mmcore.domains.retail.told import MODALITIES, Told
from mmcore.encoders.efficientnet import patch_boxes, resize, scale
from mmcore.encoders.minilm import words as word_spans
from mmcore.explain.occlusion import blur, without_cells
from mmcore.explain.shapley import interaction, shapley_shares
from mmcore.result import Evidence, Explanation
from mmcore.tokens import all_subsets, subset_name

if TYPE_CHECKING:
    from mmcore.domains.retail.shop import Shop

PAIRS = 5
PLAIN = 6.0
"""Deviation of grey values in 0..255 below which a patch is empty ground."""
MOST_PAST = 24
"""Past products that are taken away one by one, the latest first."""


def of_rows(shop: Shop, told: Told, rows: Sequence[int], subset: str, hidden: np.ndarray) -> list[Explanation]:
    """Explanations of a shelf's products: exact Shapley shares, past products and asked-for things, and fields of the product's text."""
    rows = [int(row) for row in rows]
    values = subset_values(shop, told, rows, subset, hidden)
    past = _past_evidence(shop, told, rows, subset, hidden, values[subset])
    fields = _field_evidence(shop, told, rows, subset, hidden, values[subset])
    found = []
    for at, row in enumerate(rows):
        one = {name: float(chances[at]) for name, chances in values.items()}
        found.append(_explanation(shop, row, one, subset, [*past[at], *fields[at]], told))
    return found


def in_depth(shop: Shop, told: Told, row: int, subset: str, hidden: np.ndarray) -> Explanation:
    """One product: words of its texts instead of whole fields, and patches of its picture, each taken away and encoded again."""
    values = subset_values(shop, told, [row], subset, hidden)
    evidence = _past_evidence(shop, told, [row], subset, hidden, values[subset])[0]
    evidence += _word_evidence(shop, told, row, subset, hidden, float(values[subset][0]))
    evidence += _patch_evidence(shop, told, row, subset, hidden, float(values[subset][0]))
    return _explanation(shop, row, {name: float(chances[0]) for name, chances in values.items()}, subset, evidence, told)


def subset_values(shop: Shop, told: Told, rows: Sequence[int], subset: str, hidden: np.ndarray) -> dict[str, np.ndarray]:
    """Every subset of ``subset`` -> (K,) probabilities of the rows, each by its own calibration; "" is the prior."""
    found = {"": np.full(len(rows), shop.model.chances.prior)}
    for part in all_subsets(tuple(subset.split("+")))[1:]:
        name = subset_name(part)
        found[name] = chances_of(shop, shop.ranker.scores([told], name, also=rows), rows, name, hidden, len(told.rows))[0]
    return found


def chances_of(shop: Shop, scores: np.ndarray, rows: Sequence[int], subset: str, hidden: np.ndarray, past: int) -> np.ndarray:
    """(B, N) scores -> (B, K) probabilities of the rows."""
    edge = edges(np.where(hidden, HIDDEN, scores))
    return shop.model.chances.of_products(subset, scores[:, list(rows)], edge[:, None], np.array(past))


def _past_evidence(
    shop: Shop, told: Told, rows: Sequence[int], subset: str, hidden: np.ndarray, whole: np.ndarray
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
    chances = chances_of(shop, shop.ranker.scores(edited, subset, also=rows), rows, subset, hidden, len(told.rows))
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


class Content:
    """How a product's probability changes when its own content is another: by the towers and by what was asked for.

    Counts were solved with the product as it is and stay as they are, so this understates what content does through them.
    """

    def __init__(self, shop: Shop, told: Told, row: int, subset: str, hidden: np.ndarray) -> None:
        self.shop, self.told, self.row, self.subset = shop, told, row, subset
        ranker = shop.ranker
        self.score = ranker.scores([told], subset, also=[row])
        self.edge = edges(np.where(hidden, HIDDEN, self.score))[0]
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


def _field_evidence(
    shop: Shop, told: Told, rows: Sequence[int], subset: str, hidden: np.ndarray, whole: np.ndarray
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
        chances = Content(shop, told, row, subset, hidden).chances(edited)
        words = shop.catalogue.products[row].words
        found.append([
            Evidence("text", {"field": TEXT_FIELDS[number]}, float(chances[-1] - chances[at]), words[TEXT_FIELDS[number]])
            for at, number in enumerate(given)
        ])  # fmt: skip
    return found


def _word_evidence(shop: Shop, told: Told, row: int, subset: str, hidden: np.ndarray, whole: float) -> list[Evidence]:
    """What is lost when one word of a field is taken away: {"field", "span"} in characters of that field."""
    if "text" not in subset.split("+"):
        return []
    texts = shop.catalogue.products[row].words
    pieces = [(number, span) for number, name in enumerate(TEXT_FIELDS) for span in word_spans(texts[name])]
    if not pieces:
        return []
    edited = [texts[TEXT_FIELDS[n]][: span[0]] + texts[TEXT_FIELDS[n]][span[1] :] for n, span in pieces]
    chances = Content(shop, told, row, subset, hidden).chances(_with_texts(shop, row, [n for n, _ in pieces], edited))
    return [
        Evidence("text", {"field": TEXT_FIELDS[n], "span": list(span)}, whole - float(chance), texts[TEXT_FIELDS[n]][slice(*span)])
        for (n, span), chance in zip(pieces, chances, strict=True)
    ]


def _with_texts(shop: Shop, row: int, fields: Sequence[int], texts: Sequence[str]) -> Features:
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


def _patch_evidence(shop: Shop, told: Told, row: int, subset: str, hidden: np.ndarray, whole: float) -> list[Evidence]:
    """What is lost when one patch of the picture is blurred and the picture encoded again."""
    pixels = read_or_none(shop.catalogue.products[row].picture)
    if pixels is None or "image" not in subset.split("+"):
        return []
    encoder = shop.model.encoders.picture
    small = scale(resize(pixels))
    patches = encoder.features_of_input(without_cells(small, blur(small), encoder.cells, [[cell] for cell in range(len(encoder.cells))]))
    chances = Content(shop, told, row, subset, hidden).chances(with_pictures(shop, row, patches.numpy()))
    boxes = patch_boxes((pixels.shape[1], pixels.shape[0]))
    return [
        Evidence("image", {"box": [int(v) for v in box]}, whole - float(chance)) for box, chance in zip(boxes, chances, strict=True)
    ]  # fmt: skip


def patch_pairs(shop: Shop, shopper: Shopper, row: int) -> tuple[PatchPair, ...]:
    """The most alike patches of this product and of the past product (or the shopper's photo) whose picture is most like it."""
    features = shop.ranker.features.image
    pixels = read_or_none(shop.catalogue.products[row].picture)
    order = sorted(shopper.rows, key=lambda other: -float(features[row] @ features[other]))
    candidates: list[tuple[int, np.ndarray | None]] = [(-1, shopper.photo)] if shopper.photo is not None else []
    candidates += [(other, read_or_none(shop.catalogue.products[other].picture)) for other in order[:1]]
    found = []
    for other, theirs in candidates:
        if pixels is None or theirs is None:
            continue
        form = shop.model.projection.look if other < 0 else shop.model.projection.image  # as they are compared
        mine, past = (form(shop.model.encoders.pixels([picture])[0]) for picture in (pixels, theirs))
        likeness = mine @ past.T
        likeness[_bare(pixels)], likeness[:, _bare(theirs)] = -1, -1  # empty ground is alike everywhere and says nothing
        boxes, others = (patch_boxes((picture.shape[1], picture.shape[0])) for picture in (pixels, theirs))
        for _ in range(PAIRS):
            a, b = np.unravel_index(int(likeness.argmax()), likeness.shape)
            if likeness[a, b] <= 0:
                break
            box, their_box = (tuple(int(v) for v in part) for part in (boxes[a], others[b]))
            found.append(PatchPair(box, other, their_box, float(likeness[a, b])))  # type: ignore[arg-type]
            likeness[a], likeness[:, b] = -1, -1
    return tuple(found)


def _bare(pixels: np.ndarray) -> np.ndarray:
    """(49,) bool: patches with nothing on them but an even ground."""
    grey = pixels.mean(axis=2)
    return np.array([grey[y : y + h, x : x + w].std() < PLAIN for x, y, w, h in patch_boxes((pixels.shape[1], pixels.shape[0]))])


def why_not(shop: Shop, shopper: Shopper, told: Told, row: int, subset: str, hidden: np.ndarray, k: int) -> WhyNot:
    """See `Shop.why_not`."""
    product = shop.catalogue.products[row]
    parts = shop.ranker.parts([told], subset)
    scores = np.where(hidden, HIDDEN, np.sum(list(parts.values()), axis=0))
    best = top(scores, k)[0]
    last = int(best[-1])
    rank = 0 if hidden[row] else 1 + int((scores[0] > scores[0, row]).sum())
    own = chances_of(shop, np.sum(list(parts.values()), axis=0), [row], subset, hidden, len(told.rows))[0, 0]
    lacks = {name: float(values[0, row] - values[0, last]) for name, values in parts.items()}
    edits = {} if hidden[row] or rank <= k else _edits(shop, shopper, told, row, subset, hidden)
    gap = float(scores[0, last] - scores[0, row]) if not hidden[row] else 0.0
    said = why_not_reasons(product, row in shopper.rows, rank, k, lacks, edits)
    return WhyNot(row, product.id, product.name, rank, float(own), gap, lacks, edits, tuple(said))


def _edits(shop: Shop, shopper: Shopper, told: Told, row: int, subset: str, hidden: np.ndarray) -> dict[str, int]:
    """What would move a product: a click on the product most like it, a wish in its own words, a modality left out."""
    ranker = shop.ranker
    likeness = ranker.features.image @ ranker.features.image[row] + ranker.words @ ranker.words[row]
    likeness[[row, *shopper.rows]] = -9
    near = int(np.argmax(likeness))
    kind = shop.catalogue.products[row].words["kind"].split(",")[0]
    colour = shop.catalogue.products[row].words["colour"].split(",")[0]
    wish = " ".join(part for part in (colour.lower(), kind.lower()) if part)
    with_near = replace(told, rows=(near, *told.rows), ages=(1, *told.ages))
    tries = {f"if the shopper had bought {shop.catalogue.products[near].name}": (with_near, subset)}
    if wish and "text" in subset:
        tries[f"if the shopper asked for “{wish}”"] = (shop.told(replace(shopper, wish=wish)), subset)
    present = subset.split("+")
    titles = {"image": "looks", "text": "words", "behaviour": "what people buy"}
    for name in MODALITIES:
        if name in present and len(present) > 1:
            tries[f"if {titles[name]} counted for nothing"] = (told, subset_name([m for m in present if m != name]))
    found = {}
    for sentence, (edited, part) in tries.items():
        scores = np.where(hidden, HIDDEN, ranker.scores([edited], part, also=[row]))[0]
        found[sentence] = 1 + int((scores > scores[row]).sum())
    return found


def _explanation(shop: Shop, row: int, values: dict[str, float], subset: str, evidence: list[Evidence], told: Told) -> Explanation:
    present = tuple(subset.split("+"))
    shares = shapley_shares(values, present)
    said = reasons(shop.catalogue, row, values[subset], shares, evidence, told.known)
    together = interaction(values, present) if len(present) > 1 else 0.0
    ordered = tuple(sorted(evidence, key=lambda piece: -abs(piece.score)))
    return Explanation(shop.catalogue.products[row].id, values, values[""], shares, together, ordered, tuple(said))
