"""What a click on "less like this" does to the order of a shelf.

A click moves down the product itself, and others as far as they are more like it than like anything the shopper bought, and more than the
products around are on the whole: what a purchase speaks for is not overturned by a click. Only the order changes; a probability stays that
of the model, which was never shown a refusal.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.domains.retail.features import Features
from mmcore.domains.retail.scores import top

POOL = 200
"""Best products among which a shelf is picked anew: what a click moves, it moves down among these."""


def points(
    features: Features, words: np.ndarray, ranked: np.ndarray, shown: int, less: Sequence[int], past: Sequence[int], subset: str
) -> np.ndarray:  # fmt: skip
    """(N,) points of score that each product loses; what was clicked away loses one more than the best of the pool has before the last.

    Args:
        words: (N, D) of `counts.flat_text`.
        ranked: (N,) scores, the ``shown`` highest of which may be shown.
        less, past: rows clicked away; rows bought.
    """
    lost = np.zeros(len(ranked), np.float32)
    pool = top(ranked[None], min(POOL, shown))[0]
    used = [vectors for name, vectors in (("image", features.image), ("text", words)) if name in subset.split("+")]

    def alike(rows: Sequence[int]) -> np.ndarray:
        """(P, R) mean cosine of the pool and these rows."""
        return sum((vectors[pool] @ vectors[list(rows)].T for vectors in used), np.zeros((len(pool), len(rows)))) / max(1, len(used))

    refused = alike(less)
    kept = alike([row for row in past if row not in less]).max(axis=1, initial=-1.0, keepdims=True)
    excess = np.clip(refused - np.maximum(kept, refused.mean(axis=0)), 0, None)
    excess[pool[:, None] == np.asarray(less)] = 1
    lost[pool] = excess.sum(axis=1) * (1 + float(ranked[pool[0]] - ranked[pool[-1]]))
    return lost
