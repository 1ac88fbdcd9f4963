import colorsys
import itertools

import pytest

from mmcore.figures.palette import AGAINST, FOR, RESULT, diverging, signed


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [FOR, AGAINST, RESULT])
@pytest.mark.parametrize("ground", ["#ffffff", "#0e1117"])
def test_every_bar_stands_out_on_white_and_on_black(colour, ground):
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 2.7


def test_for_and_against_differ_in_hue_that_colour_blind_eyes_keep():
    hues = [colorsys.rgb_to_hsv(*(int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)))[0] * 360 for c in (FOR, AGAINST)]
    assert 190 <= hues[0] <= 250 and 20 <= hues[1] <= 45  # blue and amber


def test_the_overlay_is_clear_at_zero_and_strongest_at_the_ends():
    alphas = [float(colour.rsplit(",", 1)[1].rstrip(")")) for _, colour in diverging()]
    assert alphas[10] == 0 and alphas[0] == alphas[-1] == 1
    assert all(a < b for a, b in itertools.pairwise(alphas[10:]))


def test_the_sign_decides_the_colour():
    assert [signed(s) for s in (0.1, -0.1, 0.0)] == [FOR, AGAINST, RESULT]
