from __future__ import annotations

import numpy as np
import pytest

from mmcore.confidence.abstain import AbstainSettings, conflict, reasons

CALM = {
    "settings": AbstainSettings(widest_set=3),
    "set_size": 3,
    "level": 0.9,
    "difference": 0.2,
    "difference_limit": 0.4,
    "distances": {"photo": 1.0},
    "distance_limits": {"photo": 2.0},
    "leading": {"photo": "Nevus", "clinical record": "Melanoma"},
}


def test_conflict_is_zero_where_all_say_the_same_and_one_where_they_exclude_each_other() -> None:
    same = np.array([[0.7, 0.2, 0.1], [0.7, 0.2, 0.1]])
    opposed = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert conflict(same) == pytest.approx(0, abs=1e-9)
    assert conflict(opposed) == pytest.approx(1, abs=1e-9)
    assert conflict(np.eye(3)) == pytest.approx(1, abs=1e-9)
    assert conflict(same[:1]) == 0
    assert conflict(np.stack([same, opposed])).shape == (2,)
    assert 0 < conflict(np.array([[0.9, 0.1], [0.6, 0.4]])) < conflict(np.array([[0.9, 0.1], [0.3, 0.7]])) < 1


def test_an_answer_within_every_limit_stands() -> None:
    assert reasons(**CALM) == ()
    assert reasons(**CALM | {"difference": 0.4, "distances": {"photo": 2.0}}) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"set_size": 4}, "4 classes are needed to reach 90 % certainty, more than the 3"),
        ({"distances": {"photo": 2.5}}, "The photo is unlike anything seen in training (distance 2.50, limit 2.00)"),
        ({"difference": 0.5}, "the photo alone says Nevus; the clinical record alone says Melanoma"),
    ],
)
def test_each_limit_gives_its_own_reason(change: dict, said: str) -> None:
    (reason,) = reasons(**CALM | change)
    assert said in reason


def test_all_reasons_are_given_at_once() -> None:
    assert len(reasons(**CALM | {"set_size": 6, "distances": {"photo": 9.0}, "difference": 0.9})) == 3
