"""Further sounds to learn from, KIND/ALBUM/FILE, out of packages of Debian 12. No test: run by hand before `train video_events`.

From the root of the repository::

    apt-get download asc-music extremetuxracer-data fretsonfire-songs-muldjord fretsonfire-songs-sectoid hedgewars-data megaglest-data \\
        supertux-data tuxpaint-stamps-default warzone2100-music wesnoth-1.16-music
    for file in *.deb; do dpkg-deb -x "$file" PACKAGES; done
    python -m tests.domains.video.albums PACKAGES ../albums

- ``music``: pieces of more than 250 kB, an album for each game or part of one.
- ``speech``: what tuxpaint's stamps are called, read aloud by a person for each language, joined to files of about six seconds; calls of
  the voices of hedgewars, acted.
- ``other``: effects and calls of units of megaglest and supertux, which are none of the kinds.

Of speech and other, files whose names tell of a kind are left out.

Licences: GPL, CC BY-SA, GFDL and public domain; none of the files is part of this project.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from mmcore.case import SOUND_RATE
from mmcore.readers.media import read_media
from mmcore.readers.sound import read_sound
from tests.readers.films import film

ENDINGS = (".ogg", ".opus", ".mp3", ".wav")
LEAST_BYTES, JOINED_S, BETWEEN_S, FEWEST = 250_000, 6.0, 0.25, 20
KINDS = re.compile(
    "rain|rooster|chicken|cock|fire|burn|flame|water|wave|sea|ocean|dog|wolf|bark|baby|cry|clock|tick|sneez|cough|helicop|chain|saw|crack|"
    "music", re.I,
)
VOICES = ("British", "Classic", "Default", "Default_es", "Default_ru", "HillBilly", "Pirate", "Singer")
FACTIONS = ("egypt", "indian", "magic", "norsemen")
LANGUAGE = re.compile(r"_desc(?:_([a-z]{2}))?\.ogg$")


def main(packages: Path, out: Path) -> None:
    """Writes the three kinds, what was there before taken away."""
    share, games = packages / "usr/share", packages / "usr/share/games"
    for kind in ("music", "speech", "other"):
        shutil.rmtree(out / kind, ignore_errors=True)
    for name, files in music(games):
        copy(out / "music" / name, [f for f in files if f.stat().st_size > LEAST_BYTES])
    voices = games / "hedgewars/Data/Sounds/voices"
    for voice in VOICES:
        copy(out / "speech" / f"voice_{voice}", sounds(voices / voice))
    read_aloud(share / "tuxpaint/stamps", out / "speech")
    factions = games / "megaglest/techs/megapack/factions"
    for faction in FACTIONS:
        copy(out / "other" / f"megaglest_{faction}", [f for f in sounds(factions / faction) if "music" not in f.parts])
    copy(out / "other" / "supertux_sounds", sounds(games / "supertux2/sounds"))


def music(games: Path) -> Iterable[tuple[str, list[Path]]]:
    """(album, its files)."""
    yield "asc", sounds(games / "asc/music")
    yield "extremetuxracer", sounds(games / "etr/music")
    yield "hedgewars", sounds(games / "hedgewars/Data/Music")
    yield "megaglest", [f for f in sounds(games / "megaglest") if "music" in f.parts]
    supertux = games / "supertux2/music"
    parts = ("antarctic", "forest")
    for part in parts:
        yield f"supertux_{part}", sounds(supertux / part)
    yield "supertux_misc", [f for f in sounds(supertux) if f.relative_to(supertux).parts[0] not in parts]
    for album in sorted((games / "warzone2100/music/albums").iterdir()):
        yield f"warzone_{album.name.split('_')[0]}", sounds(album)
    yield "wesnoth", sounds(games / "wesnoth/1.16/data/core/music")
    for song in ("muldjord", "sectoid"):
        yield song, [f for f in sounds(games / "fretsonfire") if f.name == "song.ogg" and song in f.as_posix().lower()]


def sounds(folder: Path) -> list[Path]:
    """Every sound under it, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in ENDINGS)


def copy(album: Path, files: Sequence[Path]) -> None:
    """The files under their names; a name that is taken, under the names of their last folders too."""
    album.mkdir(parents=True)
    kept = files if album.parent.name == "music" else [file for file in files if not KINDS.search(file.name)]
    for file in kept:
        to = album / file.name
        shutil.copyfile(file, to if not to.exists() else album / "_".join(file.parts[-4:]))


def read_aloud(stamps: Path, out: Path) -> None:
    """Names of stamps, joined, an album for each language in which there are enough."""
    by_language: dict[str, list[Path]] = defaultdict(list)
    for path in sounds(stamps):
        if (found := LANGUAGE.search(path.name)) is not None:
            by_language[found[1] or "en"].append(path)
    for language, files in sorted(by_language.items()):
        if len(files) >= FEWEST:
            (out / f"names_{language}").mkdir(parents=True)
            for number, samples in enumerate(joined(files)):
                (out / f"names_{language}" / f"{number:03}.wav").write_bytes(film("wav", None, [samples]))


def joined(files: Sequence[Path]) -> Iterable[np.ndarray]:
    """Recordings one after another until about ``JOINED_S`` are full."""
    parts: list[np.ndarray] = []
    for path in files:
        found = read_sound(read_media(path))
        if found is not None:
            parts += [found.samples, np.zeros(round(BETWEEN_S * SOUND_RATE), np.float32)]
        if sum(map(len, parts)) >= JOINED_S * SOUND_RATE:
            yield np.concatenate(parts)
            parts = []


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
