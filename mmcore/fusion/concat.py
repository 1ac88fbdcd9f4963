"""Concatenation: the pooled modalities side by side into a small perceptron, zeros and a flag where one is missing.

Like attention and graph it learns a correction to the product of experts, zero at the start: with little data it never falls far
below late fusion, with more it learns what the modalities say only together.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from mmcore.fusion.interface import Fusion, FusionSettings, Projection, TokenShape, from_zero, pool, product_of_experts


class ConcatFusion(Fusion):
    """Pooled token vectors, concatenated with the presence mask, through one hidden layer."""

    def __init__(self, shapes: Mapping[str, TokenShape], prior: torch.Tensor, settings: FusionSettings) -> None:
        super().__init__(shapes, prior, settings)
        self.projection = Projection(shapes, settings.dim, settings.dropout)
        self.head = nn.Sequential(
            nn.Linear((settings.dim + 1) * len(shapes), settings.dim),
            nn.GELU(),
            nn.Dropout(settings.dropout),
            from_zero(settings.dim, len(prior)),
        )

    def fuse(
        self, features: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor], per_modality: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Product of experts plus what the perceptron makes of the pooled modalities."""
        tokens = self.projection(features, self.standardise)
        parts = [pool(tokens[name], mask[name]) for name in tokens]
        flags = [mask[name].any(dim=1, keepdim=True).to(parts[0].dtype) for name in tokens]
        return product_of_experts(per_modality, self.log_prior) + self.head(torch.cat(parts + flags, dim=1)), None
