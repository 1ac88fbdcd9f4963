from __future__ import annotations

import numpy as np
import pytest

from mmcore.encoders.look import RADIOGRAPH, WHOLE


def film(seed: int = 0) -> np.ndarray:
    """A (200, 160, 3) picture with structure everywhere."""
    rng = np.random.default_rng(seed)
    grey = np.kron(rng.integers(20, 200, (20, 16)), np.ones((10, 10))).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def test_the_whole_picture_is_looked_at_as_it_is() -> None:
    assert WHOLE.region(film()) == (0, 0, 160, 200)
    assert (WHOLE.pixels(film()[:100, :100], 100) == film()[:100, :100]).all()


def test_of_a_radiograph_the_middle_of_what_lies_within_blank_borders_is_seen() -> None:
    framed = np.full((300, 220, 3), 3, np.uint8)
    framed[50:250, 30:190] = film()
    x, y, width, height = RADIOGRAPH.region(framed)
    assert abs(x - 50) <= 4 and abs(y - 75) <= 4 and abs(width - 120) <= 6 and abs(height - 150) <= 6


def test_letters_near_the_edge_of_a_radiograph_are_not_seen() -> None:
    marked = film()
    marked[2:18, 4:18] = 255
    assert (RADIOGRAPH.pixels(marked, 64) == RADIOGRAPH.pixels(film(), 64)).all()


def test_blank_borders_that_would_leave_too_little_stay() -> None:
    blank = np.zeros((96, 96, 3), np.uint8)
    blank[40:50, 40:50] = 255
    assert RADIOGRAPH.region(blank) == (12, 12, 72, 72)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (9, 1), (4000, 7)])
def test_a_radiograph_of_any_size_keeps_a_middle_that_lies_in_it(size: tuple[int, int]) -> None:
    x, y, width, height = RADIOGRAPH.region(np.zeros((*size, 3), np.uint8))
    assert width >= 1 and height >= 1 and x >= 0 and y >= 0 and x + width <= size[1] and y + height <= size[0]


def test_another_window_or_gamma_of_the_same_film_looks_nearly_the_same() -> None:
    plain = film()
    bright = np.rint(255 * (plain / 255.0) ** 0.7).astype(np.uint8)
    narrow = (40 + plain * 0.6).astype(np.uint8)
    seen = RADIOGRAPH.pixels(plain, 64).astype(float)
    for other in (bright, narrow):
        apart = np.abs(RADIOGRAPH.pixels(other, 64).astype(float) - seen).mean()
        assert apart < 0.4 * np.abs(WHOLE.pixels(other, 64).astype(float) - WHOLE.pixels(plain, 64)).mean() and apart < 12


def test_a_blank_picture_gives_finite_pixels() -> None:
    assert RADIOGRAPH.pixels(np.full((50, 50, 3), 9, np.uint8), 32).shape == (32, 32, 3)
