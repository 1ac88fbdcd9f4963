from __future__ import annotations

import numpy as np
import pytest

from mmcore.explain.occlusion import blur, without_cells

CELLS = np.array([[0, 0, 10, 8], [10, 0, 11, 8], [0, 8, 10, 13], [10, 8, 11, 13]])


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(0).normal(0, 1, (3, 21, 21)).astype(np.float32)


def test_only_the_pixels_in_the_boxes_change(pixels: np.ndarray) -> None:
    original, blurred = pixels.copy(), blur(pixels)
    out = without_cells(pixels, blurred, CELLS, [[1], [0, 3], []])
    assert out.shape == (3, 3, 21, 21)
    inside = np.zeros((3, 21, 21), dtype=bool)
    inside[0, 0:8, 10:21] = True
    inside[1, 0:8, 0:10] = True
    inside[1, 8:21, 10:21] = True
    for picture, mask in zip(out, inside, strict=True):
        assert np.array_equal(picture[:, mask], blurred[:, mask])
        assert np.array_equal(picture[:, ~mask], original[:, ~mask])
    assert np.array_equal(pixels, original)


def test_a_blur_leaves_no_structure_smaller_than_a_patch_and_keeps_the_mean(pixels: np.ndarray) -> None:
    assert blur(pixels).std() < 0.35 * pixels.std()
    assert blur(np.full((3, 14, 14), 5.0)) == pytest.approx(np.full((3, 14, 14), 5.0))


def test_channels_do_not_run_into_each_other() -> None:
    red = np.zeros((3, 20, 20))
    red[0] = 1
    assert blur(red)[1:].max() == 0
