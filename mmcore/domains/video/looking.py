"""One pass over a film's pictures: its shots, and at each moment what is seen, how many faces there are and how much moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mmcore.domains.video.event_model import EventModel
from mmcore.domains.video.film_clock import span
from mmcore.domains.video.shots import Shot, colours, find_shots
from mmcore.domains.video.written import ScreenReader, Written
from mmcore.encoders.mouth import find_faces
from mmcore.readers.footage import frames
from mmcore.readers.media import SHORT_S, MediaFile, ends_early
from mmcore.wording import listing

LOOK_S, KEY_SIDE = 0.2, 320
"""Time from look to look, and the longest side of what is looked at."""
MOST_KEYS = 120
TOLD = 3
"""Places without pictures that are told one by one."""
CHUNK = 8
"""Moments whose kinds are told at once."""


@dataclass(frozen=True)
class Look:
    """What is found in the pictures; `Understanding` says what each part is.

    Attributes:
        pictures: (N, 1000) kinds, of length 0 where no model was asked.
        missing: from and to where pictures are missing between two others, in seconds.
        end_s: where the film ends: in one that is damaged up to its end, after the last picture or sound that could be decoded.
    """

    pictures: np.ndarray
    looks: np.ndarray
    shots: list[Shot]
    keys: dict[float, np.ndarray]
    faces: np.ndarray
    motion: np.ndarray
    written: list[Written]
    missing: list[tuple[float, float]]
    end_s: float


def look_through(
    model: EventModel | None, media: MediaFile, moments: np.ndarray, every_s: float, reader: ScreenReader | None, heard_s: float,
    notes: list[str], progress: Callable[[float], None], looked: Callable[[np.ndarray, int], None],
) -> Look:  # fmt: skip
    """Colours of all pictures for the cuts, words at changes, one picture a moment for its faces and, with a model, its kinds.

    Args:
        heard_s: how long the sound lasts, 0 without sound.
        notes: gets what is wrong with the film, in words.
        progress: called with the share done; what it raises ends the work.
        looked: called now and then with the kinds so far, and up to which moment they are told.
    """
    kinds, looks = np.full((len(moments), 1000), np.nan), np.full((len(moments), 1280), np.nan, np.float32)
    faces, times, histograms = np.zeros(len(moments), int), [], []
    waiting: list[tuple[int, np.ndarray]] = []
    keys: dict[float, np.ndarray] = {}
    damage: list[str] = []
    missing: list[tuple[float, float]] = []
    at, before = 0, None
    for frame in frames(media, every_s=LOOK_S, side=KEY_SIDE, note=damage.append, hole=lambda a, b: missing.append((a, b))):
        times.append(frame.time_s)
        histograms.append(colours(frame.pixels))
        if len(histograms) > 1 and len(keys) < MOST_KEYS and np.abs(histograms[-1] - histograms[-2]).sum(-1).mean() / 2 > 0.25:
            keys[frame.time_s] = frame.pixels
        keys.setdefault(0.0, frame.pixels)
        if reader is not None:
            reader.look(frame)
        while at < len(moments) and frame.time_s >= moments[at] - LOOK_S / 2:
            late = frame.time_s > moments[at] + LOOK_S  # the picture before is still on the screen
            waiting.append((at, before if late and before is not None else frame.pixels))
            at += 1
        before = frame.pixels
        if len(waiting) >= CHUNK:
            _name(model, waiting, kinds, looks, faces)
            if model is not None:
                looked(kinds, at)
        progress(min(1.0, frame.time_s / max(media.seconds, 1e-3)))
    if at == 0:
        waiting.append((0, frame.pixels))
    _name(model, waiting, kinds, looks, faces)
    notes += damage + ([without_pictures(missing, media.seconds)] if missing else [])
    end_s, last_s = media.seconds, max(times[-1] + LOOK_S, heard_s)
    if damage and last_s < end_s - SHORT_S:
        notes.append(ends_early("film", last_s, end_s))
        end_s = last_s
    seen = np.flatnonzero(~np.isnan(kinds[:, 0]))
    if end_s - times[-1] < 1.5 * every_s + 1 and len(seen):  # a last picture stands to the end
        kinds[seen[-1] + 1 :], looks[seen[-1] + 1 :] = kinds[seen[-1]], looks[seen[-1]]
    colour = np.stack(histograms)
    change = np.abs(np.diff(colour, axis=0)).sum(-1).mean(axis=(1, 2)) / 2 if len(colour) > 1 else np.zeros(1)
    motion = np.interp(moments, np.array(times[1:] or [0.0]), change)
    shots = find_shots(np.array(times), colour, end_s)
    chosen = {shot.start_s: keys[min(keys, key=lambda t: abs(t - shot.start_s))] for shot in shots}
    lines = reader.lines(end_s) if reader is not None else []
    return Look(kinds if model else np.zeros(0), looks, shots, chosen, faces, motion, lines, missing, end_s)


def without_pictures(missing: Sequence[tuple[float, float]], film_s: float) -> str:
    """Where no picture comes, be they lost or never taken, in words."""
    more = f" and at {len(missing) - TOLD} more places" if len(missing) > TOLD else ""
    places = listing([f"from {span(start, end, film_s)}" for start, end in missing[:TOLD]])
    return f"no new picture comes {places}{more}: the one before is taken to stay on the screen"


def _name(
    model: EventModel | None, waiting: list[tuple[int, np.ndarray]], kinds: np.ndarray, looks: np.ndarray, faces: np.ndarray
) -> None:
    if waiting:
        rows = [row for row, _ in waiting]
        if model is not None:
            with model.lock:
                looks[rows] = model.sight.cells([pixels for _, pixels in waiting]).mean(axis=1)
                kinds[rows] = model.sight.named(looks[rows])
        for row, pixels in waiting:
            faces[row] = len(find_faces(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)))
        waiting.clear()
