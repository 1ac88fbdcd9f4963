"""What sight and sound do to each other where only one shows what is asked for: photos with foreign sounds, and the other way round."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.event_train import heard_by_others
from mmcore.domains.video.film_named import AMONG, TABLE, Photos, look_at
from mmcore.domains.video.sound_folders import SoundFolders, Sounds
from mmcore.domains.video.vocabulary import certainty, fuse
from mmcore.errors import InputError
from mmcore.evaluation.bootstrap import interval

Step = Callable[[str, int, int], None]
FUSED = "fused.json"
"""Where a model folder keeps what `measure_fused` found."""
DRAWS, FOREIGN = 60, 0.45
"""A sound is foreign to names that are all further than this from what it is called."""
OTHER_WORDS = {
    "baby_cry": ("infant", "newborn", "nursery"), "chainsaw": ("logging", "tree cutting", "power tool"),
    "clock_tick": ("watch", "alarm", "time passing"), "dog_bark": ("puppy", "animal", "pet", "hound"),
    "fire_crackling": ("campfire", "burning wood", "bonfire", "fireplace"), "helicopter": ("aircraft", "rotor blades", "flying vehicle"),
    "music": ("song", "band", "concert", "melody", "guitar", "singing"), "person_sneeze": ("cold and flu", "coughing", "allergy"),
    "rain": ("storm", "bad weather", "wet street", "thunderstorm"), "rooster": ("chicken", "farm", "bird", "poultry"),
    "sea_waves": ("beach", "surf", "ocean", "coast"), "speech": ("lecture", "interview", "conversation", "news anchor", "man talking"),
}  # fmt: skip
"""Kind of sound -> other words for it, or for what it comes with, that a person may ask by."""
PHOTO, SOUND, WORD = "photo", "sound", "sound by another word"
Answered = dict[str, list[tuple[str, bool, bool, bool]]]


def measure_fused(model: EventModel, folders: SoundFolders, photos: Path, *, seed: int, command: str, step: Step) -> dict[str, Any]:
    """How often the right name is first among ``AMONG``: by the one that shows it, with the other, and with the other at full weight.

    At full weight sight counts by its certainty and sound by how little of it is "other", whether or not a label means what they found.
    Sounds are heard by heads that learnt nothing of their fold; names are drawn within a set of photos.

    Raises:
        InputError: a set of photos has no names but those drawn, or all sounds are meant by its names.
    """
    photo_sets = look_at(model, photos, step)
    for photo_set in photo_sets:
        if len(photo_set.labels) <= AMONG:
            raise InputError(f"{TABLE}: the set {photo_set.name!r} has no more than {AMONG} different labels", "Give more")
    sounds, heard = heard_by_others(model, folders, seed, step)
    words = other_words(model)
    out = {}
    for photo_set in photo_sets:
        rng = np.random.default_rng(seed)
        answered: Answered = {PHOTO: [], SOUND: [], WORD: []}
        for number in range(DRAWS):
            draw(model, photo_set, sounds, heard, words, rng, answered)
            step(f"draws of {photo_set.name}", number + 1, DRAWS)
        if not answered[PHOTO]:
            raise InputError(f"every sound is meant by names of the set {photo_set.name!r}", "Give photos of other things, or more sounds")
        out[photo_set.name] = {kind: figures(rows) for kind, rows in answered.items()}
    return {"command": command, "among": AMONG, "draws": DRAWS, "sets": out}


def other_words(model: EventModel) -> dict[str, np.ndarray]:
    """Kind of sound -> (W, 384) vectors of its other words."""
    return {kind: model.label_vectors(words) for kind, words in OTHER_WORDS.items()}


def draw(
    model: EventModel, photos: Photos, sounds: Sounds, heard: np.ndarray, words: dict[str, np.ndarray], rng: np.random.Generator,
    answered: Answered,
) -> None:  # fmt: skip
    """One set of names: every photo of them with a sound that none of them means, and as many sounds with photos of other names."""
    called = dict(zip(model.head.kinds[:-1], model.sound_names, strict=True))
    drawn = rng.choice(len(photos.labels), AMONG, replace=False)
    labels = photos.vectors[drawn]
    near = {kind: float((labels @ vector).max()) for kind, vector in called.items()}
    foreign = np.flatnonzero([near[label] < FOREIGN for label in sounds.labels])
    if not len(foreign):
        return
    shown, unshown = np.flatnonzero(np.isin(photos.own, drawn)), np.flatnonzero(~np.isin(photos.own, drawn))
    for row, other in zip(shown, rng.choice(foreign, len(shown)), strict=True):
        truth = int(np.flatnonzero(drawn == photos.own[row])[0])
        answered[PHOTO].append((photos.labels[photos.own[row]], *right(model, labels, photos.seen[row], heard[other], truth, "visual")))
    for row in rng.choice(foreign, len(shown)):
        kind, seen, group = str(sounds.labels[row]), photos.seen[rng.choice(unshown)], str(sounds.groups[row])
        asked = np.concatenate([called[kind][None], labels[1:]])
        answered[SOUND].append((group, *right(model, asked, seen, heard[row], 0, "audio")))
        if kind in words:
            asked = np.concatenate([words[kind][[rng.integers(len(words[kind]))]], labels[1:]])
            answered[WORD].append((group, *right(model, asked, seen, heard[row], 0, "audio")))


def right(model: EventModel, labels: np.ndarray, seen: np.ndarray, heard: np.ndarray, truth: int, alone: str) -> tuple[bool, bool, bool]:
    """Is the truth first: by one modality, by both, by both at full weight."""
    evidence = model.evidence(labels, seen[None], heard[None])
    parts = [evidence.probabilities["visual"], evidence.probabilities["audio"]]
    full = fuse(parts, [certainty(seen[None]), 1 - heard[None, -1]])
    first = [int(p[0].argmax()) for p in (evidence.probabilities[alone], evidence.fused, full)]
    return first[0] == truth, first[1] == truth, first[2] == truth


def figures(rows: list[tuple[str, bool, bool, bool]]) -> dict[str, Any]:
    """Shares that are right, and what is spared by the weights, with its interval over the names or recordings."""
    groups, hits = np.array([row[0] for row in rows]), np.array([row[1:] for row in rows], float)
    spared = hits[:, 1] - hits[:, 2]
    return {
        "n": len(rows), "alone": float(hits[:, 0].mean()), "fused": float(hits[:, 1].mean()), "full_weight": float(hits[:, 2].mean()),
        "spared": float(spared.mean()), "spared_ci": list(interval(_mean, groups, spared)),
    }  # fmt: skip


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values))
