"""Concatenation: the pooled modalities side by side into a small perceptron, zeros and a flag where one is missing."""

from __future__ import annotations

import torch
from torch import nn

from mmcore.fusion.interface import Fusion, Projection, pool


class ConcatFusion(Fusion):
    """Pooled token vectors, concatenated with the presence mask, through one hidden layer."""

    def __init__(self, shapes, prior, settings):
        super().__init__(shapes, prior, settings)
        self.projection = Projection(shapes, settings.dim, settings.dropout)
        self.head = nn.Sequential(
            nn.Linear((settings.dim + 1) * len(shapes), settings.dim), nn.GELU(), nn.Dropout(settings.dropout), nn.Linear(settings.dim, len(prior))
        )

    def fuse(self, features, mask, per_modality):
        tokens = self.projection(features)
        parts = [pool(tokens[name], mask[name]) for name in tokens]
        flags = [mask[name].any(dim=1, keepdim=True).to(parts[0].dtype) for name in tokens]
        return self.head(torch.cat(parts + flags, dim=1)), None
