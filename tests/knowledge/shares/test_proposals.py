"""An amount divided among units: the parts add up to it, whatever the weights."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.shares.proposals import divide, divide_evenly

amounts = st.decimals(0, 10**6, places=1) | st.integers(0, 10**6).map(Decimal)
weight_lists = st.lists(st.decimals(0, 10**5, places=2) | st.just(Decimal(0)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (120, [1] * 7, [18, 17, 17, 17, 17, 17, 17]),
        (100, [0, 50, 150], [0, 25, 75]),
        (10, [0, 0], [5, 5]),
        (2, [1, 1, 1], [1, 1, 0]),
        (0, [3, 4], [0, 0]),
        (7, [3, 3, 1], [3, 3, 1]),
    ],
)
def test_the_largest_remainder_gets_the_rest(amount: int, weights: list[int], parts: list[int]) -> None:
    assert divide(Decimal(amount), list(map(Decimal, weights))) == parts


@given(amounts, weight_lists)
def test_parts_add_up_to_the_amount_and_stay_near_their_weight(amount: Decimal, weights: list[Decimal]) -> None:
    parts = divide(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = amount * weight / total if total else amount / len(weights)
        assert abs(part - exact) < 2
        assert part >= 0
    if total and amount == amount.to_integral_value():
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)
        assert all(part == part.to_integral_value() for part in parts)


@given(amounts, st.integers(1, 60))
def test_even_parts_differ_by_less_than_two(amount: Decimal, count: int) -> None:
    parts = divide_evenly(amount, count)
    assert sum(parts) == amount
    assert max(parts) - min(parts) < 2
    assert parts == sorted(parts, reverse=True)


def test_nothing_negative_is_divided_and_nobody_gets_nothing() -> None:
    assert divide(Decimal(5), []) == []
    for amount, weights in ((Decimal(-1), [Decimal(1)]), (Decimal(1), [Decimal(-1)])):
        with pytest.raises(ValueError, match="from 0 up"):
            divide(amount, weights)
