from __future__ import annotations

import numpy as np
import pytest

from mmcore.explain.places import half_of_evidence, place


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ((0, 0, 10, 10), "at the upper left"),
        ((95, 0, 10, 10), "at the top"),
        ((190, 0, 10, 10), "at the upper right"),
        ((0, 45, 10, 10), "at the left"),
        ((95, 45, 10, 10), "in the centre"),
        ((190, 45, 10, 10), "at the right"),
        ((0, 90, 10, 10), "at the lower left"),
        ((95, 90, 10, 10), "at the bottom"),
        ((190, 90, 10, 10), "at the lower right"),
    ],
)
def test_nine_places_have_nine_names(box: tuple[int, int, int, int], words: str) -> None:
    assert place(box, (200, 100)) == words


@pytest.mark.parametrize(
    ("scores", "count"), [([4, 3, 2, 1], 2), ([10, 1, 1], 1), ([1, 1, 1, 1], 2), ([5, -9, 5], 1), ([-1, -2], 0), ([0.0], 0)]
)
def test_as_few_patches_are_counted_as_carry_half(scores: list[float], count: int) -> None:
    assert half_of_evidence(np.array(scores, dtype=float)) == count
