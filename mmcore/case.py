"""What the user gave, checked: one value per modality, with its warnings and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mmcore.errors import InputError


@dataclass(frozen=True)
class Series:
    """DICOM pictures that belong together, in their order: what a viewer steps through.

    Attributes:
        title: what its tags about the picture say, such as "series 2, PA, chest".
        files: each file as given.
        frames: how many frames each file holds.
        sha256: of all the files.
    """

    title: str = field(repr=False)
    files: tuple[bytes, ...] = field(repr=False)
    frames: tuple[int, ...]
    sha256: str

    @property
    def count(self) -> int:
        """Of all frames of all files."""
        return sum(self.frames)

    def locate(self, position: int) -> tuple[bytes, int]:
        """The file and the frame inside it, both from 0, of a position in the series; IndexError where there is none."""
        for data, frames in zip(self.files, self.frames, strict=True):
            if 0 <= position < frames:
                return data, position
            position -= frames
        raise IndexError("no such frame")


@dataclass(frozen=True)
class Source:
    """The study that a picture was taken from, and which frame of it this is; in memory only.

    Attributes:
        at: number of the series and position in it, from 0.
    """

    series: tuple[Series, ...]
    at: tuple[int, int] = (0, 0)

    @property
    def data(self) -> bytes:
        """The file of the picture."""
        return self.series[self.at[0]].locate(self.at[1])[0]


@dataclass(frozen=True)
class Picture:
    """A picture as every encoder takes it.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, upright, alpha composed onto white.
        format: what the content was found to be, such as "JPEG" or "DICOM".
        sha256: of the bytes of the file as uploaded, together with the frame's number where it is not the first.
        source: what a DICOM picture was taken from; None for any other.

    Raises:
        InputError: ``pixels`` are of another shape or type.
    """

    pixels: np.ndarray = field(repr=False)
    format: str
    sha256: str
    source: Source | None = None

    def __post_init__(self) -> None:
        found = f"{self.pixels.dtype} {self.pixels.shape}" if isinstance(self.pixels, np.ndarray) else type(self.pixels).__name__
        if found.split()[0] != "uint8" or self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or not self.pixels.size:
            hint = "Give (H, W, 3) uint8 RGB, or the bytes of a file to mmcore.readers.picture.read_picture"
            raise InputError(f"pixels of a picture cannot be {found}", hint)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]


SOUND_RATE = 16_000
"""Samples a second of every Sound."""


@dataclass(frozen=True)
class Sound:
    """A sound as every encoder takes it.

    Attributes:
        samples: (N,) float32 at 16 kHz, one channel, between -1 and 1.
        sha256: of the bytes of the file that it came from.
    """

    samples: np.ndarray = field(repr=False)
    sha256: str

    @property
    def seconds(self) -> float:
        """Length of the sound."""
        return len(self.samples) / SOUND_RATE


@dataclass(frozen=True)
class Record:
    """A clinical or other record, as `read_record` makes it; a model checks it against its schema once more.

    Attributes:
        values: every field of the schema, in its order; None where missing. Numbers are floats in
            the schema's unit, categories are one of the allowed values, flags are "True"/"False".
    """

    values: Mapping[str, float | str | None] = field(repr=False)

    @property
    def sha256(self) -> str:
        """Hash of the values; two records that say the same have the same hash."""
        text = json.dumps(dict(self.values), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def empty(self) -> bool:
        """True where no field is given: such a record counts as an absent modality."""
        return all(value is None for value in self.values.values())


@dataclass(frozen=True)
class Text:
    """A text as a person wrote it: a note, a review, a wish.

    Attributes:
        text: without control and invisible characters, lines ended by a newline. Evidence counts its characters.
    """

    text: str = field(repr=False)

    @property
    def sha256(self) -> str:
        """Hash of the text; the same words in another encoding have the same hash."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class Input:
    """One modality of a case: its value (None where absent) and what was noticed while reading it."""

    value: Any = None
    warnings: tuple[str, ...] = field(default=(), repr=False)

    @property
    def present(self) -> bool:
        """Whether a value was given and understood."""
        return self.value is not None


@dataclass(frozen=True)
class Case:
    """One case: modality name -> Input, in the model's fixed order of modalities. Its repr holds nothing that was given.

    Attributes:
        title: for people; never part of the hash.
        generated: True where the case was made by a program, False where real, None where unknown.
        real: of a generated case the modalities whose input is real all the same.
        prior: an earlier case of the same subject, to compare with; never part of the answer or of the hash.
        unused: name of a file that was given with the case -> why it is not used.
        files: modality -> name of the file that it was read from, where it was given as files; for people, never part of the hash.
        records: record files as they were given: they may name people beside what the model reads. In memory only, never part of the hash.
    """

    inputs: Mapping[str, Input]
    title: str = field(default="", repr=False)
    generated: bool | None = None
    real: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict, repr=False)
    prior: Case | None = None
    unused: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    records: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def present(self) -> tuple[str, ...]:
        """Names of the modalities that are there, in the model's order."""
        return tuple(name for name, item in self.inputs.items() if item.present)

    @property
    def digest(self) -> str:
        """sha256 of the inputs: the same contents give the same digest, whatever the files are called."""
        parts = {name: item.value.sha256 for name, item in self.inputs.items() if item.present}
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def without(self, *modalities: str) -> Case:
        """The same case with these modalities taken away; InputError where one is none of the case's."""
        for name in modalities:
            if name not in self.inputs:
                raise InputError(f"{name!r} cannot be left out: it is no input of this case", f"Inputs: {', '.join(self.inputs)}")
        inputs = {name: Input() if name in modalities else item for name, item in self.inputs.items()}
        return replace(self, inputs=inputs)

    def with_value(self, modality: str, value: Any, warnings: tuple[str, ...] = ()) -> Case:
        """The same case with another value for one modality."""
        return replace(self, inputs={**self.inputs, modality: Input(value, warnings)})
