from __future__ import annotations

import numpy as np

from mmcore.domains.retail.patch_pairs import _bare


def test_an_even_patch_is_empty_ground_and_a_patterned_one_is_not() -> None:
    pixels = np.full((140, 70, 3), 240, dtype=np.uint8)
    pixels[20:40:2, 10:20] = 20
    bare = _bare(pixels).reshape(7, 7)
    assert not bare[1, 1] and bare.sum() == 48
