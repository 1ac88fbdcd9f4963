"""``compare --protocol cold``: garments whose every purchase is hidden, among themselves and in the full catalogue, and what that costs.

The same once more for products drawn one by one, so that other colours of a hidden garment may be known: an easier task.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from mmcore.domains.retail.accuracy import AT, Judged, interval, judged, recalls
from mmcore.domains.retail.catalogue import Catalogue, Purchases
from mmcore.domains.retail.counts import popularity
from mmcore.domains.retail.features import Features, Step
from mmcore.domains.retail.fit import fit_towers
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.scores import HIDDEN, of_bought, top
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.told import WHOLE, Told

SHARE = 0.15
EXTRA = (0.5, 1.0, 1.5, 2.0)
"""What is added to `LaunchSettings.start` for the table of what showing more new products costs."""
PLACES = (1, 2, 3, 5, 8)
"""Places of the shelf that are kept for new products, in the table of what that would bring."""
WARM, WARM_ALONE, LOST = "warm STRICT with cold products shown", "warm STRICT without them", "warm STRICT lost"


def cold_launch(
    catalogue: Catalogue, purchases: Purchases, truth: dict[str, set[int]], features: Features, settings: RankingSettings, seeds: int,
    device: torch.device, step: Step,
) -> dict[str, Any]:  # fmt: skip
    """Recall@20 of hidden garments and of the others, mean over the draws; what is lost of the others' is a ratio of means."""

    def measured(units: np.ndarray) -> dict[str, Any]:
        runs = [_run(catalogue, purchases, truth, features, settings, seed, units, device, step) for seed in range(seeds)]
        return _summary(runs, settings.launch.start)

    return measured(catalogue.groups) | {"one_by_one": measured(np.arange(len(catalogue))), "seeds": seeds}


def _summary(runs: Sequence[tuple[list[str], dict[str, np.ndarray]]], start: float) -> dict[str, Any]:
    names = list(runs[0][1])
    people = sorted({name for who, _ in runs for name in who})
    values = {name: _by_shopper(people, [(who, found[name]) for who, found in runs]) for name in names}
    found = {name: float(np.nanmean(values[name])) for name in names}
    spans = {name: interval(values[name][~np.isnan(values[name])], 0) for name in names}
    lost, span = _lost(values[WARM], values[WARM_ALONE])
    more = [
        {
            "start": start + extra, "full": found[f"full +{extra}"],
            "lost": _lost(values[f"warm +{extra}"], values[WARM_ALONE])[0], "all": found[f"all +{extra}"],
        }
        for extra in (0.0, *EXTRA)
    ]  # fmt: skip
    places = [
        {"places": kept, "full": found[f"full +{kept} places"], "lost": _lost(values[f"warm +{kept} places"], values[WARM_ALONE])[0]}
        for kept in PLACES
    ]
    shown = [name for name in names if "+" not in name]
    return {
        "cold": {name: found[name] for name in shown} | {LOST: lost},
        "cold_ci": {name: spans[name] for name in shown} | {LOST: span},
        "more": more, "places": places, "users": float(np.mean([np.sum(~np.isnan(f["in the full catalogue"])) for _, f in runs])),
    }  # fmt: skip


def _run(
    catalogue: Catalogue, purchases: Purchases, truth: dict[str, set[int]], features: Features, settings: RankingSettings, seed: int,
    units: np.ndarray, device: torch.device, step: Step,
) -> tuple[list[str], dict[str, np.ndarray]]:  # fmt: skip
    """One draw of ``units`` (N,), each hidden as a whole: the shoppers, and each one's figures (NaN where there is nothing to find)."""
    distinct = np.unique(units)
    cold = np.isin(units, np.random.default_rng(seed).permutation(distinct)[: round(SHARE * len(distinct))])
    seen = purchases.select(~cold[purchases.rows])
    towers, _ = fit_towers(features, seen, settings, seed, device, step)
    ranker = Ranker(towers, features, seen, settings, device)
    past = seen.histories(list(truth), today=purchases.next_day)
    people = [one for one in judged(truth, past, catalogue.groups, ranker.count) if one.past]
    told = [Told(past[one.name].rows, past[one.name].days) for one in people]
    hidden = frozenset(np.flatnonzero(cold).tolist())
    new, warm = [one.truth & hidden for one in people], [one.strict - hidden for one in people]
    scores, found = ranker.scores(told, WHOLE), {}
    popular, known = _popularity(ranker, purchases)
    among = {
        "model": scores, "content alone": ranker.scores(told, "image+text"), "popularity foretold": np.repeat(popular[None], len(told), 0),
        "random": np.random.default_rng(seed).random(scores.shape).astype(np.float32),
        "model, were their popularity known": scores + ranker.weight("popularity") * (known - popular),
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
    for kept in PLACES:
        found[f"full +{kept} places"] = _recall(np.where(cold, scores, HIDDEN), people, new, kept)
        found[f"warm +{kept} places"] = _recall(np.where(cold, HIDDEN, scores), people, warm, AT - kept)
    return [one.name for one in people], found


def _popularity(ranker: Ranker, purchases: Purchases) -> tuple[np.ndarray, np.ndarray]:
    """(N,) each, on nearly one scale: what is foretold where the ranker has seen nobody buy (0 elsewhere), and what all purchases say."""
    foretold, count = ranker.foretold(True, True), np.bincount(purchases.rows, minlength=len(ranker))
    said = np.zeros(len(ranker), np.float32)
    said[foretold.rows] = foretold.popularity
    return said, of_bought(popularity(purchases, len(ranker), ranker.settings.counts.half_life), count)


def _recall(scores: np.ndarray, people: Sequence[Judged], truths: Sequence[frozenset[int]], at_most: int = AT) -> np.ndarray:
    shown = np.array(scores, dtype=np.float32)
    for at, one in enumerate(people):
        shown[at, list(one.past)] = HIDDEN
    return recalls(top(shown, at_most).tolist(), truths)


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
