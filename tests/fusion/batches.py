"""Small token batches and networks for tests of fusions."""

from __future__ import annotations

import torch

from mmcore.fusion import FUSIONS, Fusion, FusionSettings, TokenShape, build_fusion
from mmcore.tokens import TokenBatch

SHAPES = {"image": TokenShape(5, 12), "record": TokenShape(4, 9, additive=True), "note": TokenShape(3, 7)}
PRIOR = torch.tensor([0.5, 0.3, 0.2])
NAMES = tuple(FUSIONS)


def network(name: str, seed: int = 0, shapes: dict[str, TokenShape] = SHAPES) -> Fusion:
    """A fusion whose every weight is random: untrained heads are zero and would hide mistakes."""
    torch.manual_seed(seed)
    fusion = build_fusion(FusionSettings(name, dim=8, heads=2, depth=2, neighbours=3), shapes, PRIOR)
    for parameter in fusion.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return fusion.eval()


def batch(count: int = 6, seed: int = 1, shapes: dict[str, TokenShape] = SHAPES) -> TokenBatch:
    """Random tokens, some of the record's hidden, every modality there."""
    generator = torch.Generator().manual_seed(seed)
    features = {name: torch.randn(count, shape.tokens, shape.width, generator=generator) for name, shape in shapes.items()}
    mask = {name: torch.rand(count, shape.tokens, generator=generator) < 0.7 for name, shape in shapes.items()}
    for there in mask.values():
        there[:, 0] = True
    return TokenBatch(features, mask)
