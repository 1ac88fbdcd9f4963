from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcore.explain.shapley import interaction, shapley_shares

NAMES = ("image", "record", "note", "audio")


@st.composite
def games(draw: st.DrawFn) -> tuple[dict[str, float], tuple[str, ...]]:
    """A value between 0 and 1 for every subset of one to four modalities."""
    names = NAMES[: draw(st.integers(1, 4))]
    subsets = ["+".join(subset) for size in range(len(names) + 1) for subset in combinations(names, size)]
    return {subset: draw(st.floats(0, 1)) for subset in subsets}, names


def average_over_orders(values: dict[str, float], names: tuple[str, ...]) -> dict[str, float]:
    """Shapley shares by their first definition: what each adds when it comes, averaged over every order of coming."""
    total = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        for at, name in enumerate(order):
            before = "+".join(m for m in names if m in order[:at])
            after = "+".join(m for m in names if m in order[: at + 1])
            total[name] += values[after] - values[before]
    return {name: value / len(orders) for name, value in total.items()}


@given(games())
@settings(max_examples=80, deadline=None)
def test_base_and_shares_add_up_to_the_whole(game: tuple[dict[str, float], tuple[str, ...]]) -> None:
    values, names = game
    assert values[""] + sum(shapley_shares(values, names).values()) == pytest.approx(values["+".join(names)], abs=1e-9)


@given(games())
@settings(max_examples=80, deadline=None)
def test_shares_are_the_average_over_every_order(game: tuple[dict[str, float], tuple[str, ...]]) -> None:
    assert shapley_shares(*game) == pytest.approx(average_over_orders(*game), abs=1e-9)


def test_interaction_is_what_no_modality_gives_alone() -> None:
    values = {"": 0.1, "image": 0.3, "record": 0.25, "image+record": 0.6}
    assert interaction(values, ("image", "record")) == pytest.approx(0.6 - 0.1 - 0.2 - 0.15)
    assert interaction({"": 0.1, "image": 0.3}, ("image",)) == pytest.approx(0)


def test_without_interaction_each_share_is_what_the_modality_adds_alone() -> None:
    values = {"": 0.1, "image": 0.3, "record": 0.25, "image+record": 0.45}
    assert interaction(values, ("image", "record")) == pytest.approx(0)
    assert shapley_shares(values, ("image", "record")) == pytest.approx({"image": 0.2, "record": 0.15})
