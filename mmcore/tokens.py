"""Evidence tokens: rows of numbers that remember what they stand for. Fusion reads these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Tokens:
    """The tokens of one modality of one case.

    Attributes:
        features: (T, D) float32 on the CPU; D is the encoder's width.
        mask: (T,) bool, True where the token is there (a record's missing field is False).
        where: for each token what it stands for: {"box": [x, y, w, h]} in the picture's own pixels,
            {"field": name}, {"span": [from, to]}, {"time": [from_s, to_s]} or {"item": id}.
    """

    features: torch.Tensor
    mask: torch.Tensor
    where: tuple[Mapping[str, Any], ...]

    @property
    def present(self) -> bool:
        """False where no token is there: the modality is missing."""
        return bool(self.mask.any())


@dataclass(frozen=True)
class TokenBatch:
    """Tokens of B cases, modality by modality, in the model's order.

    Attributes:
        features: modality -> (B, T, D).
        mask: modality -> (B, T) bool; a row of False is a missing modality.
    """

    features: Mapping[str, torch.Tensor]
    mask: Mapping[str, torch.Tensor]

    def __len__(self) -> int:
        return next(iter(self.mask.values())).shape[0]

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names, in the model's order."""
        return tuple(self.mask)

    @property
    def presence(self) -> torch.Tensor:
        """(B, M) bool: which modalities each case has."""
        return torch.stack([mask.any(dim=1) for mask in self.mask.values()], dim=1)

    def select(self, rows: torch.Tensor) -> TokenBatch:
        """The cases at these row numbers, or where this (B,) mask is True."""
        return TokenBatch({m: f[rows] for m, f in self.features.items()}, {m: k[rows] for m, k in self.mask.items()})

    def keep(self, presence: torch.Tensor) -> TokenBatch:
        """The same cases with only the modalities where ``presence`` (M,) or (B, M) is True."""
        presence = presence.expand(len(self), -1) if presence.dim() == 1 else presence
        mask = {m: k & presence[:, i : i + 1].to(k.device) for i, (m, k) in enumerate(self.mask.items())}
        return TokenBatch(self.features, mask)

    def packed(self) -> TokenBatch:
        """The same cases, each modality cut to as many tokens as the longest case has, those that are there first.

        A modality that would lose less than a third of its tokens stays as it is: moving them costs more than it saves.
        """
        features, masks = dict(self.features), dict(self.mask)
        for name, mask in self.mask.items():
            most = max(1, int(mask.sum(dim=1).max()))
            if 3 * most < 2 * mask.shape[1]:
                first = (~mask).to(torch.int8).argsort(dim=1, stable=True)[:, :most]
                features[name] = features[name].gather(1, first.unsqueeze(-1).expand(-1, -1, features[name].shape[-1]))
                masks[name] = mask.gather(1, first)
        return TokenBatch(features, masks)

    def to(self, device: torch.device) -> TokenBatch:
        """The same batch on another device."""
        return TokenBatch({m: f.to(device) for m, f in self.features.items()}, {m: k.to(device) for m, k in self.mask.items()})


def stack(cases: Sequence[Mapping[str, Tokens]]) -> TokenBatch:
    """Cases with the same modalities and token counts as one batch."""
    names = list(cases[0])
    return TokenBatch(
        {m: torch.stack([case[m].features for case in cases]) for m in names},
        {m: torch.stack([case[m].mask for case in cases]) for m in names},
    )


def subset_name(modalities: Sequence[str]) -> str:
    """Contract name of a subset: its modalities joined by "+", "" for none."""
    return "+".join(modalities)


def all_subsets(modalities: Sequence[str]) -> list[tuple[str, ...]]:
    """Every subset including the empty one, smallest first, each in the model's order."""
    from itertools import combinations

    return [subset for size in range(len(modalities) + 1) for subset in combinations(modalities, size)]
