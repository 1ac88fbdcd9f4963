"""Sounds to learn from, encoded: labelled clips, albums, speech and made sounds, each with the fold that it is held out with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mmcore import device as devices
from mmcore.case import SOUND_RATE, Sound
from mmcore.domains.video.event_model import EventTraining
from mmcore.domains.video.slot_data import read_recordings, table_rows
from mmcore.domains.video.sound_head import OTHER, WINDOW_S, loudest, silent, sound_features
from mmcore.domains.video.sound_negatives import negative
from mmcore.encoders.whisper import SoundEncoder
from mmcore.errors import InputError
from mmcore.readers.files import listed
from mmcore.readers.media import read_media
from mmcore.readers.sound import read_sound

Step = Callable[[str, int, int], None]
MUSIC, SPEECH, MADE = "music", "speech", "made sounds"


@dataclass(frozen=True)
class Sounds:
    """N labelled sounds and M of none of the kinds, encoded.

    Attributes:
        whole, loud: (N, 3072) the whole clip and its loudest stretch.
        labels, folds, groups: (N,) text; clips of one group come from one recording, or from one album.
        others: (M, 3072) what is none of the kinds.
        parts: (M,) fold that each of the others is held out with; sources: (M,) text, where it is from.
    """

    whole: np.ndarray
    loud: np.ndarray
    labels: np.ndarray
    folds: np.ndarray
    groups: np.ndarray
    others: np.ndarray
    parts: np.ndarray
    sources: np.ndarray
    hashes: list[str]


@dataclass(frozen=True)
class SoundFolders:
    """Where sounds to learn from lie.

    Attributes:
        kinds: folder with labels.csv: file, label, fold.
        speech: folder laid out like video_grid_s1: one more album of speech where ``albums`` has any, else none of the kinds.
        albums: folder of further recordings, KIND/ALBUM/FILE; the kind "other" is none of the kinds. An album is held out as a whole.
    """

    kinds: Path
    speech: Path | None = None
    albums: Path | None = None


@dataclass
class _Gathered:
    """What `Sounds` is made of, sound by sound."""

    encoder: SoundEncoder
    whole: list[np.ndarray] = field(default_factory=list)
    loud: list[np.ndarray] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    folds: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    others: list[np.ndarray] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)

    def add_kind(self, samples: np.ndarray, label: str, fold: str, group: str) -> None:
        self.whole.append(self._features(samples))
        self.loud.append(self._features(loudest(samples)))
        self.labels.append(label)
        self.folds.append(fold)
        self.groups.append(group)

    def add_none(self, samples: np.ndarray, fold: str, source: str) -> None:
        """A sound of none of the kinds."""
        self.others.append(self._features(samples))
        self.parts.append(fold)
        self.sources.append(source)

    def _features(self, samples: np.ndarray) -> np.ndarray:
        return sound_features(self.encoder, [samples])[0]

    def sounds(self) -> Sounds:
        return Sounds(
            np.stack(self.whole), np.stack(self.loud), np.array(self.labels, str), np.array(self.folds, str), np.array(self.groups, str),
            np.stack(self.others), np.array(self.parts, str), np.array(self.sources, str), self.hashes,
        )  # fmt: skip


def encode(folders: SoundFolders, settings: EventTraining, seed: int, step: Step) -> Sounds:
    """Labelled sounds, albums, speech, and made sounds; an album is held out with one fold of the labelled sounds.

    Where there are albums of speech, speech is a kind, and that of ``folders.speech`` one more album of it; else it is none of the kinds.
    """
    rows = table_rows(folders.kinds / "labels.csv")
    if not rows or {"file", "label", "fold"} - set(rows[0]):
        raise InputError("labels.csv lacks one of the columns file, label, fold", "Give audio_esc10, or a folder laid out like it")
    found = _Gathered(SoundEncoder(devices.pick()))
    for number, row in enumerate(rows):
        sound = _sound(listed(folders.kinds, row["file"]))
        found.hashes.append(sound.sha256)
        found.add_kind(sound.samples, row["label"], row["fold"], row.get("freesound_source_group") or row["file"])
        step("encode", number + 1, len(rows))
    folds = [str(fold) for fold in np.unique(found.folds)]
    most = {MUSIC: settings.music, SPEECH: settings.voices, OTHER: settings.others}
    speech_is_a_kind = folders.albums is not None and (folders.albums / SPEECH).is_dir()
    if not speech_is_a_kind:
        del most[SPEECH]
    albums = [] if folders.albums is None else _recordings(folders.albums, most)
    for number, (kind, album, path) in enumerate(albums):
        sound = _sound(path)
        found.hashes.append(sound.sha256)
        for clip in _excerpts(sound.samples):
            fold = folds[album % len(folds)]
            if kind == OTHER:
                found.add_none(clip, fold, path.parent.name)
            else:
                found.add_kind(clip, kind, fold, path.parent.name)
        step("encode albums", number + 1, len(albums))
    spoken = [] if folders.speech is None else read_recordings(folders.speech)
    album_of_speech = "" if folders.speech is None else folders.speech.name
    spoken = [spoken[i] for i in np.linspace(0, len(spoken) - 1, min(settings.speech, len(spoken))).astype(int)] if spoken else []
    for number, recording in enumerate(spoken):
        voice = read_sound(read_media(recording.path))
        if voice is not None:
            found.hashes.append(voice.sha256)
            if speech_is_a_kind:
                found.add_kind(voice.samples, SPEECH, folds[0], album_of_speech)
            else:
                found.add_none(voice.samples, folds[number % len(folds)], SPEECH)
        step("encode others", number + 1, len(spoken) + settings.negatives)
    for number in range(settings.negatives):
        found.add_none(negative(number, seed), folds[number % len(folds)], MADE)
        step("encode others", len(spoken) + number + 1, len(spoken) + settings.negatives)
    return found.sounds()


def _sound(path: Path) -> Sound:
    """The sound of a recording; InputError with its name where it has none or cannot be read."""
    try:
        found = read_sound(read_media(path))
    except InputError as error:
        raise InputError(f"{path.name}: {error.message}", "Take it away") from error
    if found is None:
        raise InputError(f"{path.name} has no sound", "Take it away")
    return found


def _recordings(folder: Path, most: Mapping[str, int]) -> list[tuple[str, int, Path]]:
    """(kind, number of its album, recording): at most about ``most`` of each kind, from each album as many."""
    found = []
    for kind, count in most.items():
        albums = sorted(album for album in (folder / kind).glob("*") if album.is_dir())
        if len(albums) < 2:
            raise InputError(f"{kind} comes from fewer than two albums", f"Give a folder {kind} with a folder of recordings for each album")
        for number, album in enumerate(albums):
            files = sorted(path for path in album.iterdir() if path.is_file())
            if files:
                rows = np.unique(np.linspace(0, len(files) - 1, -(-count // len(albums))).astype(int))
                found += [(kind, number, files[i]) for i in rows]
    return found


def _excerpts(samples: np.ndarray) -> list[np.ndarray]:
    """Two stretches of a recording, as long as the labelled clips; one of a short recording."""
    length = round(WINDOW_S * SOUND_RATE)
    starts = sorted({int(share * max(0, len(samples) - length)) for share in (0.25, 0.6)})
    parts = [samples[start : start + length] for start in starts]
    return [part for part in parts if not silent(part)]
