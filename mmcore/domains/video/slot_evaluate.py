"""A spoken-command model on clips it was not trained on, under every condition of the contract. Nothing is trained or tuned here."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.domains.video.slot_conditions import CONDITIONS, ENVIRONMENT, read_noises, spoil
from mmcore.domains.video.slot_data import LETTER, Recording, read_recordings, read_utterance
from mmcore.domains.video.slot_figures import WAYS, condition_figures
from mmcore.domains.video.slot_model import SlotModel, Trial, covered_trial
from mmcore.errors import InputError
from mmcore.readers.files import list_files
from mmcore.readers.limits import LIMITS
from mmcore.readers.media import MEDIA_ENDINGS, read_media
from mmcore.readers.names import extension

Step = Callable[[str, int, int], None]
SUBSET_OF = {"audio": "audio", "visual": "visual", "fused": "audio+visual"}


def evaluate(model: SlotModel, folder: Path, *, noise: Path | None, seed: int, predictions: Path | None, step: Step) -> dict[str, Any]:
    """The contract's document. Clips without their words are predicted and give no figures; a clip that cannot be read is noted."""
    started = time.perf_counter()
    seen = model.trained_on
    notes: list[str] = []
    noises = _noises(noise, seen, notes)
    names = [name for name in CONDITIONS if name != ENVIRONMENT or noises]
    slots = list(model.slots)
    recordings = read_recordings(folder)
    lines: list[str] = []
    right: dict[str, dict[str, list[list[bool]]]] = {name: {way: [] for way in WAYS} for name in names}
    letters: list[str] = []
    n = trained_on = 0
    for number, recording in enumerate(recordings):
        try:
            said, sha256 = _answers(model, recording, names, noises, seed)
        except InputError as error:
            notes.append(f"{recording.id}: {error}")
            continue
        n += 1
        trained_on += sha256 in seen
        truth = recording.words(slots)
        if truth is not None:
            letters.append(recording.columns.get(LETTER) or recording.id)
        for name in names:
            for way in WAYS:
                words = said[name].get(way)
                if words is not None:
                    chosen = dict(zip(slots, words, strict=True))
                    lines.append(json.dumps({"case": recording.id, "subset": f"{name}/{way}", "slots": chosen}))
                if truth is not None:
                    right[name][way].append([a == b for a, b in zip(words or ("",) * len(slots), truth, strict=True)])
        step("evaluate", number + 1, len(recordings))
    if not n:
        raise InputError("not one clip can be read", notes[0] if notes else "Give films of one command each")
    if predictions is not None:
        predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    groups = np.array(letters)
    tried = {name: {way: np.array(rows) for way, rows in ways.items()} for name, ways in right.items()}
    conditions = {name: condition_figures(ways, slots, groups) for name, ways in tried.items() if letters}
    if trained_on:
        notes.append(f"{trained_on} clips were in training: these figures are no test")
    return {
        "model": model.spec.name, "version": model.version, "n": n, "subjects": len(set(letters)), "fusion": "gated sum of evidence",
        "seen_in_training": trained_on, "conditions": conditions, "notes": notes, "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def _answers(
    model: SlotModel, recording: Recording, names: Sequence[str], noises: Sequence[np.ndarray], seed: int
) -> tuple[dict[str, dict[str, tuple[str, ...]]], str]:
    """Condition -> way -> words, and the hash of the clip; a way whose input is missing is left out, and fused rests on what is there."""
    heard = read_utterance(recording.path, model.settings.longest_s)
    if heard.samples is None and heard.mouth is None:
        raise InputError("neither sound nor a face is in it", "Leave it out")
    plain = model.trials(heard)
    trials = []
    for name in names:
        condition = CONDITIONS[name]
        sound = spoil(heard.samples, condition, heard.sha256, seed, noises) if heard.samples is not None else None
        trial = Trial(sound, plain.crops)
        trials.append(covered_trial(trial) if condition.covered else trial)
    answers = model.answer(trials, heard.seconds)
    out: dict[str, dict[str, tuple[str, ...]]] = {}
    for i, name in enumerate(names):
        there = {way for way, at in (("audio", 0), ("visual", 1)) if answers.present[i, at]}
        out[name] = {}
        for way in WAYS:
            subset = SUBSET_OF[way] if len(there) == 2 or way != "fused" else next(iter(there))
            if way == "fused" or way in there:
                p = answers.probabilities[subset]
                out[name][way] = tuple(words[int(p[slot][i].argmax())] for slot, words in model.slots.items())
    return out, heard.sha256


def _noises(folder: Path | None, seen: frozenset[str], notes: list[str]) -> list[np.ndarray]:
    """Sounds for the condition with environmental noise, those used in training left out."""
    if folder is None:
        notes.append(f"no --noise is given: {ENVIRONMENT} is left out")
        return []
    paths = [folder / name for name in list_files(folder, LIMITS.table_rows) if extension(name) in MEDIA_ENDINGS]
    new = [path for path in paths if read_media(path).sha256 not in seen]
    if len(new) < len(paths):
        notes.append(f"{len(paths) - len(new)} of the {len(paths)} noises were in training and are left out")
    if not new:
        notes.append(f"no noise is left: {ENVIRONMENT} is left out")
        return []
    return read_noises(new)
