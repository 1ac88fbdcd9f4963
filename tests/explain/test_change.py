from dataclasses import replace

import numpy as np
import pytest

from mmcore.explain.change import between
from mmcore.result import Evidence
from tests.figures.results import explanation, result


def patches(*scores: float) -> tuple[Evidence, ...]:
    boxes = ([0, 0, 20, 20], [20, 0, 20, 20], [0, 20, 20, 20], [20, 20, 20, 20])
    pieces = [Evidence("image", {"box": box}, score) for box, score in zip(boxes, scores, strict=False)]
    return tuple(sorted(pieces, key=lambda piece: -abs(piece.score)))


def test_probability_changes_by_the_sum_of_the_changes_of_the_shares():
    now = result(
        explanation=explanation(shares={"image": 0.5, "record": -0.05}),
        predictions=tuple(replace(p, probability=q) for p, q in zip(result().predictions, (0.35, 0.55, 0.10), strict=True)),
    )
    change = between(result(), now)
    old, new = change.probabilities["MEL"]
    assert (old, new) == (0.25, 0.55)
    assert sum(b - a for a, b in change.shares.values()) == pytest.approx(new - old)


def test_patches_are_compared_by_their_place_whatever_their_order():
    before, now = result(explanation=explanation(evidence=patches(0.1, 0.2, 0.0, -0.3))), result(
        explanation=explanation(evidence=patches(0.4, 0.1, 0.0, 0.1))
    )
    change = between(before, now)
    assert change.boxes.tolist() == [[0, 0, 20, 20], [20, 0, 20, 20], [0, 20, 20, 20], [20, 20, 20, 20]]
    assert change.patches == pytest.approx(np.array([0.3, -0.1, 0.0, 0.4]))


def test_a_grid_of_another_size_is_not_compared():
    change = between(result(explanation=explanation(evidence=patches(0.1))), result())
    assert not len(change.patches) and not len(change.boxes)


def test_an_input_that_one_of_them_lacks_has_no_share_there():
    change = between(result(explanation=explanation(shares={"record": 0.15})), result())
    assert change.shares["image"] == (None, 0.30) and change.shares["record"] == (0.15, -0.15)


@pytest.mark.parametrize(
    "other", [{"model": "another"}, {"version": "0"}, {"explanation": None}, {"explanation": explanation(target="NEV")}]
)
def test_results_that_do_not_belong_together_are_refused(other):
    with pytest.raises(ValueError, match="same class"):
        between(result(**other), result())
