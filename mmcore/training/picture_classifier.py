"""A picture encoder trained further as a classifier, whole or its top: for pretraining and for fine-tuning."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from mmcore import device as devices
from mmcore.encoders.efficientnet import WIDTH, build_net
from mmcore.errors import ConfigError
from mmcore.training.augment import augment
from mmcore.training.fit import warmup_cosine
from mmcore.training.loss import class_weights

TOP_BLOCK = 9
"""First of the 16 blocks that the policy "top" trains: the last two stages and the head."""


@dataclass(frozen=True)
class TuneSettings:
    """How. Batch norms keep their statistics: batches are small and the photos of another kind (Kolesnikov et al. 2020)."""

    policy: str = "top"
    epochs: int = 8
    learning_rate: float = 1e-4
    head_factor: float = 10.0
    weight_decay: float = 0.02
    batch: int = 24
    side: int = 192
    dropout: float = 0.3
    label_smoothing: float = 0.05
    class_weight_power: float = 0.5
    warmup: float = 0.1


def tune(
    state: Mapping[str, torch.Tensor],
    pixels: torch.Tensor,
    labels: np.ndarray,
    classes: int,
    settings: TuneSettings,
    seed: int,
    device: torch.device,
    *,
    checkpoint: Path | None = None,
    on_epoch: Callable[[int, float], None] | None = None,
) -> tuple[dict[str, torch.Tensor], list[dict[str, float]]]:
    """Weights trained further on (N, 3, H, W) uint8 pictures.

    Args:
        checkpoint: file that keeps the state after every epoch; a run that finds it goes on from there.

    Returns:
        The encoder's weights on the CPU without the classifier, and the curve: one {"epoch", "train"} per epoch.
    """
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    net = build_net(state).to(device, memory_format=torch.channels_last)
    head = nn.Linear(WIDTH, classes).to(device)
    trained = trainable(net, settings.policy)
    head_rate = settings.learning_rate * settings.head_factor
    groups = [{"params": trained, "lr": settings.learning_rate}, {"params": list(head.parameters()), "lr": head_rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=settings.weight_decay)
    steps = settings.epochs * math.ceil(len(labels) / settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: warmup_cosine(step, steps, settings.warmup))
    weights, target = class_weights(labels, classes, settings.class_weight_power).to(device), torch.as_tensor(labels)
    parts = {"net": net, "head": head, "optimiser": optimiser, "schedule": schedule}
    curve = _restore(checkpoint, parts, generator)
    while len(curve) < settings.epochs:
        net.train()
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        total = 0.0
        for rows in torch.randperm(len(labels), generator=generator).split(settings.batch):
            batch = augment(pixels[rows], settings.side, generator).to(device, memory_format=torch.channels_last)
            with devices.training_autocast(device):
                features = F.dropout(net.extract_features(batch).mean(dim=(2, 3)), settings.dropout)
                logits = head(features)
            loss = F.cross_entropy(logits.float(), target[rows].to(device), weight=weights, label_smoothing=settings.label_smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(rows)
        curve.append({"epoch": len(curve) + 1, "train": round(total / len(labels), 5)})
        _keep(checkpoint, parts, generator, curve)
        if on_epoch:
            on_epoch(len(curve), curve[-1]["train"])
    return {name: value.detach().cpu().contiguous() for name, value in net.state_dict().items()}, curve


def trainable(net: nn.Module, policy: str) -> list[nn.Parameter]:
    """The parameters that a freeze policy trains; the others are frozen. "all", or "top": the last blocks and the head."""
    if policy not in ("top", "all"):
        raise ConfigError(f"policy {policy!r} trains nothing", "Use top or all")
    for name, parameter in net.named_parameters():
        block = int(name.split(".")[1]) if name.startswith("_blocks.") else (99 if name.startswith(("_conv_head", "_bn1")) else -1)
        parameter.requires_grad = policy == "all" or block >= TOP_BLOCK
    return [parameter for parameter in net.parameters() if parameter.requires_grad]


def _keep(path: Path | None, parts: Mapping[str, Any], generator: torch.Generator, curve: list[dict[str, float]]) -> None:
    if path is None:
        return
    state = {name: part.state_dict() for name, part in parts.items()}
    part = path.with_suffix(".part")
    torch.save(state | {"generator": generator.get_state(), "torch": torch.get_rng_state(), "curve": curve}, part)
    part.replace(path)


def _restore(path: Path | None, parts: Mapping[str, Any], generator: torch.Generator) -> list[dict[str, float]]:
    if path is None or not path.is_file():
        return []
    state = torch.load(path, weights_only=True, map_location="cpu")
    for name, part in parts.items():
        part.load_state_dict(state[name])
    generator.set_state(state["generator"])
    torch.set_rng_state(state["torch"])
    return state["curve"]
