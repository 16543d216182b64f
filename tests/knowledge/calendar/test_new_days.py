"""More time in words: how long, or until when."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.calendar.deadlines import parse_deadline
from knowledge.calendar.new_days import read_new_day
from knowledge.calendar.outcomes import DateReason, Unclear

TODAY, DUE = date(2026, 11, 30), date(2026, 12, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("thêm 1 tuần", date(2026, 12, 12)),
        ("cho em thêm một tuần ạ", date(2026, 12, 12)),
        ("máy hỏng, xin lùi 3 ngày", date(2026, 12, 8)),
        ("lùi lại ba hôm", date(2026, 12, 8)),
        ("xin gia hạn 5 ngày", date(2026, 12, 10)),
        ("them 10 ngay", date(2026, 12, 15)),
        ("thêm nửa tháng", date(2026, 12, 20)),
        ("thêm một tháng", date(2027, 1, 5)),
        ("đến 21/12", date(2026, 12, 21)),
        ("hết tháng", date(2026, 12, 31)),
        ("bận họp, xin đến hết tháng", date(2026, 12, 31)),
        ("ốm 3 ngày, xin đến 10/12", date(2026, 12, 10)),
        ("xin đến ngày 15", date(2026, 12, 15)),
        ("kế toán nghỉ ốm 3 ngày", None),
        ("chưa tổng hợp xong", None),
    ],
)
def test_the_new_day_is_read_from_the_wish(text: str, day: date | None) -> None:
    assert read_new_day(text, TODAY, DUE) == day


def test_what_is_added_after_the_due_date_counts_from_today() -> None:
    assert read_new_day("thêm 3 ngày", date(2026, 12, 9), DUE) == date(2026, 12, 12)


@pytest.mark.parametrize("text", ["xin đến 31/11", "mất điện, xin nộp 30/2"])
def test_a_day_that_no_calendar_has_is_told(text: str) -> None:
    read = read_new_day(text, TODAY, DUE)
    assert isinstance(read, Unclear)
    assert read.reason is DateReason.NO_SUCH_DATE


@pytest.mark.parametrize(
    "text", ["Nộp báo cáo đến 31/11", "Nộp báo cáo trước 31/11", "Nộp quỹ ngày 31/11", "Nộp quỹ ngày 31 tháng 11"]
)
def test_a_deadline_on_a_dead_day_is_never_read_as_another(text: str) -> None:
    read = parse_deadline(text, TODAY)
    assert isinstance(read, Unclear)
    assert read.reason is DateReason.NO_SUCH_DATE
