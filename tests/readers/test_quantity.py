from __future__ import annotations

import math

import pytest

from mmcore.readers.quantity import parse_quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("54,5", 54.5),
        ("0,125", 0.125),
        ("1234,567", 1234.567),
        ("1,2345", 1.2345),
        (",5", 0.5),
        (".5", 0.5),
        ("54.", 54.0),
        ("1.234", 1.234),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("12,345,678.25", 12345678.25),
        ("+7", 7.0),
        ("\u22125", -5.0),
        ("-2,5e3", -2500.0),
    ],
)
def test_decimal_signs_by_the_stated_rule(text: str, number: float) -> None:
    assert parse_quantity(text, "") == (number, "")


def test_a_comma_that_could_be_either_is_refused() -> None:
    number, problem = parse_quantity("1,234", "")
    assert math.isnan(number) and problem == "could mean 1.234 or 1234"


@pytest.mark.parametrize(
    "text", ["", "x", "1,2,3", "1.2.3", "5,", "1,23.4,5", "12.5.2020", "1/2", "5 5", "0x10", "1_000", "--5", "9" * 100]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    number, problem = parse_quantity(text, "mm")
    assert math.isnan(number) and problem


@pytest.mark.parametrize(
    ("text", "unit", "problem"),
    [
        ("5 mm", "mm", ""),
        ("5mm", "millimetre", ""),
        ("5 cm", "mm", "is not in mm"),
        ("37,5 ℃", "°C", ""),
        ("99 F", "°C", "is not in °C"),
        ("95%", "%", ""),
        ("5 mm", "", "is not a plain number"),
        ("5 years 3 months", "years", "is not a plain number"),
        ("5 furlongs", "furlongs", ""),
    ],
)
def test_units_are_recognised_and_never_converted(text: str, unit: str, problem: str) -> None:
    assert parse_quantity(text, unit)[1] == problem
