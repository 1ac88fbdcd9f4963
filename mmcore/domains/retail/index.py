"""The products nearest to a shopper's vector: all of them compared up to EXACT products, beyond by an approximate index.

The index is the graph of Malkov and Yashunin 2018 (HNSW) as the library usearch builds it, in half precision. Chosen by measurement on a
million generated vectors; the figures stand on the model's card (``compare fashion --protocol scale``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mmcore.errors import ModelError

EXACT = 100_000
"""Products up to which every one is compared."""
CONNECTIVITY, EXPANSION_ADD, EXPANSION_SEARCH = 16, 64, 256


class NearIndex:
    """(N, D) vectors of unit length, made ready for search by inner product."""

    def __init__(self, vectors: np.ndarray, threads: int = 0) -> None:
        try:
            from usearch.index import Index
        except ImportError as error:
            raise ModelError("the package usearch is not installed", "Install the packages of requirements.txt again") from error
        self.size = len(vectors)
        self._index: Any = Index(
            ndim=vectors.shape[1], metric="ip", dtype="f16", connectivity=CONNECTIVITY, expansion_add=EXPANSION_ADD,
            expansion_search=EXPANSION_SEARCH,
        )  # fmt: skip
        self._index.add(np.arange(self.size), np.ascontiguousarray(vectors, dtype=np.float32), threads=threads)

    def near(self, vector: np.ndarray, count: int) -> np.ndarray:
        """(count,) rows, the nearest first."""
        return np.asarray(self._index.search(np.asarray(vector, np.float32), min(count, self.size), threads=1).keys, dtype=np.int64)


def nearest(vectors: np.ndarray, vector: np.ndarray, count: int) -> np.ndarray:
    """The same by comparing all."""
    scores = vectors @ vector
    part = np.argpartition(-scores, count - 1)[:count]
    return part[np.argsort(-scores[part], kind="stable")]
