"""Training: the towers on all days but the last for calibration, then on all of them for use."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from mmcore.domains.retail import week
from mmcore.domains.retail.accuracy import Judged, judged, recalls
from mmcore.domains.retail.catalogue import Catalogue, Purchases
from mmcore.domains.retail.chances import SHELF, Chances, fit_chances, save_chances
from mmcore.domains.retail.encoding import Encoders
from mmcore.domains.retail.features import Features, Step, fit_projection
from mmcore.domains.retail.fit import fit_towers
from mmcore.domains.retail.ranker import Ranker
from mmcore.domains.retail.scores import HIDDEN, top
from mmcore.domains.retail.settings import RankingSettings
from mmcore.domains.retail.told import SUBSETS, WHOLE, Told
from mmcore.domains.retail.weights import basket_hashes, save_seen, save_towers
from mmcore.errors import InputError
from mmcore.model_folder import CONFIDENCE, NOTES, TRAINING, seal
from mmcore.model_spec import FILE, read_spec
from mmcore.settings import parse

CACHE = "TRIPTYCH_CACHE"
"""Environment variable: a folder where features of pictures are kept by content hash."""
FEWEST_DAYS = 3


def cache_folder() -> Path | None:
    """Where features are kept; None where nobody named a folder."""
    return Path(os.environ[CACHE]) if os.environ.get(CACHE) else None


def train(model: Path, data: Path, out: Path, *, seed: int, device: torch.device, command: str, step: Step) -> dict[str, Any]:
    """A model folder ``out`` from the settings of ``model``; what was done, as in training.json."""
    started = time.perf_counter()
    spec = read_spec(model)
    settings = parse(RankingSettings, spec.settings, f"{FILE}.settings")
    catalogue, purchases, table = read(data)
    if len(np.unique(purchases.days)) < FEWEST_DAYS:
        raise InputError(f"the purchases span {len(np.unique(purchases.days))} days", f"Training needs at least {FEWEST_DAYS}")
    raw = Encoders(device).embed(catalogue, step, cache_folder())
    embedded = time.perf_counter() - started
    projection = fit_projection(raw)
    features = projection.features(raw)
    chances, before, earlier = calibrate(features, catalogue, purchases, settings, seed, device, step)
    towers, seconds = fit_towers(features, purchases, settings, seed, device, step)
    out.mkdir(parents=True, exist_ok=True)
    save_towers(out, towers, projection)
    save_chances(chances, out / CONFIDENCE)
    save_seen(out, basket_hashes((str(day), items["item_id"]) for (_, day), items in table.groupby(["user_id", "date"])))
    seal(out)
    if out.resolve() != model.resolve():
        for name in (FILE, NOTES):
            if (model / name).is_file():
                shutil.copyfile(model / name, out / name)
    summary = {
        "command": command, "seed": seed, "products": len(catalogue), "shoppers": len(np.unique(purchases.shoppers.astype(str))),
        "purchases": len(purchases), "days": [str(table["date"].min().date()), str(table["date"].max().date())],
        "calibration_shoppers": chances.counted.get(WHOLE, 0), "day_before": before,
        "seconds": {"embed": embedded, "towers for calibration": earlier, "towers": seconds, "all": time.perf_counter() - started},
        "networks": 1, "device": device.type,
    }  # fmt: skip
    (out / TRAINING).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    return summary


def read(data: Path) -> tuple[Catalogue, Purchases, pd.DataFrame]:
    """A data folder's products and purchases before the test day, and the latter as a table."""
    table = week.read_interactions(data / week.INTERACTIONS)
    catalogue = week.read_catalogue(data, table)
    return catalogue, week.as_purchases(table, catalogue), table


def split(purchases: Purchases, day: int) -> tuple[Purchases, dict[str, set[int]]]:
    """What was bought before ``day``, and who bought what on it."""
    truth: dict[str, set[int]] = {}
    on = purchases.select(purchases.days == day)
    for name, row in zip(on.shoppers, on.rows, strict=True):
        truth.setdefault(name, set()).add(int(row))
    return purchases.select(purchases.days < day), truth


def calibrate(
    features: Features, catalogue: Catalogue, purchases: Purchases, settings: RankingSettings, seed: int, device: torch.device, step: Step
) -> tuple[Chances, dict[str, float], float]:
    """Calibration on the last day by towers and counts that end the day before; recall@20 there; seconds of the towers."""
    before, truth = split(purchases, int(purchases.days.max()))
    towers, seconds = fit_towers(features, before, settings, seed, device, step)
    ranker = Ranker(towers, features, before, settings, device)
    past = before.histories(list(truth), today=int(purchases.days.max()))
    people = [one for one in judged(truth, past, catalogue.groups, ranker.count) if one.past]
    told = [Told(past[one.name].rows, past[one.name].days) for one in people]
    hidden, bought = _masks(people, len(catalogue))
    scores = {}
    for number, subset in enumerate(SUBSETS):
        scores[subset] = np.where(hidden, HIDDEN, ranker.scores(told, subset))
        step("calibration", number + 1, len(SUBSETS))
    chances = fit_chances(scores, bought, hidden, np.array([len(one.past) for one in people]), seed)
    recall = {s: float(recalls(top(v, SHELF).tolist(), [one.truth for one in people]).mean()) for s, v in scores.items()}
    return chances, recall, seconds


def _masks(people: list[Judged], products: int) -> tuple[np.ndarray, np.ndarray]:
    """(B, N) bool each: what may not be shown, what was bought."""
    hidden, bought = np.zeros((len(people), products), bool), np.zeros((len(people), products), bool)
    for at, one in enumerate(people):
        hidden[at, list(one.past)] = True
        bought[at, list(one.truth)] = True
    return hidden, bought


