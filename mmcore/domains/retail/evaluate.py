"""``evaluate`` of a ranking model: what it foretells of a day that it has not seen, for every subset of its modalities."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.domains.retail import week
from mmcore.domains.retail.accuracy import Judged, figures, judged
from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.chances import SHELF, edges
from mmcore.domains.retail.faithful import faithfulness
from mmcore.domains.retail.features import Step
from mmcore.domains.retail.model import RetailModel
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.shop import Shop
from mmcore.domains.retail.told import SUBSETS, Told
from mmcore.domains.retail.trainer import cache_folder, read
from mmcore.domains.retail.trust import trust
from mmcore.domains.retail.weights import basket_hashes, seen
from mmcore.errors import InputError
from mmcore.evaluation.jsonable import jsonable

CHUNK = 256
LIMIT = 20


def evaluate(
    model: RetailModel, data: Path, *, limit: int | None, seed: int, predictions: Path | None, progress: Step
) -> dict[str, Any]:
    """The contract's document. Counts and neighbours come from DIR's items and interactions with settings fixed beforehand."""
    started = time.perf_counter()
    catalogue, purchases, _ = read(data)
    names, truth = week.read_truth(data, catalogue)
    shop = model.open(catalogue, purchases, step=progress, cache=cache_folder())
    past = purchases.histories(names)
    people = judged(truth, past, catalogue.groups, shop.ranker.count) if truth is not None else [_unjudged(n, past) for n in names]
    if not people:
        raise InputError(f"{week.TEST} has no shopper with a product left to foretell", "Give a day on which something new was bought")
    told = [Told(past[one.name].rows, past[one.name].days) if one.name in past else Told() for one in people]
    subsets, trusted, lines = {}, {}, []
    for number, subset in enumerate(SUBSETS):
        shelves, chances = rank(shop, told, people, subset)
        lines += [
            {"case": one.name, "subset": subset, "top20": [catalogue.products[row].id for row in shelf]}
            for one, shelf in zip(people, shelves, strict=True)
        ]
        if truth is not None:
            subsets[subset] = figures(shelves, people, shop.ranker.words, len(catalogue), seed)
            trusted[subset] = trust(model.chances, subset, shelves, chances, people)
        progress("subsets", number + 1, len(SUBSETS))
    if predictions:
        predictions.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    cases = LIMIT if limit is None else limit
    shoppers = [past[one.name] for one in people if one.name in past]
    explanation = faithfulness(shop, shoppers, cases, seed, progress) if truth is not None else {}
    count = _seen(model, data) if truth is not None else None
    notes = [f"{count} of the test day's baskets were in training: these figures are no test"] if count else []
    bare = len(catalogue) - int(shop.raw.has_image.sum())
    notes += [f"{bare} of {len(catalogue)} products have no picture that can be read: they are ranked by their words alone"] if bare else []
    return jsonable({
        "model": model.spec.name, "n": len(people), "subjects": len(people), "fusion": "two towers", "seen_in_training": count,
        "products": len(catalogue), "subsets": subsets, "confidence": trusted, "explanation": explanation, "notes": notes,
        "seconds": time.perf_counter() - started,
    })  # fmt: skip


def rank(shop: Shop, told: list[Told], people: list[Judged], subset: str) -> tuple[list[list[int]], np.ndarray]:
    """Shelves of 20 rows and (B, 20) probabilities; products bought before are no candidates."""
    shelves: list[list[int]] = []
    chances = []
    for start in range(0, len(told), CHUNK):
        values = shop.ranker.scores(told[start : start + CHUNK], subset)
        for at, one in enumerate(people[start : start + CHUNK]):
            values[at, list(one.past)] = HIDDEN
        rows = top(values, SHELF)
        chosen = np.take_along_axis(values, rows, axis=1)
        past = np.array([len(one.past) for one in people[start : start + CHUNK]])[:, None]
        shelves += rows.tolist()
        chances.append(shop.model.chances.of_products(subset, chosen, edges(values)[:, None], past))
    return shelves, np.concatenate(chances)


def _unjudged(name: str, past: dict[str, Shopper]) -> Judged:
    before = frozenset(past[name].rows) if name in past else frozenset()
    return Judged(name, before, frozenset(), frozenset(), frozenset())


def _seen(model: RetailModel, data: Path) -> int | None:
    """Baskets of the test day that were in training."""
    table = week.read_table(data / week.TEST, ("user_id",), text=("user_id", "item_id"))
    if "date" not in table:
        return None
    return seen(model.folder, basket_hashes((str(day), items["item_id"]) for (_, day), items in table.groupby(["user_id", "date"])))


