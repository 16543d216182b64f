"""Names in the order in which people look for them."""

from __future__ import annotations

import unicodedata

import pytest

from knowledge.model.ordering import order_of


@pytest.mark.parametrize(
    "names",
    [
        ["CS2", "CS10", "CS100"],
        ["Dệt", "Đá", "Em"],
        ["An", "Ăn", "Ân", "Ba"],
        ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Mai"],
        ["CĐCS số 3 A", "CĐCS số 12 A"],
    ],
)
def test_names_stand_as_people_look_for_them(names: list[str]) -> None:
    turned = list(reversed(names))
    assert sorted(turned, key=order_of) == names
    assert sorted((unicodedata.normalize("NFD", each) for each in names), key=order_of) == [
        unicodedata.normalize("NFD", each) for each in names
    ]
