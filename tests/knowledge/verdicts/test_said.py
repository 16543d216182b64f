"""Days, intervals, parts of a term and numbers as they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import fold
from knowledge.verdicts.said import (
    PEOPLE,
    Day,
    find_counts,
    find_days,
    find_periods,
    find_terms,
    says_how_often,
    without_times,
)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("trước ngày 17 tháng 3 năm 2022", Day(17, 3, 2022)),
        ("hạn 17/3", Day(17, 3, None)),
        ("17-03-2022", Day(17, 3, 2022)),
        ("trong t4/2022", Day(None, 4, 2022)),
        ("tháng 4/2022", Day(None, 4, 2022)),
        ("hết tháng tư", Day(None, 4, None)),
        ("hai mươi tháng chạp", Day(20, 12, None)),
        ("mồng 6 tháng giêng năm 2022", Day(6, 1, 2022)),
        ("ra năm 2017", Day(None, None, 2017)),
        ("ngày cuối năm 2019", Day(31, 12, 2019)),
        ("ngày đầu tiên của năm 2019", Day(1, 1, 2019)),
    ],
)
def test_a_day_as_far_as_it_is_said(text: str, day: Day) -> None:
    assert find_days(fold(text))[:1] == (day,)


@pytest.mark.parametrize("text", ["tối thiểu 3/4 nhiệm kỳ", "45/13", "80%", "4 tháng một lần", "số 12/KH-LĐLĐ", ""])
def test_what_is_no_day(text: str) -> None:
    assert not [day for day in find_days(fold(text)) if day.day is not None]


def test_days_fit_where_nothing_that_both_say_differs() -> None:
    assert Day(17, 3, None).fits(Day(17, 3, 2022))
    assert Day(None, 3, 2022).fits(Day(17, 3, 2022))
    assert not Day(17, 4, None).fits(Day(17, 3, 2022))
    assert not Day(None, None, 2021).fits(Day(17, 3, 2022))


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("cứ bốn tháng họp một lần", {4}),
        ("định kỳ 04 tháng", {4}),
        ("hằng quý", {3}),
        ("mỗi năm gặp", {12}),
        ("nửa năm một lần", {6}),
        ("hai năm một lần", {24}),
        ("trong 4 tháng tới", set()),
        ("năm 2025", set()),
        ("giữa nhiệm kỳ", set()),
    ],
)
def test_how_often(text: str, months: set[int]) -> None:
    assert find_periods(fold(text)) == months


def test_how_often_something_comes_once_again() -> None:
    assert says_how_often("cu 4 thang mot lan")
    assert not says_how_often("moi nam ket nap 1.200 nguoi")
    assert without_times("cu 4 thang hop mot lan truoc 17/3") == "cu hop truoc"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("giữ ghế 3/4 nhiệm kỳ", {(3, 4)}),
        ("nửa nhiệm kỳ", {(1, 2)}),
        ("ít nhất hai nhiệm kỳ", {(2, 1)}),
        ("giữa nhiệm kỳ", set()),
    ],
)
def test_parts_of_a_term(text: str, parts: set[tuple[int, int]]) -> None:
    assert find_terms(fold(text)) == parts


def test_numbers_with_what_they_count() -> None:
    counts = find_counts(fold("xưởng từ 1.200 công nhân, dưới 60 thợ; bảy nhóm việc năm 2025, 80%, ngày 3/4/2022"))
    assert [(each.number, each.unit, each.below) for each in counts] == [
        (1200, PEOPLE, False),
        (60, PEOPLE, True),
        (7, "nhom", False),
    ]


def test_what_is_counted_is_told_apart_by_its_words() -> None:
    (first,), (same,), (other,) = (find_counts(text) for text in ("9 nhom chi tieu", "7 nhom chi tieu", "7 nhom viec"))
    assert first.counts_like(same) > first.counts_like(other) > 0
    assert first.counts_like(find_counts("7 buoi hop")[0]) == 0


@given(st.text(max_size=120))
def test_any_text_is_taken(text: str) -> None:
    folded = fold(text)
    assert all(day.is_possible for day in find_days(folded))
    assert all(months > 0 for months in find_periods(folded))
    assert find_counts(folded) is find_counts(folded)
    assert find_terms(folded) is find_terms(folded)
