"""Random changes to photos that leave the diagnosis as it is: turns, mirror, crop, stretch, light, colour, focus."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F

SCALE = (0.65, 1.05)
STRETCH = 0.3
COLOUR = 0.25
BLURRED = 0.2


def augment(pixels: torch.Tensor, side: int, generator: torch.Generator) -> torch.Tensor:
    """(B, 3, H, W) uint8 -> (B, 3, side, side) float32, scaled as EfficientNet-Lite expects it."""
    picture = _colour(_geometry(pixels.float(), side, generator), generator).clamp(0, 255)
    soft = torch.rand(len(pixels), generator=generator) < BLURRED
    blurred = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="reflect"), 3, 1)
    return (torch.where(soft[:, None, None, None], blurred, picture) - 127.0) / 128.0


def _geometry(picture: torch.Tensor, side: int, generator: torch.Generator) -> torch.Tensor:
    count = len(picture)
    angle = torch.rand(count, generator=generator) * 2 * math.pi
    zoom = SCALE[0] + (SCALE[1] - SCALE[0]) * torch.rand(count, generator=generator)
    stretch = torch.exp((torch.rand(count, generator=generator) - 0.5) * STRETCH)
    mirror = (torch.rand(count, generator=generator) < 0.5).float() * 2 - 1
    cos, sin = torch.cos(angle), torch.sin(angle)
    matrix = torch.zeros(count, 2, 3)
    matrix[:, 0, 0], matrix[:, 0, 1] = cos * zoom * stretch * mirror, -sin * zoom * stretch
    matrix[:, 1, 0], matrix[:, 1, 1] = sin * zoom / stretch * mirror, cos * zoom / stretch
    room = (1 - zoom).clamp(min=0)[:, None] * 0.8 + 0.06
    matrix[:, :, 2] = (torch.rand(count, 2, generator=generator) - 0.5) * 2 * room
    grid = F.affine_grid(matrix, [count, 3, side, side], align_corners=False)
    return F.grid_sample(picture, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def _colour(picture: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    def factor(channels: int = 1, amount: float = COLOUR) -> torch.Tensor:
        return 1 + (torch.rand(len(picture), channels, 1, 1, generator=generator) - 0.5) * 2 * amount

    grey = picture.mean(dim=1, keepdim=True)
    picture = (picture - grey) * factor() + grey
    mean = picture.mean(dim=(2, 3), keepdim=True)
    picture = (picture - mean) * factor() + mean * factor()
    return picture * factor(3, COLOUR * 0.35)
