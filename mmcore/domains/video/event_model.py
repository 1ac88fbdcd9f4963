"""The model `video_events` in memory: sight, sound, speech and words on the screen over one set of labels."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from mmcore import device as devices
from mmcore import library, model_folder
from mmcore.domains.video.sound_head import SoundHead
from mmcore.domains.video.vocabulary import Bridge, certainty, fuse, plain, sound_labels, text_labels
from mmcore.encoders.imagenet import PictureNamer, kind_names
from mmcore.encoders.minilm import TextEncoder, load_text_encoder
from mmcore.encoders.whisper import SoundEncoder
from mmcore.errors import ConfigError
from mmcore.in_memory import InMemory
from mmcore.model_spec import ModelSpec, read_spec
from mmcore.settings import parse

COST = "cost.json"
"""What `python -m mmcore films cost` measured."""
MODALITIES = ("visual", "audio", "speech", "text")
SIGHT_WEIGHT, SPEECH_WEIGHT, TEXT_WEIGHT = 1.0, 0.35, 0.35
"""How much a fully reliable modality counts, beside 1 for sound. Set beforehand, not fitted: there is no
labelled film to fit them on. What no label means weighs less besides (`vocabulary.MEANT`)."""


@dataclass(frozen=True)
class EventSettings:
    """``[settings]``: names for people of the kinds of sound, and the labels that events are looked for without being told."""

    kinds: Mapping[str, str]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class EventTraining:
    """``[training]``: strength of the regularisation, and how many sounds of none of the kinds are made.

    Attributes:
        speech: so many recordings of the folder of speech are heard.
        music, voices, others: about so many recordings of music, of speech and of what is none of the kinds are heard in the albums.
        mixed: in each of ``mixed_rounds`` rounds, so many blends of two different kinds are sounds of none of the kinds.
        mixed_inverse_penalty: of the heads that learn with these blends.
    """

    inverse_penalty: float = 0.005
    negatives: int = 200
    speech: int = 100
    music: int = 60
    voices: int = 160
    others: int = 160
    mixed: int = 1500
    mixed_rounds: int = 2
    mixed_inverse_penalty: float = 0.02


@dataclass(frozen=True)
class Evidence:
    """What each modality says of L labels at N moments; a modality without anything to say is left out.

    Attributes:
        probabilities: modality -> (N, L).
        weights: modality -> (N,) how reliable it is there, and for sight and sound whether any label means what it found; 0 where it
            is silent or nothing is seen.
        fused: (N, L).
    """

    probabilities: Mapping[str, np.ndarray]
    weights: Mapping[str, np.ndarray]
    fused: np.ndarray

    def subset(self, modalities: Sequence[str]) -> np.ndarray:
        """(N, L) from some of the modalities; even where none of them has anything to say."""
        some = [m for m in modalities if m in self.probabilities]
        if not some:
            return np.full_like(self.fused, 1 / self.fused.shape[1])
        return fuse([self.probabilities[m] for m in some], [self.weights[m] for m in some])


@dataclass
class EventModel:
    """A model folder of the task ``events``."""

    folder: Path
    spec: ModelSpec
    settings: EventSettings
    head: SoundHead
    names: np.ndarray
    version: str
    lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def hearing(self) -> SoundEncoder:
        return SoundEncoder(devices.pick())

    @cached_property
    def sight(self) -> PictureNamer:
        return PictureNamer(devices.pick())

    @cached_property
    def texts(self) -> TextEncoder:
        return load_text_encoder(devices.pick())

    @cached_property
    def kinds_of_picture(self) -> list[str]:
        return kind_names()

    @cached_property
    def sound_names(self) -> np.ndarray:
        """(K - 1, 384) vectors of the kinds' names."""
        return self.texts.sentences([self.settings.kinds[kind] for kind in self.head.kinds[:-1]])

    @cached_property
    def figures(self) -> dict:
        """What `compare` measured, and what `films cost` did as "cost"; {} where neither has run."""
        cost = model_folder.read_json(self.folder, COST)
        return model_folder.read_json(self.folder, model_folder.FIGURES) | ({"cost": cost} if cost else {})

    @cached_property
    def bridge(self) -> Bridge:
        return Bridge(self.names)

    @property
    def card(self) -> str:
        path = self.folder / model_folder.CARD
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def label_vectors(self, labels: Sequence[str]) -> np.ndarray:
        """(L, 384) of unit length."""
        return self.texts.sentences([plain(label) for label in labels])

    def evidence(
        self, labels: np.ndarray, pictures: np.ndarray | None, sounds: np.ndarray | None,
        said: np.ndarray | None = None, written: np.ndarray | None = None,
    ) -> Evidence:  # fmt: skip
        """Label probabilities at N moments.

        Args:
            labels: (L, 384) their vectors.
            pictures: (N, 1000) kinds of picture, sounds: (N, K) kinds of sound; rows of NaN where there is nothing.
            said, written: (N, 384) vectors of what is said and written; rows of zeros where nothing is.
        """
        shares: dict[str, np.ndarray] = {}
        weights: dict[str, np.ndarray] = {}
        if pictures is not None:
            there = ~np.isnan(pictures).any(axis=1)
            filled = np.where(there[:, None], pictures, 1 / pictures.shape[1])
            shares["visual"], meant = self.bridge.labels(filled, labels)
            weights["visual"] = SIGHT_WEIGHT * there * certainty(filled) * meant
        if sounds is not None:
            there = ~np.isnan(sounds).any(axis=1)
            filled = np.where(there[:, None], sounds, 1 / sounds.shape[1])
            shares["audio"], meant = sound_labels(filled, self.sound_names, labels)
            weights["audio"] = there * meant
        for name, vectors, weight in (("speech", said, SPEECH_WEIGHT), ("text", written, TEXT_WEIGHT)):
            if vectors is not None:
                shares[name] = text_labels(vectors, labels)
                weights[name] = weight * (np.linalg.norm(vectors, axis=1) > 0)
        return Evidence(shares, weights, fuse(list(shares.values()), list(weights.values())))


def read_settings(spec: ModelSpec) -> tuple[EventSettings, EventTraining]:
    """``[settings]`` and ``[training]`` of a model of the task ``events``."""
    settings = parse(EventSettings, spec.settings, "model.toml.settings")
    if len(settings.labels) < 2 or len(settings.kinds) < 2:
        raise ConfigError("model.toml.settings: at least two labels and two kinds of sound are needed")
    return settings, parse(EventTraining, spec.training, "model.toml.training")


def save_head(folder: Path, head: SoundHead, names: np.ndarray) -> None:
    """The sound head and the vectors of ImageNet's kinds, as float16."""
    tensors = {name: np.asarray(getattr(head, name), np.float16) for name in ("mean", "scale", "weight", "bias")}
    meta = json.dumps({"kinds": head.kinds, "temperature": float(head.temperature)})
    save_file({**tensors, "names": names.astype(np.float16)}, folder / library.WEIGHTS, metadata={model_folder.BUILT: meta})
    model_folder.seal(folder)


def load_model(folder: Path) -> EventModel:
    """The model in a folder; ModelError where its weights are missing or damaged."""
    spec = read_spec(folder)
    settings, _ = read_settings(spec)
    model_folder.check_seal(folder)
    path = folder / library.WEIGHTS
    with model_folder.readable(path), safe_open(path, "np") as file:
        meta = json.loads(file.metadata()[model_folder.BUILT])
        arrays = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
        names = arrays.pop("names")
        head = SoundHead(tuple(meta["kinds"]), **arrays, temperature=meta["temperature"])
    return EventModel(folder, spec, settings, head, names, model_folder.version(folder, spec))


load = InMemory(lambda folder, device: load_model(folder))
"""The model by name or folder; see `InMemory`."""
