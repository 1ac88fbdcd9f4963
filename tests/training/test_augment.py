from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.training.augment import augment
from mmcore.training.views import view


def test_augmented_pictures_have_the_encoders_scale_and_the_seeds_choice() -> None:
    pixels = torch.randint(0, 256, (6, 3, 40, 50), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    one, same, other = (augment(pixels, 32, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert one.shape == (6, 3, 32, 32) and one.dtype == torch.float32
    assert one.min() >= -127 / 128 and one.max() <= 1
    assert torch.equal(one, same) and not torch.equal(one, other)


def test_a_picture_stays_the_picture_that_it_was() -> None:
    left = torch.zeros(8, 3, 64, 64, dtype=torch.uint8)
    left[:4, 0] = 200
    out = augment(left, 32, torch.Generator().manual_seed(0))
    assert out[:4, 0].mean() > out[4:, 0].mean() + 0.5


def test_eight_views_are_eight_different_pictures_with_the_same_pixels() -> None:
    pixels = np.arange(2 * 3 * 4 * 4, dtype=np.float32).reshape(2, 3, 4, 4)
    views = [view(pixels, number) for number in range(8)]
    assert np.array_equal(views[0], pixels)
    assert len({v.tobytes() for v in views}) == 8
    assert all(np.array_equal(np.sort(v, axis=None), np.sort(pixels, axis=None)) for v in views)
    assert np.array_equal(views[1], pixels[:, :, :, ::-1])
    assert all(v[:, 0].max() == pytest.approx(pixels[:, 0].max()) or v.shape == pixels.shape for v in views)
