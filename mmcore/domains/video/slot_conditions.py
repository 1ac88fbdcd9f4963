"""Conditions under which a spoken command is tried: noise over the sound, a hand over the mouth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmcore.encoders.speech_frames import excerpt, mix, white
from mmcore.errors import InputError
from mmcore.readers.media import read_media
from mmcore.readers.sound import read_sound
from mmcore.wording import MINUS, NBSP

ENVIRONMENT = "-5dB_environment"


@dataclass(frozen=True)
class Condition:
    """How a clip is spoilt.

    Attributes:
        ratio_db: sound over noise, by their RMS over the whole clip; None for no noise.
        noise: "white" or "environment".
        covered: every picture has the mouth blanked.
    """

    ratio_db: float | None = None
    noise: str = "white"
    covered: bool = False


CONDITIONS: Mapping[str, Condition] = {
    "clean": Condition(),
    "0dB": Condition(0.0),
    "-5dB": Condition(-5.0),
    "-10dB": Condition(-10.0),
    ENVIRONMENT: Condition(-5.0, "environment"),
    "mouth_covered": Condition(covered=True),
    "0dB_mouth_covered": Condition(0.0, covered=True),
}


def spelled(name: str) -> str:
    """A condition's name for people: "0dB_mouth_covered" as "0 dB, mouth covered"."""
    return name.replace("-", MINUS).replace("dB_", "dB, ").replace("dB", f"{NBSP}dB").replace("_", " ")


def spoil(samples: np.ndarray, condition: Condition, sha256: str, seed: int, noises: Sequence[np.ndarray] = ()) -> np.ndarray:
    """The sound under a condition; the same clip and seed give the same noise, whatever the clip is called.

    Args:
        noises: what environmental noise is drawn from.
    """
    if condition.ratio_db is None:
        return samples
    rng = np.random.default_rng([seed, int(sha256[:15], 16), round(1000 + condition.ratio_db), condition.noise == "environment"])
    if condition.noise == "white":
        return mix(samples, white(len(samples), rng), condition.ratio_db)
    return mix(samples, excerpt(noises[int(rng.integers(len(noises)))], len(samples), rng), condition.ratio_db)


def covered(crops: np.ndarray) -> np.ndarray:
    """Crops of a mouth that is blanked in every picture: one flat grey, the mean of each."""
    return np.broadcast_to(crops.mean(axis=(-2, -1), keepdims=True), crops.shape).astype(crops.dtype)


def read_noises(paths: Sequence[Path]) -> list[np.ndarray]:
    """Samples of each noise, those that are silent left out; InputError where none is left."""
    files = sorted((read_media(path) for path in paths), key=lambda media: media.sha256)  # whatever they are called
    sounds = [read_sound(media) for media in files]
    noises = [sound.samples for sound in sounds if sound is not None and np.abs(sound.samples).max() > 1e-4]
    if not noises:
        raise InputError("the noise folder holds no sound that can be heard", "Give a folder with sound clips")
    return noises
