"""A whole film understood in stages: looked at, listened to, written down, joined into events. Memory does not grow with its pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mmcore.case import SOUND_RATE
from mmcore.domains.video.event_model import EventModel, Evidence
from mmcore.domains.video.event_spans import Event, find_events
from mmcore.domains.video.looking import CHUNK, Look, look_through
from mmcore.domains.video.shots import Shot
from mmcore.domains.video.sound_head import silent, sound_features
from mmcore.domains.video.spectrum import spectrogram
from mmcore.domains.video.writing_down import WritingDown
from mmcore.domains.video.written import ScreenReader, Written
from mmcore.encoders.transcript import DOUBTFUL, Said, doubtful
from mmcore.encoders.words_in_pictures import PACKAGE, available
from mmcore.errors import InputError
from mmcore.readers.media import MediaFile, read_media
from mmcore.readers.sound import read_sound

Progress = Callable[[str, float], None]
Sketch = Callable[[list[Event]], None]
MOST_MOMENTS = 1_200
"""A film is looked at once a second; beyond twenty minutes as often as makes this many moments."""
SOUND_WINDOW_S = 2.5
PER_MOMENT = ("moments", "pictures", "looks", "sounds", "faces", "motion", "said_vectors", "written_vectors")
UNREAD = f"words on the screen were not read: the package {PACKAGE} is not installed"


@dataclass(frozen=True)
class Understanding:
    """All that was found; N moments, ``every_s`` apart.

    Attributes:
        pictures: (N, 1000) kinds of picture, NaN where there is none; None without pictures.
        looks: (N, 1280) what the pictures look like, NaN where there is none; None without pictures.
        sounds: (N, K) kinds of sound, NaN in silence; None without sound.
        spectrogram: (40, C) uint8 of the whole film, low pitches first; None without sound.
        said: what is said, said_vectors: (N, 384) what is being said at each moment, zeros where nothing is.
        written, written_vectors: the same of the words on the screen; unread: why these were not read, "" where they were.
        missing: from and to where pictures are missing between two others; the one before is taken to stay.
        keys: second -> (H, W, 3) uint8 key frame of each shot.
        faces: (N,) faces seen; motion: (N,) mean change of colours.
        labels: what events were looked for.
        noticed: modality -> what was noticed while it was read, in words.
        timings_ms: time of every stage; of writing down only what was left after looking, beside which it goes on.
    """

    media: MediaFile
    every_s: float
    moments: np.ndarray
    pictures: np.ndarray | None
    looks: np.ndarray | None
    sounds: np.ndarray | None
    spectrogram: np.ndarray | None
    shots: list[Shot]
    keys: dict[float, np.ndarray]
    faces: np.ndarray
    motion: np.ndarray
    said: list[Said]
    said_vectors: np.ndarray
    written: list[Written]
    written_vectors: np.ndarray
    unread: str
    missing: list[tuple[float, float]]
    labels: tuple[str, ...]
    evidence: Evidence
    events: list[Event]
    noticed: Mapping[str, tuple[str, ...]]
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return self.media.seconds

    @property
    def warnings(self) -> tuple[str, ...]:
        """All that was noticed, each once."""
        return tuple(dict.fromkeys(note for notes in self.noticed.values() for note in notes))

    @property
    def present(self) -> tuple[str, ...]:
        """The modalities with anything to say, in the contract's order."""
        return tuple(self.evidence.probabilities)


def understand(
    model: EventModel, source: Path | bytes, *, labels: Sequence[str] = (), without: Sequence[str] = (),
    progress: Progress = lambda stage, share: None, sketch: Sketch = lambda events: None,
) -> Understanding:  # fmt: skip
    """A film or sound, every stage.

    Args:
        labels: what to look for, in the user's words; the model's own list by default.
        without: modalities to leave out.
        progress: called with a stage and the share of it done; what it raises ends the work.
        sketch: called now and then with the events of what was heard and looked at so far; they may still change.

    Raises:
        InputError: it cannot be read, or nothing is left to look at or listen to.
    """
    media = read_media(source)
    of_pictures, of_sound = list(media.warnings), list(media.sound_warnings)
    timings: dict[str, float] = {}
    every_s = max(1.0, media.seconds / MOST_MOMENTS)
    moments = (np.arange(max(1, int(media.seconds / every_s))) + 0.5) * min(every_s, max(media.seconds, 1e-3))
    clock = time.perf_counter()
    names = clean(labels or model.settings.labels)
    vectors = model.label_vectors(names)

    def sketched(kinds: np.ndarray | None, sounds: np.ndarray | None, until: int) -> None:
        evidence = model.evidence(vectors, *(part[:until] if part is not None else None for part in (kinds, sounds)))
        sketch(find_events(names, evidence, moments[:until], every_s, media.seconds))

    sound = read_sound(media, of_sound.append) if {"audio", "speech"} - set(without) else None
    sounds = None
    if sound is not None and "audio" not in without:
        sounds = _listen(model, sound.samples, moments, progress, lambda kinds, until: sketched(None, kinds, until))
    clock = _stop(timings, "listen", clock)

    whole, zeros = [Shot(0.0, media.seconds)], np.zeros(len(moments))
    look = Look(np.zeros(0), np.zeros(0), whole, {}, zeros.astype(int), zeros, [], [], media.seconds)
    reads = media.picture and "text" not in without
    unread = UNREAD if reads and not available() else ""
    with WritingDown(sound.samples if sound is not None and "speech" not in without else None) as writing:
        if media.picture and {"visual", "text"} - set(without):
            reader = ScreenReader(media.seconds) if reads and not unread else None
            look = look_through(
                model if "visual" not in without else None, media, moments, every_s, reader,
                sound.seconds if sound is not None else 0.0, of_pictures, lambda share: progress("look", share),
                lambda kinds, until: sketched(kinds, sounds, until),
            )  # fmt: skip
            timings["read"] = round(1000 * reader.spent_s, 1) if reader is not None else 0.0
        clock = _stop(timings, "look", clock + timings.get("read", 0.0) / 1000)
        said = writing.wait(lambda share: progress("write down", share))
    clock = _stop(timings, "write down", clock)
    pictures, looks = (look.pictures, look.looks) if len(look.pictures) else (None, None)
    spectrum = spectrogram(sound.samples, look.end_s) if sound is not None and sounds is not None else None
    if pictures is None and sounds is None and not said and not look.written:
        hint = "Leave fewer inputs out" if without else "Give a film with pictures or sound in it"
        raise InputError("nothing is left to look at or listen to" if without else "there is nothing to look at or listen to", hint)
    noticed = {"visual": tuple(of_pictures), "audio": tuple(of_sound)} if media.picture else {"audio": (*of_pictures, *of_sound)}
    noticed["speech"] = (DOUBTFUL,) if doubtful(said) else ()
    nothing = Evidence({}, {}, np.zeros((len(moments), 0)))
    found = Understanding(
        media, every_s, moments, pictures, looks, sounds, spectrum, look.shots, look.keys, look.faces, look.motion,
        said, _vectors(model, said, moments, 0.5), look.written, _vectors(model, look.written, moments, 0.0), unread,
        look.missing, (), nothing, [], noticed, timings,
    )  # fmt: skip
    found = relabel(model, _up_to(found, look.end_s), names)
    _stop(timings, "join", clock)
    progress("join", 1.0)
    return found


def relabel(model: EventModel, found: Understanding, labels: Sequence[str]) -> Understanding:
    """The same film with another set of labels; nothing is looked at again."""
    labels = clean(labels)
    vectors = model.label_vectors(labels)
    said, written = found.said_vectors if found.said else None, found.written_vectors if found.written else None
    evidence = model.evidence(vectors, found.pictures, found.sounds, said, written)
    cuts = [shot.start_s for shot in found.shots[1:]]
    events = find_events(labels, evidence, found.moments, found.every_s, found.seconds, cuts)
    return replace(found, labels=labels, evidence=evidence, events=events)


def _up_to(found: Understanding, end_s: float) -> Understanding:
    """A film whose end turned out to come early: nothing is told of what lies behind it."""
    count = max(1, int((found.moments < end_s).sum()))
    arrays = {name: getattr(found, name) for name in PER_MOMENT}
    cut = {name: array[:count] for name, array in arrays.items() if array is not None}
    return replace(found, media=replace(found.media, seconds=end_s), **cut)


def clean(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels without repetitions and spaces around them; InputError where fewer than two are left."""
    found = tuple(dict.fromkeys(label.strip() for label in labels if label.strip()))
    if len(found) < 2:
        raise InputError("fewer than two labels are given", "Type at least two, separated by commas")
    return found


def _listen(
    model: EventModel, samples: np.ndarray, moments: np.ndarray, progress: Progress, heard: Callable[[np.ndarray, int], None]
) -> np.ndarray:
    """(N, K) kinds of sound around each moment; NaN where it is silent."""
    out = np.full((len(moments), len(model.head.kinds)), np.nan)
    half = round(SOUND_WINDOW_S * SOUND_RATE / 2)
    for i, moment in enumerate(moments):
        centre = round(moment * SOUND_RATE)
        part = samples[max(0, centre - half) : centre + half]
        own = samples[max(0, centre - SOUND_RATE // 2) : centre + SOUND_RATE // 2]
        if not silent(own) and len(part) >= SOUND_RATE // 4:
            out[i] = model.head.probabilities(sound_features(model.hearing, [part]))[0]
        if (i + 1) % CHUNK == 0:
            heard(out, i + 1)
        progress("listen", (i + 1) / len(moments))
    return out


def _vectors(model: EventModel, lines: Sequence[Said] | Sequence[Written], moments: np.ndarray, margin_s: float) -> np.ndarray:
    """(N, 384) of all that is said or written at each moment, and up to ``margin_s`` before and after; zeros where nothing is."""
    out = np.zeros((len(moments), 384), np.float32)
    texts = [" ".join(p.text for p in lines if p.start_s - margin_s <= m <= p.end_s + margin_s) for m in moments]
    different = sorted({text for text in texts if text})
    if different:
        vector = dict(zip(different, model.texts.sentences(different), strict=True))
        out[[bool(text) for text in texts]] = [vector[text] for text in texts if text]
    return out


def _stop(timings: dict[str, float], stage: str, since: float) -> float:
    now = time.perf_counter()
    timings[stage] = round(1000 * (now - since), 1)
    return now
