"""The picture encoder of a fold: the registry's own, or trained further on the fold's training part only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from mmcore.encoders.registry import BLOCKS, PICTURE_ENCODERS, Encoder, build_encoder
from mmcore.errors import ConfigError
from mmcore.model_spec import ModelSpec
from mmcore.training.dataset import TrainingSet
from mmcore.training.load import RawSet, Step, encode_set
from mmcore.training.picture_classifier import TuneSettings, tune
from mmcore.training.settings import TrainingSettings

States = dict[str, dict[str, torch.Tensor]]


def tune_encoders(
    raw: RawSet, spec: ModelSpec, settings: TrainingSettings, seed: int, device: torch.device, checkpoint: Path | None, step: Step
) -> States:
    """Picture modality -> weights trained further on ``raw``; {} where the policy is "frozen".

    Raises:
        ConfigError: an encoder runs only the first blocks of its network, which training through its last ones would not serve.
    """
    states: States = {}
    if settings.freeze == "frozen":
        return states
    how = TuneSettings(policy=settings.freeze, epochs=settings.tune_epochs, learning_rate=settings.tune_rate)
    for name, pixels in raw.pixels.items():
        if spec.inputs[name].encoder in BLOCKS:
            hint = 'Use "frozen"'
            raise ConfigError(f"training.freeze {settings.freeze!r}: {spec.inputs[name].encoder} runs a part of its network only", hint)
        at = raw.has_picture[name].numpy().nonzero()[0]
        start = PICTURE_ENCODERS[spec.inputs[name].encoder][1]()
        path = checkpoint.with_name(f"{checkpoint.name}-{name}.ckpt") if checkpoint else None
        states[name], _ = tune(
            start, pixels[torch.as_tensor(at)], raw.labels[at], len(spec.labels), how, seed, device,
            checkpoint=path, on_epoch=lambda epoch, loss: step("tune", epoch, settings.tune_epochs),
        )  # fmt: skip
    return states


def build_encoders(spec: ModelSpec, device: torch.device, states: Mapping[str, Mapping[str, torch.Tensor]]) -> dict[str, Encoder]:
    """Encoders of every modality, with the weights in ``states`` where there are some."""
    return {name: build_encoder(item, device, states.get(name)) for name, item in spec.inputs.items()}


@dataclass(frozen=True)
class FoldCases:
    """What a fold's own encoder gives: its weights ({} where it is frozen) and the whole data set encoded by it."""

    states: States
    cases: TrainingSet


def fold_encoder(
    raw: RawSet,
    spec: ModelSpec,
    settings: TrainingSettings,
    seed: int,
    device: torch.device,
    checkpoints: Path | None,
    step: Step,
    kept: dict[int, FoldCases] | None = None,
) -> Callable[[int, np.ndarray], TrainingSet] | None:
    """A function (fold, its training rows) -> the whole set encoded by that fold's encoder; None where encoders are frozen.

    Args:
        kept: receives every fold's weights and set, for those who need them again.
    """
    if settings.freeze == "frozen":
        return None

    def encode(fold: int, inside: np.ndarray) -> TrainingSet:
        path = checkpoints / f"fold{fold}" if checkpoints else None
        states = tune_encoders(raw.rows(inside), spec, settings, seed * 1000 + fold, device, path, step)
        cases = encode_set(raw, build_encoders(spec, device, states), spec.modalities, settings.views, step)
        if kept is not None:
            kept[fold] = FoldCases(states, cases)
        return cases

    return encode
