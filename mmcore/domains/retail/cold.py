"""``compare --protocol cold``: garments whose every purchase is hidden, among themselves and in the full catalogue, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from mmcore.domains.retail.accuracy import AT, Judged, interval, judged, recalls
from mmcore.domains.retail.catalogue import Catalogue, Purchases
from mmcore.domains.retail.features import Features, Step
from mmcore.domains.retail.fit import fit_towers
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.told import WHOLE, Told

SHARE = 0.15
EXTRA = (0.5, 1.0, 1.5, 2.0)
"""What is added to `LaunchSettings.start` for the table of what showing more new products costs."""
WARM, WARM_ALONE = "warm STRICT with cold products shown", "warm STRICT without them"


def cold_launch(
    catalogue: Catalogue, purchases: Purchases, truth: dict[str, set[int]], features: Features, settings: RankingSettings, seeds: int,
    device: torch.device, step: Step,
) -> dict[str, Any]:  # fmt: skip
    """Recall@20 of hidden garments and of the others, mean over the draws; what is lost of the others' is a ratio of means."""
    runs = [_run(catalogue, purchases, truth, features, settings, seed, device, step) for seed in range(seeds)]
    names = list(runs[0][1])
    people = sorted({name for who, _ in runs for name in who})
    values = {name: _by_shopper(people, [(who, found[name]) for who, found in runs]) for name in names}
    found = {name: float(np.nanmean(values[name])) for name in names}
    spans = {name: interval(values[name][~np.isnan(values[name])], 0) for name in names}
    lost, span = _lost(values[WARM], values[WARM_ALONE])
    more = [
        {
            "start": settings.launch.start + extra, "full": float(np.nanmean(values[f"full +{extra}"])),
            "lost": _lost(values[f"warm +{extra}"], values[WARM_ALONE])[0], "all": float(np.nanmean(values[f"all +{extra}"])),
        }
        for extra in (0.0, *EXTRA)
    ]  # fmt: skip
    shown = [name for name in names if "+" not in name]
    return {
        "cold": {name: found[name] for name in shown} | {"warm STRICT lost": lost},
        "cold_ci": {name: spans[name] for name in shown} | {"warm STRICT lost": span},
        "more": more, "seeds": seeds, "users": float(np.mean([np.sum(~np.isnan(f["in the full catalogue"])) for _, f in runs])),
    }  # fmt: skip


def _run(
    catalogue: Catalogue, purchases: Purchases, truth: dict[str, set[int]], features: Features, settings: RankingSettings, seed: int,
    device: torch.device, step: Step,
) -> tuple[list[str], dict[str, np.ndarray]]:  # fmt: skip
    """One draw: the shoppers, and each figure of each of them (NaN where there is nothing to find)."""
    garments = np.unique(catalogue.groups)
    drawn = np.random.default_rng(seed).permutation(garments)[: round(SHARE * len(garments))]
    cold = np.isin(catalogue.groups, drawn)
    seen = purchases.select(~cold[purchases.rows])
    towers, _ = fit_towers(features, seen, settings, seed, device, step)
    ranker = Ranker(towers, features, seen, settings, device)
    past = seen.histories(list(truth), today=purchases.next_day)
    people = [one for one in judged(truth, past, catalogue.groups, ranker.count) if one.past]
    told = [Told(past[one.name].rows, past[one.name].days) for one in people]
    hidden = frozenset(np.flatnonzero(cold).tolist())
    new, warm = [one.truth & hidden for one in people], [one.strict - hidden for one in people]
    scores, found = ranker.scores(told, WHOLE), {}
    rows = ranker.foretold(True, True)
    popular = np.zeros(len(catalogue), np.float32)
    popular[rows.rows] = rows.popularity
    among = {
        "model": scores, "content alone": ranker.scores(told, "image+text"), "popularity foretold": np.repeat(popular[None], len(told), 0),
        "random": np.random.default_rng(seed).random(scores.shape).astype(np.float32),
    }  # fmt: skip
    for name, values in among.items():
        found[f"among themselves, {name}"] = _recall(np.where(cold, values, HIDDEN), people, new)
    found["in the full catalogue"], found[WARM] = _recall(scores, people, new), _recall(scores, people, warm)
    found[WARM_ALONE] = _recall(np.where(cold, HIDDEN, scores), people, warm)
    found["everything, with cold products shown"] = _recall(scores, people, [one.truth for one in people])
    for extra in (0.0, *EXTRA):
        lifted = scores + np.float32(extra) * cold
        found[f"full +{extra}"], found[f"warm +{extra}"] = _recall(lifted, people, new), _recall(lifted, people, warm)
        found[f"all +{extra}"] = _recall(lifted, people, [one.truth for one in people])
    return [one.name for one in people], found


def _recall(scores: np.ndarray, people: Sequence[Judged], truths: Sequence[frozenset[int]]) -> np.ndarray:
    shown = np.array(scores, dtype=np.float32)
    for at, one in enumerate(people):
        shown[at, list(one.past)] = HIDDEN
    return recalls(top(shown, AT).tolist(), truths)


def _by_shopper(people: Sequence[str], runs: Sequence[tuple[list[str], np.ndarray]]) -> np.ndarray:
    """(P,) mean of a figure over the draws in which the shopper has it; NaN where there is none."""
    held: dict[str, list[float]] = {name: [] for name in people}
    for who, values in runs:
        for name, value in zip(who, values, strict=True):
            if not np.isnan(value):
                held[name].append(float(value))
    return np.array([np.mean(values) if values else np.nan for values in held.values()])


def _lost(shown: np.ndarray, alone: np.ndarray) -> tuple[float, list[float]]:
    """Share of the recall that is lost, with its paired 95 % interval over shoppers."""
    there = ~np.isnan(shown) & ~np.isnan(alone)
    a, b = shown[there], alone[there]
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, len(a), len(a)) for _ in range(1000)]
    ends = np.percentile([1 - a[at].mean() / max(b[at].mean(), 1e-9) for at in draws], [2.5, 97.5])
    return float(1 - a.mean() / max(b.mean(), 1e-9)), [float(end) for end in ends]
