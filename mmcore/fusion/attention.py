"""Attention fusion: a transformer over the tokens of all modalities, with cross-attention between them.

Each layer: self-attention within a modality, cross-attention to the tokens of the other modalities (Lu et al. 2019, ViLBERT;
Tsai et al. 2019, MulT), a feed-forward layer. A learned query then reads all tokens. The answer
corrects the product of experts, by nothing at the start.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from mmcore.fusion.interface import NO_LOGIT, Fusion, FusionSettings, Projection, TokenShape, from_zero, product_of_experts
from mmcore.tokens import TokenBatch


class Attention(nn.Module):
    """Multi-head attention with a (B, T_query, T_key) mask of allowed pairs; a query that may look at nothing gets zeros.

    Dropout takes a pair of tokens away for all heads at once: a quarter of the random numbers, which were most of the cost of training.
    """

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(dim, dim) for _ in range(4))
        self.dropout = nn.Dropout(dropout)

    def weights(self, query: torch.Tensor, context: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
        """(B, heads, Tq, Tk) how strongly each query looks at each key; rows sum to one, even where nothing is allowed."""
        q, k = self._split(self.query(query)), self._split(self.key(context))
        scores = (q / q.shape[-1] ** 0.5) @ k.transpose(-1, -2)
        return scores.masked_fill(~allowed.unsqueeze(1), NO_LOGIT).softmax(dim=-1)

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        """(B, T, D) -> (B, heads, T, D / heads)."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(self, query: torch.Tensor, context: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
        """(B, Tq, D) queries and (B, Tk, D) context -> (B, Tq, D)."""
        weights, v = self.weights(query, context, allowed), self._split(self.value(context))
        if self.training:
            weights = weights * self.dropout(torch.ones_like(weights.narrow(1, 0, 1)))
        read = (weights.to(v.dtype) @ v) * allowed.any(dim=-1).unsqueeze(1).unsqueeze(-1)
        return self.out(read.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """Self-attention within each modality, cross-attention between modalities, feed-forward; pre-norm, residual."""

    within: Attention
    across: Attention

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.within, self.across = Attention(dim, heads, dropout), Attention(dim, heads, dropout)
        self.norms = nn.ModuleList(nn.LayerNorm(dim) for _ in range(3))
        self.feed = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * dim, dim))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, same: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """(B, T, D) tokens, (B, T, T) pairs of one modality and of two -> (B, T, D)."""
        for attend, norm, allowed in ((self.within, self.norms[0], same), (self.across, self.norms[1], other)):
            normed = norm(x)
            x = x + self.dropout(attend(normed, normed, allowed))
        return x + self.dropout(self.feed(self.norms[2](x)))

    def looks(self, x: torch.Tensor, same: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """(B, T, T) weights of the cross-attention, mean over the heads, zero where a token may look at nothing."""
        normed = self.norms[0](x)
        normed = self.norms[1](x + self.within(normed, normed, same))
        return self.across.weights(normed, normed, other).mean(dim=1) * other


class AttentionFusion(Fusion):
    """All tokens through ``depth`` layers, then one learned query reads them."""

    numbers: torch.Tensor

    def __init__(self, shapes: Mapping[str, TokenShape], prior: torch.Tensor, settings: FusionSettings) -> None:
        super().__init__(shapes, prior, settings)
        self.projection = Projection(shapes, settings.dim, settings.dropout)
        self.layers = nn.ModuleList(Layer(settings.dim, settings.heads, settings.dropout) for _ in range(settings.depth))
        self.readout = nn.Parameter(torch.randn(1, 1, settings.dim) * 0.02)
        self.read = Attention(settings.dim, settings.heads, settings.dropout)
        self.norm = nn.LayerNorm(settings.dim)
        self.head = from_zero(settings.dim, len(prior))
        self.register_buffer("numbers", torch.arange(len(shapes)), persistent=False)

    def fuse(
        self, features: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor], per_modality: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Product of experts plus what the query reads from all tokens."""
        x, there, same, other = self._tokens(features, mask)
        for layer in self.layers:
            x = layer(x, same, other)
        read = self.read(self.readout.expand(len(x), -1, -1).to(x.dtype), x, there.unsqueeze(1))
        return product_of_experts(per_modality, self.log_prior) + self.head(self.norm(read.squeeze(1))), None

    def _tokens(
        self, features: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor]
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """All tokens (B, T, D), which are there (B, T), and the pairs (B, T, T) of one modality and of two."""
        tokens = self.projection(features, self.standardise)
        there = torch.cat([mask[name] for name in tokens], dim=1)
        owner = torch.cat([number.expand(part.shape[1]) for number, part in zip(self.numbers.split(1), tokens.values(), strict=True)])
        pairs, alike = there.unsqueeze(2) & there.unsqueeze(1), owner.unsqueeze(1) == owner.unsqueeze(0)
        return torch.cat(list(tokens.values()), dim=1), there, pairs & alike, pairs & ~alike

    def looks(self, batch: TokenBatch) -> torch.Tensor:
        """(B, T, T) how strongly each token looks at each token of the other modalities, in the order of the modalities.

        The weights of the cross-attention, mean over heads and layers. That a token is looked at does not say that it matters
        (Jain and Wallace 2019): measure it before showing it.
        """
        x, _, same, other = self._tokens(batch.features, batch.mask)
        found = []
        for layer in self.layers:
            assert isinstance(layer, Layer)
            found.append(layer.looks(x, same, other))
            x = layer(x, same, other)
        return torch.stack(found).mean(dim=0)
