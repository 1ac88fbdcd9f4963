"""Weighted fusion: H = sum of alpha_m H_m, with static weights and a gate that corrects them for each case.

The static weights come from a cross-validated search (``mmcore.training.static_weights``); the gate (Arevalo et al. 2017,
gated multimodal units) adds to their logarithm and starts at zero.
"""

from __future__ import annotations

import torch
from torch import nn

from mmcore.fusion.interface import NO_LOGIT, Fusion, Projection, pool


class WeightedFusion(Fusion):
    """The pooled modalities, each through its own layer, added with weights that sum to one over those present."""

    def __init__(self, shapes, prior, settings):
        super().__init__(shapes, prior, settings)
        modalities, dim = len(shapes), settings.dim
        self.projection = Projection(shapes, dim, settings.dropout)
        self.hidden = nn.ModuleDict({name: nn.Sequential(nn.Linear(dim, dim), nn.Tanh()) for name in shapes})
        self.gate = nn.Linear(modalities * (dim + 1), modalities)
        self.head = nn.Linear(dim, len(prior))
        self.register_buffer("static_weights", torch.full((modalities,), 1 / modalities))
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)

    def fuse(self, features, mask, per_modality):
        tokens = self.projection(features)
        hidden = torch.stack([self.hidden[name](pool(tokens[name], mask[name])) for name in tokens], dim=1)
        there = torch.stack([mask[name].any(dim=1) for name in tokens], dim=1)
        hidden = hidden * there.unsqueeze(-1).to(hidden.dtype)
        gate = self.gate(torch.cat([hidden.flatten(1), there.to(hidden.dtype)], dim=1))
        scores = self.static_weights.clamp(min=1e-3).log() + gate
        alpha = scores.masked_fill(~there, NO_LOGIT).softmax(dim=1)
        return self.head((alpha.unsqueeze(-1) * hidden).sum(dim=1)), alpha
