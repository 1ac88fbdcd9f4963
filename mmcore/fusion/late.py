"""Late fusion: a product of experts over the class prior (Hinton 2002; Kittler et al. 1998, the product rule).

Each expert is raised to an exponent of its own (a logarithmic opinion pool, Heskes 1998): an expert that is surer in training than on
cases it has not seen counts for less. The exponents come from out-of-fold scores (``mmcore.training.exponents``).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

from mmcore.fusion.interface import Fusion, FusionSettings, TokenShape, product_of_experts


class LateFusion(Fusion):
    """Each modality answers alone; the answers multiply as if independent given the class."""

    exponents: torch.Tensor

    def __init__(self, shapes: Mapping[str, TokenShape], prior: torch.Tensor, settings: FusionSettings) -> None:
        super().__init__(shapes, prior, settings)
        self.register_buffer("exponents", torch.ones(len(shapes)))

    def fuse(
        self, features: Mapping[str, torch.Tensor], mask: Mapping[str, torch.Tensor], per_modality: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The product of experts alone; no weights."""
        return product_of_experts(per_modality, self.log_prior, self.exponents), None
