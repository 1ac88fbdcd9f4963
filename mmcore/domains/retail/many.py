"""Shelves of every shopper of a data folder, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.domains.retail.features import Step
from mmcore.domains.retail.model import RetailModel
from mmcore.domains.retail.told import WHOLE
from mmcore.domains.retail.trainer import cache_folder, read

COLUMNS = (
    "case", "model", "version", "error", "items", "probabilities", "any_probability", "subset", "past", "grade", "notice", "licence",
    "calibrated",
)  # fmt: skip
CHUNK = 256


def shelves(model: RetailModel, data: Path, done: Set[str], step: Step) -> Iterator[dict[str, Any]]:
    """One row a shopper who is not ``done``: 20 products, with probabilities that hold where ``calibrated`` is True (`Shop.home`)."""
    catalogue, purchases, _ = read(data)
    shop = model.open(catalogue, purchases, step=step, cache=cache_folder())
    people = {name: one for name, one in purchases.histories().items() if name not in done}
    names = sorted(people)
    for start in range(0, len(names), CHUNK):
        part = names[start : start + CHUNK]
        rows, chances = shop.batch([people[name] for name in part])
        sure = model.chances.of_shelf(WHOLE, chances, np.array([len(people[name].rows) for name in part]))
        for at, name in enumerate(part):
            yield {
                "case": name, "model": model.spec.name, "version": model.version, "items": [catalogue.products[r].id for r in rows[at]],
                "probabilities": [round(float(p), 6) for p in chances[at]], "any_probability": round(float(sure[at]), 6),
                "subset": WHOLE, "past": len(people[name].rows), "grade": model.spec.grade, "notice": model.spec.notice,
                "licence": model.spec.licence, "calibrated": shop.home,
            }  # fmt: skip
        step("shelves", start + len(part), len(names))
