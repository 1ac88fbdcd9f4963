from __future__ import annotations

import numpy as np
import pytest

from mmcore.confidence.abstain import AbstainSettings, contradict, reasons

CALM = {
    "settings": AbstainSettings(widest_set=3),
    "set_size": 3,
    "level": 0.9,
    "contradicted": False,
    "distances": {"photo": 1.0},
    "distance_limits": {"photo": 2.0},
    "leading": {"photo": "Nevus", "clinical record": "Melanoma"},
}


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        ([[1, 1, 0], [0, 1, 1]], False),
        ([[1, 0, 0], [0, 1, 1]], True),
        ([[1, 0, 0]], False),
        ([[1, 0, 0], [1, 1, 1]], False),  # a modality that knows nothing contradicts nobody
        ([[1, 1, 0], [0, 1, 1], [1, 0, 1]], False),  # every two can agree
        ([[1, 1, 0], [0, 1, 1], [1, 0, 0]], True),
    ],
)
def test_modalities_contradict_each_other_where_the_sets_of_two_do_not_meet(sets: list, expected: bool) -> None:
    assert bool(contradict(np.array(sets, dtype=bool))) is expected


def test_many_cases_are_judged_one_by_one() -> None:
    both = np.array([[[1, 0], [1, 0]], [[1, 0], [0, 1]]], dtype=bool)
    assert list(contradict(both)) == [False, True]


def test_an_answer_within_every_limit_stands() -> None:
    assert reasons(**CALM) == ()
    assert reasons(**CALM | {"distances": {"photo": 2.0}}) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"set_size": 4}, "4 classes are needed to reach 90 % certainty, more than the 3"),
        ({"distances": {"photo": 2.5}}, "The photo is unlike anything seen in training (distance 2.50, limit 2.00)"),
        ({"contradicted": True}, "the photo alone says Nevus; the clinical record alone says Melanoma"),
    ],
)
def test_each_limit_gives_its_own_reason(change: dict, said: str) -> None:
    (reason,) = reasons(**CALM | change)
    assert said in reason


def test_all_reasons_are_given_at_once() -> None:
    assert len(reasons(**CALM | {"set_size": 6, "distances": {"photo": 9.0}, "contradicted": True})) == 3
