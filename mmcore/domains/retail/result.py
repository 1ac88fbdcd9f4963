"""``analyze`` of a ranking model: the contract's Result, the shelf as its predictions."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from mmcore.domains.retail.case import ShopperCase
from mmcore.domains.retail.cautions import ELSEWHERE
from mmcore.domains.retail.chances import SHELF
from mmcore.domains.retail.model import RetailModel
from mmcore.domains.retail.shelf import ShelfItem
from mmcore.domains.retail.shop import Shop
from mmcore.domains.retail.trainer import cache_folder
from mmcore.result import Explanation

_open: dict[tuple[str, str, int], Shop] = {}


def analyze(model: RetailModel, case: ShopperCase, without: tuple[str, ...], *, read_ms: float, target: str | None) -> dict[str, Any]:
    """The document of one shopper; ``target`` names a product of the catalogue that is explained instead of the shelf's first."""
    shop = opened(model, case)
    shelf = shop.shelf(case.shopper, SHELF, without=without)
    chosen = target or shelf.items[0].item
    deep, pairs = shop.explain(case.shopper, chosen, without=without)
    predictions = [_prediction(item) for item in shelf.items]
    present = shelf.subset.split("+")
    return {
        "model": model.spec.name, "version": model.version, "title": case.title,
        "case": hashlib.sha256(f"{case.catalogue.digest}{case.shopper.sha256}".encode()).hexdigest(),
        "grade": model.spec.grade, "notice": model.spec.notice, "licence": model.spec.licence, "generated": case.generated,
        "inputs": {name: {"present": name in present, "warnings": list(case.warnings[name])} for name in model.spec.modalities},
        "predictions": predictions,
        "confidence": {
            "level": None, "set": [item.item for item in shelf.items], "abstain": not shelf.known,
            "reasons": [*shelf.reasons, *([] if shop.home else [ELSEWHERE])], "calibrated": shelf.tells and shop.home,
            "subset": shelf.subset, "calibration_n": shelf.calibration_n, "any_probability": shelf.any_probability,
        },
        "explanation": {**_explanation(deep), "pairs": [asdict(pair) | {"past": _name(case, pair.past)} for pair in pairs]},
        "timings_ms": {"read": round(read_ms, 2), **shelf.timings_ms},
    }  # fmt: skip


def opened(model: RetailModel, case: ShopperCase) -> Shop:
    """The shop of this catalogue, kept for the next case."""
    key = (model.version, case.catalogue.digest, len(case.purchases))
    if key not in _open:
        _open.clear()
        _open[key] = model.open(case.catalogue, case.purchases, cache=cache_folder())
    return _open[key]


def _name(case: ShopperCase, row: int) -> str:
    return "photo" if row < 0 else case.catalogue.products[row].id


def _prediction(item: ShelfItem) -> dict[str, Any]:
    assert item.explanation is not None
    told = {"item": item.item, "label": item.item, "name": item.name, "probability": item.probability}
    return {**told, "explanation": _explanation(item.explanation)}


def _explanation(explanation: Explanation) -> dict[str, Any]:
    document = asdict(explanation)
    document.pop("edits")
    for piece in document["evidence"]:
        if piece["value"] is None:
            piece.pop("value")
    return document
