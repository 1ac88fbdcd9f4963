"""Why a product that the user names is not on the shelf, and what would move it up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.content import chances_of
from mmcore.domains.retail.reasons import why_not_reasons
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.shelf import WhyNot
from mmcore.domains.retail.told import MODALITIES, Told
from mmcore.tokens import subset_name

if TYPE_CHECKING:
    from mmcore.domains.retail.shop import Shop


def why_not(shop: Shop, shopper: Shopper, told: Told, row: int, subset: str, bought: np.ndarray, k: int) -> WhyNot:
    """See `Shop.why_not`."""
    product = shop.catalogue.products[row]
    parts = shop.ranker.parts([told], subset)
    scores = np.where(bought, HIDDEN, np.sum(list(parts.values()), axis=0))
    best = top(scores, k)[0]
    last = int(best[-1])
    rank = 0 if bought[row] else 1 + int((scores[0] > scores[0, row]).sum())
    own = chances_of(shop, np.sum(list(parts.values()), axis=0), [row], subset, bought, len(told.rows))[0, 0]
    lacks = {name: float(values[0, row] - values[0, last]) for name, values in parts.items()}
    edits = {} if bought[row] or rank <= k else _edits(shop, shopper, told, row, subset, bought)
    gap = float(scores[0, last] - scores[0, row]) if not bought[row] else 0.0
    said = why_not_reasons(product, row in shopper.rows, rank, k, lacks, edits)
    return WhyNot(row, product.id, product.name, rank, float(own), gap, lacks, edits, tuple(said))


def _edits(shop: Shop, shopper: Shopper, told: Told, row: int, subset: str, bought: np.ndarray) -> dict[str, int]:
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
        scores = np.where(bought, HIDDEN, ranker.scores([edited], part, also=[row]))[0]
        found[sentence] = 1 + int((scores > scores[row]).sum())
    return found
