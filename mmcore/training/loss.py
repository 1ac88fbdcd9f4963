"""Losses: cross-entropy or focal, with class weights, for the whole and for each modality alone."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from mmcore.fusion.interface import FusionOutput
from mmcore.training.settings import TrainingSettings


def class_weights(labels: np.ndarray, classes: int, power: float) -> torch.Tensor:
    """(C,) weights (n / n_c) ** power with mean one over the cases; a class without a case gets none."""
    counts = np.bincount(labels, minlength=classes).astype(float)
    raw = np.where(counts > 0, (counts.sum() / np.maximum(counts, 1)) ** power, 0.0)
    return torch.tensor(raw * counts.sum() / (raw * counts).sum(), dtype=torch.float32)


def classification_loss(logits: torch.Tensor, target: torch.Tensor, weights: torch.Tensor, settings: TrainingSettings) -> torch.Tensor:
    """Mean loss of (B, C) logits against (B,) classes: cross-entropy, or focal where gamma is above zero (Lin et al. 2017)."""
    losses = F.cross_entropy(logits.float(), target, weight=weights, label_smoothing=settings.label_smoothing, reduction="none")
    if settings.focal_gamma > 0:
        sure = logits.float().softmax(-1).gather(1, target[:, None])[:, 0]
        losses = losses * (1 - sure) ** settings.focal_gamma
    return losses.mean()


def total_loss(
    output: FusionOutput, presence: torch.Tensor, target: torch.Tensor, weights: torch.Tensor, settings: TrainingSettings
) -> torch.Tensor:
    """Loss of the fused answer plus, times ``auxiliary``, the loss of each modality where it is there."""
    loss = classification_loss(output.logits, target, weights, settings)
    for number in range(presence.shape[1]):
        there = presence[:, number]
        if there.any():
            loss = loss + settings.auxiliary * classification_loss(output.per_modality[there, number], target[there], weights, settings)
    return loss
