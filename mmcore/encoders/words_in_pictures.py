"""Words in pictures: PP-OCRv6 small (PaddleOCR), which comes inside the package rapidocr, run by OpenVINO. Nothing is fetched.

One network finds lines of text, one reads them: Latin letters, digits, Chinese and Japanese. Upside-down text is not turned.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mmcore.device import CPU_THREADS
from mmcore.encoders.card import EncoderCard, checked_bytes
from mmcore.errors import ModelError

NAME = "words_in_pictures"
PACKAGE = "rapidocr"
FINDER, READER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
WEIGHTS_SHA256 = {
    FINDER: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    READER: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
LEAST_SIDE, MOST_SIDE = 480, 2000
"""A picture whose shorter side is smaller is enlarged before it is read, and one whose longer side is larger made smaller."""
LEAST_EDGE, MOST_TIMES = 48, 12
"""Pictures smaller than this, or longer than this many times their width, are continued by their edge: the finder needs some room."""
LEAST_SCORE = 0.6
"""Lines read with less certainty, from 0 to 1, are left out."""
PATTERN = 4
"""So many times the same sign and nothing else is taken for a pattern, such as waves or a fence."""
Region = tuple[int, int, int, int]
"""A part of a picture: left, top, right, bottom in pixels."""
_reading = threading.Lock()  # one run at a time: the networks keep their working memory


@dataclass(frozen=True)
class WrittenLine:
    """A line of text in a picture.

    Attributes:
        text: as read, with its spaces.
        box: (left, top, right, bottom) in the picture's own pixels.
        score: the reader's mean certainty of its letters, 0 to 1.
    """

    text: str
    box: tuple[float, float, float, float]
    score: float


def available() -> bool:
    """True where the package with the networks is installed."""
    return find_spec(PACKAGE) is not None


def read_words(pixels: np.ndarray, least_score: float = LEAST_SCORE, region: Region | None = None) -> list[WrittenLine]:
    """The lines of text in a picture, from top to bottom.

    Args:
        pixels: (H, W, 3) uint8 RGB, or (H, W) uint8 grey, such as a windowed X-ray.
        region: the part to read, as large as it is read in the whole picture; boxes are those of the whole picture all the same.

    Raises:
        ModelError: the package is missing, or its networks are not the expected ones.
    """
    colour = np.repeat(pixels[..., None], 3, axis=2) if pixels.ndim == 2 else pixels
    height, width = pixels.shape[:2]
    times = max(1.0, min(LEAST_SIDE / max(LEAST_EDGE, min(height, width)), MOST_SIDE / max(height, width)))
    left, top, right, bottom = region or (0, 0, width, height)
    part = _with_room(colour[top:bottom, left:right])
    part = part if times == 1 else cv2.resize(part, None, fx=times, fy=times, interpolation=cv2.INTER_LINEAR)
    with _reading:
        found = _networks()(np.ascontiguousarray(part[..., ::-1]), text_score=least_score)
    if found.boxes is None or found.txts is None:
        return []
    lines, origin = [], np.array([left, top])
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if any(c.isalnum() for c in text) and (len(text) < PATTERN or len(set(text)) > 1):  # a lone dash or "333333" is a pattern
            first, last = corners.min(axis=0) / times + origin, corners.max(axis=0) / times + origin
            box = (*np.maximum(first, origin).tolist(), *np.minimum(last, (right, bottom)).tolist())
            lines.append(WrittenLine(" ".join(text.split()), box, float(score)))
    return lines


def _with_room(pixels: np.ndarray) -> np.ndarray:
    """A small or narrow picture continued by its edge."""
    height, width = pixels.shape[:2]
    least = max(LEAST_EDGE, max(height, width) // MOST_TIMES)
    return np.pad(pixels, ((0, max(0, least - height)), (0, max(0, least - width)), (0, 0)), mode="edge")


def words_card() -> EncoderCard:
    """The card of the two networks."""
    both = hashlib.sha256("".join(WEIGHTS_SHA256.values()).encode()).hexdigest()
    return EncoderCard(
        NAME, "picture", "package rapidocr 3.10.0: PP-OCRv6 small, finder and reader of text lines (PaddleOCR)", "Apache-2.0", both,
        f"RGB or grey, shorter side enlarged to {LEAST_SIDE}, longer made smaller to {MOST_SIDE}; gives lines of text, no tokens", 0, 0,
    )  # fmt: skip


@cache
def _networks() -> Any:
    if not available():
        raise ModelError(f"the package {PACKAGE} is not installed: words in pictures cannot be read", "Install requirements.txt again")
    import rapidocr

    folder = Path(str(rapidocr.__file__)).parent / "models"
    for name, sha256 in WEIGHTS_SHA256.items():
        checked_bytes(folder / name, sha256)
    settings = {
        "Global.log_level": "critical", "Global.use_cls": False, "Global.max_side_len": MOST_SIDE,
        "Det.engine_type": rapidocr.EngineType.OPENVINO, "Det.model_path": str(folder / FINDER),
        "Det.limit_side_len": MOST_SIDE, "Det.limit_type": "max",
        "Rec.engine_type": rapidocr.EngineType.OPENVINO, "Rec.model_path": str(folder / READER),
        "EngineConfig.openvino.inference_num_threads": CPU_THREADS,
    }  # fmt: skip
    return rapidocr.RapidOCR(params=settings)
