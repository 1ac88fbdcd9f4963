"""The matrix of pictures and sounds is measured right."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.domains.video.event_model import load
from mmcore.domains.video.film_matrix import PICTURED, _auroc, _film
from mmcore.domains.video.together import by_meaning
from mmcore.encoders.imagenet import KINDS, kind_names


def test_the_kinds_of_picture_are_those_that_make_the_sound() -> None:
    names = kind_names()
    assert {kind: [names[i] for i in numbers][:2] for kind, numbers in PICTURED.items() if len(numbers) < 3} == {
        "chainsaw": ["chainsaw"], "clock_tick": ["analog clock", "wall clock"], "rooster": ["rooster"], "sea_waves": ["beach"],
    }  # fmt: skip
    assert names[PICTURED["dog_bark"][0]] == "Chihuahua" and names[PICTURED["dog_bark"][-1]].startswith("Mexican hairless")


def test_pairs_in_which_the_right_one_is_nearer_are_counted_and_ties_half() -> None:
    assert _auroc(np.array([3.0, 1.0, 2.0, 2.0]), np.array([True, False, False, True])) == pytest.approx((1 + 1 + 1 + 0.5) / 4)


def test_a_film_is_right_where_every_picture_is_nearest_to_its_own_sound() -> None:
    labels = np.array(list(PICTURED))
    near = np.zeros((KINDS, len(labels)))
    for column, numbers in enumerate(PICTURED.values()):
        near[list(numbers), column] = 1.0
    assert _film(near, labels, np.random.default_rng(0)) == [True] * 5
    assert not any(_film(np.roll(near, 1, axis=1), labels, np.random.default_rng(0)))


def test_a_clear_sound_is_nearest_to_its_picture_and_other_is_blank() -> None:
    model = load("video_events")
    sounds = np.zeros((2, len(model.head.kinds)))
    sounds[0, model.head.kinds.index("rooster")] = sounds[1, model.head.kinds.index("other")] = 1.0
    near = by_meaning(model, np.eye(KINDS), sounds)
    rooster = model.bridge.apart(model.sound_names)[model.head.kinds.index("rooster")]
    assert near[:, 0] == pytest.approx(model.bridge.meaning(np.eye(KINDS)) @ rooster, abs=1e-5)
    assert near.shape == (KINDS, 2) and int(near[:, 0].argmax()) == PICTURED["rooster"][0] and np.isnan(near[:, 1]).all()
