"""What every fusion is: tokens of some modalities in, class logits out, for the whole and for each modality alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from mmcore.tokens import TokenBatch

NO_LOGIT = -1e4
"""Stands in for minus infinity: finite, so that a masked softmax over nothing is no NaN, also in bfloat16."""


@dataclass(frozen=True)
class FusionSettings:
    """Settings that every fusion understands; each uses the ones that it needs.

    Attributes:
        name: which fusion, see ``mmcore.fusion.FUSIONS``.
        dim: width D of a token inside the fusion.
        depth: layers of attention or graph convolution.
        heads: attention heads; divides ``dim``.
        dropout: probability with which a unit is dropped in training.
        neighbours: edges kept per node in the learned graph.
        members: networks trained from different seeds whose logits are averaged (Lakshminarayanan et al. 2017).
    """

    name: str = "late"
    dim: int = 64
    depth: int = 2
    heads: int = 4
    dropout: float = 0.3
    neighbours: int = 8
    members: int = 3


@dataclass(frozen=True)
class TokenShape:
    """Shape of one modality's tokens: T tokens of width D.

    Attributes:
        additive: True for a record, whose expert adds up its fields, so that a missing one adds nothing; False where
            tokens are alike (patches) and the expert reads their mean. Alike tokens are also scaled to unit deviation.
    """

    tokens: int
    width: int
    additive: bool = False


@dataclass(frozen=True)
class FusionOutput:
    """Logits of a batch.

    Attributes:
        logits: (B, C) from all modalities present.
        per_modality: (B, M, C) from each modality alone; the log prior where it is missing.
        weights: (B, M) weight of each modality where the fusion has such a thing, else None.
    """

    logits: torch.Tensor
    per_modality: torch.Tensor
    weights: torch.Tensor | None = None


class Experts(nn.Module):
    """One linear expert per modality on its pooled and standardised tokens: the part that every fusion shares."""

    log_prior: torch.Tensor

    def __init__(self, shapes: Mapping[str, TokenShape], prior: torch.Tensor, dropout: float) -> None:
        super().__init__()
        self.additive = {name: shape.additive for name, shape in shapes.items()}
        linear = {name: nn.Linear(shape.width, len(prior)) for name, shape in shapes.items()}
        self.linear = nn.ModuleDict(linear)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("log_prior", prior.log())
        for layer in linear.values():
            nn.init.zeros_(layer.weight)
            layer.bias.data.copy_(self.log_prior)

    def forward(self, pooled: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """(B, D) of each modality -> (B, M, C) logits, each row log-normalised; the log prior where a modality is missing."""
        out = []
        for name, layer in self.linear.items():
            there = mask[name].any(dim=1, keepdim=True)
            logits = layer(self.dropout(pooled[name])).log_softmax(dim=-1)
            out.append(torch.where(there, logits, self.log_prior.to(logits.dtype)))
        return torch.stack(out, dim=1)


class Projection(nn.Module):
    """Standardised tokens of every modality brought to one width D, each with its modality's embedding: (B, T, D) each."""

    def __init__(self, shapes: Mapping[str, TokenShape], dim: int, dropout: float) -> None:
        super().__init__()
        self.linear = nn.ModuleDict({name: nn.Linear(shape.width, dim) for name, shape in shapes.items()})
        self.norm = nn.ModuleDict({name: nn.LayerNorm(dim) for name in shapes})
        self.modality = nn.ParameterDict({name: nn.Parameter(torch.randn(dim) * 0.02) for name in shapes})
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Mapping[str, torch.Tensor], standardise: Standardise) -> dict[str, torch.Tensor]:
        """Modality -> (B, T, width) features to modality -> (B, T, D)."""
        out = {}
        for name, layer in self.linear.items():
            assert isinstance(layer, nn.Linear)
            # Scaling the weights is the same as scaling the tokens, which are many times more.
            weight = layer.weight * standardise.scale(name)
            projected = F.linear(features[name], weight, layer.bias - weight @ standardise.mean(name))
            out[name] = self.dropout(self.norm[name](projected + self.modality[name]))
        return out


class Standardise(nn.Module):
    """Features scaled by the mean and deviation seen in training, kept with the weights."""

    def __init__(self, shapes: Mapping[str, TokenShape]) -> None:
        super().__init__()
        self.shapes = dict(shapes)
        for name, shape in shapes.items():
            self.register_buffer(f"mean_{name}", torch.zeros(shape.width))
            self.register_buffer(f"scale_{name}", torch.ones(shape.width))

    def fit(self, batch: TokenBatch) -> None:
        """Take mean and deviation of the pooled tokens of a training batch; additive modalities stay as they are."""
        for name in (name for name, shape in self.shapes.items() if not shape.additive):
            pooled = pool(batch.features[name].float(), batch.mask[name])[batch.mask[name].any(dim=1)]
            self.mean(name).copy_(pooled.mean(dim=0))
            self.scale(name).copy_(1 / pooled.std(dim=0).clamp(min=1e-3))

    def mean(self, name: str) -> torch.Tensor:
        """(D,) mean of a modality's pooled tokens."""
        return getattr(self, f"mean_{name}")

    def scale(self, name: str) -> torch.Tensor:
        """(D,) one over their deviation."""
        return getattr(self, f"scale_{name}")


def pool(tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean over the tokens that are there: (B, T, D), (B, T) -> (B, D); zeros where none is."""
    keep = mask.to(tokens.dtype)
    return (keep.unsqueeze(1) @ tokens).squeeze(1) / keep.sum(dim=1, keepdim=True).clamp(min=1)


def product_of_experts(per_modality: torch.Tensor, log_prior: torch.Tensor, exponents: torch.Tensor | None = None) -> torch.Tensor:
    """(B, M, C) log posteriors -> (B, C): prior times the product of posterior over prior, each to its (M,) exponent where given.

    A missing modality's row is the log prior and so changes nothing.
    """
    evidence = per_modality - log_prior
    return log_prior + (evidence if exponents is None else evidence * exponents.unsqueeze(-1)).sum(dim=1)


def from_zero(width: int, classes: int) -> nn.Linear:
    """A linear layer that gives zeros until it is trained."""
    layer = nn.Linear(width, classes)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class Fusion(nn.Module):
    """A fusion network. Subclasses write ``fuse``; the experts and the scaling are the same for all.

    Args:
        shapes: modality -> token shape, in the model's order.
        prior: (C,) class prior of the training data.
    """

    def __init__(self, shapes: Mapping[str, TokenShape], prior: torch.Tensor, settings: FusionSettings) -> None:
        super().__init__()
        self.settings = settings
        self.shapes = dict(shapes)
        self.standardise = Standardise(shapes)
        self.experts = Experts(shapes, prior, settings.dropout)

    @property
    def log_prior(self) -> torch.Tensor:
        """(C,) natural logarithm of the class prior."""
        return self.experts.log_prior

    def forward(self, batch: TokenBatch) -> FusionOutput:
        """Any non-empty subset of modalities; a case with none gets the class prior."""
        per_modality = self.experts(self._pooled(batch), batch.mask)
        logits, weights = self.fuse(batch.features, batch.mask, per_modality)
        some = batch.presence.any(dim=1, keepdim=True).to(logits.device)
        return FusionOutput(torch.where(some, logits, self.log_prior.to(logits.dtype)), per_modality, weights)

    def _pooled(self, batch: TokenBatch) -> dict[str, torch.Tensor]:
        """Modality -> (B, D): the sum of a record's fields, the standardised mean of alike tokens."""
        out = {}
        for name, shape in self.shapes.items():
            pooled = pool(batch.features[name], batch.mask[name])
            if shape.additive:
                out[name] = pooled * batch.mask[name].sum(dim=1, keepdim=True)
            else:
                out[name] = (pooled - self.standardise.mean(name)) * self.standardise.scale(name)
        return out

    def fuse(
        self, features: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor], per_modality: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """(B, C) logits, and (B, M) weights of the modalities or None."""
        raise NotImplementedError
