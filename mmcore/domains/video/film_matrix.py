"""How well the matrix of pictures and sounds puts together what belongs together: sounds that were not learnt from, pictures idealised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_train import heard_by_others
from mmcore.domains.video.sound_folders import SoundFolders
from mmcore.domains.video.together import by_meaning
from mmcore.encoders.imagenet import KINDS
from mmcore.errors import InputError
from mmcore.evaluation.bootstrap import interval

Step = Callable[[str, int, int], None]
MATRIX = "matrix.json"
"""Where a model folder keeps what `measure_matrix` found."""
PICTURED = {"chainsaw": (491,), "clock_tick": (409, 892), "dog_bark": tuple(range(151, 269)), "rooster": (7,), "sea_waves": (978,)}
"""Kinds of sound -> ImageNet's kinds of picture (their numbers) that make it: the five of ESC-10 that ImageNet has pictures of."""
FILMS, NEAREST = 400, 10


def measure_matrix(model: EventModel, folders: SoundFolders, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """Sounds are heard by heads that learnt nothing of their fold; a picture is one kind of ImageNet, seen beyond doubt.

    For each sound: the share of pairs of a right and a wrong kind of picture in which the right one is nearer (AUROC), and whether one of
    the ten nearest of the thousand is right. For films of five scenes, one of each kind: how often a picture's own sound is its nearest.
    """
    sounds, heard = heard_by_others(model, folders, seed, step)
    rows = np.flatnonzero(np.isin(sounds.labels, list(PICTURED)))
    if set(sounds.labels[rows]) != set(PICTURED):
        raise InputError("the folders do not hold the kinds of sound that pictures are known of", f"Give {', '.join(PICTURED)}")
    near = by_meaning(model, np.eye(KINDS), heard[rows])
    right = np.array([np.isin(np.arange(KINDS), PICTURED[label]) for label in sounds.labels[rows]])
    meant = ~np.isnan(near[0])
    each = [_auroc(near[:, i], right[i]) for i in np.flatnonzero(meant)]
    first = [bool(right[i][np.argsort(-near[:, i])[:NEAREST]].any()) for i in np.flatnonzero(meant)]
    labels = sounds.labels[rows][meant]
    own = [_film(near, sounds.labels[rows], np.random.default_rng([seed, n])) for n in range(FILMS)]
    return {
        "command": command, "n": len(rows), "blank": float(1 - meant.mean()), "auroc": float(np.mean(each)),
        "auroc_ci": list(interval(_mean, np.flatnonzero(meant), np.array(each))), "nearest": NEAREST, "found": float(np.mean(first)),
        "found_chance": {label: len(numbers) / KINDS for label, numbers in PICTURED.items()},
        "by_kind": {
            label: {"auroc": float(np.mean(np.array(each)[labels == label])), "found": float(np.mean(np.array(first)[labels == label]))}
            for label in PICTURED if (labels == label).any()
        },
        "films": FILMS, "own_nearest": float(np.mean(own)), "own_nearest_chance": 1 / len(PICTURED),
    }  # fmt: skip


def _film(near: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> list[bool]:
    """One sound and one right picture of each kind, drawn: whether the picture's row is highest at its own sound."""
    columns = [int(rng.choice(np.flatnonzero(labels == label))) for label in PICTURED]
    pictures = [int(rng.choice(numbers)) for numbers in PICTURED.values()]
    cells = np.nan_to_num(near[np.ix_(pictures, columns)], nan=-1.0)
    return [int(row.argmax()) == i for i, row in enumerate(cells)]


def _auroc(scores: np.ndarray, right: np.ndarray) -> float:
    wrong = np.sort(scores[~right])
    lower = np.searchsorted(wrong, scores[right], side="left")
    equal = np.searchsorted(wrong, scores[right], side="right") - lower
    return float(((lower + equal / 2) / len(wrong)).mean())


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values))
