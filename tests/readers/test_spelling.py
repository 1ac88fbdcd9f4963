from __future__ import annotations

from itertools import combinations

import pytest

from mmcore.readers.spelling import MISSING, NO, YES, fold, loose, means_missing
from mmcore.readers.units import UNITS, same_unit


def test_every_listed_spelling_is_folded_and_in_one_list_alone() -> None:
    for spelling in (*YES, *NO, *MISSING, *(unit for units in UNITS for unit in units)):
        assert fold(spelling) == spelling
    assert not YES & NO and not YES & MISSING and not NO & MISSING
    assert all(not one & other for one, other in combinations(UNITS, 2))


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Não", "nao"), ("ＹＥＳ", "yes"), ("Fuß", "fuss"), ("İ", "i"), (" a \t b ", "a b"), ("a\u200bb", "ab"), ("が", "が")],
)
def test_folding_drops_case_accents_and_width_but_no_letter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_marks_that_make_another_letter_stay() -> None:
    assert fold("ば") != fold("は") and fold("हाँ") != fold("हा")


def test_names_are_the_same_with_space_hyphen_or_underscore() -> None:
    assert loose("Upper_Lip") == loose("upper-lip") == loose("upper  lip") == "upper lip"


@pytest.mark.parametrize("text", ["+", "x", "0", "no", "nothing", "-1", "m"])
def test_what_says_something_is_not_missing(text: str) -> None:
    assert not means_missing(text)


def test_units_have_many_spellings() -> None:
    assert same_unit("Jahre", "years") and same_unit("años", "y") and same_unit("℃", "°C") and same_unit("yrs.", "years")
    assert not same_unit("months", "years") and not same_unit("m", "mm") and not same_unit("", "years")
