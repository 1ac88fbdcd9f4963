"""``compare`` of a ranking model: the model and plain peers on the same day, each tuned on the day before.

Protocols: ``time`` (the test day), ``random`` (purchases split 8:1:1 at random), ``cold`` (15 % of the garments, all purchases hidden),
``photos`` (people's photos as queries), ``words`` (a colour and a kind as a query), ``scale`` (what it costs as a catalogue grows).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmcore.domains.retail import week
from mmcore.domains.retail.accuracy import AT, Judged, diversity, interval, judged, ndcgs, recalls
from mmcore.domains.retail.catalogue import Catalogue, Purchases, Shopper
from mmcore.domains.retail.cold import cold_launch
from mmcore.domains.retail.encoding import Encoders
from mmcore.domains.retail.features import Features, Step, fit_projection
from mmcore.domains.retail.fit import fit_towers
from mmcore.domains.retail.model import load
from mmcore.domains.retail.peers import LIBRARY, PEERS, SUM, Setting, draw_weights, weighted_sum
from mmcore.domains.retail.photos import photo_search
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.scale import scale
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.told import SUBSETS, WHOLE, Told
from mmcore.domains.retail.trainer import cache_folder, read, split
from mmcore.domains.retail.word_search import word_search
from mmcore.evaluation.jsonable import jsonable
from mmcore.model_spec import FILE, read_spec
from mmcore.settings import parse

PROTOCOLS = ("time", "random", "cold", "photos", "words", "scale")
OWN = "two towers and counts"
ABOUT = {
    "time": "Test day: purchases of the day after all training; shoppers' past products are no candidates.",
    "random": "Purchases split at random, 8 parts to train, 1 to tune, 1 to test; seed 0.",
    "cold": "15 % of the garments (drawn by seed), every purchase of them hidden from training, counts and shoppers' pasts; who bought"
    " them on the test day. The launch settings were chosen on the day before, on other draws; intervals 95 % bootstrap over"
    " shoppers.",
    "scale": "Copies of the products with noise and of the shoppers, so generated; and a million generated vectors of 96 numbers in 2,000"
    " kinds. Exact search: from a shopper's past to the best 20, all modalities, counts already solved.",
    "words": "A colour and a kind as they stand in the catalogue, as \"dark blue trousers\", typed into the page's search by words, no"
    " shopper known: share of the first ten products that are of that colour and kind. The weight of a named colour or kind was chosen"
    " on the bundled catalogue, this one looked at beside it. Real queries are less tidy.",
    "photos": "People's own photos of clothes (retail_clothing_photos, CC0) as queries by the page's search by photo, no shopper known:"
    " share of the nearest ten products that are of the photo's kind. Which product types are right for a kind was fixed beforehand;"
    " products of no such kind, as socks or bags, count as wrong. The photos took no part in any training; what a photo foretells of words"
    " is learned from the products, by settings chosen on 300 of these photos.",
}
TUNED = {"time": "the day before", "random": "the tuning part"}
COMMON = (
    " Peers are tuned on {tuned} (column tries); the model's settings were chosen on the last three days before the test day and on the"
    " tuning part of the random split, in about 230 tries. Model figures are means over the seeds of its towers; intervals 95 % bootstrap"
    " over shoppers, ratios and gains paired."
)


@dataclass(frozen=True)
class Task:
    """Purchases to learn from and people to foretell."""

    purchases: Purchases
    people: list[Judged]
    past: Mapping[str, Shopper]
    features: Features

    @property
    def told(self) -> list[Told]:
        return [Told(self.past[one.name].rows, self.past[one.name].days) for one in self.people]


def compare(model: Path, data: Path, *, protocol: str, seeds: int, device: torch.device, command: str, step: Step) -> dict[str, Any]:
    """The table, and for time and random the gain over the best library peer."""
    started = time.perf_counter()
    spec = read_spec(model)
    settings = parse(RankingSettings, spec.settings, f"{FILE}.settings")
    catalogue, purchases, _ = read(data)
    if protocol == "photos":
        found = photo_search(load(str(model), device), catalogue, data, 0, step)
        document = {"command": command, "model": spec.name, "protocol": ABOUT[protocol], "photos": found}
        return jsonable(document | {"seconds": time.perf_counter() - started})
    if protocol == "words":
        document = {"command": command, "model": spec.name, "protocol": ABOUT[protocol]}
        document["words"] = word_search(load(str(model), device), catalogue, 0, step)
        return jsonable(document | {"seconds": time.perf_counter() - started})
    raw = Encoders(device).embed(catalogue, step, cache_folder())
    features = fit_projection(raw).features(raw)
    if protocol == "scale":
        measured = scale(features, purchases, load(str(model), device).towers, settings, device, step)
        document = {"command": command, "model": spec.name, "protocol": ABOUT[protocol], "scale": measured}
        return jsonable(document | {"seconds": time.perf_counter() - started})
    _, truth = week.read_truth(data, catalogue)
    said = ABOUT[protocol] + COMMON.format(tuned=TUNED.get(protocol, ""))
    document = {"command": command, "model": spec.name, "protocol": said, "shipped": OWN}
    if protocol == "cold":
        document["protocol"] = ABOUT[protocol]
        document |= cold_launch(catalogue, purchases, truth or {}, features, settings, seeds, device, step)
    else:
        tune, test = _tasks(protocol, catalogue, purchases, truth or {}, features)
        document |= _table(tune, test, catalogue, settings, seeds, device, step)
    return jsonable(document | {"seconds": time.perf_counter() - started})


def _tasks(
    protocol: str, catalogue: Catalogue, purchases: Purchases, truth: dict[str, set[int]], features: Features
) -> tuple[Task, Task]:  # fmt: skip
    """Where to tune and where to test."""
    if protocol == "time":
        before, earlier = split(purchases, int(purchases.days.max()))
        return _task(before, earlier, catalogue, features), _task(purchases, truth, catalogue, features)
    part = np.random.default_rng(0).integers(0, 10, len(purchases))
    found = []
    for number in (8, 9):
        wanted: dict[str, set[int]] = {}
        on = purchases.select(part == number)
        for name, row in zip(on.shoppers, on.rows, strict=True):
            wanted.setdefault(name, set()).add(int(row))
        found.append(_task(purchases.select(part < number), wanted, catalogue, features))
    return found[0], found[1]


def _task(purchases: Purchases, truth: dict[str, set[int]], catalogue: Catalogue, features: Features) -> Task:
    past = purchases.histories(list(truth))
    count = np.bincount(purchases.rows, minlength=len(catalogue))
    return Task(purchases, [one for one in judged(truth, past, catalogue.groups, count) if one.past], past, features)


def _table(
    tune: Task, test: Task, catalogue: Catalogue, settings: RankingSettings, seeds: int, device: torch.device, step: Step
) -> dict[str, Any]:
    shelves: dict[str, list[list[list[int]]]] = {}
    rows: list[dict[str, Any]] = []
    best, tries = _peers(tune, test, step)
    for name, scores in best.items():
        shelves[name] = [_shelves(scores, test.people)]
    popular = np.bincount(test.purchases.rows, minlength=len(catalogue)) / max(1, len(test.purchases))
    own: dict[str, list[list[list[int]]]] = {subset: [] for subset in SUBSETS}
    ranker: Ranker | None = None
    for seed in range(seeds):
        towers, _ = fit_towers(test.features, test.purchases, settings, seed, device, step)
        ranker = ranker.with_towers(towers) if ranker else Ranker(towers, test.features, test.purchases, settings, device)
        for subset in SUBSETS:
            own[subset].append(_shelves(ranker.scores(test.told, subset), test.people))
    words = np.ascontiguousarray(test.features.text.reshape(len(catalogue), -1))
    rows.append(_row(OWN, "fusion", WHOLE, own[WHOLE], test.people, words, popular))
    rows += [_row(f"without {_missing(s)}", "fusion", s, own[s], test.people, words, popular) for s in SUBSETS if s.count("+") == 1]
    rows += [_row(f"{s} alone", "single", s, own[s], test.people, words, popular) for s in SUBSETS if "+" not in s]
    rows += [_row(name, "baseline", "", shelves[name], test.people, words, popular) | {"tries": tries[name]} for name in shelves]
    gains = {name: _gain(own[WHOLE], shelves[name], test.people) for name in shelves}
    losses = {s: _gain(own[WHOLE], own[s], test.people) for s in SUBSETS if s != WHOLE}
    peer = {key: max(LIBRARY, key=lambda name: _mean(shelves[name], test.people, key)) for key in ("truth", "strict")}
    return {
        "n": len(test.people), "products": len(catalogue), "rows": rows, "gain": gains, "without": losses,
        "best_library_peer": {"plain": peer["truth"], "strict": peer["strict"]},
        "headline": {k: rows[0][k] for k in ("recall@20", "strict_recall@20")}
        | {"ratio_to_best_peer": gains[peer["truth"]]["ratio"], "ratio_to_best_peer_strict": gains[peer["strict"]]["strict_ratio"]},
    }  # fmt: skip


def _peers(tune: Task, test: Task, step: Step) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """Each peer's scores on the test day with what was best on the day before, and how many settings were tried."""
    best, earlier, tries = {}, {}, {}
    on_tune, on_test = (Setting(t.purchases, _past(t), t.features) for t in (tune, test))
    for number, (name, (peer, grid)) in enumerate(PEERS.items()):
        tried = [(peer(on_tune, **kwargs), kwargs) for kwargs in grid]
        chosen = max(range(len(tried)), key=lambda at: _recall(tried[at][0], tune.people))
        earlier[name], best[name], tries[name] = tried[chosen][0], peer(on_test, **tried[chosen][1]), len(grid)
        step("peers", number + 1, len(PEERS) + 1)
    drawn = draw_weights(list(PEERS), 0)
    weights = max(drawn, key=lambda w: _recall(weighted_sum(earlier, w), tune.people))
    best[SUM], tries[SUM] = weighted_sum(best, weights), len(drawn)
    step("peers", len(PEERS) + 1, len(PEERS) + 1)
    return best, tries


def _past(task: Task) -> Any:
    import scipy.sparse as sp

    rows = np.repeat(np.arange(len(task.people)), [len(one.past) for one in task.people])
    columns = np.array([row for one in task.people for row in sorted(one.past)], dtype=int)
    return sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(task.people), len(task.features.image)))


def _shelves(scores: np.ndarray, people: Sequence[Judged]) -> list[list[int]]:
    shown = np.array(scores, dtype=np.float32)
    for at, one in enumerate(people):
        shown[at, list(one.past)] = HIDDEN
    return top(shown, AT).tolist()


def _recall(scores: np.ndarray, people: Sequence[Judged]) -> float:
    return float(recalls(_shelves(scores, people), [one.truth for one in people]).mean())


def _of(runs: Sequence[list[list[int]]], people: Sequence[Judged], key: str) -> np.ndarray:
    """(B,) recall of each shopper, mean over the seeds; NaN where there is nothing to find."""
    return np.mean([recalls(run, [getattr(one, key) for one in people]) for run in runs], axis=0)


def _mean(runs: Sequence[list[list[int]]], people: Sequence[Judged], key: str) -> float:
    return float(np.nanmean(_of(runs, people, key)))


def _row(
    name: str, kind: str, subset: str, runs: Sequence[list[list[int]]], people: Sequence[Judged], words: np.ndarray, popular: np.ndarray
) -> dict[str, Any]:  # fmt: skip
    plain, strict = _of(runs, people, "truth"), _of(runs, people, "strict")
    strict = strict[~np.isnan(strict)]
    gains = np.mean([ndcgs(run, [one.truth for one in people]) for run in runs], axis=0)
    shown = [shelf for run in runs for shelf in run]
    return {
        "name": name, "kind": kind, "subset": subset, "seeds": len(runs),
        "recall@20": float(plain.mean()), "recall@20_ci": interval(plain, 0),
        "strict_recall@20": float(strict.mean()), "strict_recall@20_ci": interval(strict, 0),
        "ndcg@20": float(gains.mean()), "ndcg@20_ci": interval(gains, 0),
        "diversity@20": float(np.mean([diversity(words[shelf]) for shelf in shown])),
        "catalogue_coverage@20": float(np.mean([len({row for shelf in run for row in shelf}) for run in runs]) / len(words)),
        "novelty@20": float(np.mean([-np.log2(np.maximum(popular[shelf], 1e-7)).mean() for shelf in shown])),
    }  # fmt: skip


def _gain(own: Sequence[list[list[int]]], other: Sequence[list[list[int]]], people: Sequence[Judged]) -> dict[str, Any]:
    """The model minus another, paired over shoppers, plain and STRICT; the ratios with their paired intervals."""
    out: dict[str, Any] = {}
    for key, prefix in (("truth", ""), ("strict", "strict_")):
        a, b = _of(own, people, key), _of(other, people, key)
        there = ~np.isnan(a)
        a, b = a[there], b[there]
        rng = np.random.default_rng(0)
        draws = [rng.integers(0, len(a), len(a)) for _ in range(1000)]
        ratios = [a[at].mean() / max(b[at].mean(), 1e-9) for at in draws]
        out |= {
            f"{prefix}gain": float((a - b).mean()), f"{prefix}ci": interval(a - b, 0),
            f"{prefix}ratio": float(a.mean() / max(b.mean(), 1e-9)),
            f"{prefix}ratio_ci": [float(v) for v in np.percentile(ratios, [2.5, 97.5])],
        }  # fmt: skip
    return out


def _missing(subset: str) -> str:
    return next(name for name in WHOLE.split("+") if name not in subset.split("+"))
