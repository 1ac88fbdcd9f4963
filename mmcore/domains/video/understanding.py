"""A whole film understood in stages: looked at, listened to, written down, joined into events. Memory does not grow with its pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mmcore.case import SOUND_RATE
from mmcore.domains.video.event_model import EventModel, Evidence
from mmcore.domains.video.event_spans import Event, find_events
from mmcore.domains.video.shots import Shot, colours, find_shots
from mmcore.domains.video.sound_head import silent, sound_features
from mmcore.encoders.mouth import find_faces
from mmcore.encoders.transcript import Said, transcribe
from mmcore.errors import InputError
from mmcore.readers.footage import frames
from mmcore.readers.media import MediaFile, read_media
from mmcore.readers.sound import read_sound

Progress = Callable[[str, float], None]
MOST_MOMENTS = 1_200
"""A film is looked at once a second; beyond twenty minutes as often as makes this many moments."""
LOOK_S, SIDE, KEY_SIDE = 0.2, 128, 320
MOST_KEYS = 120
SOUND_WINDOW_S = 2.5
CHUNK = 16


@dataclass(frozen=True)
class Understanding:
    """All that was found; N moments, ``every_s`` apart.

    Attributes:
        pictures: (N, 1000) kinds of picture, NaN where there is none; None without pictures.
        sounds: (N, K) kinds of sound, NaN in silence; None without sound.
        said: what is said, said_vectors: (N, 384) what is being said at each moment, zeros where nothing is.
        keys: second -> (H, W, 3) uint8 key frame of each shot.
        faces: (N,) faces seen; motion: (N,) mean change of colours.
        labels: what events were looked for.
    """

    media: MediaFile
    every_s: float
    moments: np.ndarray
    pictures: np.ndarray | None
    sounds: np.ndarray | None
    shots: list[Shot]
    keys: dict[float, np.ndarray]
    faces: np.ndarray
    motion: np.ndarray
    said: list[Said]
    said_vectors: np.ndarray
    labels: tuple[str, ...]
    evidence: Evidence
    events: list[Event]
    warnings: tuple[str, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return self.media.seconds

    @property
    def present(self) -> tuple[str, ...]:
        """The modalities with anything to say, in the contract's order."""
        return tuple(self.evidence.probabilities)


def understand(
    model: EventModel, source: Path | bytes, *, labels: Sequence[str] = (), without: Sequence[str] = (),
    progress: Progress = lambda stage, share: None,
) -> Understanding:  # fmt: skip
    """A film or sound, every stage.

    Args:
        labels: what to look for, in the user's words; the model's own list by default.
        without: modalities to leave out.
        progress: called with a stage and the share of it done; what it raises ends the work.

    Raises:
        InputError: it cannot be read, or nothing is left to look at or listen to.
    """
    media = read_media(source)
    notes: list[str] = list(media.warnings)
    timings: dict[str, float] = {}
    every_s = max(1.0, media.seconds / MOST_MOMENTS)
    moments = (np.arange(max(1, int(media.seconds / every_s))) + 0.5) * min(every_s, max(media.seconds, 1e-3))
    clock = time.perf_counter()
    look = _Look(np.zeros(0), [Shot(0.0, media.seconds)], {}, np.zeros(len(moments), int), np.zeros(len(moments)))
    if media.picture and "visual" not in without:
        look = _look(model, media, moments, every_s, notes, progress)
    clock = _stop(timings, "look", clock)
    sound = read_sound(media, notes.append) if {"audio", "speech"} - set(without) else None
    sounds = _listen(model, sound.samples, moments, progress) if sound is not None and "audio" not in without else None
    clock = _stop(timings, "listen", clock)
    said = transcribe(sound.samples, lambda s: progress("write down", s)) if sound is not None and "speech" not in without else []
    clock = _stop(timings, "write down", clock)
    pictures = look.pictures if len(look.pictures) else None
    if pictures is None and sounds is None and not said:
        raise InputError("nothing is left to look at or listen to", "Leave fewer inputs out")
    said_vectors = _said_vectors(model, said, moments)
    found = Understanding(
        media, every_s, moments, pictures, sounds, look.shots, look.keys, look.faces, look.motion, said, said_vectors, (),
        Evidence({}, {}, np.zeros((len(moments), 0))), [], tuple(dict.fromkeys(notes)), timings,
    )  # fmt: skip
    found = relabel(model, found, labels or model.settings.labels)
    _stop(timings, "join", clock)
    progress("join", 1.0)
    return found


def relabel(model: EventModel, found: Understanding, labels: Sequence[str]) -> Understanding:
    """The same film with another set of labels; nothing is looked at again."""
    labels = tuple(dict.fromkeys(label.strip() for label in labels if label.strip()))
    if len(labels) < 2:
        raise InputError("fewer than two labels are given", "Type at least two, separated by commas")
    vectors = model.label_vectors(labels)
    evidence = model.evidence(vectors, found.pictures, found.sounds, found.said_vectors if found.said else None)
    events = find_events(labels, evidence, found.moments, found.every_s, found.seconds)
    return replace(found, labels=labels, evidence=evidence, events=events)


@dataclass(frozen=True)
class _Look:
    pictures: np.ndarray
    shots: list[Shot]
    keys: dict[float, np.ndarray]
    faces: np.ndarray
    motion: np.ndarray


def _look(
    model: EventModel, media: MediaFile, moments: np.ndarray, every_s: float, notes: list[str], progress: Progress
) -> _Look:  # fmt: skip
    """One pass over the pictures: colours for the cuts, one picture a moment for its kinds and faces."""
    kinds = np.full((len(moments), 1000), np.nan)
    faces, times, histograms = np.zeros(len(moments), int), [], []
    waiting: list[tuple[int, np.ndarray]] = []
    keys: dict[float, np.ndarray] = {}
    at = 0
    for frame in frames(media, every_s=LOOK_S, side=KEY_SIDE, note=notes.append):
        times.append(frame.time_s)
        histograms.append(colours(frame.pixels))
        if len(histograms) > 1 and len(keys) < MOST_KEYS and np.abs(histograms[-1] - histograms[-2]).sum(-1).mean() / 2 > 0.25:
            keys[frame.time_s] = frame.pixels
        keys.setdefault(0.0, frame.pixels)
        while at < len(moments) and frame.time_s >= moments[at] - LOOK_S / 2:
            waiting.append((at, frame.pixels))
            at += 1
        if len(waiting) >= CHUNK:
            _name(model, waiting, kinds, faces)
        progress("look", min(1.0, frame.time_s / max(media.seconds, 1e-3)))
    if at == 0:
        waiting.append((0, frame.pixels))
    _name(model, waiting, kinds, faces)
    seen = np.flatnonzero(~np.isnan(kinds[:, 0]))
    if media.seconds - times[-1] < 1.5 * every_s + 1 and len(seen):  # a last picture stands to the end
        kinds[seen[-1] + 1 :] = kinds[seen[-1]]
    colour = np.stack(histograms)
    change = np.abs(np.diff(colour, axis=0)).sum(-1).mean(axis=(1, 2)) / 2 if len(colour) > 1 else np.zeros(1)
    motion = np.interp(moments, np.array(times[1:] or [0.0]), change)
    shots = find_shots(np.array(times), colour, media.seconds)
    chosen = {shot.start_s: keys[min(keys, key=lambda t: abs(t - shot.start_s))] for shot in shots}
    return _Look(kinds, shots, chosen, faces, motion)


def _name(model: EventModel, waiting: list[tuple[int, np.ndarray]], kinds: np.ndarray, faces: np.ndarray) -> None:
    import cv2

    if waiting:
        rows = [row for row, _ in waiting]
        with model.lock:
            kinds[rows] = model.sight.probabilities([pixels for _, pixels in waiting])
        for row, pixels in waiting:
            faces[row] = len(find_faces(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)))
        waiting.clear()


def _listen(model: EventModel, samples: np.ndarray, moments: np.ndarray, progress: Progress) -> np.ndarray:
    """(N, K) kinds of sound around each moment; NaN where it is silent."""
    out = np.full((len(moments), len(model.head.kinds)), np.nan)
    half = round(SOUND_WINDOW_S * SOUND_RATE / 2)
    for i, moment in enumerate(moments):
        centre = round(moment * SOUND_RATE)
        part = samples[max(0, centre - half) : centre + half]
        own = samples[max(0, centre - SOUND_RATE // 2) : centre + SOUND_RATE // 2]
        if not silent(own) and len(part) >= SOUND_RATE // 4:
            out[i] = model.head.probabilities(sound_features(model.hearing, [part]))[0]
        progress("listen", (i + 1) / len(moments))
    return out


def _said_vectors(model: EventModel, said: Sequence[Said], moments: np.ndarray) -> np.ndarray:
    out = np.zeros((len(moments), 384), np.float32)
    vectors = model.texts.sentences([part.text for part in said]) if said else out
    for part, vector in zip(said, vectors, strict=False):
        out[(moments >= part.start_s - 0.5) & (moments <= part.end_s + 0.5)] = vector
    return out


def _stop(timings: dict[str, float], stage: str, since: float) -> float:
    now = time.perf_counter()
    timings[stage] = round(1000 * (now - since), 1)
    return now
