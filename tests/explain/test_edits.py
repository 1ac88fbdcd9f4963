from __future__ import annotations

from dataclasses import replace

import pytest

from mmcore.explain.edits import NUMBER_STEPS, candidate_values, shown_value
from mmcore.model_spec import Field

AGE = Field("age", "Age", "number", range=(0.0, 100.0))
REGION = Field("region", "Region", "category", values=("ARM", "BACK", "EAR"))
ITCH = Field("itch", "Itches", "flag")


def test_a_category_tries_every_other_value() -> None:
    assert candidate_values(REGION, "BACK") == ["ARM", "EAR"]
    assert candidate_values(REGION, None) == ["ARM", "BACK", "EAR"]


def test_a_flag_tries_the_other_answer_or_both_where_it_is_missing() -> None:
    assert candidate_values(ITCH, "True") == ["False"]
    assert candidate_values(ITCH, None) == ["True", "False"]


def test_a_number_tries_values_inside_its_range_but_not_its_own() -> None:
    typical = replace(AGE, typical=(20.0, 90.0))
    assert candidate_values(typical, None) == [20, 30, 40, 50, 60, 70, 80, 90]
    assert candidate_values(typical, 50.0) == [20, 30, 40, 60, 70, 80, 90]
    whole = candidate_values(AGE, None)
    assert len(whole) == NUMBER_STEPS and (whole[0], whole[-1]) == AGE.range


def test_a_number_is_tried_only_as_finely_as_the_steps_are() -> None:
    assert candidate_values(replace(AGE, typical=(36.0, 40.0)), None) == [36.0, 36.6, 37.1, 37.7, 38.3, 38.9, 39.4, 40.0]


@pytest.mark.parametrize(("value", "text"), [(54.0, "54"), (2.5, "2.5"), ("BACK", "BACK"), (None, ""), (0.0, "0")])
def test_a_value_is_shown_as_people_write_it(value: float | str | None, text: str) -> None:
    assert shown_value(value) == text
