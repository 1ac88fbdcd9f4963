from mmcore.figures import fields
from mmcore.figures.palette import AGAINST, FOR
from tests.figures.results import explanation

NAMES = {"bleed": "Bleeds", "age": "Age"}


def test_the_strongest_push_comes_first_and_only_fields_are_listed():
    assert list(fields.pushes(explanation(), "record")) == ["bleed", "age"]
    assert fields.pushes(explanation(), "image") == {}


def test_a_push_against_the_class_goes_left_in_the_colour_of_against():
    bar = fields.draw(explanation(), "record", NAMES).data[0]
    assert bar.x[0] < 0 < bar.x[1]
    assert list(bar.marker.color) == [AGAINST, FOR]
    assert list(bar.y) == ["Bleeds: True", "Age: 61"]


def test_a_bar_beside_its_field_starts_in_the_middle_and_leaves_by_its_sign():
    assert "left:50%;width:50.0%" in fields.push_bar(0.2, 0.2)
    assert "right:50%;width:25.0%" in fields.push_bar(-0.1, 0.2)
    assert "not given" in fields.push_bar(None, 0.2)


def test_small_pushes_do_not_fill_the_bar():
    quiet = explanation(evidence=())
    assert fields.full(quiet, "record") == fields.FLOOR
    assert "no field is given" in fields.alt(quiet, "record", NAMES)
