"""Figures of a ranking as the contract states them: recall@20 and the like, plain, STRICT and cold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmcore.domains.retail.catalogue import Shopper
from mmcore.domains.retail.features import unit
from mmcore.evaluation.bootstrap import draw_rows

AT = 20
DRAWS = 1000
FEWEST_COLD = 50


@dataclass(frozen=True)
class Judged:
    """One shopper of the test day.

    Attributes:
        past: rows bought before: no candidates, and no truth.
        truth, strict, cold: rows bought on the day; those of garments not bought before in any colour; those nobody had bought.
    """

    name: str
    past: frozenset[int]
    truth: frozenset[int]
    strict: frozenset[int]
    cold: frozenset[int]


def judged(truth: Mapping[str, set[int]], past: Mapping[str, Shopper], groups: np.ndarray, count: np.ndarray) -> list[Judged]:
    """The shoppers with a product left to find, in the order of ``truth``.

    Args:
        groups: (N,) garment of each product.
        count: (N,) purchases before the test day.
    """
    found = []
    for name, bought in truth.items():
        before = frozenset(past[name].rows) if name in past else frozenset()
        left = frozenset(bought) - before
        if left:
            garments = {int(groups[row]) for row in before}
            strict = frozenset(row for row in left if int(groups[row]) not in garments)
            found.append(Judged(name, before, left, strict, frozenset(row for row in left if count[row] == 0)))
    return found


def recalls(shelves: Sequence[Sequence[int]], truths: Sequence[frozenset[int]]) -> np.ndarray:
    """(B,) hits over the truth's size; NaN where the truth is empty."""
    pairs = zip(shelves, truths, strict=True)
    return np.array([len(truth.intersection(shelf)) / len(truth) if truth else np.nan for shelf, truth in pairs])


def ndcgs(shelves: Sequence[Sequence[int]], truths: Sequence[frozenset[int]]) -> np.ndarray:
    """(B,) normalised discounted cumulative gain of the shelf; NaN where the truth is empty."""
    discount = 1 / np.log2(np.arange(2, AT + 2))
    found = []
    for shelf, truth in zip(shelves, truths, strict=True):
        gain = sum(discount[place] for place, row in enumerate(shelf) if row in truth)
        found.append(gain / discount[: min(AT, len(truth))].sum() if truth else np.nan)
    return np.array(found)


def figures(shelves: Sequence[Sequence[int]], people: Sequence[Judged], words: np.ndarray, products: int, seed: int) -> dict[str, Any]:
    """One subset's figures.

    Args:
        words: (N, D) text vectors, rows of unit length or zero.
    """
    out = _accuracy(shelves, [one.truth for one in people], seed)
    out["strict"] = _accuracy(shelves, [one.strict for one in people], seed)
    cold = _accuracy(shelves, [one.cold for one in people], seed)
    out["cold"] = cold if cold["users"] >= FEWEST_COLD else None
    out["diversity@20"] = float(np.mean([diversity(words[list(shelf)]) for shelf in shelves])) if shelves else None
    out["catalogue_coverage@20"] = len({row for shelf in shelves for row in shelf}) / products
    return out


def _accuracy(shelves: Sequence[Sequence[int]], truths: Sequence[frozenset[int]], seed: int) -> dict[str, Any]:
    """recall@20 and ndcg@20 over those with a truth, each with a 95 % bootstrap interval over shoppers."""
    kept = [at for at, truth in enumerate(truths) if truth]
    shelves, truths = [shelves[at] for at in kept], [truths[at] for at in kept]
    out: dict[str, Any] = {"users": len(kept)}
    for name, values in (("recall@20", recalls(shelves, truths)), ("ndcg@20", ndcgs(shelves, truths))):
        out[name] = float(values.mean()) if len(values) else None
        out[f"{name}_ci"] = interval(values, seed) if len(values) else None
    return out


def interval(values: np.ndarray, seed: int) -> list[float]:
    """95 % bootstrap interval of a mean over shoppers, or of paired differences."""
    draws = draw_rows(np.arange(len(values)), DRAWS, seed)
    return [float(v) for v in np.percentile([values[at].mean() for at in draws], [2.5, 97.5])]


def diversity(vectors: np.ndarray) -> float:
    """Mean pairwise 1 - cosine of (K, D) vectors."""
    if len(vectors) < 2:
        return 0.0
    vectors = unit(vectors)
    likeness = vectors @ vectors.T
    count = len(vectors)
    return float(1 - (likeness.sum() - np.trace(likeness)) / (count * (count - 1)))
