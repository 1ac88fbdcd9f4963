"""Fusions by name. Each reads tokens and a presence mask and accepts every subset of modalities."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from mmcore.errors import ConfigError, did_you_mean
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

__all__ = ["FUSIONS", "Ensemble", "Fusion", "FusionOutput", "FusionSettings", "TokenShape", "build_fusion", "check_settings"]


def build_fusion(settings: FusionSettings, shapes: Mapping[str, TokenShape], prior: torch.Tensor) -> Fusion:
    """A new, untrained fusion network; ConfigError names the nearest where the name is unknown."""
    _check_name(settings.name)
    return FUSIONS[settings.name](shapes, prior, settings)


def check_settings(settings: FusionSettings, where: str) -> None:
    """ConfigError, which says ``where``, unless each fusion can be built with these sizes, and the one named is there."""
    _check_name(settings.name)
    for name in ("dim", "depth", "heads", "neighbours", "members"):
        if getattr(settings, name) < 1:
            raise ConfigError(f"{where}: {name} {getattr(settings, name)} is below 1", "Give a whole number of at least 1")
    if settings.dim % settings.heads:
        raise ConfigError(f"{where}: dim {settings.dim} cannot be shared out among {settings.heads} heads", "Make dim a multiple of heads")
    if not 0 <= settings.dropout < 1:
        raise ConfigError(f"{where}: dropout {settings.dropout:g} is no probability", "Give at least 0 and less than 1")


def _check_name(name: str) -> None:
    if name not in FUSIONS:
        raise ConfigError(f"fusion {name!r} is not known", did_you_mean(name, FUSIONS, f"Use one of: {', '.join(FUSIONS)}"))
