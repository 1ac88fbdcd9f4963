"""From what a classifier knows to any words that a person types.

Sight: ConSE (Norouzi et al. 2014): the sentence vectors of ImageNet's kinds, weighted by their probabilities, give one vector, which is
compared with the vector of each word. Sound: each kind's probability is shared out among the words by how near they are to its name, and
that of "other" evenly. What is seen or heard weighs less the further it is from the nearest of the words: a rooster says little of whether
a film shows cooking or cycling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

CONSE_KINDS, SOFTENED = 10, 2.0
"""So many kinds are taken, with their probabilities to the power of 1 / 2: the first is often wrong, those after it near in meaning."""
SIGHT_TEMPERATURE, SOUND_TEMPERATURE, TEXT_TEMPERATURE = 0.08, 0.05, 0.08
"""That of sight was fitted to photos with names (`films named`); the others were set beforehand."""
MEANT = 0.4
"""Nearness to the nearest word at which what is seen or heard weighs half; chosen on photos and sounds put together at random."""


def plain(label: str) -> str:
    """A label as a person would write it: "dog_bark" becomes "dog bark"."""
    return " ".join(label.replace("_", " ").split())


@dataclass(frozen=True)
class Bridge:
    """From ImageNet's kinds to words, by their sentence vectors.

    What all kinds have in common is taken out of every vector: some words are near to whatever is seen, and would be named too often
    (hubs; centring after Suzuki et al. 2013).

    Attributes:
        names: (1000, 384) vectors of the kinds, of unit length.
    """

    names: np.ndarray

    @cached_property
    def common(self) -> np.ndarray:
        """(384,) the mean of the kinds."""
        return self.names.mean(axis=0)

    @cached_property
    def _kinds(self) -> np.ndarray:
        return self.apart(self.names)

    def apart(self, vectors: np.ndarray) -> np.ndarray:
        """(N, 384) -> (N, 384) of unit length, without what the kinds have in common."""
        return unit(vectors - self.common)

    def meaning(self, probabilities: np.ndarray) -> np.ndarray:
        """(N, 1000) kinds -> (N, 384) of unit length: what is seen, to be compared with vectors that are ``apart``."""
        top = np.argpartition(-probabilities, CONSE_KINDS - 1, axis=1)[:, :CONSE_KINDS]
        weight = np.take_along_axis(probabilities, top, axis=1) ** (1 / SOFTENED)
        return unit((weight[..., None] * self._kinds[top]).sum(axis=1))

    def labels(self, probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, 1000) kinds, (L, 384) labels -> (N, L) probabilities of the labels; (N,) from 0 to 1, does any label mean what is seen?"""
        near = self.meaning(probabilities) @ self.apart(labels).T
        return softmax(near / SIGHT_TEMPERATURE), _meant(near, SIGHT_TEMPERATURE)


def sound_labels(probabilities: np.ndarray, names: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is heard as labels.

    Args:
        probabilities: (N, K) of the kinds, of which the last is "other".
        names: (K - 1, 384), labels: (L, 384) vectors.

    Returns:
        (N, L) probabilities; (N,) from 0 to 1, does any label mean what is heard? "Other" none.
    """
    near = names @ labels.T
    known = probabilities[:, :-1]
    return known @ softmax(near / SOUND_TEMPERATURE) + probabilities[:, -1:] / len(labels), known @ _meant(near, SOUND_TEMPERATURE)


def _meant(near: np.ndarray, temperature: float) -> np.ndarray:
    """(N, L) cosines -> (N,) from 0 to 1 by the nearest label, however many others there are."""
    return 1 / (1 + np.exp((MEANT - near.max(axis=1)) / temperature))


def text_labels(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(N, 384) texts, (L, 384) labels -> (N, L)."""
    return softmax(vectors @ labels.T / TEXT_TEMPERATURE)


def fuse(evidence: Sequence[np.ndarray], weights: Sequence[np.ndarray]) -> np.ndarray:
    """The modalities' (N, L) probabilities multiplied, each to the power of its (N,) weight, as spoken commands are fused."""
    logs = sum(w[:, None] * np.log(np.maximum(p, 1e-9)) for p, w in zip(evidence, weights, strict=True))
    return softmax(np.asarray(logs))


def certainty(probabilities: np.ndarray) -> np.ndarray:
    """(N, C) -> (N,) one minus the entropy as a share of the highest there can be: 0 for no idea, 1 for no doubt."""
    entropy = -(probabilities * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1)
    return 1 - entropy / np.log(probabilities.shape[1])


def unit(vectors: np.ndarray) -> np.ndarray:
    """(N, D) -> (N, D) of length 1; rows of zeros stay."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def softmax(logits: np.ndarray) -> np.ndarray:
    """(..., K) -> (..., K): shares that add up to 1 over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
