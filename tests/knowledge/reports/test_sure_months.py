"""Of which month a report is: what is sure, and what is asked about, by the day on which it is said."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.reports import ReportUnderstood, parse_report, understood_report
from tests.monthly import form_of_four_rows

FORM = form_of_four_rows()
EARLY, LATE = date(2026, 11, 3), date(2026, 11, 26)
FIGURES = {"workers": 64, "members": 61, "admitted": 3, "lost": 1}


def understand(text: str, today: date = EARLY) -> ReportUnderstood:
    reading = parse_report(text, FORM, today=today)
    assert reading.is_report
    return understood_report(reading, FORM)


@pytest.mark.parametrize(
    "said",
    [
        "Tháng này lđ 64, đv 61, kết nạp 3, giảm 1",
        "thang nay ld 64, dv 61, ket nap 3, giam 1",
        "Dạ em gửi số liệu tháng ni: kết nạp 3, giảm 1, đv 61, lđ 64",
    ],
)
def test_this_month_is_asked_about_until_its_report_opens(said: str) -> None:
    early, late = understand(said), understand(said, LATE)
    assert (early.period, early.figures, early.ask) == (None, FIGURES, ["period"])
    assert (late.period, late.figures, late.ask) == ("2026-11", FIGURES, [])


@pytest.mark.parametrize(
    "said",
    [
        "lđ 64, đv 61, tháng này kết nạp 3, giảm 1",
        "Tháng này nhiều việc quá nên em gửi trễ. Báo cáo tháng 10: lđ 64, đv 61, kết nạp 3, giảm 1",
        "Kỳ này lđ 64, đv 61, kết nạp 3, giảm 1",
        "Tháng vừa qua lđ 64, đv 61, kết nạp 3, giảm 1",
    ],
)
def test_the_month_due_is_sure_where_this_month_is_said_of_something_else(said: str) -> None:
    got = understand(said)
    assert (got.period, got.figures, got.ask) == ("2026-10", FIGURES, [])


@pytest.mark.parametrize(
    ("month", "period"),
    [
        ("tháng 8", "2026-08"),
        ("tháng 7", "2026-07"),
        ("tháng 6", None),
        ("tháng hai", None),
        ("tháng 2/2026", "2026-02"),
        ("tháng 2 năm 2026", "2026-02"),
        ("tháng hai năm nay", "2026-02"),
        ("t2", None),
    ],
)
def test_a_month_far_behind_the_one_due_needs_its_year(month: str, period: str | None) -> None:
    got = understand(f"Báo cáo {month}: lđ 64, đv 61, kết nạp 3, giảm 1")
    assert (got.period, got.figures) == (period, FIGURES)
    assert ("period" in got.ask) == (period is None)


def test_the_month_before_the_last_is_counted_back() -> None:
    got = understand("tháng trước nữa em chưa gửi, nay gửi bù: lđ 64, đv 61, kết nạp 3, giảm 1")
    assert (got.period, got.figures) == ("2026-09", FIGURES)


def test_a_month_of_last_year_is_near_at_the_beginning_of_a_year() -> None:
    got = understand("Báo cáo tháng 11: lđ 64, đv 61, kết nạp 3, giảm 1", date(2027, 1, 4))
    assert (got.period, got.ask) == ("2026-11", [])
