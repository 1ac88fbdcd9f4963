"""Photos with foreign sounds and sounds with foreign photos are put together and counted right."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmcore.__main__ import main
from mmcore.domains.video import film_fused
from mmcore.domains.video.event_card import _fused as card_lines
from mmcore.domains.video.event_model import EventModel, load
from mmcore.domains.video.film_fused import FUSED, OTHER_WORDS, PHOTO, SOUND, WORD, draw, figures, other_words
from mmcore.domains.video.film_named import AMONG, Photos
from mmcore.domains.video.sound_folders import Sounds

LABELS = np.array(["dog_bark", "clock_tick", "rooster"])


@pytest.fixture(scope="module")
def model() -> EventModel:
    return load("video_events")


def photos_of(model: EventModel, kinds: list[str]) -> Photos:
    """Photos of which sight is half sure."""
    seen = 0.5 * np.eye(1000)[[model.kinds_of_picture.index(kind) for kind in kinds]] + 0.5 / 1000
    return Photos("drawn", seen, tuple(kinds), model.label_vectors(kinds), np.arange(len(kinds)))


def answers(model: EventModel, photos: Photos, labels: np.ndarray = LABELS) -> dict:
    heard = np.eye(len(model.head.kinds))[[model.head.kinds.index(label) for label in labels]]
    none = np.zeros((0, 1))
    sounds = Sounds(none, none, labels, labels, labels, none, none, none, [])
    found = {PHOTO: [], SOUND: [], WORD: []}
    for number in range(3):
        draw(model, photos, sounds, heard, other_words(model), np.random.default_rng(number), found)
    return found


def things(model: EventModel) -> list[str]:
    """Kinds of picture that no kind of sound means."""
    far = (model.label_vectors(model.kinds_of_picture[500:900]) @ model.sound_names.T).max(axis=1) < 0.35
    return [kind for kind, away in zip(model.kinds_of_picture[500:900], far, strict=True) if away]


def test_what_is_spared_is_fused_less_full_weight() -> None:
    rows = [("a", True, True, False), ("a", True, False, False), ("b", False, True, True), ("b", True, True, False)]
    found = figures(rows)
    assert (found["n"], found["alone"], found["fused"], found["full_weight"], found["spared"]) == (4, 0.75, 0.75, 0.25, 0.5)


def test_photos_meet_sounds_that_no_name_means_and_sounds_meet_other_photos(model: EventModel) -> None:
    found = answers(model, photos_of(model, things(model)[: AMONG + 4]))
    assert len(found[PHOTO]) == len(found[SOUND]) == 3 * AMONG
    alone, fused, full = np.mean([row[1:] for row in found[PHOTO]], axis=0)
    assert alone == fused == 1.0 > 0.95 > full
    assert np.mean([row[1] for row in found[SOUND]]) > 0.95


def test_a_foreign_photo_is_of_none_of_the_names(model: EventModel, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = photos_of(model, things(model)[: AMONG + 2])
    asked = []

    def noted(_: EventModel, labels: np.ndarray, seen: np.ndarray, heard: np.ndarray, truth: int, alone: str) -> tuple[bool, bool, bool]:
        asked.append((labels, seen, alone))
        return True, True, True

    monkeypatch.setattr(film_fused, "right", noted)
    answers(model, photos)
    number = {int(seen.argmax()): row for row, seen in enumerate(photos.seen)}
    foreign = [(labels, photos.vectors[number[int(seen.argmax())]]) for labels, seen, alone in asked if alone == "audio"]
    assert foreign and all((labels[1:] @ own).max() < 0.999 for labels, own in foreign)


def test_a_sound_that_a_name_means_is_not_foreign(model: EventModel) -> None:
    names = [*things(model)[: AMONG - 1], "hen"]
    photos = photos_of(model, [*names, "banana"])
    vectors = model.label_vectors([*names[:-1], "rooster crowing", "rooster crowing"])
    photos = Photos("drawn", photos.seen, photos.labels, vectors, photos.own)
    found = answers(model, photos)
    assert {row[0] for row in found[SOUND]} <= {"dog_bark", "clock_tick"} and found[SOUND]
    assert not answers(model, photos, np.array(["rooster"]))[PHOTO]


def test_every_other_word_is_further_than_the_kinds_own_name_and_of_a_kind(model: EventModel) -> None:
    assert set(OTHER_WORDS) == set(model.head.kinds[:-1])
    for kind, words in OTHER_WORDS.items():
        own = model.sound_names[model.head.kinds.index(kind)]
        assert (model.label_vectors(words) @ own).max() < 0.95


def test_the_card_says_what_was_found(tmp_path: Path) -> None:
    row = figures([("a", True, True, False), ("b", True, True, True)])
    rows = {PHOTO: row, SOUND: row, WORD: row}
    (tmp_path / FUSED).write_text(json.dumps({"command": "x", "among": AMONG, "sets": {"scenes": rows}}))
    assert any(line.startswith("| the photo (scenes) | 2 | 100 % | 100 % | 50 % | ") for line in card_lines(tmp_path))
    assert card_lines(tmp_path / "none") == []


def test_too_few_names_are_refused_before_any_sound_is_heard(tmp_path: Path, capsys) -> None:
    rows = ["file,label,set"]
    for number in range(AMONG):
        Image.new("RGB", (32, 32), (9 * number, 90, 90)).save(tmp_path / f"{number}.png")
        rows.append(f"{number}.png,thing {number},drawn")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    assert main(["films", "fused", "video_events", "--data", str(tmp_path), "--photos", str(tmp_path)]) == 2
    assert "no more than 28 different labels" in capsys.readouterr().err.strip().splitlines()[-1]
    assert main(["films", "fused", "video_events", "--data", str(tmp_path)]) == 2
    assert "--photos" in capsys.readouterr().err
