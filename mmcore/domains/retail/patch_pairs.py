"""Which patches of two products' pictures are alike: drawn as pairs beside a suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmcore.domains.retail.catalogue import Shopper, read_or_none
from mmcore.domains.retail.shelf import PatchPair
from mmcore.encoders.efficientnet import patch_boxes

if TYPE_CHECKING:
    from mmcore.domains.retail.shop import Shop

PAIRS = 5
PLAIN = 6.0
"""Deviation of grey values in 0..255 below which a patch is empty ground."""


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
