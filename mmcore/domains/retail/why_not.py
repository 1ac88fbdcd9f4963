"""Why a product that the user names is not on the shelf, and what would move it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.content import chances_of
from mmcore.domains.retail.ranker import factor
from mmcore.domains.retail.reasons import why_not_reasons
from mmcore.domains.retail.shelf import WhyNot
from mmcore.domains.retail.told import MODALITIES, Told
from mmcore.tokens import subset_name

if TYPE_CHECKING:
    from mmcore.domains.retail.shop import Shop


def why_not(shop: Shop, shopper: Shopper, row: int, subset: str, k: int, options: Mapping[str, Any]) -> WhyNot:
    """See `Shop.why_not`; ``options`` of `Shop.shelf`."""
    product, told, bought = shop.catalogue.products[row], shop.told(shopper), shop.bought(shopper)
    hidden = shop.hidden(bought, options["allowed"], options["hide"])
    shelf = [] if hidden.all() else [item.row for item in shop.shelf(shopper, k, **options, explain=False).items]
    barred = "bought" if bought[row] else "hidden" if row in options["hide"] else "filtered" if hidden[row] else ""
    parts = shop.ranker.parts([told], subset)
    scores = np.sum(list(parts.values()), axis=0)
    own = chances_of(shop, scores, [row], subset, bought, len(told.rows))[0, 0]
    weighed = {name: factor(name, options["blend"]) * values[0] for name, values in parts.items()}
    whole = np.sum(list(weighed.values()), axis=0)
    ranked = shop.ordered(whole[None], hidden, options["less"], told.rows, subset)
    if options["less"]:
        weighed["less"] = np.where(hidden, 0, ranked - whole)
    lacks = {name: float(values[row] - values[shelf[-1]]) for name, values in weighed.items()} if shelf else {}
    rank, edits = 0, dict[str, int]()
    if row in shelf:
        rank = 1 + shelf.index(row)
    elif not barred:
        rank = 1 + int((ranked > ranked[row]).sum())
        rank = rank if options["diversity"] > 0 else max(rank, len(shelf) + 1)
        edits = _edits(shop, shopper, told, row, subset, hidden, options)
    gap = 0.0 if barred else float(ranked[shelf[-1]] - ranked[row])
    said = why_not_reasons(product, barred, rank, row in shelf, k, lacks, edits)
    return WhyNot(row, product.id, product.name, rank, float(own), gap, lacks, edits, tuple(said))


def _edits(
    shop: Shop, shopper: Shopper, told: Told, row: int, subset: str, hidden: np.ndarray, options: Mapping[str, Any]
) -> dict[str, int]:  # fmt: skip
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
        scores = ranker.scores([edited], part, options["blend"], also=[row])
        ranked = shop.ordered(scores, hidden, options["less"], edited.rows, part)
        found[sentence] = 1 + int((ranked > ranked[row]).sum())
    return found
