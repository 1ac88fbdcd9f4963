"""Recordings of spoken commands: a folder with clips and, where there are answers, a labels.csv as the GRID corpus has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmcore.encoders.mouth import MouthTrack, track_mouth
from mmcore.errors import InputError
from mmcore.readers.files import is_file, list_files, listed, read_file
from mmcore.readers.footage import frames
from mmcore.readers.limits import LIMITS
from mmcore.readers.media import MEDIA_ENDINGS, MediaFile, read_media
from mmcore.readers.names import extension, shown
from mmcore.readers.sound import read_sound
from mmcore.readers.table import as_text, parse_table

TABLE, TIMES = "labels.csv", "word_times.csv"
FILE, FOLD, LETTER = "file", "fold_by_letter", "letter"


@dataclass(frozen=True)
class Recording:
    """One clip of a data set.

    Attributes:
        id: its path in the folder.
        columns: every cell of its row as text; empty where there is no table.
    """

    id: str
    path: Path
    columns: Mapping[str, str]

    def words(self, slots: Sequence[str]) -> tuple[str, ...] | None:
        """The true word of each slot; None where one is missing."""
        found = tuple(self.columns.get(slot, "").strip() for slot in slots)
        return found if all(found) else None


@dataclass(frozen=True)
class Utterance:
    """A clip as decoded.

    Attributes:
        samples: (N,) float32 at 16 kHz, None without sound.
        mouth: the mouth through the clip, None without pictures or where no face is found.
        seconds: its length.
    """

    samples: np.ndarray | None
    mouth: MouthTrack | None
    seconds: float
    sha256: str
    warnings: tuple[str, ...] = ()


def read_recordings(folder: Path) -> list[Recording]:
    """The clips of ``folder``: those that its labels.csv names, or else every film and sound in it. Rows may come in any order.

    Raises:
        InputError: no clip, a broken table, or one without the column ``file``.
    """
    path = folder / TABLE
    if not is_file(path):
        names = [name for name in list_files(folder, LIMITS.table_rows) if extension(name) in MEDIA_ENDINGS]
        if not names:
            raise InputError(f"{shown(folder.name)} holds no clips", f"Give a folder with films or sounds, and with a {TABLE}")
        return [Recording(name, folder / name, {}) for name in names]
    rows = table_rows(path)
    if not rows or FILE not in rows[0]:
        raise InputError(f"{TABLE}: the column {FILE!r} is missing", "Name each clip's path in it")
    return [Recording(row[FILE], listed(folder, row[FILE]), row) for row in rows]


def table_rows(path: Path) -> list[dict[str, str]]:
    """Every row of a CSV, every cell as text."""
    try:
        table = parse_table(read_file(path, LIMITS), LIMITS)
        return [{column: as_text(row.usable().get(column)).strip() for column in table.columns} for row in table.rows]
    except InputError as error:
        raise InputError(f"{shown(path.name)}: {error.message}", error.hint) from error


def read_utterance(source: Path | bytes, longest_s: float) -> Utterance:
    """A clip decoded: its sound and the mouth of its speaker. InputError where it is longer than ``longest_s`` or cannot be read."""
    media = read_media(source)
    if media.seconds > longest_s:
        raise InputError(f"the clip lasts {media.seconds:.0f} s; a command lasts at most {longest_s:g} s", "Cut it to one command")
    notes: list[str] = [*media.warnings, *media.sound_warnings]
    sound = read_sound(media, notes.append)
    mouth = _mouth(media, notes) if media.picture else None
    return Utterance(sound.samples if sound else None, mouth, media.seconds, media.sha256, tuple(notes))


def _mouth(media: MediaFile, notes: list[str]) -> MouthTrack | None:
    track = track_mouth(((f.time_s, f.pixels) for f in frames(media, grey=True, note=notes.append)), media.seconds)
    if track.found == 0:
        notes.append("no face is seen: the lips count as absent")
        return None
    return track


def read_word_times(folder: Path) -> dict[str, list[tuple[str, float, float]]]:
    """Clip -> (word, from_s, to_s) in order, silence left out; {} where the folder does not say."""
    path = folder / TIMES
    if not is_file(path):
        return {}
    out: dict[str, list[tuple[str, float, float]]] = {}
    for row in table_rows(path):
        if row["word"] not in ("sil", "sp"):
            out.setdefault(row["file"], []).append((row["word"], float(row["start_s"]), float(row["end_s"])))
    return out
