"""Training material of spoken commands: every clip decoded and encoded once, clean and under drawn noises, kept in a cache folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from mmcore.domains.video.slot_conditions import CONDITIONS, read_noises, spoil
from mmcore.domains.video.slot_data import FOLD, LETTER, Recording, read_recordings, read_utterance, read_word_times, table_rows
from mmcore.encoders.mouth import CROP_RATE, CROP_SIZE
from mmcore.encoders.speech_frames import STEP_RATE, WIDTH, excerpt, mix, speech_frames, white
from mmcore.encoders.whisper import SoundEncoder
from mmcore.errors import InputError

Step = Callable[[str, int, int], None]
SOUND_CONDITIONS = tuple(name for name, condition in CONDITIONS.items() if not condition.covered)
ENVIRONMENT_SHARE = 0.5


@dataclass(frozen=True)
class Material:
    """N clips, K drawn versions of the sound of each (the first is clean), T steps. Sound is encoded in bfloat16 where the processor can.

    Attributes:
        ids, hashes: (N,) path in the data set, sha256 of the file.
        words: (N, S) int, the word of each slot.
        folds: (N,) by which the data is split; clips of one letter share a fold.
        crops: (N, T, 24, 40) uint8.
        drawn: (N, K, T, 928) float16 to train on.
        tried: (N, 5, T, 928) float16 under the conditions of SOUND_CONDITIONS, with noises never used in ``drawn``.
        windows: (N, S, T) float32 share of the true word's time in each step; zeros where it is not known.
        key: what it is kept under: of all settings and sources that it was made with.
    """

    ids: list[str]
    hashes: list[str]
    words: np.ndarray
    folds: np.ndarray
    crops: np.ndarray
    drawn: np.ndarray
    tried: np.ndarray
    windows: np.ndarray
    key: str = ""


def gather(
    folder: Path, noise: Path, slots: Mapping[str, Sequence[str]], *, seconds: float, versions: int, ratios_db: tuple[float, float],
    seed: int, cache: Path, step: Step,
) -> Material:  # fmt: skip
    """The material in ``folder``, with environmental noise from ``noise``; its last fold is kept for trying, the others for training.

    Raises:
        InputError: clips without words, words that are no words of a slot, or a noise folder with less than two folds.
    """
    recordings = [r for r in read_recordings(folder) if r.words(tuple(slots)) is not None]
    if not recordings:
        raise InputError(f"{folder.name} holds no clip with its words", f"Give a labels.csv with the columns {', '.join(slots)}")
    said = [r.words(tuple(slots)) or () for r in recordings]
    words = np.array([[_number(slots, slot, word) for slot, word in zip(slots, row, strict=True)] for row in said])
    train_noise, try_noise = noise_folds(noise)
    settings = [seconds, versions, *ratios_db, seed, WIDTH, str(noise.resolve()), [r.id for r in recordings]]
    place = cache / hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    steps = round(seconds * STEP_RATE)
    crops = _array(place / "crops.npy", np.uint8, (len(recordings), steps, *CROP_SIZE))
    drawn = _array(place / "drawn.npy", np.float16, (len(recordings), versions, steps, WIDTH))
    tried = _array(place / "tried.npy", np.float16, (len(recordings), len(SOUND_CONDITIONS), steps, WIDTH))
    done = place / "hashes.json"
    hashes: list[str] = json.loads(done.read_text()) if done.is_file() else []
    if len(hashes) < len(recordings):
        noises, kept = read_noises(train_noise), read_noises(try_noise)
        encoder = SoundEncoder(torch.device("cpu"), quick=True)
        for at in range(len(hashes), len(recordings)):
            heard = read_utterance(recordings[at].path, 2 * seconds)
            if heard.samples is None or heard.mouth is None:
                raise InputError(f"{recordings[at].id}: a clip to train on needs sound and a face", "Leave it out of labels.csv")
            crops[at] = _fitted(heard.mouth.crops, steps)
            sounds = [heard.samples]
            sounds += [_drawn(heard.samples, noises, ratios_db, np.random.default_rng([seed, at, k])) for k in range(1, versions)]
            sounds += [spoil(heard.samples, CONDITIONS[name], heard.sha256, seed, kept) for name in SOUND_CONDITIONS[1:]]
            encoded = speech_frames(encoder, sounds, seconds)
            drawn[at] = encoded[:versions]
            tried[at, 0], tried[at, 1:] = encoded[0], encoded[versions:]
            hashes.append(heard.sha256)
            if len(hashes) % 20 == 0 or len(hashes) == len(recordings):
                done.write_text(json.dumps(hashes))
            step("encode", len(hashes), len(recordings))
    ids = [r.id for r in recordings]
    return Material(ids, hashes, words, _folds(recordings), crops, drawn, tried, _windows(folder, ids, list(slots), steps), place.name)


def noise_folds(folder: Path) -> tuple[list[Path], list[Path]]:
    """Sounds to train on, and those of the last fold, to try on."""
    rows = table_rows(folder / "labels.csv")
    folds = sorted({row.get("fold", "") for row in rows})
    if len(folds) < 2:
        raise InputError("the noise folder has less than two folds", "Give audio_esc10, or a folder laid out like it")
    return [folder / r["file"] for r in rows if r["fold"] != folds[-1]], [folder / r["file"] for r in rows if r["fold"] == folds[-1]]


def _drawn(samples: np.ndarray, noises: Sequence[np.ndarray], ratios_db: tuple[float, float], rng: np.random.Generator) -> np.ndarray:
    ratio = float(rng.uniform(*ratios_db))
    if rng.random() < ENVIRONMENT_SHARE:
        return mix(samples, excerpt(noises[int(rng.integers(len(noises)))], len(samples), rng), ratio)
    return mix(samples, white(len(samples), rng), ratio)


def _number(slots: Mapping[str, Sequence[str]], slot: str, word: str) -> int:
    if word not in slots[slot]:
        raise InputError(f"labels.csv: {word!r} is no word of the slot {slot}", f"Words: {', '.join(slots[slot])}")
    return list(slots[slot]).index(word)


def _folds(recordings: Sequence[Recording]) -> np.ndarray:
    names = [r.columns.get(FOLD) or r.columns.get(LETTER) or r.id for r in recordings]
    return np.unique(names, return_inverse=True)[1]


def _array(path: Path, kind: type, shape: tuple[int, ...]) -> np.ndarray:
    """An array kept in a file, made where it is not there yet."""
    return np.lib.format.open_memmap(path, "r+" if path.is_file() else "w+", kind, shape)


def _fitted(crops: np.ndarray, steps: int) -> np.ndarray:
    return np.concatenate([crops, np.repeat(crops[-1:], max(0, steps - len(crops)), axis=0)])[:steps]


def _windows(folder: Path, ids: Sequence[str], slots: Sequence[str], steps: int) -> np.ndarray:
    """True times of the slots' words, for a reader that learns where to listen. Only training sees them."""
    out = np.zeros((len(ids), len(slots), steps), np.float32)
    times = read_word_times(folder)
    order = ["command", "color", "preposition", LETTER, "digit", "adverb"]
    for i, name in enumerate(ids):
        said = times.get(name, [])
        if len(said) == len(order):
            for k, slot in enumerate(slots):
                _, start, end = said[order.index(slot)]
                first = min(steps - 1, int(start * CROP_RATE))
                out[i, k, first : max(first + 1, round(end * CROP_RATE))] = 1.0
    return out / np.maximum(1.0, out.sum(axis=-1, keepdims=True))
