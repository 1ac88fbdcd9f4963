"""Sounds to learn from, encoded: labelled clips, albums, speech and made sounds, each with the fold that it is held out with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from mmcore.readers.files import inside
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


def encode(folders: SoundFolders, settings: EventTraining, seed: int, step: Step) -> Sounds:
    """Labelled sounds, albums, speech, and made sounds; an album is held out with one fold of the labelled sounds.

    Where there are albums of speech, speech is a kind, and that of ``folders.speech`` one more album of it; else it is none of the kinds.
    """
    folder, speech = folders.kinds, folders.speech
    rows = table_rows(folder / "labels.csv")
    if not rows or {"file", "label", "fold"} - set(rows[0]):
        raise InputError("labels.csv lacks one of the columns file, label, fold", "Give audio_esc10, or a folder laid out like it")
    encoder = SoundEncoder(devices.pick())
    whole, loud, hashes = [], [], []
    for number, row in enumerate(rows):
        sound = _sound(inside(folder, row["file"]))
        whole.append(sound_features(encoder, [sound.samples])[0])
        loud.append(sound_features(encoder, [loudest(sound.samples)])[0])
        hashes.append(sound.sha256)
        step("encode", number + 1, len(rows))
    labels = [row["label"] for row in rows]
    folds = [row["fold"] for row in rows]
    groups = [row.get("freesound_source_group") or row["file"] for row in rows]
    names = np.unique(folds)
    others: list[np.ndarray] = []
    parts: list[str] = []
    sources: list[str] = []
    most = {MUSIC: settings.music, SPEECH: settings.voices, OTHER: settings.others}
    if folders.albums is None or not (folders.albums / SPEECH).is_dir():
        del most[SPEECH]
    albums = [] if folders.albums is None else _recordings(folders.albums, most)
    for number, (kind, album, path) in enumerate(albums):
        sound = _sound(path)
        hashes.append(sound.sha256)
        fold = str(names[album % len(names)])
        for clip in _excerpts(sound.samples):
            feature = sound_features(encoder, [clip])[0]
            if kind == OTHER:
                others.append(feature)
                parts.append(fold)
                sources.append(path.parent.name)
                continue
            whole.append(feature)
            loud.append(sound_features(encoder, [loudest(clip)])[0])
            labels.append(kind)
            folds.append(fold)
            groups.append(path.parent.name)
        step("encode albums", number + 1, len(albums))
    spoken = [] if speech is None else read_recordings(speech)
    spoken = [spoken[i] for i in np.linspace(0, len(spoken) - 1, min(settings.speech, len(spoken))).astype(int)] if spoken else []
    for number, recording in enumerate(spoken):
        voice = read_sound(read_media(recording.path))
        if speech is not None and voice is not None and SPEECH in most:
            whole.append(sound_features(encoder, [voice.samples])[0])
            loud.append(sound_features(encoder, [loudest(voice.samples)])[0])
            labels.append(SPEECH)
            folds.append(str(names[0]))
            groups.append(speech.name)
            hashes.append(voice.sha256)
        elif voice is not None:
            others.append(sound_features(encoder, [voice.samples])[0])
            parts.append(str(names[number % len(names)]))
            sources.append(SPEECH)
            hashes.append(voice.sha256)
        step("encode others", number + 1, len(spoken) + settings.negatives)
    for number in range(settings.negatives):
        others.append(sound_features(encoder, [negative(number, seed)])[0])
        parts.append(str(names[number % len(names)]))
        sources.append(MADE)
        step("encode others", len(spoken) + number + 1, len(spoken) + settings.negatives)
    return Sounds(
        np.stack(whole), np.stack(loud), np.array(labels, str), np.array(folds, str), np.array(groups, str), np.stack(others),
        np.array(parts, str), np.array(sources, str), hashes,
    )  # fmt: skip


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
