import pytest

from mmcore.figures import waterfall
from mmcore.figures.palette import AGAINST, FOR
from tests.figures.results import TITLES, explanation


def test_the_steps_lead_from_the_base_over_each_share_to_the_probability():
    rows = waterfall.steps(explanation(), TITLES)
    assert [name for name, _, _ in rows] == ["Before looking", "Photo", "Clinical record", "The answer"]
    assert [end for _, _, end in rows] == pytest.approx([0.10, 0.40, 0.25, 0.25])
    assert rows[2][1] == pytest.approx(0.40)


def test_a_share_against_the_class_goes_to_the_left_in_the_colour_of_against():
    bar = waterfall.draw(explanation(), TITLES).data[0]
    assert bar.x[1] > 0 > bar.x[2]
    assert bar.marker.color[1] == FOR and bar.marker.color[2] == AGAINST
    assert bar.base[2] + bar.x[2] < bar.base[2]


def test_a_step_below_zero_stays_in_view():
    low, _ = waterfall.draw(explanation(base=0.05, shares={"image": -0.15, "record": 0.2}), TITLES).layout.xaxis.range
    assert low < -0.10


def test_the_words_give_every_number():
    said = waterfall.alt(explanation(), TITLES).replace("\u00a0", " ").replace("\u2212", "-")
    assert "10 % beforehand" in said and "Photo +30 pts" in said and "Clinical record -15 pts" in said and "together 25 %" in said
