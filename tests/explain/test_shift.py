"""A moved picture is found to be moved, and by how much; of two pictures that share nothing nothing is said."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from mmcore.explain.shift import shift, told


def picture(seed: int) -> np.ndarray:
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=(360, 300)), 6)
    grey = np.interp(noise, (noise.min(), noise.max()), (0, 255)).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.mark.parametrize(("right", "down"), [(0, 0), (30, 0), (-24, 36), (15, -18)])
def test_a_shift_is_found(right: int, down: int) -> None:
    whole = picture(0)
    moved = np.zeros_like(whole)
    height, width = whole.shape[:2]
    moved[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)] = whole[
        max(0, -down) : height + min(0, -down), max(0, -right) : width + min(0, -right)
    ]
    found = shift(whole, moved)
    assert found == pytest.approx((right / width, down / height), abs=0.01)


def test_two_pictures_that_share_nothing_have_none() -> None:
    assert shift(picture(1), picture(2)) is None


def test_it_is_told_with_its_size_and_what_it_means() -> None:
    assert told((0.01, -0.02)) == "They lie on each other to within 2 % of a side."
    assert told((0.0, 0.001)) == "They lie on each other to within 1 % of a side."
    assert told((-0.1, 0.02)).startswith("The current picture is moved by 10 % of the width to the left: the same place is not")
    assert "10 % of the width to the right and 20 % of the height down" in told((0.1, 0.2))
    assert "with care" in told(None)
