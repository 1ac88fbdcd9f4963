"""What a shop answers: a shelf of products, each with its probability and its explanation."""

from __future__ import annotations

from dataclasses import dataclass, field

from mmcore.result import Explanation

__all__ = ["Explanation", "PatchPair", "Shelf", "ShelfItem", "WhyNot"]


@dataclass(frozen=True)
class ShelfItem:
    """One product on the shelf.

    Attributes:
        row: of the catalogue; ``item`` its id.
        rank: 1 for the first.
        score: what it was ranked by.
        probability: calibrated, that a shopper who buys something on the day buys this.
        explanation: None where it was not asked for.
    """

    row: int
    item: str
    name: str
    rank: int
    score: float
    probability: float
    explanation: Explanation | None = None


@dataclass(frozen=True)
class Shelf:
    """The answer for one shopper.

    Attributes:
        subset: the modalities that took part.
        any_probability: calibrated, that at least one product of the shelf is bought.
        known: False where nothing is known of the shopper; ``reasons`` says so.
        tells: whether people are told the probabilities (`Shop.tells`).
        calibration_n: shoppers behind the calibration of this subset.
    """

    items: tuple[ShelfItem, ...]
    subset: str
    any_probability: float
    known: bool
    tells: bool
    reasons: tuple[str, ...] = ()
    calibration_n: int = 0
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class PatchPair:
    """Two patches that look alike: one of a product, one of a past product.

    Attributes:
        box, past_box: [x, y, w, h] in the pixels of each picture.
        past: row of the past product; -1 for the shopper's own photo.
        likeness: cosine of the two patches.
    """

    box: tuple[int, int, int, int]
    past: int
    past_box: tuple[int, int, int, int]
    likeness: float


@dataclass(frozen=True)
class WhyNot:
    """Why a product is not on the shelf.

    Attributes:
        rank: its place among all products, 1 for the first; 0 where it may not be shown.
        gap: score that it lacks to the last product of the shelf, part by part in ``parts`` (part -> difference; below zero holds it back).
        edits: what would move it, up or down: a clause that begins with "if" -> the rank it would have.
    """

    row: int
    item: str
    name: str
    rank: int
    probability: float
    gap: float
    parts: dict[str, float]
    edits: dict[str, int]
    reasons: tuple[str, ...]
