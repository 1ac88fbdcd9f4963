"""``compare --protocol scale``: what ranking and training cost as a catalogue grows, on copies of the data with noise: generated."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from mmcore.domains.retail.catalogue import Purchases
from mmcore.domains.retail.features import Features, Step, unit
from mmcore.domains.retail.fit import fit_towers
from mmcore.domains.retail.index import NearIndex, nearest
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.scores import top
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.told import WHOLE, Told
from mmcore.domains.retail.towers import Towers

SIZES = (50_000, 100_000)
VECTORS, DIM, KINDS, SPREAD = 1_000_000, 96, 2000, 0.7
QUERIES, SHOPPERS, AT = 200, 30, 20
NOISE = 0.3


def scale(
    features: Features, purchases: Purchases, towers: Towers, settings: RankingSettings, device: torch.device, step: Step,
    sizes: tuple[int, ...] = SIZES, vectors: int = VECTORS,
) -> dict[str, Any]:  # fmt: skip
    """Milliseconds a shopper for exact search, recall and milliseconds of the index, seconds of training at one and ten times the data."""
    exact = {}
    for number, size in enumerate(sizes):
        grown = grow(features, purchases, -(-size // len(features.image)), size)
        exact[size] = one_shopper(Ranker(towers, *grown, settings, device))
        step("exact search", number + 1, len(sizes))
    found = approximate(vectors, step)
    once = replace(settings, towers=replace(settings.towers, epochs=1))
    seconds = {}
    for times in (1, 10):
        seconds[times] = fit_towers(*grow(features, purchases, times, times * len(features.image)), once, 0, device, step)[1]
    return {
        "exact": {str(size): value for size, value in exact.items()}, "approximate": found,
        "epoch_s": {str(times): value for times, value in seconds.items()}, "threads": torch.get_num_threads(),
    }  # fmt: skip


def grow(features: Features, purchases: Purchases, times: int, size: int) -> tuple[Features, Purchases]:
    """Copies of every product with noise, each bought by a copy of the shoppers; the first ``size`` products."""
    rng = np.random.default_rng(0)
    count = len(features.image)

    def noisy(values: np.ndarray) -> np.ndarray:
        there = np.any(values, axis=-1, keepdims=True)
        noise = rng.normal(scale=NOISE / np.sqrt(values.shape[-1]), size=values.shape).astype(np.float32)
        return (unit(values + noise) * there).astype(np.float32)

    image, look, text = (
        np.concatenate([part, *(noisy(part) for _ in range(times - 1))])[:size] for part in (features.image, features.look, features.text)
    )
    shoppers = np.concatenate([np.char.add(purchases.shoppers.astype(str), f"/{number}") for number in range(times)])
    rows = np.concatenate([purchases.rows + number * count for number in range(times)])
    kept = rows < size
    return Features(image, look, text), Purchases(shoppers[kept].astype(object), rows[kept], np.tile(purchases.days, times)[kept])


def one_shopper(ranker: Ranker) -> dict[str, float]:
    """Median and 95th percentile of the milliseconds from a shopper's past to the best 20, all modalities, counts already solved."""
    rng = np.random.default_rng(0)
    told = [Told(tuple(rng.integers(0, len(ranker), 5).tolist()), (1,) * 5) for _ in range(SHOPPERS)]
    spent = _timed([lambda one=one: top(ranker.scores([one], WHOLE), AT) for one in (told[0], *told)])[1:]  # type: ignore[misc]
    return {"median_ms": float(np.median(spent)), "p95_ms": float(np.percentile(spent, 95))}


def approximate(count: int, step: Step) -> dict[str, float]:
    """The index on generated vectors in kinds, as those of garments lie, against comparing all."""
    rng = np.random.default_rng(0)
    kinds = rng.normal(size=(KINDS, DIM)).astype(np.float32)

    def drawn(size: int) -> np.ndarray:
        return unit(kinds[rng.integers(0, KINDS, size)] + np.float32(SPREAD) * rng.normal(size=(size, DIM)).astype(np.float32))

    vectors, queries = drawn(count), drawn(QUERIES)
    started = time.perf_counter()
    index = NearIndex(vectors)
    built = time.perf_counter() - started
    step("approximate index", 1, 2)
    truth = [nearest(vectors, query, AT) for query in queries]
    index.near(queries[0], AT)
    found: list[np.ndarray] = []
    spent = _timed([lambda query=query: found.append(index.near(query, AT)) for query in queries])  # type: ignore[misc]
    compared = _timed([lambda query=query: nearest(vectors, query, AT) for query in queries[:20]])  # type: ignore[misc]
    step("approximate index", 2, 2)
    shares = [len(set(a.tolist()) & set(b.tolist())) / AT for a, b in zip(found, truth, strict=True)]
    return {
        "vectors": count, "recall@20": float(np.mean(shares)), "median_ms": float(np.median(spent)),
        "p95_ms": float(np.percentile(spent, 95)), "exact_ms": float(np.median(compared)), "build_s": built,
    }  # fmt: skip


def _timed(works: list[Callable[[], Any]]) -> list[float]:
    """Milliseconds of each."""
    spent = []
    for work in works:
        started = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - started))
    return spent
