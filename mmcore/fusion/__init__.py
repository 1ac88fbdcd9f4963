"""Fusions by name. Each reads tokens and a presence mask and accepts every subset of modalities."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import torch

from mmcore.errors import ConfigError
from mmcore.fusion.attention import AttentionFusion
from mmcore.fusion.concat import ConcatFusion
from mmcore.fusion.ensemble import Ensemble
from mmcore.fusion.graph import GraphFusion
from mmcore.fusion.interface import Fusion, FusionOutput, FusionSettings, TokenShape
from mmcore.fusion.late import LateFusion
from mmcore.fusion.weighted import WeightedFusion

FUSIONS: dict[str, type[Fusion]] = {
    "late": LateFusion,
    "concat": ConcatFusion,
    "weighted": WeightedFusion,
    "attention": AttentionFusion,
    "graph": GraphFusion,
}

__all__ = ["FUSIONS", "Ensemble", "Fusion", "FusionOutput", "FusionSettings", "TokenShape", "build_fusion"]


def build_fusion(settings: FusionSettings, shapes: Mapping[str, TokenShape], prior: torch.Tensor) -> Fusion:
    """A new, untrained fusion network; ConfigError names the nearest where the name is unknown."""
    if settings.name not in FUSIONS:
        near = difflib.get_close_matches(settings.name, FUSIONS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Use one of: {', '.join(FUSIONS)}"
        raise ConfigError(f"fusion {settings.name!r} is not known", hint)
    return FUSIONS[settings.name](shapes, prior, settings)
