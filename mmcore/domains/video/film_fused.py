"""What sight and sound do to each other where only one shows what is asked for: photos with foreign sounds, and the other way round."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.domains.video.event_model import EventModel, read_settings
from mmcore.domains.video.event_train import held_out
from mmcore.domains.video.film_named import AMONG, Photos, look_at
from mmcore.domains.video.sound_folders import SoundFolders, Sounds, encode
from mmcore.domains.video.vocabulary import SOUND_TEMPERATURE, certainty, fuse, softmax
from mmcore.errors import InputError
from mmcore.evaluation.bootstrap import interval

Step = Callable[[str, int, int], None]
FUSED = "fused.json"
"""Where a model folder keeps what `measure_fused` found."""
DRAWS, FOREIGN = 60, 0.45
"""Names nearer than this to what a sound is called may mean it, and are not drawn with it as foreign."""
Answered = dict[str, list[tuple[str, bool, bool, bool]]]


def measure_fused(model: EventModel, folders: SoundFolders, photos: Path, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """How often the right name is first among ``AMONG``: by the one that shows it, with the other, and with the other at full weight.

    "At full weight" is the product in which sight counts by its certainty and sound by how little of it is "other", whether or not a
    label means what they found. Sounds are heard by heads that learnt nothing of their fold; names are drawn within a set of photos.
    """
    _, training = read_settings(model.spec)
    sounds = encode(folders, training, seed, step)
    heard, _, kinds = held_out(sounds, training, seed)
    if kinds != model.head.kinds:
        raise InputError("the folders do not hold the kinds of sound that the model knows", "Give those that it was trained on")
    out = {}
    for photo_set in look_at(model, photos, step):
        rng = np.random.default_rng(seed)
        answered: Answered = {"photo": [], "sound": []}
        for number in range(DRAWS):
            _draw(model, photo_set, sounds, heard, rng, answered)
            step(f"draws of {photo_set.name}", number + 1, DRAWS)
        out[photo_set.name] = {kind: _figures(rows) for kind, rows in answered.items()}
    return {"command": command, "among": AMONG, "draws": DRAWS, "sets": out}


def _draw(model: EventModel, photos: Photos, sounds: Sounds, heard: np.ndarray, rng: np.random.Generator, answered: Answered) -> None:
    """One set of names: every photo of them with a sound that none of them means, and as many sounds with photos of other names."""
    called = {kind: model.label_vectors([model.settings.kinds[kind]])[0] for kind in set(sounds.labels)}
    drawn = rng.choice(len(photos.labels), AMONG, replace=False)
    labels, near = photos.vectors[drawn], {kind: float((photos.vectors[drawn] @ vector).max()) for kind, vector in called.items()}
    foreign = np.flatnonzero([near[label] < FOREIGN for label in sounds.labels])
    if not len(foreign):
        return
    shown = np.flatnonzero(np.isin(photos.own, drawn))
    for row, other in zip(shown, rng.choice(foreign, len(shown)), strict=True):
        truth = int(np.flatnonzero(drawn == photos.own[row])[0])
        answered["photo"].append((str(photos.own[row]), *_right(model, labels, photos.seen[row], heard[other], truth, "visual")))
    unshown = np.flatnonzero(~np.isin(photos.own, drawn))
    for row in rng.choice(foreign, len(shown)):
        own = np.concatenate([called[sounds.labels[row]][None], labels[1:]])
        other = rng.choice(unshown)
        answered["sound"].append((str(sounds.groups[row]), *_right(model, own, photos.seen[other], heard[row], 0, "audio")))


def _right(model: EventModel, labels: np.ndarray, seen: np.ndarray, heard: np.ndarray, truth: int, alone: str) -> tuple[bool, bool, bool]:
    """Is the truth first: by one modality, by both, by both at full weight."""
    evidence = model.evidence(labels, seen[None], heard[None])
    first = [int(p[0].argmax()) for p in (evidence.probabilities[alone], evidence.fused, _at_full_weight(model, labels, seen, heard))]
    return first[0] == truth, first[1] == truth, first[2] == truth


def _at_full_weight(model: EventModel, labels: np.ndarray, seen: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """(1, L)."""
    meaning = softmax(model.sound_names @ labels.T / SOUND_TEMPERATURE)
    sound = heard[None, :-1] @ meaning + heard[-1] / len(labels)
    return fuse([model.bridge.labels(seen[None], labels)[0], sound], [certainty(seen[None]), 1 - heard[None, -1]])


def _figures(rows: list[tuple[str, bool, bool, bool]]) -> dict[str, Any]:
    groups, right = np.array([row[0] for row in rows]), np.array([row[1:] for row in rows], float)
    lost, spared = right[:, 0] - right[:, 1], right[:, 1] - right[:, 2]
    return {
        "n": len(rows), "alone": float(right[:, 0].mean()), "fused": float(right[:, 1].mean()), "full_weight": float(right[:, 2].mean()),
        "lost": float(lost.mean()), "lost_ci": list(interval(_mean, groups, lost)),
        "spared": float(spared.mean()), "spared_ci": list(interval(_mean, groups, spared)),
    }  # fmt: skip


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values))
