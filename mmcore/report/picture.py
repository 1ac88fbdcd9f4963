"""A picture with its evidence, embedded in a page as PNG."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from mmcore.figures.surface import blend, scale, smooth
from mmcore.result import Explanation

SIDE = 560  # pixels along the longer side of an embedded picture


def patches(explanation: Explanation | None, modality: str) -> tuple[np.ndarray, np.ndarray]:
    """Boxes (P, 4) int [x, y, w, h] and scores (P,) of one picture's evidence; both empty where there is none."""
    pieces = [e for e in explanation.evidence if e.modality == modality and "box" in e.where] if explanation else []
    boxes = np.array([e.where["box"] for e in pieces], dtype=float).reshape(-1, 4)
    return boxes, np.array([e.score for e in pieces], dtype=float)


def with_evidence(pixels: np.ndarray, boxes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 shrunk to SIDE at most, with the overlay blended in where there are patches."""
    height, width = pixels.shape[:2]
    factor = min(1.0, SIDE / max(height, width))
    shown = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = np.asarray(Image.fromarray(pixels).resize(shown, Image.Resampling.LANCZOS))
    if not len(boxes):
        return small
    return blend(small, smooth(boxes, scores, (width, height)), scale(scores))


def png(pixels: np.ndarray) -> bytes:
    """(H, W, 3 or 4) uint8 as a PNG file with nothing beside the pixels."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def png_uri(pixels: np.ndarray) -> str:
    """The same as a data URI."""
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode()


def jpeg_uri(pixels: np.ndarray, side: int = SIDE) -> str:
    """(H, W, 3) uint8, no longer than ``side`` pixels, as a JPEG data URI."""
    image = Image.fromarray(pixels)
    image.thumbnail((side, side))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
