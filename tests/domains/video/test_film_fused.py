"""Photos with foreign sounds and sounds with foreign photos are put together and counted right."""

from __future__ import annotations

import json

import numpy as np

from mmcore.domains.video.event_card import _fused as card_lines
from mmcore.domains.video.event_model import load
from mmcore.domains.video.film_fused import FUSED, _draw, _figures
from mmcore.domains.video.film_named import AMONG, Photos
from mmcore.domains.video.sound_folders import Sounds


def test_what_is_lost_and_what_is_spared() -> None:
    rows = [("a", True, True, False), ("a", True, False, False), ("b", False, True, True), ("b", True, True, False)]
    found = _figures(rows)
    assert (found["n"], found["alone"], found["fused"], found["full_weight"]) == (4, 0.75, 0.75, 0.25)
    assert found["lost"] == 0.0 and found["spared"] == 0.5


def test_each_draw_pairs_photos_with_sounds_that_no_name_means() -> None:
    model = load("video_events")
    kinds = [kind for kind in model.kinds_of_picture if "dog" not in kind.lower()][:400:10][: AMONG + 4]
    seen = np.eye(1000)[[model.kinds_of_picture.index(kind) for kind in kinds]]
    photos = Photos("drawn", seen, tuple(kinds), model.label_vectors(kinds), np.arange(len(kinds)))
    labels = np.array(["dog_bark", "clock_tick", "sea_waves"])
    heard = np.eye(len(model.head.kinds))[[model.head.kinds.index(label) for label in labels]]
    none = np.zeros((0, 1))
    sounds = Sounds(none, none, labels, labels, np.array(["x", "y", "z"]), none, none, none, [])
    answered = {"photo": [], "sound": []}
    _draw(model, photos, sounds, heard, np.random.default_rng(0), answered)
    assert len(answered["photo"]) == len(answered["sound"]) == AMONG
    assert np.mean([row[1] for row in answered["photo"]]) > 0.9 and all(row[1] for row in answered["sound"])
    assert np.mean([row[2] for row in answered["photo"]]) > 0.9


def test_the_card_says_what_was_found(tmp_path) -> None:
    row = _figures([("a", True, True, False), ("b", True, True, True)])
    (tmp_path / FUSED).write_text(json.dumps({"command": "x", "among": AMONG, "sets": {"scenes": {"photo": row, "sound": row}}}))
    assert any(line.startswith("| the photo (scenes) | 2 | 100 % | 100 % | 50 % | ") for line in card_lines(tmp_path))
    assert card_lines(tmp_path / "none") == []
