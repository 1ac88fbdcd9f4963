"""Train and cross-validate the sound head of `video_events` on folders of sounds laid out like ESC-50."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmcore import model_folder
from mmcore.domains.video.event_model import EventModel, EventTraining, read_settings, save_head
from mmcore.domains.video.sound_folders import MUSIC, SPEECH, SoundFolders, Sounds, encode
from mmcore.domains.video.sound_head import OTHER, SoundHead
from mmcore.domains.video.vocabulary import unit
from mmcore.encoders.imagenet import kind_descriptions, kind_names
from mmcore.encoders.minilm import load_text_encoder
from mmcore.errors import InputError
from mmcore.evaluation.bootstrap import interval
from mmcore.model_spec import FILE, read_spec

Step = Callable[[str, int, int], None]
WRONGLY_SURE = 0.8


def fit_head(
    sounds: Sounds, rows: np.ndarray, others: np.ndarray, settings: EventTraining, seed: int, temperature: float = 1.0
) -> SoundHead:
    """A head trained on the sounds and others where the masks are True: logistic regression on whole clips and their loudest stretches.

    Half of it is learned on the clips, half with blends of two kinds as further sounds of none: what lies between the kinds is then
    less surely one of them (after mixture outlier exposure, Zhang et al. 2023). The mean of linear heads is one linear head.
    """
    x = np.concatenate([sounds.whole[rows], sounds.loud[rows], sounds.others[others]])
    y = np.concatenate([sounds.labels[rows], sounds.labels[rows], np.full(int(others.sum()), OTHER)])
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-4)
    x = (x - mean) / scale
    kinds, weight, bias = _linear(x, y, settings.inverse_penalty, seed)
    if settings.mixed and settings.mixed_rounds:
        parts = []
        for number in range(settings.mixed_rounds):
            blends = _blends(x[y != OTHER], y[y != OTHER], settings.mixed, np.random.default_rng([seed, number]))
            more = np.concatenate([x, blends]), np.concatenate([y, np.full(len(blends), OTHER)])
            parts.append(_linear(*more, settings.mixed_inverse_penalty, seed))
        weight = (weight + np.mean([w for _, w, _ in parts], axis=0)) / 2
        bias = (bias + np.mean([b for _, _, b in parts], axis=0)) / 2
    return SoundHead(kinds, mean, scale, weight, bias, temperature)


def _linear(x: np.ndarray, y: np.ndarray, inverse_penalty: float, seed: int) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Kinds in order, "other" last, with (K, D) weights and (K,) biases of a logistic regression.

    On one thread: with two, which wait for each other at every step, it takes three times as long.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        found = LogisticRegression(C=inverse_penalty, max_iter=400, random_state=seed).fit(x, y)
    order = [i for i, kind in enumerate(found.classes_) if kind != OTHER] + [list(found.classes_).index(OTHER)]
    return tuple(str(found.classes_[i]) for i in order), found.coef_[order], found.intercept_[order]


def _blends(x: np.ndarray, y: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """(<= count, D) features between two sounds of different kinds."""
    a, b = rng.integers(0, len(x), (2, 4 * count))
    apart = np.flatnonzero(y[a] != y[b])[:count]
    share = rng.uniform(0.35, 0.65, (len(apart), 1))
    return share * x[a[apart]] + (1 - share) * x[b[apart]]


def held_out(
    sounds: Sounds, settings: EventTraining, seed: int, left_out: Sequence[str] = ()
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """(N, K) and (M, K) probabilities of every sound and every other by a head that heard nothing of its fold, nor of kinds left out."""
    unknown = np.isin(sounds.labels, left_out)
    parts, p, q = np.unique(sounds.folds), None, None
    kinds: tuple[str, ...] = ()
    for fold in parts:
        head = fit_head(sounds, (sounds.folds != fold) & ~unknown, sounds.parts != fold, settings, seed)
        if p is None or q is None:
            kinds, p = head.kinds, np.zeros((len(sounds.labels), len(head.kinds)))
            q = np.zeros((len(sounds.others), len(head.kinds)))
        p[sounds.folds == fold] = head.probabilities(sounds.whole[sounds.folds == fold])
        q[sounds.parts == fold] = head.probabilities(sounds.others[sounds.parts == fold])
    if p is None or q is None:
        raise InputError("there are no folds", "Give each sound a fold")
    return p, q, kinds


def heard_by_others(model: EventModel, folders: SoundFolders, seed: int, step: Step) -> tuple[Sounds, np.ndarray]:
    """The sounds, and (N, K) what heads that learnt nothing of their fold hear in them; InputError where these know other kinds."""
    _, training = read_settings(model.spec)
    sounds = encode(folders, training, seed, step)
    heard, _, kinds = held_out(sounds, training, seed)
    if kinds != model.head.kinds:
        raise InputError("the folders do not hold the kinds of sound that the model knows", "Give those that it was trained on")
    return sounds, heard


def compare(folders: SoundFolders, settings: EventTraining, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """Accuracy over the data's own folds, music and speech from albums not heard, and kinds left out in pairs told from known ones."""
    from sklearn.metrics import roc_auc_score

    started = time.perf_counter()
    sounds = encode(folders, settings, seed, step)
    p, q, kinds = held_out(sounds, settings, seed)
    known, index = len(kinds) - 1, np.array([kinds.index(label) for label in sounds.labels])
    told = ~np.isin(sounds.labels, (MUSIC, SPEECH))
    groups = sounds.groups[told]
    right = (p[:, :known].argmax(axis=1) == index)[told]
    strict = p.argmax(axis=1) == index
    names = sorted(set(sounds.labels[told]))
    pairs = [(a, b) for n, (a, b) in enumerate(pairwise(names)) if n % 2 == 0]
    unknown = []
    for number, pair in enumerate(pairs):
        got, _, _ = held_out(sounds, settings, seed, pair)
        top, out = got[told, :-1].max(axis=1), np.isin(sounds.labels[told], pair)
        auroc = float(roc_auc_score(~out, top))
        unknown.append({"left_out": list(pair), "auroc": auroc, "wrongly_sure": float((top[out] > WRONGLY_SURE).mean())})
        step("leave out", number + 1, len(pairs))
    return {
        "command": command, "n": len(right), "subjects": len(set(groups)), "folds": len(np.unique(sounds.folds)),
        "accuracy": float(right.mean()), "accuracy_ci": list(interval(_mean, groups, right.astype(float))),
        "accuracy_with_other": float(strict[told].mean()),
        "others_rejected": {
            str(name): float((q.argmax(axis=1) == known)[sounds.sources == name].mean()) for name in np.unique(sounds.sources)
        },
        "by_kind": {name: float(right[sounds.labels[told] == name].mean()) for name in names},
        **{kind: _from_albums(kind, sounds, p, q, kinds) for kind in (MUSIC, SPEECH) if kind in kinds},
        "unknown": unknown, "unknown_auroc": float(np.mean([row["auroc"] for row in unknown])),
        "unknown_wrongly_sure": float(np.mean([row["wrongly_sure"] for row in unknown])),
        "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def _from_albums(kind: str, sounds: Sounds, p: np.ndarray, q: np.ndarray, kinds: tuple[str, ...]) -> dict[str, Any]:
    """How much of a kind from albums not heard is called so, and how much of all else is."""
    own, at = sounds.labels == kind, kinds.index(kind)
    albums, called = sounds.groups[own], (p.argmax(axis=1) == at)
    found = called[own].astype(float)
    return {
        "albums": len(set(albums)), "clips": len(found), "found": float(found.mean()), "found_ci": list(interval(_mean, albums, found)),
        "by_album": {str(name): float(found[albums == name].mean()) for name in np.unique(albums)},
        "kinds_called": float(called[~own].mean()), "others_called": float((q.argmax(axis=1) == at).mean()),
    }  # fmt: skip


def train(model: Path, folders: SoundFolders, out: Path, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """Weights, model.toml and hashes in ``out``; a summary."""
    settings, training = read_settings(read_spec(model))
    sounds = encode(folders, training, seed, step)
    missing = sorted(set(sounds.labels) - set(settings.kinds))
    if missing:
        raise InputError(f"labels.csv: {missing[0]!r} has no name in model.toml [settings.kinds]", "Add one")
    p, q, kinds = held_out(sounds, training, seed)
    everything = np.concatenate([[kinds.index(label) for label in sounds.labels], np.full(len(q), len(kinds) - 1)])
    temperature = _temperature(np.concatenate([p, q]), everything)
    head = fit_head(sounds, np.ones(len(sounds.labels), bool), np.ones(len(sounds.others), bool), training, seed, temperature)
    out.mkdir(parents=True, exist_ok=True)
    if out.resolve() != model.resolve():
        shutil.copyfile(model / FILE, out / FILE)
    save_head(out, head, kind_vectors())
    (out / model_folder.HASHES).write_text(json.dumps({"hashes": sorted(set(sounds.hashes))}, indent=0) + "\n")
    summary = {"command": command, "seed": seed, "cases": len(sounds.labels), "others": len(sounds.others), "temperature": temperature}
    (out / model_folder.TRAINING).write_text(json.dumps(summary, indent=2) + "\n")
    return summary


def kind_vectors() -> np.ndarray:
    """(1000, 384) of unit length, one for each of ImageNet's kinds: between its name and its description."""
    texts = load_text_encoder(torch.device("cpu"))
    return unit(texts.sentences(kind_names()) + texts.sentences(kind_descriptions()))


def _temperature(p: np.ndarray, truth: np.ndarray) -> float:
    """By the lowest log loss on held-out sounds (Guo et al. 2017), but never sharper: films hold more unknown sounds."""
    logits = np.log(np.maximum(p, 1e-12))

    def loss(t: float) -> float:
        scaled = logits / t
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float(-(scaled[np.arange(len(truth)), truth] - np.log(np.exp(scaled).sum(axis=1))).mean())

    return float(min(np.exp(np.linspace(0, 1, 41)), key=loss))


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values))

