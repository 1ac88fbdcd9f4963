"""A catalogue through the frozen encoders: every picture and every text once, kept on disk by content hash where a folder is given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch

from mmcore.domains.retail.catalogue import TEXT_FIELDS, Catalogue, read_or_none
from mmcore.domains.retail.features import IMAGE_WIDTH, TEXT_WIDTH, Raw, Step, silent
from mmcore.encoders import efficientnet
from mmcore.encoders.efficientnet import PictureEncoder
from mmcore.encoders.minilm import TextEncoder, load_text_encoder

BATCH = 32
TEXT_BATCH = 256


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
