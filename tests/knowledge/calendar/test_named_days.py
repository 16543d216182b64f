"""Moments of everybody's day and names of days beside a deadline's day."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.calendar.deadlines import parse_deadline, understood_deadline
from knowledge.calendar.outcomes import Unclear

TODAY = date(2026, 11, 24)  # a Tuesday


def first(when: str) -> date | None:
    """The next date of a deadline that is due then; None where it would be asked about."""
    read = understood_deadline(f"Nộp danh sách: {when}", TODAY)
    return None if read.ask else read.next[0]


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("thứ ba hằng tuần, trước khi anh em ra về", date(2026, 11, 24)),
        ("mai, trước giờ ăn trưa", date(2026, 11, 25)),
        ("14/12 truoc luc dong cua", date(2026, 12, 14)),
        ("ngày 9 hằng tháng, cuối buổi chiều", date(2026, 12, 9)),
        ("thứ năm này, hết ca sáng nghe", date(2026, 11, 26)),
        ("trước buổi giao ban thứ hai", date(2026, 11, 30)),
    ],
)
def test_a_moment_of_everybodys_day_leaves_the_day_and_tells_no_hour(when: str, due: date) -> None:
    assert first(when) == due
    read = parse_deadline(f"Nộp danh sách: {when}", TODAY)
    assert not isinstance(read, Unclear)
    assert read.rule.at is None


@pytest.mark.parametrize("when", ["trước khi tan ca", "trước giờ cơm chiều", "cuối buổi"])
def test_a_moment_without_a_day_is_asked_about(when: str) -> None:
    assert first(when) is None


@pytest.mark.parametrize("when", ["thứ sáu, trước giao ban thứ hai", "thứ năm này trước khi về, sáng thứ hai"])
def test_a_second_day_beside_a_moment_is_asked_about(when: str) -> None:
    assert first(when) is None


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("8/3, ngày quốc tế phụ nữ", date(2027, 3, 8)),
        ("phụ nữ 8/3", date(2027, 3, 8)),
        ("ngày 22 tháng 12, quốc phòng toàn dân", date(2026, 12, 22)),
        ("hằng năm 28/7 ngày thành lập công đoàn", date(2027, 7, 28)),
        ("thiếu nhi 1/6 năm nào cũng vậy", date(2027, 6, 1)),
        ("trước 20/10 hằng năm, ngày phụ nữ Việt Nam", date(2027, 10, 19)),
        ("le giai phong 30/4", date(2027, 4, 30)),
    ],
)
def test_a_days_own_name_beside_its_date_changes_nothing(when: str, due: date) -> None:
    assert first(when) == due


@pytest.mark.parametrize(
    "when",
    ["9/3, ngày quốc tế phụ nữ", "9/3 quốc tế phụ nữ", "27/8, thương binh liệt sĩ", "quốc khánh 3/9", "ngày nhà giáo"],
)
def test_the_name_of_another_day_is_asked_about(when: str) -> None:
    assert first(when) is None


def test_a_title_may_hold_the_name_of_a_day() -> None:
    for text in ("Nộp danh sách quà quốc tế phụ nữ ngày 1/3", "Quà nhà giáo Việt Nam: ngày 1/3"):
        read = understood_deadline(text, TODAY)
        assert read.next == (date(2027, 3, 1),)
        assert "ngày" not in read.what
        assert "quà" in read.what.lower()


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("this wednesday", date(2026, 11, 25)),
        ("mỗi tuần vào Thursday", date(2026, 11, 26)),
        ("next friday", None),
        ("ngày 28 hằng tháng, ai trễ trừ thi đua", date(2026, 11, 28)),
        ("ngày 28 hằng tháng, ai trễ thì trừ ngày 30", None),
        ("ngayf 26 hangf thangs giupf em", date(2026, 11, 26)),
    ],
)
def test_days_in_english_fines_and_keys_left_raw(when: str, due: date | None) -> None:
    assert first(when) == due
