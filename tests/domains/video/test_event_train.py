"""The sound head on small folders of made sounds: kinds, music and speech by album, and what it says of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mmcore.domains.video.event_card import _album_line as album_lines
from mmcore.domains.video.event_model import EventTraining, load
from mmcore.domains.video.event_train import compare, kind_vectors
from mmcore.domains.video.sound_folders import SoundFolders, _excerpts, _recordings, _sound, encode
from mmcore.domains.video.sound_negatives import RATE
from mmcore.encoders.imagenet import kind_descriptions, kind_names
from mmcore.encoders.minilm import load_text_encoder
from mmcore.errors import InputError
from tests.readers.films import film

SETTINGS = EventTraining(negatives=4, speech=0, music=8, voices=8, others=4, mixed=0)


def write(path: Path, samples: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(film("wav", None, [samples.astype(np.float32)]))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> SoundFolders:
    """Three kinds, noise, clicks and hum, in two folds; two albums of chords, two of a buzz in syllables."""
    root, rng, t = tmp_path_factory.mktemp("sounds"), np.random.default_rng(0), np.arange(6 * RATE) / RATE
    lines = ["file,label,fold"]
    for number in range(4):
        write(root / f"kinds/noise{number}.wav", 0.2 * rng.standard_normal(len(t)))
        write(root / f"kinds/click{number}.wav", 0.5 * (t % 0.5 < 0.01) * rng.standard_normal(len(t)))
        write(root / f"kinds/hum{number}.wav", 0.3 * np.sign(np.sin(2 * np.pi * (50 + number) * t)))
        lines += [f"hum{number}.wav,hum,{number % 2}"]
        lines += [f"noise{number}.wav,noise,{number % 2}", f"click{number}.wav,clicks,{number % 2}"]
    (root / "kinds/labels.csv").write_text("\n".join(lines) + "\n")
    for number in range(4):
        chord = sum(np.sin(2 * np.pi * f * (1 + number / 10) * t) for f in (220, 277, 330))
        write(root / f"albums/music/album{number % 2}/track{number}.wav", 0.2 * chord)
        buzz = np.mod(t * (110 + 15 * number), 1) - 0.5
        write(root / f"albums/speech/speaker{number % 2}/{number}.wav", 0.4 * buzz * (np.sin(2 * np.pi * 3.5 * t) > 0))
        write(root / f"albums/other/voice{number % 2}/{number}.wav", 0.3 * np.sin(2 * np.pi * 900 * t * (1 + 0.3 * np.sin(9 * t))))
    return SoundFolders(root / "kinds", None, root / "albums")


def test_music_is_held_out_by_album_and_told_from_the_kinds(folders: SoundFolders) -> None:
    document = compare(folders, SETTINGS, seed=0, command="", step=lambda *_: None)
    assert document["n"] == 12 and set(document["by_kind"]) == {"noise", "clicks", "hum"} and document["accuracy"] > 0.8
    assert document["music"]["clips"] == 8 and document["music"]["albums"] == 2 and document["music"]["found"] > 0.8
    assert document["music"]["kinds_called"] < 0.3
    assert document["speech"]["clips"] == 8 and document["speech"]["found"] > 0.8 and document["speech"]["kinds_called"] < 0.2
    assert set(document["others_rejected"]) == {"made sounds", "voice0", "voice1"}
    (line,) = album_lines("music", document["music"])
    assert line.startswith("- Music, 8 clips from 2 albums") and album_lines("music", None) == []
    played = document["music"] | {"by_album": {"solo_reed": 1.0, "album1": 1.0}}
    assert "2 albums (1 of them generated)" in album_lines("music", played)[0] and "generated" not in line


def test_so_many_recordings_are_spread_over_the_albums(tmp_path: Path) -> None:
    for album, tracks in (("a", 9), ("b", 1), ("c", 3)):
        (tmp_path / "music" / album).mkdir(parents=True)
        for number in range(tracks):
            (tmp_path / "music" / album / f"{number}.ogg").touch()
    found = [(kind, album, path.stem) for kind, album, path in _recordings(tmp_path, {"music": 6})]
    assert found == [("music", album, stem) for album, stem in ((0, "0"), (0, "8"), (1, "0"), (2, "0"), (2, "2"))]


def test_stretches_are_as_long_as_the_clips_and_silence_is_left_out() -> None:
    sound = np.zeros(40 * RATE, np.float32)
    sound[20 * RATE :] = 0.1
    (part,) = _excerpts(sound)
    assert len(part) == 5 * RATE and part.min() > 0
    assert len(_excerpts(sound[20 * RATE : 22 * RATE])) == 1


def test_what_is_no_sound_is_named(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no music")
    with pytest.raises(InputError, match=r"^readme\.txt: "):
        _sound(tmp_path / "readme.txt")


def test_spoken_clips_join_the_albums_of_speech_and_are_none_of_the_kinds_without_them(folders: SoundFolders, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"spoken/clips/{name}.wav", 0.3 * np.sin(np.arange(3 * RATE) / 9))
    (tmp_path / "spoken/labels.csv").write_text("file,command\nclips/a.wav,bin\nclips/b.wav,lay\nclips/c.wav,set\n")
    settings = replace(SETTINGS, speech=3, negatives=1)
    kind = encode(SoundFolders(folders.kinds, tmp_path / "spoken", folders.albums), settings, 0, lambda *_: None)
    assert list(kind.labels).count("speech") == 11 and "speech" not in kind.sources
    assert list(kind.folds[kind.groups == "spoken"]) == ["0"] * 3
    none = encode(SoundFolders(folders.kinds, tmp_path / "spoken"), settings, 0, lambda *_: None)
    assert "speech" not in none.labels and list(none.sources) == ["speech"] * 3 + ["made sounds"]


def test_a_kind_of_picture_stands_between_its_name_and_its_description() -> None:
    vectors, texts, first = kind_vectors(), load_text_encoder(torch.device("cpu")), kind_names()[:3]
    assert np.abs(vectors - load("video_events").names).max() < 2e-3
    name, described = texts.sentences(first), texts.sentences(kind_descriptions()[:3])
    assert np.all((vectors[:3] * name).sum(axis=1) < 0.999)
    assert np.all((vectors[:3] * described).sum(axis=1) > (name * described).sum(axis=1))
    assert all(text.startswith(f"{kind}: ") for kind, text in zip(first, kind_descriptions(), strict=False))


def test_music_of_one_album_cannot_be_held_out(tmp_path: Path) -> None:
    (tmp_path / "music" / "only").mkdir(parents=True)
    with pytest.raises(InputError, match="two albums"):
        _recordings(tmp_path, {"music": 4})
