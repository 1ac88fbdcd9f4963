import numpy as np
import pytest

from mmcore.figures.surface import FLOOR, blend, scale, smooth

BOXES = np.array([[x, y, 20, 20] for y in (0, 20, 40) for x in (0, 20, 40)])


def test_each_patch_keeps_its_own_score_at_its_centre():
    scores = np.zeros(9)
    scores[4] = 0.3
    surface = smooth(BOXES, scores, (60, 60), cells=60)
    assert surface.shape == (60, 60)
    assert surface[29:31, 29:31] == pytest.approx(0.3, abs=0.02)
    assert abs(surface[5, 5]) < 0.01


def test_a_patch_lies_where_its_box_is_and_not_mirrored():
    scores = np.zeros(9)
    scores[2] = 0.3  # top right
    surface = smooth(BOXES, scores, (60, 60), cells=60)
    assert np.unravel_index(np.argmax(surface), surface.shape)[0] < 20 < 40 <= np.unravel_index(np.argmax(surface), surface.shape)[1]


def test_a_wide_picture_gets_a_wide_surface_and_what_no_patch_covers_gets_none():
    surface = smooth(np.array([[50, 0, 50, 50]]), np.array([0.1]), (200, 50), cells=40)
    assert surface.shape == (10, 40)
    assert np.isnan(surface[:, :9]).all() and np.isnan(surface[:, 21:]).all() and surface[:, 11:19] == pytest.approx(0.1)


def test_noise_never_reaches_full_colour():
    assert scale(np.array([0.001, -0.002])) == FLOOR
    assert scale(np.array([0.1, -0.4])) == 0.4
    assert scale(np.array([])) == FLOOR


def test_blending_leaves_the_picture_where_nothing_speaks_and_colours_the_rest_by_sign():
    pixels = np.full((30, 61, 3), 128, np.uint8)
    surface = np.array([[0.3, 0.0, -0.3]])
    mixed = blend(pixels, np.repeat(surface, 3, axis=0), full=0.3).astype(int)
    assert mixed.shape == pixels.shape
    assert mixed[15, 2, 2] > 170 > 90 > mixed[15, 2, 0]  # blue for
    assert (mixed[15, 30] == 128).all()
    assert mixed[15, 58, 0] > 170 > 90 > mixed[15, 58, 2]  # amber against


def test_nothing_known_is_nothing_shown():
    pixels = np.full((8, 8, 3), 40, np.uint8)
    assert (blend(pixels, np.full((4, 4), np.nan), full=0.1) == pixels).all()
