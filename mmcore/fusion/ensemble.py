"""Several networks of one kind, trained from different seeds, as one (Lakshminarayanan et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from mmcore.fusion.interface import Fusion, FusionOutput
from mmcore.tokens import TokenBatch


class Ensemble(nn.Module):
    """Averages its members' log probabilities: a geometric mean of their answers."""

    def __init__(self, members: Sequence[Fusion]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, batch: TokenBatch) -> FusionOutput:
        """Mean log probabilities (B, C), in float32, and mean weights where the members have any."""
        outputs = [member(batch) for member in self.members]
        weights = [output.weights for output in outputs if output.weights is not None]
        return FusionOutput(
            torch.stack([output.logits.float().log_softmax(-1) for output in outputs]).mean(dim=0),
            torch.stack([output.per_modality.float() for output in outputs]).mean(dim=0),
            torch.stack(weights).mean(dim=0) if weights else None,
        )
