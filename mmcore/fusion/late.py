"""Late fusion: a product of experts over the class prior (Hinton 2002; Kittler et al. 1998, the product rule)."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from mmcore.fusion.interface import Fusion, product_of_experts


class LateFusion(Fusion):
    """Each modality answers alone; the answers multiply as if independent given the class."""

    def fuse(
        self, features: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor], per_modality: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        return product_of_experts(per_modality, self.log_prior), None
