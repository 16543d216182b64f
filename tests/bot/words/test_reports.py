"""Names of units on buttons: what tells one from the next stands at their end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.reports import short_unit

LONG = "Công đoàn cơ sở Công ty trách nhiệm hữu hạn một thành viên sản xuất thương mại dịch vụ số "


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("CĐCS May Hòa Thọ", "CĐCS May Hòa Thọ"),
        ("Công đoàn cơ sở Công ty cổ phần May Hòa Thọ Đông Hà", "CĐCS Công ty cổ phần May Hòa Thọ Đông Hà"),
        (f"{LONG}17", "CĐCS Công ty TNHH MTV SX TM dịch vụ số 17"),
        ("Công đoàn Khu công nghiệp và Khu chế xuất Tân Phong", "Công đoàn KCN và Khu chế xuất Tân Phong"),
        ("CĐCS Phòng Tài nguyên và Môi trường thị xã Đông Hà 17", "CĐCS Phòng Tài…thị xã Đông Hà 17"),
    ],
)
def test_a_name_keeps_its_end(name: str, shown: str) -> None:
    assert short_unit(name, 42) == shown


@given(st.text(max_size=120), st.integers(12, 60))
def test_whatever_it_is_called_it_fits(name: str, limit: int) -> None:
    assert len(short_unit(name, limit)) <= limit


def test_units_that_begin_alike_differ_on_their_buttons() -> None:
    assert len({short_unit(f"{LONG}{number}", 40) for number in range(300)}) == 300
