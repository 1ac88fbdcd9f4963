"""BPR and VBPR as the library cornac ships them, on the test day, tuned on the day before. No test: a command of its own environment.

cornac is no requirement of this project. In an environment of its own, from the root of the repository::

    python -m venv cornac-env
    cornac-env/bin/pip install -r requirements.txt cornac==3.0.1
    cornac-env/bin/python -m tests.domains.retail.cornac_peers ../shared/data/retail_hm_week PREDICTIONS.jsonl OUT.json

PREDICTIONS is what ``python -m mmcore evaluate fashion --predictions`` wrote, for the paired gain. OUT goes into figures.json as "cornac".
VBPR reads the same picture features as the model. TRIPTYCH_CACHE names a folder where these are kept.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.device import pick
from mmcore.domains.retail.accuracy import AT, Judged, interval, judged, recalls
from mmcore.domains.retail.catalogue import Catalogue, Purchases
from mmcore.domains.retail.encoding import Encoders
from mmcore.domains.retail.features import fit_projection
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.told import WHOLE
from mmcore.domains.retail.trainer import cache_folder, read, split
from mmcore.domains.retail.week import read_truth

GRIDS: Mapping[str, Sequence[dict[str, Any]]] = {
    "BPR (cornac)": [
        {"k": k, "learning_rate": rate, "lambda_reg": reg, "max_iter": 200}
        for k in (64, 128) for rate in (0.05, 0.1, 0.2) for reg in (0.001, 0.01, 0.03)
    ],
    "VBPR (cornac)": [
        {"k": k, "k2": k, "learning_rate": rate, "lambda_w": 0.01, "lambda_b": 0.01, "lambda_e": 0.0, "n_epochs": epochs, "batch_size": 512}
        for k, rate, epochs in ((32, 0.001, 20), (32, 0.005, 10), (64, 0.005, 20), (64, 0.002, 20))
    ],
}  # fmt: skip


def fitted(name: str, kwargs: dict[str, Any], purchases: Purchases, catalogue: Catalogue, image: np.ndarray) -> Callable[[str], np.ndarray]:
    """A function that gives a shopper's (N,) scores; what cornac has not seen stays at the bottom."""
    data, models = importlib.import_module("cornac.data"), importlib.import_module("cornac.models")
    rows = sorted(set(zip(purchases.shoppers.astype(str), purchases.rows.tolist(), strict=True)))
    ids = [product.id for product in catalogue.products]
    known = data.Dataset.build([(shopper, ids[row], 1.0) for shopper, row in rows], seed=0)
    if name.startswith("VBPR"):
        pictures = data.ImageModality(features=image, ids=ids, normalized=True)
        pictures.build(id_map=known.iid_map)
        known.add_modalities(item_image=pictures)
    kind = getattr(models, name.split()[0])
    model = kind(**kwargs, seed=0, verbose=False)
    model.fit(known)
    at = np.array([catalogue.rows[item] for item in known.item_ids])

    def scores(shopper: str) -> np.ndarray:
        found = np.full(len(catalogue), HIDDEN / 2, np.float32)
        if shopper in known.uid_map:
            found[at] = model.score(known.uid_map[shopper])[: len(at)]
        return found

    return scores


def shelves(scores: Callable[[str], np.ndarray], people: Sequence[Judged]) -> list[list[int]]:
    """(B, 20) rows; what was bought before is no candidate."""
    found = []
    for one in people:
        values = np.array(scores(one.name), np.float32)
        values[list(one.past)] = HIDDEN
        found.append(top(values[None], AT)[0].tolist())
    return found


def task(purchases: Purchases, truth: dict[str, set[int]], catalogue: Catalogue) -> list[Judged]:
    past = purchases.histories(list(truth))
    count = np.bincount(purchases.rows, minlength=len(catalogue))
    return [one for one in judged(truth, past, catalogue.groups, count) if one.past]


def measured(shown: Sequence[Sequence[int]], own: Sequence[Sequence[int]], people: Sequence[Judged]) -> dict[str, Any]:
    """Recall@20, plain and STRICT, and the model's ratio to it, paired."""
    out: dict[str, Any] = {}
    for key, prefix in (("truth", ""), ("strict", "strict_")):
        truths = [getattr(one, key) for one in people]
        peer, model = recalls(shown, truths), recalls(own, truths)
        peer, model = peer[~np.isnan(peer)], model[~np.isnan(model)]
        rng = np.random.default_rng(0)
        draws = [rng.integers(0, len(peer), len(peer)) for _ in range(1000)]
        ends = np.percentile([model[at].mean() / max(peer[at].mean(), 1e-9) for at in draws], [2.5, 97.5])
        out |= {
            f"{prefix}recall@20": float(peer.mean()), f"{prefix}recall@20_ci": interval(peer, 0),
            f"{prefix}ratio": float(model.mean() / max(peer.mean(), 1e-9)), f"{prefix}ratio_ci": [float(end) for end in ends],
        }  # fmt: skip
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "predictions", "out"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args()
    catalogue, purchases, _ = read(args.data)
    raw = Encoders(pick()).embed(catalogue, cache=cache_folder())
    image = fit_projection(raw).features(raw).image
    before, earlier = split(purchases, int(purchases.days.max()))
    _, truth = read_truth(args.data, catalogue)
    tune, test = task(before, earlier, catalogue), task(purchases, truth or {}, catalogue)
    lines = [json.loads(line) for line in args.predictions.read_text(encoding="utf-8").splitlines()]
    told = {line["case"]: [catalogue.rows[item] for item in line["top20"]] for line in lines if line["subset"] == WHOLE}
    own = [told[one.name] for one in test]
    found = {}
    for name, grid in GRIDS.items():
        tried = []
        for kwargs in grid:
            started = time.perf_counter()
            shown = shelves(fitted(name, kwargs, before, catalogue, image), tune)
            tried.append(float(recalls(shown, [one.truth for one in tune]).mean()))
            sys.stderr.write(f"{name} {kwargs}: {tried[-1]:.4f} on the day before, {time.perf_counter() - started:.0f} s\n")
        best = grid[int(np.argmax(tried))]
        found[name] = {"tries": len(grid), "settings": best, "day_before": max(tried)}
        found[name] |= measured(shelves(fitted(name, best, purchases, catalogue, image), test), own, test)
    document = {"command": "python -m tests.domains.retail.cornac_peers DATA PREDICTIONS OUT", "n": len(test), "peers": found}
    args.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
