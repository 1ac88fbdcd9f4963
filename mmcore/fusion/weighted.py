"""Weighted fusion: H = sum of alpha_m H_m, with static weights and a gate that corrects them for each case.

H_m is a modality's evidence, its log posterior minus the log prior; with equal weights the sum is the product of experts. The static
weights come from a cross-validated search (``mmcore.training.crossfit.static_weights``). The gate (Arevalo et al. 2017, gated multimodal
units) reads the evidence of all modalities, adds to the logarithm of the static weights and starts at zero.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from mmcore.fusion.interface import NO_LOGIT, Fusion, FusionSettings, TokenShape, from_zero


class WeightedFusion(Fusion):
    """The modalities' evidence added with weights that sum to one over those present."""

    static_weights: torch.Tensor

    def __init__(self, shapes: Mapping[str, TokenShape], prior: torch.Tensor, settings: FusionSettings) -> None:
        super().__init__(shapes, prior, settings)
        modalities, classes = len(shapes), len(prior)
        self.gate = nn.Sequential(nn.Linear(modalities * (classes + 1), settings.dim), nn.Tanh(), from_zero(settings.dim, modalities))
        self.register_buffer("static_weights", torch.full((modalities,), 1 / modalities))

    def fuse(
        self, features: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor], per_modality: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Evidence summed by weights that look at what each modality says; the (B, M) weights beside it."""
        evidence = per_modality - self.log_prior
        there = torch.stack([mask[name].any(dim=1) for name in self.shapes], dim=1)
        gate = self.gate(torch.cat([evidence.flatten(1), there.to(evidence.dtype)], dim=1))
        scores = self.static_weights.clamp(min=1e-3).log() + gate
        alpha = scores.masked_fill(~there, NO_LOGIT).softmax(dim=1)
        return self.log_prior + weighted_evidence(evidence, alpha, there.sum(dim=1)), alpha


def weighted_evidence(evidence: torch.Tensor, alpha: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
    """(B, M, C), (B, M), (B,) -> (B, C): the weighted mean of the evidence times the number of modalities present."""
    return (alpha.unsqueeze(-1) * evidence).sum(dim=1) * present.unsqueeze(-1)
