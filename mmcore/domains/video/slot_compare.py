"""Cross-validated table of a spoken-command model: each fold's letters are read by a network that has not heard them."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmcore.domains.video.slot_conditions import CONDITIONS, covered
from mmcore.domains.video.slot_data import LETTER, read_recordings
from mmcore.domains.video.slot_figures import condition_figures
from mmcore.domains.video.slot_material import SOUND_CONDITIONS, Material, gather
from mmcore.domains.video.slot_model import SlotSettings
from mmcore.domains.video.slot_network import SlotNetwork, mouth_statistics, standard_crops
from mmcore.domains.video.slot_training import SlotTraining, fit
from mmcore.encoders.speech_frames import noise_statistics
from mmcore.errors import InputError

Step = Callable[[str, int, int], None]
WAYS = ("audio", "visual", "sum", "fused")
CHUNK = 50
INSIDE = "attention_inside_word"


def material_of(folder: Path, noise: Path, settings: SlotSettings, training: SlotTraining, seed: int, cache: Path, step: Step) -> Material:
    """The training material as a model's settings ask for it."""
    return gather(
        folder, noise, settings.slots, seconds=training.seconds, versions=training.versions,
        ratios_db=(training.ratios_db[0], training.ratios_db[1]), seed=seed, cache=cache, step=step,
    )  # fmt: skip


def letters_of(folder: Path, ids: Sequence[str]) -> np.ndarray:
    """(N,) letter of each clip, its own id where the table does not say."""
    by_id = {r.id: r.columns.get(LETTER) or r.id for r in read_recordings(folder)}
    return np.array([by_id[name] for name in ids])


def compare(
    folder: Path, noise: Path, settings: SlotSettings, training: SlotTraining, *, seeds: int, cache: Path, command: str, step: Step
) -> dict[str, Any]:
    """The table: by the folds of the data set, ``seeds`` times; noises to train on and to try on are of different folds."""
    started = time.perf_counter()
    material = material_of(folder, noise, settings, training, 0, cache, step)
    folds = np.unique(material.folds)
    if len(folds) < 2:
        raise InputError("the data set has fewer than two folds", "Give clips of several letters")
    letters, slots = letters_of(folder, material.ids), list(settings.slots)
    right = {name: {way: np.zeros((seeds, len(letters), len(slots)), bool) for way in WAYS} for name in CONDITIONS}
    listened = np.zeros((seeds, len(letters), len(slots)))
    for seed in range(seeds):
        for fold in folds:
            test = np.flatnonzero(material.folds == fold)
            answers = answers_of_fold(material, settings, training, letters, int(fold), seed, cache, step)
            for name, ways in right.items():
                for way, values in ways.items():
                    values[seed, test] = answers[f"{name}.{way}"]
            listened[seed, test] = answers[INSIDE]
    groups, chance = np.tile(letters, seeds), np.ceil(training.seconds * 25)
    known = material.windows.sum(axis=-1) > 0
    width = (material.windows > 0).sum(axis=-1)[known].mean() if known.any() else float("nan")
    conditions = {
        name: condition_figures({way: values.reshape(-1, len(slots)) for way, values in ways.items()}, slots, groups)
        for name, ways in right.items()
    }
    return {
        "command": command, "n": len(letters), "subjects": len(set(letters)), "folds": len(folds), "seeds": seeds, "conditions": conditions,
        "attention_inside_word": float(listened[:, known].mean()) if known.any() else None,
        "attention_inside_word_chance": float(width / chance) if known.any() else None,
        "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def answers_of_fold(
    material: Material, settings: SlotSettings, training: SlotTraining, letters: np.ndarray, fold: int, seed: int, cache: Path, step: Step
) -> Mapping[str, np.ndarray]:
    """A network trained on the other folds tries this one: "condition.way" -> (N, S) bool, and where it listened.

    Kept in ``cache``, so that a comparison that was stopped goes on where it was.
    """
    key = [material.key, material.hashes, seed, fold, asdict(training), dict(settings.slots)]
    kept = cache / f"answers-{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]}.npz"
    if kept.is_file():
        with np.load(kept, allow_pickle=False) as found:
            return dict(found)
    rows, test = np.flatnonzero(material.folds != fold), np.flatnonzero(material.folds == fold)
    network = fit(material, settings.slots, letters, rows, training, 1000 * seed + fold, step)
    answers: dict[str, Any] = {f"{name}.{way}": v for name in CONDITIONS for way, v in _right(network, material, test, name).items()}
    answers[INSIDE] = _inside(network, material, test)
    half_written = kept.with_suffix(".part.npz")
    np.savez(half_written, **answers)
    half_written.replace(kept)
    return answers


@torch.inference_mode()
def _right(network: SlotNetwork, material: Material, rows: np.ndarray, name: str) -> Mapping[str, np.ndarray]:
    """Way of answering -> (N, S) bool under one condition; "sum" adds the readers' evidence with equal weights."""
    condition = CONDITIONS[name]
    version = SOUND_CONDITIONS.index(name) if name in SOUND_CONDITIONS else 0 if condition.ratio_db is None else _ratio(condition.ratio_db)
    out: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
    for start in range(0, len(rows), CHUNK):
        at = rows[start : start + CHUNK]
        crops = material.crops[at]
        lips = standard_crops(torch.from_numpy(covered(crops) if condition.covered else crops))
        frames = material.tried[at, version].astype(np.float32)
        statistics = {"audio": torch.from_numpy(noise_statistics(frames)), "visual": mouth_statistics(lips)}
        got = network({"audio": torch.from_numpy(frames), "visual": lips}, statistics, torch.ones(len(at), 2, dtype=torch.bool))
        sound, seen = got.alone["audio"].logits, got.alone["visual"].logits
        logits = {"audio": sound, "visual": seen, "sum": {s: sound[s] + seen[s] for s in network.slots}, "fused": got.fused.logits}
        for way, by_slot in logits.items():
            chosen = np.stack([by_slot[slot].argmax(-1).numpy() for slot in network.slots], axis=1)
            out[way].append(chosen == material.words[at])
    return {way: np.concatenate(parts) for way, parts in out.items()}


@torch.inference_mode()
def _inside(network: SlotNetwork, material: Material, rows: np.ndarray) -> np.ndarray:
    """(N, S) share of the fused attention, on the clean clip, that lies inside the true word's time."""
    out = []
    for start in range(0, len(rows), CHUNK):
        at = rows[start : start + CHUNK]
        lips = standard_crops(torch.from_numpy(material.crops[at]))
        frames = material.tried[at, 0].astype(np.float32)
        statistics = {"audio": torch.from_numpy(noise_statistics(frames)), "visual": mouth_statistics(lips)}
        got = network({"audio": torch.from_numpy(frames), "visual": lips}, statistics, torch.ones(len(at), 2, dtype=torch.bool))
        out.append((got.fused.attention.numpy() * (material.windows[at] > 0)).sum(axis=-1))
    return np.concatenate(out)


def _ratio(ratio_db: float) -> int:
    return next(i for i, name in enumerate(SOUND_CONDITIONS) if CONDITIONS[name].ratio_db == ratio_db)
