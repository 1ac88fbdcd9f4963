"""A trained spoken-command model in memory: clips in, a word for every slot out, from sound, lips and both."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from mmcore import device as devices
from mmcore import library, model_folder
from mmcore.domains.video.slot_conditions import covered
from mmcore.domains.video.slot_data import Utterance
from mmcore.domains.video.slot_network import MODALITIES, QUANTILES, SUBSETS, SlotNetwork, SlotReadings, mouth_statistics, standard_crops
from mmcore.domains.video.slot_training import SlotTraining
from mmcore.encoders.mouth import CROP_SIZE
from mmcore.encoders.speech_frames import STEP_RATE, WIDTH, noise_statistics, speech_frames
from mmcore.encoders.whisper import SoundEncoder
from mmcore.errors import ConfigError
from mmcore.in_memory import InMemory
from mmcore.model_spec import ModelSpec, read_spec
from mmcore.settings import parse

PRIOR = ""


@dataclass(frozen=True)
class SlotSettings:
    """``[settings]`` of model.toml.

    Attributes:
        slots: slot -> its words.
        longest_s: the longest clip that is one command.
        doubt: share of the probability that is spread evenly over a slot's words: no number of clips makes a word certain.
    """

    slots: Mapping[str, list]
    longest_s: float = 12.0
    doubt: float = 1e-6


@dataclass(frozen=True)
class Trial:
    """One way of presenting a clip: its sound or None, and the crops of its mouth or None."""

    samples: np.ndarray | None
    crops: np.ndarray | None


@dataclass(frozen=True)
class Answers:
    """What is said in each of B trials.

    Attributes:
        probabilities: subset of modalities -> slot -> (B, C), calibrated; rows of subsets that a trial lacks are uniform.
        present: (B, 2) which modalities each trial has.
        attention: (B, S, T) where the fusion looks for each slot.
        gates: (B, S, 2) weights of sound and lips.
    """

    probabilities: Mapping[str, Mapping[str, np.ndarray]]
    present: np.ndarray
    attention: np.ndarray
    gates: np.ndarray


@dataclass
class SlotModel:
    """A model folder of the task ``slots``; one lock, as torch shares its threads."""

    folder: Path
    spec: ModelSpec
    settings: SlotSettings
    training: SlotTraining
    network: SlotNetwork
    version: str
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def slots(self) -> dict[str, tuple[str, ...]]:
        return self.network.slots

    @cached_property
    def encoder(self) -> SoundEncoder:
        return SoundEncoder(devices.pick())

    @cached_property
    def figures(self) -> dict:
        """What `compare` measured; {} where it has not run."""
        return model_folder.read_json(self.folder, model_folder.FIGURES)

    @cached_property
    def trained_on(self) -> frozenset[str]:
        """sha256 of every clip and noise of training; empty where the folder does not keep them."""
        return frozenset(model_folder.read_json(self.folder, model_folder.HASHES).get("hashes", []))

    @property
    def card(self) -> str:
        path = self.folder / model_folder.CARD
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def trials(self, heard: Utterance) -> Trial:
        """The clip as it is."""
        return Trial(heard.samples, heard.mouth.crops if heard.mouth is not None else None)

    @torch.inference_mode()
    def answer(self, trials: Sequence[Trial], seconds: float) -> Answers:
        """The words of several presentations of one clip, ``seconds`` long."""
        steps = max(1, round(seconds * STEP_RATE))
        present = torch.tensor([[t.samples is not None, t.crops is not None] for t in trials])
        frames = np.zeros((len(trials), steps, WIDTH), np.float32)
        crops = np.zeros((len(trials), steps, *CROP_SIZE), np.uint8)
        sounds = {i: trial.samples for i, trial in enumerate(trials) if trial.samples is not None}
        if sounds:
            frames[list(sounds)] = speech_frames(self.encoder, list(sounds.values()), seconds)
        for i, trial in enumerate(trials):
            if trial.crops is not None:
                crops[i] = trial.crops[:steps]
        return self.read(frames, crops, present)

    @torch.inference_mode()
    def read(self, frames: np.ndarray, crops: np.ndarray, present: torch.Tensor) -> Answers:
        """(B, T, 928) sound frames, (B, T, 24, 40) crops and (B, 2) presence -> the words."""
        lips = standard_crops(torch.from_numpy(np.ascontiguousarray(crops)))
        statistics = {"audio": torch.from_numpy(noise_statistics(frames)), "visual": mouth_statistics(lips)}
        with self.lock:
            readings = self.network({"audio": torch.from_numpy(frames.astype(np.float32)), "visual": lips}, statistics, present)
        calibrated = _calibrated(self.network, readings, present, self.settings.doubt)
        return Answers(calibrated, present.numpy(), readings.fused.attention.numpy(), readings.gates.numpy())

    def likely(self, slot: str, probabilities: np.ndarray, subset: str, level: float) -> list[str]:
        """The words of a slot that cannot be ruled out at a level, most probable first; never empty.

        Where even the first is less probable than nearly all true words on which the limits were fitted, those up to a sum of ``level``.
        """
        scores = self.network.scores[SUBSETS.index(subset), list(self.slots).index(slot)]
        limit = float(scores[min(QUANTILES - 1, int(np.ceil(level * (QUANTILES - 1))))])
        order = np.argsort(-probabilities, kind="stable")
        count = int((1 - probabilities <= limit).sum()) or 1 + int(np.searchsorted(np.cumsum(probabilities[order]), level))
        return [self.slots[slot][i] for i in order[:count]]


def _calibrated(network: SlotNetwork, readings: SlotReadings, present: torch.Tensor, doubt: float) -> dict[str, dict[str, np.ndarray]]:
    by_subset = {"audio": readings.alone["audio"], "visual": readings.alone["visual"], "audio+visual": readings.fused}
    out: dict[str, dict[str, np.ndarray]] = {}
    for i, subset in enumerate(SUBSETS):
        there = torch.stack([present[:, MODALITIES.index(m)] for m in subset.split("+")]).all(dim=0)
        out[subset] = {}
        for j, slot in enumerate(network.slots):
            p = (by_subset[subset].logits[slot] / network.temperature[i, j]).softmax(-1)
            p = (1 - doubt) * p + doubt / p.shape[1]
            out[subset][slot] = torch.where(there[:, None], p, torch.full_like(p, 1 / p.shape[1])).numpy().astype(float)
    return out


def covered_trial(trial: Trial) -> Trial:
    """The same clip with its mouth blanked in every picture."""
    return Trial(trial.samples, covered(trial.crops) if trial.crops is not None else None)


def read_settings(spec: ModelSpec) -> tuple[SlotSettings, SlotTraining]:
    """``[settings]`` and ``[training]`` of a model of the task ``slots``; ConfigError where they make no sense."""
    settings = parse(SlotSettings, spec.settings, "model.toml.settings")
    if not settings.slots or any(len(set(words)) < 2 for words in settings.slots.values()):
        raise ConfigError("model.toml.settings.slots: every slot needs at least two words")
    if spec.modalities != MODALITIES:
        raise ConfigError(f"model.toml.inputs: a model of spoken commands has the inputs {', '.join(MODALITIES)}")
    return settings, parse(SlotTraining, spec.training, "model.toml.training")


def save_network(folder: Path, network: SlotNetwork) -> None:
    """The weights as float16."""
    tensors = {name: v.half().contiguous() if v.is_floating_point() else v for name, v in network.state_dict().items()}
    save_file(tensors, folder / library.WEIGHTS)
    model_folder.seal(folder)


def load_model(folder: Path) -> SlotModel:
    """The model in a folder; ModelError where its weights are missing or damaged."""
    spec = read_spec(folder)
    settings, training = read_settings(spec)
    model_folder.check_seal(folder)
    network = SlotNetwork(settings.slots, training.dropout)
    path = folder / library.WEIGHTS
    with model_folder.readable(path), safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        network.load_state_dict({name: v.float() if v.is_floating_point() else v for name, v in tensors.items()})
    return SlotModel(folder, spec, settings, training, network.eval(), model_folder.version(folder, spec))


load = InMemory(lambda folder, device: load_model(folder))
"""The model by name or folder; see `InMemory`."""
