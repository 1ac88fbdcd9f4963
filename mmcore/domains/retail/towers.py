"""The two towers: a shopper's tokens and a product's tokens, each fused to one vector; their product is the score.

A side's image and its text fields are projected by a small network each and added where they are there, so that any subset gives a vector.
A shopper's vector is read from the past products (and wishes) by attention that knows how long ago each was bought.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from mmcore.domains.retail.catalogue import TEXT_FIELDS
from mmcore.domains.retail.features import IMAGE_DIM, TEXT_DIM
from mmcore.domains.retail.settings import TowerSettings
from mmcore.fusion.interface import NO_LOGIT

AGES = 8
"""Days ago that are told apart: 0 for a wish or a photo of now, 7 and more are one."""


class Side(nn.Module):
    """Content of products to vectors: (N, 256), (N, F, 128) and (N, 2) presence -> (N, D)."""

    def __init__(self, settings: TowerSettings) -> None:
        super().__init__()
        self.image = _network(IMAGE_DIM, settings)
        self.text = _network(len(TEXT_FIELDS) * TEXT_DIM, settings)
        self.missing = nn.Parameter(torch.zeros(2, settings.dim))

    def forward(self, image: torch.Tensor, text: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        pictures = torch.where(there[:, :1], self.image(image * IMAGE_DIM**0.5), self.missing[0])
        return pictures + torch.where(there[:, 1:], self.text(text.flatten(1) * TEXT_DIM**0.5), self.missing[1])


class Towers(nn.Module):
    """Both sides. ``scale`` turns a cosine into a logit, ``popularity`` weighs the log-popularity during training."""

    def __init__(self, settings: TowerSettings) -> None:
        super().__init__()
        self.settings = settings
        self.product, self.past = Side(settings), Side(settings)
        self.weigh = nn.Linear(settings.dim, 1)
        self.age = nn.Parameter(torch.zeros(AGES))
        self.out = nn.Sequential(nn.LayerNorm(settings.dim), nn.Linear(settings.dim, settings.dim))
        self.scale = nn.Parameter(torch.tensor(2.3))
        self.popularity = nn.Parameter(torch.tensor(0.5))

    def products(self, image: torch.Tensor, text: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """(N, D) of unit length."""
        return F.normalize(self.product(image, text, there), dim=1)

    def shoppers(self, past: torch.Tensor, mask: torch.Tensor, age: torch.Tensor) -> torch.Tensor:
        """(B, T, D) vectors of the past side, (B, T) which are there, (B, T) days ago -> (B, D) of unit length."""
        weights = self.weigh(torch.tanh(past)).squeeze(-1) + self.age[age.clamp(0, AGES - 1)]
        weights = weights.masked_fill(~mask, NO_LOGIT).softmax(dim=1) * mask
        return F.normalize(self.out((weights.unsqueeze(-1) * past).sum(dim=1)), dim=1)


def _network(width: int, settings: TowerSettings) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(settings.dropout),
        nn.Linear(width, settings.hidden),
        nn.GELU(),
        nn.Dropout(settings.dropout),
        nn.Linear(settings.hidden, settings.dim),
    )
