"""Products that nobody has bought yet: the behaviour that their content foretells, on the scale of what was counted for the others.

Popularity comes from a ridge regression of the others' log-popularity on look and words, corrected by what the regression misses
of the bought products most like it (other colours of the garment, say); its latent factors are those of these products. Both rest on the
modalities of the subset alone, so that leaving one out leaves it out here too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from mmcore.domains.retail.features import Features, unit
from mmcore.domains.retail.settings import LaunchSettings

FEWEST = 20
"""Bought products below which nothing is foretold."""
CHUNK = 1024


@dataclass(frozen=True)
class Foretold:
    """What content says of K products without a purchase.

    Attributes:
        rows: (K,) their rows.
        popularity: (K,) on the scale of the popularity given.
        alike: (K, N) weights of the bought products most like each; rows add up to 1.
    """

    rows: np.ndarray
    popularity: np.ndarray
    alike: sp.csr_matrix


def foretell(features: Features, count: np.ndarray, popularity: np.ndarray, settings: LaunchSettings, image: bool, text: bool) -> Foretold:
    """For the products whose ``count`` of purchases is 0.

    Args:
        popularity: (N,), read for bought products alone.
        image, text: which content may be used; with neither, or with few bought products, their mean is foretold and nothing is alike.
    """
    cold, warm = np.flatnonzero(count == 0), np.flatnonzero(count)
    if not len(cold) or len(warm) < FEWEST or not (image or text):
        mean = float(popularity[warm].mean()) if len(warm) else 0.0
        return Foretold(cold, np.full(len(cold), mean, np.float32), sp.csr_matrix((len(cold), len(count)), dtype=np.float32))
    content = np.concatenate(([features.image] if image else []) + ([_words(features)] if text else []), axis=1)
    alike = _alike(content[cold], content[warm], warm, len(count), settings)
    bought, mean = content[warm], popularity[warm].mean()
    gram = bought.T @ bought
    gram[np.diag_indices(len(gram))] += settings.ridge
    said = mean + content @ np.linalg.solve(gram, bought.T @ (popularity[warm] - mean))
    return Foretold(cold, (said[cold] + alike @ (popularity - said)).astype(np.float32), alike)


def _words(features: Features) -> np.ndarray:
    """(N, F * 128): every field of unit length, the whole twice as long as a picture."""
    return features.text.reshape(len(features.text), -1) * np.float32(2 / np.sqrt(features.text.shape[1]))


def _alike(new: np.ndarray, bought: np.ndarray, warm: np.ndarray, products: int, settings: LaunchSettings) -> sp.csr_matrix:
    kept = min(settings.alike, len(warm))
    rows, columns, values = [], [], []
    for start in range(0, len(new), CHUNK):
        likeness = unit(new[start : start + CHUNK]) @ unit(bought).T
        at = np.argpartition(-likeness, kept - 1, axis=1)[:, :kept]
        weight = np.exp(settings.sharp * np.take_along_axis(likeness, at, axis=1))
        rows.append(np.repeat(np.arange(start, start + len(likeness)), kept))
        columns.append(warm[at].ravel())
        values.append((weight / weight.sum(axis=1, keepdims=True)).ravel())
    places = (np.concatenate(rows), np.concatenate(columns))
    return sp.csr_matrix((np.concatenate(values).astype(np.float32), places), shape=(len(new), products))
