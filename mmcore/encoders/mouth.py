"""The mouth of a speaker, found and followed through a film: small grey crops on a regular clock.

A face is looked for in every fourth picture (OpenCV's Haar cascade, Viola and Jones 2001), its box smoothed by a running median over time,
and the mouth cut out at the place where it lies in a face. Where no face is found the crop stays empty and says so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

CROP_RATE = 25
"""Crops a second."""
CROP_SIZE = (24, 40)
"""(height, width) of a crop in pixels."""
DETECT_EVERY = 4
MEDIAN_OVER = 5
SMALLEST_FACE = 0.12
"""Shortest side of a face, as a share of the picture's shorter side."""
SEARCH_SIDE = 240
_looking = threading.Lock()  # OpenCV's cascade serves one thread at a time
MOUTH_CENTRE, MOUTH_SIZE = (0.5, 0.80), (0.54, 0.324)
"""The mouth in a face's box, as shares of its width and height: centre, and size as shares of the width."""


@dataclass(frozen=True)
class MouthTrack:
    """The mouth through a film.

    Attributes:
        crops: (T, 24, 40) uint8 grey at 25 a second; zeros where no face is seen.
        found: share of the searched pictures with a face, 0 to 1.
        boxes: (T, 4) float [x, y, w, h] of the mouth in the film's own pixels; NaN where no face is seen.
    """

    crops: np.ndarray
    found: float
    boxes: np.ndarray


def track_mouth(pictures: Iterable[tuple[float, np.ndarray]], seconds: float) -> MouthTrack:
    """The mouth of the largest face.

    Args:
        pictures: (time in seconds, (H, W) uint8 grey) in order; brought to 25 a second by taking the last picture shown.
        seconds: length of the film.
    """
    times, greys, faces, searched = [], [], {}, 0
    for number, (time_s, grey) in enumerate(pictures):
        times.append(time_s)
        greys.append(grey)
        if number % DETECT_EVERY == 0:
            searched += 1
            if (face := find_face(grey)) is not None:
                faces[number] = face
    steps = max(1, round(seconds * CROP_RATE))
    crops, boxes = np.zeros((steps, *CROP_SIZE), np.uint8), np.full((steps, 4), np.nan)
    if not faces:
        return MouthTrack(crops, 0.0, boxes)
    smooth = _smoothed(faces, len(greys))
    shown = np.clip(np.searchsorted(times, np.arange(steps) / CROP_RATE + 1e-3, side="right") - 1, 0, len(greys) - 1)
    for step, at in enumerate(shown):
        boxes[step] = mouth_box(smooth[at])
        crops[step] = cut(greys[at], boxes[step])
    return MouthTrack(crops, len(faces) / searched, boxes)


def find_face(grey: np.ndarray) -> np.ndarray | None:
    """(4,) float [x, y, w, h] of the largest face in a (H, W) uint8 picture, None where none is found."""
    found = find_faces(grey)
    return max(found, key=lambda box: box[2] * box[3], default=None)


def find_faces(grey: np.ndarray) -> list[np.ndarray]:
    """[x, y, w, h] of every face that looks at the camera."""
    scale = min(1.0, SEARCH_SIDE / min(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    smallest = max(20, int(SMALLEST_FACE * min(small.shape)))
    with _looking:
        found = _cascade().detectMultiScale(small, scaleFactor=1.1, minNeighbors=5, minSize=(smallest, smallest))
    return [np.asarray(box, float) / scale for box in found]


def mouth_box(face: np.ndarray) -> np.ndarray:
    """[x, y, w, h] of the mouth in a face [x, y, w, h]."""
    x, y, width, height = face
    size = np.array(MOUTH_SIZE) * width
    centre = np.array([x + MOUTH_CENTRE[0] * width, y + MOUTH_CENTRE[1] * height])
    return np.concatenate([centre - size / 2, size])


def cut(grey: np.ndarray, box: np.ndarray) -> np.ndarray:
    """The crop of a box, at (24, 40); outside the picture its edge is repeated."""
    height, width = CROP_SIZE
    matrix = np.array([[box[2] / width, 0, box[0]], [0, box[3] / height, box[1]]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(grey, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _smoothed(faces: dict[int, np.ndarray], count: int) -> np.ndarray:
    """(count, 4): the found boxes after a running median, joined by straight lines."""
    at = np.array(list(faces))
    boxes = np.stack(list(faces.values()))
    half = MEDIAN_OVER // 2
    median = np.stack([np.median(boxes[max(0, i - half) : i + half + 1], axis=0) for i in range(len(boxes))])
    return np.stack([np.interp(np.arange(count), at, median[:, k]) for k in range(4)], axis=1)


@cache
def _cascade() -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))
