"""What is told of a shopper, and the modalities of which any subset may be there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmcore.tokens import all_subsets, subset_name

MODALITIES = ("image", "text", "behaviour")
SUBSETS = tuple(subset_name(subset) for subset in all_subsets(MODALITIES)[1:])
WHOLE = subset_name(MODALITIES)


@dataclass(frozen=True)
class Told:
    """A shopper as the ranker reads one: past rows with ages, and what was asked for in features.

    Attributes:
        wish: (K, F, 128) sentence vectors of wishes, or one field's direction (`asked.Values`), with (K,) weights, below zero for what is
            unwanted.
        photo: (256,) look of a photo, or None; ``described``: (F, 128) what it foretells of the text, with it.
        asked: whether anything was typed, reviewed or shown in a photo.
    """

    rows: tuple[int, ...] = ()
    ages: tuple[int, ...] = ()
    wish: np.ndarray | None = None
    weights: np.ndarray | None = None
    photo: np.ndarray | None = None
    described: np.ndarray | None = None
    asked: bool = False

    @property
    def known(self) -> bool:
        return bool(self.rows) or self.wish is not None or self.photo is not None
