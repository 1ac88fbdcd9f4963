"""How well sight finds the name of what a photo shows: real photos with names, each among others drawn from the names of its set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.slot_data import FILE, TABLE, table_rows
from mmcore.domains.video.vocabulary import CONSE_KINDS, softmax, unit
from mmcore.encoders.imagenet import kind_names
from mmcore.errors import InputError
from mmcore.evaluation.bootstrap import interval, paired_interval
from mmcore.evaluation.metrics import expected_calibration_error
from mmcore.readers.files import listed, read_file
from mmcore.readers.limits import LIMITS
from mmcore.readers.picture import read_picture

Step = Callable[[str, int, int], None]
NAMED = "named.json"
"""Where a model folder keeps what `measure_named` found."""
LABEL, SET = "label", "set"
AMONG, DRAWS = 28, 300
PLAIN_TEMPERATURE = 0.06


def measure_named(model: EventModel, folder: Path, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """Top 1 and top 3 among ``AMONG`` names, with ConSE as published beside it: names alone, nothing softened or taken out.

    Args:
        folder: holds labels.csv (file, label and set) and pictures. Names are drawn within a set ``DRAWS`` times, and every picture whose
            name is among them is looked at; intervals are over names.
    """
    names = model.texts.sentences(kind_names())
    out = {}
    for photos in look_at(model, folder, step):
        shipped, plain = np.log(model.bridge.labels(photos.seen, photos.vectors)[0]), _plain(photos.seen, names, photos.vectors)
        out[photos.name] = _measured(shipped, plain, photos.own, np.random.default_rng(seed))
    return {"command": command, "among": AMONG, "draws": DRAWS, "sets": out}


@dataclass(frozen=True)
class Photos:
    """A set of photos with names.

    Attributes:
        seen: (N, 1000) probabilities of ImageNet's kinds.
        labels: the L different names, vectors: (L, 384) of theirs, own: (N,) which of them is each photo's.
    """

    name: str
    seen: np.ndarray
    labels: tuple[str, ...]
    vectors: np.ndarray
    own: np.ndarray


def look_at(model: EventModel, folder: Path, step: Step) -> list[Photos]:
    """The sets of a folder as `measure_named` reads it; InputError where a set has too few names."""
    rows = table_rows(folder / TABLE)
    missing = [name for name in (FILE, LABEL, SET) if name not in (rows[0] if rows else {})]
    if missing:
        raise InputError(f"{TABLE} has no column {missing[0]!r}", "Give file, label and set")
    kinds = []
    for number, row in enumerate(rows):
        picture, _ = read_picture(read_file(listed(folder, row[FILE]), LIMITS))
        kinds.append(model.sight.probabilities([picture.pixels])[0])
        step("photos", number + 1, len(rows))
    seen, named, sets = np.array(kinds), np.array([row[LABEL] for row in rows]), np.array([row[SET] for row in rows])
    out = []
    for name in sorted({row[SET] for row in rows}):
        different, own = np.unique(named[sets == name], return_inverse=True)
        if len(different) < AMONG:
            raise InputError(f"{TABLE}: the set {name!r} has fewer than {AMONG} different labels", "Give more")
        labels = tuple(str(label) for label in different)
        out.append(Photos(name, seen[sets == name], labels, model.label_vectors(labels), own))
    return out


def _plain(seen: np.ndarray, names: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(N, L) logits by ConSE as published."""
    top = np.argsort(-seen, axis=1)[:, :CONSE_KINDS]
    vectors = unit((np.take_along_axis(seen, top, axis=1)[..., None] * names[top]).sum(axis=1))
    return vectors @ labels.T / PLAIN_TEMPERATURE


def _measured(shipped: np.ndarray, plain: np.ndarray, own: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """Figures of (N, L) logits of N pictures whose names are ``own`` of the L."""
    found = {name: np.zeros((2, len(own))) for name in ("shipped", "plain")}
    times, sure, right = np.zeros(len(own)), [], []
    for _ in range(DRAWS):
        drawn = rng.choice(shipped.shape[1], AMONG, replace=False)
        rows = np.flatnonzero(np.isin(own, drawn))
        truth = (drawn == own[rows][:, None]).argmax(axis=1)
        times[rows] += 1
        for name, logits in (("shipped", shipped), ("plain", plain)):
            among = logits[np.ix_(rows, drawn)]
            rank = (among > among[np.arange(len(rows)), truth][:, None]).sum(axis=1)
            found[name][:, rows] += np.stack([rank < 1, rank < 3])
        p = softmax(shipped[np.ix_(rows, drawn)])
        sure.append(p)
        right.append(truth)
    looked = times > 0
    figures: dict[str, Any] = {"photos": int(looked.sum()), "labels": int(shipped.shape[1])}
    figures["ece"] = expected_calibration_error(np.concatenate(right), np.concatenate(sure))
    for k, top in enumerate(("top1", "top3")):
        ours, theirs = (found[name][k][looked] / times[looked] for name in ("shipped", "plain"))
        figures |= {
            top: float(ours.mean()), f"{top}_ci": list(interval(_mean, own[looked], ours)), f"{top}_plain": float(theirs.mean()),
            f"{top}_gain_ci": list(paired_interval(_mean, own[looked], [ours], [theirs])),
        }  # fmt: skip
    return figures


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values))
