"""Products and wishes as evidence tokens: 49 patches of a picture, one token for each text field; and their short form.

A picture's patches are pooled over those that are there, each text field is one sentence vector. Both are then projected on the directions
in which the products of training vary most (principal components, kept with the weights) and scaled to unit length: what the towers and the
content kernels read. A photo that somebody drops lies far from the mean of product pictures, so it is compared with that mean left in
(`Features.look`), and by the words that such a picture foretells (`Projection.described`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mmcore.domains.retail.catalogue import TEXT_FIELDS

Step = Callable[[str, int, int], None]
IMAGE_WIDTH, TEXT_WIDTH = 1280, 384
IMAGE_DIM, TEXT_DIM = 256, 128
DESCRIBED, CAPTION_RIDGE = ("kind", "description"), 1.0
"""Text fields that a photo foretells; chosen, with the ridge, on 300 people's photos beside other fields and ridges."""
_DESCRIBED = [TEXT_FIELDS.index(name) for name in DESCRIBED]


def silent(stage: str, done: int, total: int) -> None:
    """A step that tells nobody."""


@dataclass(frozen=True)
class Raw:
    """What the encoders gave, for N products.

    Attributes:
        image: (N, 1280) float16, the mean of a picture's patches.
        has_image: (N,) bool.
        text: (N, F, 384) float16, one vector a text field.
        has_text: (N, F) bool.
    """

    image: np.ndarray
    has_image: np.ndarray
    text: np.ndarray
    has_text: np.ndarray


@dataclass(frozen=True)
class Features:
    """The short form, zeros where something is missing.

    Attributes:
        image: (N, 256) float32, unit length.
        look: the same without taking the mean of training's pictures away: what a photo is compared with.
        text: (N, F, 128) float32, unit length each.
    """

    image: np.ndarray
    look: np.ndarray
    text: np.ndarray

    @property
    def has(self) -> np.ndarray:
        """(N, 2) bool: is there an image, is there any text."""
        return np.stack([np.any(self.image, axis=1), np.any(self.text, axis=(1, 2))], axis=1)

    def at(self, rows: np.ndarray) -> Features:
        return Features(self.image[rows], self.look[rows], self.text[rows])


@dataclass(frozen=True)
class Projection:
    """Principal components of training's products: means (D,) and directions (D, d) of the image and of every text field.

    Attributes:
        caption: (256 + 1, len(DESCRIBED), 128) ridge regression of the text fields in DESCRIBED on the look and a constant.
    """

    image_mean: np.ndarray
    image_axes: np.ndarray
    text_mean: np.ndarray
    text_axes: np.ndarray
    caption: np.ndarray

    def image(self, vectors: np.ndarray) -> np.ndarray:
        """(N, 1280) -> (N, 256) of unit length."""
        return unit((vectors.astype(np.float32) - self.image_mean) @ self.image_axes)

    def look(self, vectors: np.ndarray) -> np.ndarray:
        """(N, 1280) -> (N, 256) of unit length, the mean left in."""
        return unit(vectors.astype(np.float32) @ self.image_axes)

    def described(self, look: np.ndarray) -> np.ndarray:
        """(N, 256) looks -> (N, F, 128) the text that such pictures foretell, unit length in each field of DESCRIBED, else zeros."""
        found = np.zeros((len(look), len(TEXT_FIELDS), TEXT_DIM), np.float32)
        found[:, _DESCRIBED] = unit(np.tensordot(look, self.caption[:-1], axes=1) + self.caption[-1])
        return found

    def field(self, number: int, vectors: np.ndarray) -> np.ndarray:
        """(N, 384) of one text field -> (N, 128) of unit length."""
        return unit((vectors.astype(np.float32) - self.text_mean[number]) @ self.text_axes[number])

    def features(self, raw: Raw) -> Features:
        """The short form of everything."""
        image, look = (form(raw.image) * raw.has_image[:, None] for form in (self.image, self.look))
        fields = [self.field(f, raw.text[:, f]) * raw.has_text[:, f, None] for f in range(len(TEXT_FIELDS))]
        return Features(image, look, np.stack(fields, axis=1))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of unit length; a row of zeros stays."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def fit_projection(raw: Raw) -> Projection:
    """From the products of training."""
    image_mean, image_axes = _principal(raw.image[raw.has_image], IMAGE_WIDTH, IMAGE_DIM)
    fields = [_principal(np.unique(raw.text[raw.has_text[:, f], f], axis=0), TEXT_WIDTH, TEXT_DIM) for f in range(len(TEXT_FIELDS))]
    means, axes = (np.stack(part) for part in zip(*fields, strict=True))
    bare = Projection(image_mean, image_axes, means, axes, np.zeros((IMAGE_DIM + 1, len(DESCRIBED), TEXT_DIM), np.float32))
    return replace(bare, caption=_fit_caption(bare.features(raw)))


def _fit_caption(features: Features) -> np.ndarray:
    """See `Projection.caption`; from the products with a picture."""
    there = np.any(features.look, axis=1)
    inputs = np.pad(features.look[there], ((0, 0), (0, 1)), constant_values=1)
    gram = inputs.T @ inputs + CAPTION_RIDGE * np.eye(inputs.shape[1], dtype=np.float32)
    wanted = features.text[there][:, _DESCRIBED].reshape(len(inputs), -1)
    return np.linalg.solve(gram, inputs.T @ wanted).reshape(-1, len(DESCRIBED), TEXT_DIM).astype(np.float32)


def _principal(vectors: np.ndarray, width: int, dim: int) -> tuple[np.ndarray, np.ndarray]:
    if len(vectors) < 2:
        return np.zeros(width, np.float32), np.eye(width, dim, dtype=np.float32)
    values = vectors.astype(np.float32)
    mean = values.mean(axis=0)
    _, axes = np.linalg.eigh((values - mean).T @ (values - mean))
    return mean, np.ascontiguousarray(axes[:, ::-1][:, :dim])
