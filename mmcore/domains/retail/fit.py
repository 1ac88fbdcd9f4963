"""Training the towers: from what a shopper had bought, the next day's purchases; sampled softmax, corrected for how products are drawn.

The correction is that of Yi et al. 2019: products bought in the same batch serve as negatives too, and so are drawn the more often the more
they are bought; the logarithm of that chance is taken off their logits.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch.nn import functional as F

from mmcore.domains.retail.catalogue import Purchases
from mmcore.domains.retail.counts import popularity
from mmcore.domains.retail.features import Features, Step, silent
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.towers import Towers
from mmcore.fusion.interface import NO_LOGIT

CROSS_DAY = 0.5
"""Share of examples that go from one day to a later one; the rest leave products of a basket out."""


@dataclass(frozen=True)
class Batch:
    """(B, T) past rows, mask and ages; (K,) shopper number, row and weight of each purchase to foretell."""

    past: np.ndarray
    mask: np.ndarray
    age: np.ndarray
    owner: np.ndarray
    target: np.ndarray
    weight: np.ndarray


def fit_towers(
    features: Features, purchases: Purchases, settings: RankingSettings, seed: int, device: torch.device, step: Step = silent
) -> tuple[Towers, float]:
    """Trained towers in evaluation mode, and the seconds it took."""
    started = time.perf_counter()
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    chosen = settings.towers
    towers = Towers(chosen).to(device)
    image, text = torch.from_numpy(features.image).to(device), torch.from_numpy(features.text).to(device)
    there = torch.from_numpy(features.has).to(device)
    popular = torch.from_numpy(popularity(purchases, len(image), 2 * settings.counts.half_life)).float().to(device)
    share = np.bincount(purchases.rows, minlength=len(image)) / max(1, len(purchases))
    baskets = _baskets(purchases)
    steps = max(1, chosen.epochs * -(-len(baskets) // chosen.batch))
    optimiser = torch.optim.AdamW(towers.parameters(), lr=chosen.rate, weight_decay=chosen.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, chosen.rate, total_steps=steps + 1, pct_start=0.1)
    done = 0
    for _ in range(chosen.epochs):
        for batch in _batches(baskets, chosen.batch, chosen.past, rng):
            loss = _loss(towers, batch, image, text, there, popular, share, rng)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            done += 1
            step("towers", done, steps)
    return towers.eval(), time.perf_counter() - started


def _loss(
    towers: Towers, batch: Batch, image: torch.Tensor, text: torch.Tensor, there: torch.Tensor, popular: torch.Tensor, share: np.ndarray,
    rng: np.random.Generator,
) -> torch.Tensor:  # fmt: skip
    chosen, device = towers.settings, image.device
    drawn = rng.choice(len(image), min(chosen.negatives, len(image)), replace=False)
    rows = np.unique(np.concatenate([batch.target, drawn]))
    hidden = _hide(chosen.hide, rng)
    at = torch.from_numpy(rows).to(device)
    keep = there[at] & torch.tensor(hidden, device=device)
    products = towers.products(image[at], text[at], keep)
    past = torch.from_numpy(batch.past).to(device)
    distinct, where = torch.unique(past, return_inverse=True)
    shown = _show(len(distinct), chosen.hide_past, hidden, rng)
    before = towers.past(image[distinct], text[distinct], there[distinct] & torch.from_numpy(shown).to(device))[where]
    shopper = towers.shoppers(before, torch.from_numpy(batch.mask).to(device), torch.from_numpy(batch.age).to(device))
    chance = 1 - (1 - len(drawn) / len(image)) * (1 - share[rows]) ** len(batch.target)
    logits = shopper @ products.T * towers.scale.exp() + towers.popularity * popular[at]
    logits = logits - torch.from_numpy(np.log(chance)).float().to(device)
    number = {row: place for place, row in enumerate(rows.tolist())}
    own = [(b, number[row]) for b, t in zip(*np.nonzero(batch.mask), strict=True) if (row := int(batch.past[b, t])) in number]
    if own:
        b, p = (torch.tensor(part, device=device) for part in zip(*own, strict=True))
        logits = logits.index_put((b, p), torch.full((len(own),), NO_LOGIT, device=device))
    target = torch.tensor([number[row] for row in batch.target.tolist()], device=device)
    losses = F.cross_entropy(logits[torch.from_numpy(batch.owner).to(device)], target, reduction="none")
    weight = torch.from_numpy(batch.weight).float().to(device)
    return (losses * weight).sum() / weight.sum()


def _hide(share: float, rng: np.random.Generator) -> list[bool]:
    """[image, text]: which modalities this step shows, on both sides."""
    drawn = rng.random()
    return [drawn >= share / 2, not share / 2 <= drawn < share]


def _show(count: int, share: float, hidden: list[bool], rng: np.random.Generator) -> np.ndarray:
    """(K, 2) bool: a few of the past products by one modality alone."""
    shown = np.tile(hidden, (count, 1))
    if all(hidden):
        alone = np.flatnonzero(rng.random(count) < share)
        shown[alone, rng.integers(0, 2, len(alone))] = False
    return shown


def _baskets(purchases: Purchases) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows and days of each shopper with at least two different purchases."""
    order = np.lexsort((purchases.rows, purchases.days, purchases.shoppers.astype(str)))
    names, rows, days = purchases.shoppers.astype(str)[order], purchases.rows[order], purchases.days[order]
    if not len(names):
        return []
    edges = np.r_[0, np.flatnonzero(names[1:] != names[:-1]) + 1, len(names)]
    found = []
    for start, end in pairwise(edges.tolist()):
        _, first = np.unique(rows[start:end], return_index=True)
        if len(first) > 1:
            found.append((rows[start:end][first], days[start:end][first]))
    return found


def _batches(baskets: list[tuple[np.ndarray, np.ndarray]], size: int, longest: int, rng: np.random.Generator) -> Iterator[Batch]:
    order = rng.permutation(len(baskets))
    for start in range(0, len(order), size):
        examples = [_example(rows, days, longest, rng) for rows, days in (baskets[at] for at in order[start : start + size])]
        past, mask, age = (np.zeros((len(examples), longest), kind) for kind in (int, bool, int))
        for row, (before, ages, _) in enumerate(examples):
            past[row, : len(before)], mask[row, : len(before)], age[row, : len(before)] = before, True, ages
        targets = [after for _, _, after in examples]
        yield Batch(
            past,
            mask,
            age,
            np.repeat(np.arange(len(examples)), [len(t) for t in targets]),
            np.concatenate(targets),
            np.concatenate([np.full(len(t), len(t) ** -0.5) for t in targets]),
        )


def _example(rows: np.ndarray, days: np.ndarray, longest: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Past rows, their ages and the rows to foretell, of one shopper; never a row on both sides."""
    distinct = np.unique(days)
    if len(distinct) > 1 and rng.random() < CROSS_DAY:
        today = rng.choice(distinct[1:])
        before, after = np.flatnonzero(days < today), np.flatnonzero(days == today)
    else:
        most = max(1, min(2, len(rows) // 2))
        mixed, cut = rng.permutation(len(rows)), rng.integers(1, most + 1)
        after, before = mixed[:cut], mixed[cut:]
        today = days[before].max() + 1
    if len(before) > longest:
        before = rng.permutation(before)[:longest]
    return rows[before], np.clip(today - days[before], 1, None), rows[after]
