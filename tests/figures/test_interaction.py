import pytest

from mmcore.figures import interaction
from tests.figures.results import TITLES, explanation


def test_the_gap_between_simply_added_and_together_is_the_interaction():
    built = explanation(
        values={"": 0.10, "image": 0.35, "record": 0.05, "image+record": 0.45}, shares={"image": 0.3, "record": 0.05}, interaction=0.15
    )
    rows = dict(interaction.rows(built, TITLES))
    assert rows["Photo alone"] == 0.35 and rows["Clinical record alone"] == 0.05
    assert rows["If simply added"] == pytest.approx(0.30)
    assert rows["Together"] - rows["If simply added"] == pytest.approx(0.15)
    assert rows["Together"] == pytest.approx(built.values["image+record"])


def test_the_figure_has_a_bar_for_each_row():
    assert len(interaction.draw(explanation(), TITLES).data[0].x) == 4
