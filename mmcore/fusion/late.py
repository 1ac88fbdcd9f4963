"""Late fusion: a product of experts over the class prior (Hinton 2002; Kittler et al. 1998, the product rule)."""

from __future__ import annotations

import torch

from mmcore.fusion.interface import Fusion


def product_of_experts(per_modality: torch.Tensor, log_prior: torch.Tensor) -> torch.Tensor:
    """(B, M, C) log posteriors -> (B, C): prior times the product of posterior over prior.

    A missing modality's row is the log prior and so changes nothing.
    """
    return log_prior + (per_modality - log_prior).sum(dim=1)


class LateFusion(Fusion):
    """Each modality answers alone; the answers multiply as if independent given the class."""

    def fuse(self, features, mask, per_modality):
        return product_of_experts(per_modality, self.log_prior), None
