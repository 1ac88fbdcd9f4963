"""Products and wishes as evidence tokens: 49 patches of a picture, one token for each text field; and their short form.

A picture's patches are pooled over those that are there, each text field is one sentence vector. Both are then projected on the directions
in which the products of training vary most (principal components, kept with the weights) and scaled to unit length: what the towers and the
content kernels read. A photo that somebody drops lies far from the mean of product pictures, so it is compared with that mean left in
(`Features.look`), and by the words that such a picture foretells (`Projection.described`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch

from mmcore.domains.retail.catalogue import TEXT_FIELDS, Catalogue
from mmcore.encoders import efficientnet
from mmcore.encoders.efficientnet import PictureEncoder
from mmcore.encoders.minilm import TextEncoder, load_text_encoder
from mmcore.errors import InputError

Step = Callable[[str, int, int], None]
IMAGE_WIDTH, TEXT_WIDTH = 1280, 384
IMAGE_DIM, TEXT_DIM = 256, 128
BATCH = 32
TEXT_BATCH = 256
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


class Encoders:
    """The two frozen encoders; features are kept on disk by content hash where a folder is given."""

    def __init__(self, device: torch.device, picture: PictureEncoder | None = None) -> None:
        self.picture = picture or PictureEncoder(efficientnet.imagenet_card(), efficientnet.imagenet_state(), device)
        self.text: TextEncoder = load_text_encoder(device)

    def pixels(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """(H, W, 3) uint8 pictures -> (N, 49, 1280) float32 patches."""
        return self.picture.features(pictures).numpy()

    def sentences(self, texts: Sequence[str]) -> np.ndarray:
        """(N, 384) float32."""
        return self.text.sentences(texts)

    def embed(self, catalogue: Catalogue, step: Step = silent, cache: Path | None = None) -> Raw:
        """Every product's features. A picture that cannot be read counts as missing.

        Args:
            step: called with (stage, done, total); what it raises ends the work. With a cache the next call goes on from there.
            cache: folder that keeps features by the hash of each picture and text.
        """
        words, pictures = Kept(cache, "words"), Kept(cache, "pictures")
        try:
            text, has_text = self._texts(catalogue, step, words)
            image, has_image = self._images(catalogue, step, pictures)
        finally:  # also where the work was stopped: what was encoded until then is kept
            words.write()
            pictures.write()
        return Raw(image, has_image, text, has_text)

    def _texts(self, catalogue: Catalogue, step: Step, kept: Kept) -> tuple[np.ndarray, np.ndarray]:
        words = [list(product.words.values()) for product in catalogue.products]
        distinct = sorted({text for row in words for text in row if text.strip()})
        vectors = self._distinct(distinct, step, kept)
        at = {text: row for row, text in enumerate(distinct)}
        out = np.zeros((len(words), len(TEXT_FIELDS), TEXT_WIDTH), np.float16)
        there = np.array([[text in at for text in row] for row in words], dtype=bool)
        for field in range(len(TEXT_FIELDS)):
            rows = np.flatnonzero(there[:, field])
            out[rows, field] = vectors[[at[words[row][field]] for row in rows]] if len(rows) else 0
        return out, there

    def _distinct(self, texts: Sequence[str], step: Step, kept: Kept) -> np.ndarray:
        """(N, 384) float16, those that are kept already not encoded again."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
        left = sorted((at for at, key in enumerate(keys) if kept.get(key) is None), key=lambda at: len(texts[at]))
        for start in range(0, len(left), TEXT_BATCH):
            part = left[start : start + TEXT_BATCH]
            for at, vector in zip(part, self.text.sentences([texts[at] for at in part]), strict=True):
                kept.put(keys[at], vector.astype(np.float16))
            step("words", len(texts) - len(left) + start + len(part), len(texts))
        out = np.zeros((len(texts), TEXT_WIDTH), np.float16)
        for row, key in enumerate(keys):
            found = kept.get(key)
            assert found is not None
            out[row] = found
        return out

    def _images(self, catalogue: Catalogue, step: Step, kept: Kept) -> tuple[np.ndarray, np.ndarray]:
        out, there = np.zeros((len(catalogue), IMAGE_WIDTH), np.float16), np.zeros(len(catalogue), bool)
        waiting: list[tuple[int, np.ndarray, str]] = []
        for row, product in enumerate(catalogue.products):
            pixels = read_or_none(product.picture)
            if pixels is not None:
                key = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest() if kept.folder else ""
                found = kept.get(key)
                if found is None or not key:
                    waiting.append((row, pixels, key))
                else:
                    out[row], there[row] = found, True
            if len(waiting) == BATCH or row == len(catalogue) - 1:
                self._flush(waiting, out, there, kept)
                waiting = []
                step("pictures", row + 1, len(catalogue))
        return out, there

    def _flush(self, waiting: Sequence[tuple[int, np.ndarray, str]], out: np.ndarray, there: np.ndarray, kept: Kept) -> None:
        if waiting:
            means = self.pixels([pixels for _, pixels, _ in waiting]).mean(axis=1).astype(np.float16)
            for (row, _, key), mean in zip(waiting, means, strict=True):
                out[row], there[row] = mean, True
                if key:
                    kept.put(key, mean)


class Kept:
    """Features by content hash; with a folder, in numbered files of it that the next call goes on from."""

    FLUSH = 2000

    def __init__(self, folder: Path | None, kind: str) -> None:
        self.folder, self.kind = folder, kind
        self.found: dict[str, np.ndarray] = {}
        self.new: dict[str, np.ndarray] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob(f"{kind}-*.npz")):
                try:
                    with np.load(path, allow_pickle=False) as file:
                        self.found.update(zip(file["keys"].tolist(), file["values"], strict=True))
                except (OSError, ValueError, KeyError, EOFError, BadZipFile):
                    continue  # a file cut short when the work was stopped: what it held is encoded again

    def get(self, key: str) -> np.ndarray | None:
        return self.found.get(key)

    def put(self, key: str, value: np.ndarray) -> None:
        self.found[key] = value
        if self.folder is not None:
            self.new[key] = value
            if len(self.new) >= self.FLUSH:
                self.write()

    def write(self) -> None:
        """What is new, to a file of its own."""
        if self.folder is not None and self.new:
            name = hashlib.sha256("".join(sorted(self.new)).encode()).hexdigest()[:16]
            np.savez(self.folder / f"{self.kind}-{name}.npz", keys=np.array(list(self.new)), values=np.stack(list(self.new.values())))
            self.new = {}


def read_or_none(picture: Callable[[], np.ndarray] | None) -> np.ndarray | None:
    """The pixels; None where there is no picture or it cannot be read."""
    if picture is None:
        return None
    try:
        return picture()
    except (InputError, OSError):
        return None
