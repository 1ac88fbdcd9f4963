"""Graph fusion: tokens are nodes, edges are learned from them, and H(l+1) = sigma(A H(l) W(l)).

The adjacency is the row-normalised softmax of learned similarities over each node's nearest neighbours, with self-loops
(Kipf and Welling 2017 for the propagation; edges inferred as in Jiang et al. 2019, GLCN). The answer corrects the
product of experts, by nothing at the start.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from mmcore.fusion.interface import NO_LOGIT, Fusion, FusionSettings, Projection, TokenShape, from_zero, pool, product_of_experts


class GraphFusion(Fusion):
    """``depth`` graph convolutions over one learned graph per case, then the mean over its nodes."""

    def __init__(self, shapes: Mapping[str, TokenShape], prior: torch.Tensor, settings: FusionSettings) -> None:
        super().__init__(shapes, prior, settings)
        self.projection = Projection(shapes, settings.dim, settings.dropout)
        self.source, self.target = nn.Linear(settings.dim, settings.dim), nn.Linear(settings.dim, settings.dim)
        self.weights = nn.ModuleList(nn.Linear(settings.dim, settings.dim) for _ in range(settings.depth))
        self.norm = nn.LayerNorm(settings.dim)
        self.dropout = nn.Dropout(settings.dropout)
        self.head = from_zero(settings.dim * len(shapes), len(prior))

    def adjacency(self, x: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """(B, T, T) rows that sum to one over the kept neighbours; rows and columns of missing nodes are zero."""
        scores = self.source(x) @ self.target(x).transpose(-1, -2) / x.shape[-1] ** 0.5
        pairs = there.unsqueeze(2) & there.unsqueeze(1)
        scores = scores.masked_fill(~pairs, NO_LOGIT)
        kept = scores.topk(min(self.settings.neighbours, scores.shape[-1]), dim=-1).indices
        near = torch.zeros_like(pairs).scatter(-1, kept, True)
        loops = torch.eye(x.shape[1], dtype=torch.bool, device=x.device)
        pairs = pairs & (near | loops)
        return scores.masked_fill(~pairs, NO_LOGIT).softmax(dim=-1) * pairs

    def fuse(
        self, features: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor], per_modality: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Product of experts plus what is read from the graph, modality by modality."""
        tokens = self.projection(features, self.standardise)
        x = torch.cat(list(tokens.values()), dim=1)
        there = torch.cat([mask[name] for name in tokens], dim=1)
        adjacency = self.adjacency(x, there).to(x.dtype)
        for layer in self.weights:
            x = x + self.dropout(torch.relu(layer(adjacency @ x)))
        parts = torch.split(self.norm(x), [tokens[name].shape[1] for name in tokens], dim=1)
        read = torch.cat([pool(part, mask[name]) for part, name in zip(parts, tokens, strict=True)], dim=1)
        return product_of_experts(per_modality, self.log_prior) + self.head(read), None
