"""The order of units is that of dictionaries and of whoever counts."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model.order import order_key

ORDERED = (
    ("CĐCS An Phú", "CĐCS Át Lâm", "CĐCS Áz", "CĐCS Ăn Quả", "CĐCS Ân Thi", "CĐCS Ba"),
    ("Da", "Dung", "Đá", "Đông", "E", "Ê"),
    ("Ha", "Hà", "Hả", "Hã", "Há", "Hạ", "Hà Nội"),
    ("Oanh", "Ôn", "Ơn", "Phú", "Tu", "Tư", "Vinh"),
    ("CS1", "CS2", "CS 3", "CS10", "CS0011", "CS 100"),
    ("May 2 Hòa Thọ", "May 10 An Nhơn", "May Hòa Thọ"),
)


@pytest.mark.parametrize("ordered", ORDERED, ids=lambda ordered: ordered[0])
def test_stands_as_people_look_it_up(ordered: tuple[str, ...]) -> None:
    mixed = list(ordered)
    random.Random(7).shuffle(mixed)
    assert sorted(mixed, key=order_key) == list(ordered)


def test_units_of_one_name_stand_by_their_codes() -> None:
    codes = ["CS10", "CS2", "cs1"]
    assert sorted(codes, key=lambda code: order_key("CĐCS Trường Mầm non", code)) == ["cs1", "CS2", "CS10"]


def test_case_and_signs_do_not_count() -> None:
    assert order_key("CĐCS – May «Hòa Thọ»") == order_key("cđcs may hòa thọ")
    assert order_key("Hoà")[:3] == order_key("Hòa")[:3]


@given(st.text(max_size=40), st.text(max_size=10))
def test_any_name_has_a_place_that_both_engines_compare_alike(name: str, code: str) -> None:
    key = order_key(name, code)
    assert "\x00" not in key
    assert key.encode()


@given(st.lists(st.text(alphabet="aăâdđeêoôơuưz 019", max_size=6), max_size=8))
def test_bytes_and_characters_are_sorted_alike(names: list[str]) -> None:
    keys = [order_key(name) for name in names]
    assert sorted(keys) == sorted(keys, key=str.encode)
