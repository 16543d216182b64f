"""Periods in any wording: what questions, commands and reports all read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calendar.periods import locate_periods, split_period
from knowledge.calendar.words import composed
from tests.examples import examples

TODAY = date(2026, 10, 21)
BEGUN = timedelta()


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("t9", "2026-09", ""),
        ("T9", "2026-09", ""),
        ("tháng chín", "2026-09", ""),
        ("thg 9", "2026-09", ""),
        ("th.9", "2026-09", ""),
        ("9/2026", "2026-09", ""),
        ("09-2026", "2026-09", ""),
        ("t9/2025", "2025-09", ""),
        ("tháng tư", "2026-04", ""),
        ("thang nam", "2026-05", ""),
        ("tháng mười hai", "2025-12", ""),
        ("tháng 9 năm ngoái", "2025-09", ""),
        ("tháng rồi", "2026-09", ""),
        ("quý 3", "2026-Q3", ""),
        ("quí III", "2026-Q3", ""),
        ("Q4/2025", "2025-Q4", ""),
        ("quý trước", "2026-Q3", ""),
        ("6 tháng đầu năm", "2026-H1", ""),
        ("nửa cuối năm 2025", "2025-H2", ""),
        ("năm ngoái", "2025", ""),
        ("cả năm", "2026", ""),
        ("T9 Quảng Trị", "2026-09", "Quảng Trị"),
        ("may Sông Xanh tháng 9", "2026-09", "may Sông Xanh"),
    ],
)
def test_a_period_is_taken_out_of_an_argument(text: str, code: str, rest: str) -> None:
    period, left = split_period(text, TODAY, ahead=BEGUN)
    assert period is not None
    assert (period.code, left) == (code, rest)


@pytest.mark.parametrize("text", ["", "Quảng Trị", "20/10/2026", "tháng 13", "CĐCS số 12", "Đợt 2026"])
def test_what_names_no_period_is_left_alone(text: str) -> None:
    assert split_period(text, TODAY, ahead=BEGUN) == (None, text)


@settings(deadline=None, max_examples=examples(100))
@given(st.text(max_size=60))
def test_any_text_is_taken_and_places_lie_in_it(text: str) -> None:
    for found in locate_periods(text, TODAY):
        assert 0 <= found.start < found.end <= len(composed(text))
