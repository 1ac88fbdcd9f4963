"""One network, trained: AdamW, warm-up and cosine, early stopping, mixed precision on CUDA, resumable."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.optim.lr_scheduler import LRScheduler

from mmcore import device as devices
from mmcore.fusion import Fusion, FusionSettings, TokenShape, build_fusion, packed
from mmcore.fusion.weighted import WeightedFusion
from mmcore.tokens import TokenBatch
from mmcore.training.dataset import TrainingSet
from mmcore.training.hiding import fill_missing, hide_modalities, hide_tokens
from mmcore.training.loss import class_weights, total_loss
from mmcore.training.settings import TrainingSettings

REFERENCE_WIDTH = 64
PER_EPOCH = Callable[[int, float, float], None]


@dataclass
class Progress:
    """State of a run, enough to go on after a kill."""

    epoch: int = 0
    best_epoch: int = 0
    best_loss: float = math.inf
    best_state: dict[str, torch.Tensor] = field(default_factory=dict)
    curve: list[dict[str, float]] = field(default_factory=list)


def shapes_of(data: TrainingSet) -> dict[str, TokenShape]:
    """Token shapes by modality; one with views is a grid of like tokens, one without adds up its fields."""
    return {name: TokenShape(values.shape[2], values.shape[3], additive=name in data.additive) for name, values in data.features.items()}


def fit(
    train: TrainingSet,
    validation: TrainingSet | None,
    classes: int,
    fusion: FusionSettings,
    settings: TrainingSettings,
    seed: int,
    device: torch.device,
    *,
    static_weights: np.ndarray | None = None,
    checkpoint: Path | None = None,
    on_epoch: PER_EPOCH | None = None,
) -> tuple[Fusion, list[dict[str, float]]]:
    """A fusion network fitted to ``train``, stopped where the loss on ``validation`` was least.

    Args:
        validation: None trains all epochs and keeps the last state.
        checkpoint: file to keep the state in after every epoch; a run that finds it goes on from there.

    Returns:
        The network on the CPU, in evaluation mode, and its curve: one {"epoch", "train", "validation"} per epoch.
    """
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    prior = torch.tensor(weighted_prior(train.prior(classes), settings.class_weight_power), dtype=torch.float32)
    network = build_fusion(fusion, shapes_of(train), prior)
    network.standardise.fit(train.batch())
    if static_weights is not None and isinstance(network, WeightedFusion):
        network.static_weights.copy_(torch.as_tensor(static_weights))
    network = network.to(device)
    optimiser = torch.optim.AdamW(parameter_groups(network, settings), weight_decay=settings.weight_decay)
    updates = settings.epochs * math.ceil(math.ceil(len(train) / settings.batch) / settings.accumulate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: warmup_cosine(step, updates, settings.warmup))
    weights = class_weights(train.labels, classes, settings.class_weight_power).to(device)
    progress = _restore(checkpoint, network, optimiser, schedule, generator)
    while progress.epoch < settings.epochs and progress.epoch - progress.best_epoch < settings.patience:
        loss = _epoch(network, train, optimiser, schedule, weights, settings, generator, device)
        held = loss if validation is None else _loss(network, validation, weights, settings, device)
        progress.epoch += 1
        progress.curve.append({"epoch": progress.epoch, "train": round(loss, 5)} | ({"validation": round(held, 5)} if validation else {}))
        if validation is None or held < progress.best_loss:
            progress.best_loss, progress.best_epoch = held, progress.epoch
            progress.best_state = {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}
        _keep(checkpoint, progress, network, optimiser, schedule, generator)
        if on_epoch:
            on_epoch(progress.epoch, loss, held)
    network.load_state_dict(progress.best_state)
    return network.cpu().eval(), progress.curve


def weighted_prior(prior: np.ndarray, power: float) -> np.ndarray:
    """(C,) the class prior under which a network trained with class weights (n / n_c) ** power answers."""
    shifted = prior ** (1 - power)
    return shifted / shifted.sum()


def parameter_groups(network: Fusion, settings: TrainingSettings) -> list[dict]:
    """Parameters with their learning rates: a layer that reads raw tokens learns at a rate inverse to the tokens' width.

    Adam moves every weight alike, so a wide input would move the answer further than a narrow one (Yang et al. 2021, muP):
    pictures of 1280 features would be overfitted before a record of 40 is learned. Decay per step (rate times decay) is the same for all.
    """
    groups: list[dict] = []
    seen: set[int] = set()
    projection: Any = getattr(network, "projection", None)
    for part, rate in ((network.experts, settings.learning_rate), (projection, settings.deep_rate)):
        for name, shape in network.shapes.items() if part is not None else ():
            narrow = min(1.0, REFERENCE_WIDTH / shape.width)
            parameters = list(part.linear[name].parameters())
            biases = [p for p in parameters if p.dim() == 1] if not settings.decay_biases else []
            rest = [p for p in parameters if not any(p is bias for bias in biases)]
            groups.append({"params": rest, "lr": rate * narrow, "weight_decay": settings.weight_decay / narrow})
            groups += [{"params": biases, "lr": rate * narrow, "weight_decay": 0.0}] if biases else []
            seen |= {id(p) for p in parameters}
    rest = [p for p in network.parameters() if id(p) not in seen]
    return [*groups, {"params": rest, "lr": settings.deep_rate}] if rest else groups


def warmup_cosine(step: int, steps: int, warmup: float) -> float:
    """Factor of the learning rate: a line up over the first share ``warmup`` of the steps, then half a cosine to zero."""
    rise = max(1, round(steps * warmup))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rise) / max(1, steps - rise))))


def _epoch(
    network: Fusion,
    train: TrainingSet,
    optimiser: torch.optim.Optimizer,
    schedule: LRScheduler,
    weights: torch.Tensor,
    settings: TrainingSettings,
    generator: torch.Generator,
    device: torch.device,
) -> float:
    network.train()
    donors = {name: (train.features[name][:, 0], train.mask[name]) for name in train.additive}
    order, labels, total = torch.randperm(len(train), generator=generator), torch.as_tensor(train.labels), 0.0
    parts = list(order.split(settings.batch))
    for number, rows in enumerate(parts):
        batch = fill_missing(train.batch(rows, generator), donors, generator)
        batch = hide_modalities(hide_tokens(batch, settings.token_dropout, generator), settings.modality_dropout, generator)
        with devices.autocast(device):
            output = packed.forward(network, batch, device)
        loss = total_loss(output, batch.presence.to(device), labels[rows].to(device), weights, settings)
        (loss / settings.accumulate).backward()
        total += float(loss.detach()) * len(rows)
        if (number + 1) % settings.accumulate == 0 or number + 1 == len(parts):
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            schedule.step()
    return total / len(train)


@torch.no_grad()
def _loss(network: Fusion, data: TrainingSet, weights: torch.Tensor, settings: TrainingSettings, device: torch.device) -> float:
    """Mean loss with everything that is there, plus that of each modality alone."""
    network.eval()
    batch: TokenBatch = data.batch().to(device)
    target = torch.as_tensor(data.labels, device=device)
    return float(total_loss(network(batch), batch.presence, target, weights, settings))


def _keep(
    path: Path | None,
    progress: Progress,
    network: Fusion,
    optimiser: torch.optim.Optimizer,
    schedule: LRScheduler,
    generator: torch.Generator,
) -> None:
    if path is None:
        return
    state = {
        "progress": copy.copy(progress.__dict__),
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),
        "generator": generator.get_state(),
        "torch": torch.get_rng_state(),
    }
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _restore(
    path: Path | None, network: Fusion, optimiser: torch.optim.Optimizer, schedule: LRScheduler, generator: torch.Generator
) -> Progress:
    if path is None or not path.is_file():
        return Progress()
    state = torch.load(path, weights_only=True, map_location="cpu")
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    generator.set_state(state["generator"])
    torch.set_rng_state(state["torch"])
    return Progress(**state["progress"])
