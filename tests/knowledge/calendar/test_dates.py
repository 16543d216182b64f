"""Due dates, times and periods in Vietnamese words, and the days that are worked."""

from __future__ import annotations

import unicodedata
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calendar.deadlines import find_dates, parse_rule
from knowledge.calendar.outcomes import DateReason, DueDate, Unclear
from knowledge.calendar.periods import find_periods
from knowledge.calendar.reading import date_of
from knowledge.calendar.rules import Rule
from knowledge.calendar.words import read_words
from knowledge.calendar.working_days import WorkingDays, vietnam_working_days
from knowledge.model.periods import Period
from tests.examples import examples

TODAY = date(2026, 10, 21)  # a Wednesday


def parse_date(text: str, today: date) -> DueDate | Unclear:
    return date_of(read_words(text), today)


def the_period(text: str, today: date) -> Period:
    [found] = dict.fromkeys(find_periods(text, today))
    return found


def due(text: str, today: date = TODAY) -> DueDate:
    found = parse_date(text, today)
    assert isinstance(found, DueDate), found
    return found


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("15/01/2027", date(2027, 1, 15)),
        ("15/1", date(2027, 1, 15)),
        ("15/01", date(2027, 1, 15)),
        ("21/10", date(2026, 10, 21)),
        ("ngày 15 tháng 1", date(2027, 1, 15)),
        ("ngày 15 tháng 01 năm 2027", date(2027, 1, 15)),
        ("mười lăm tháng giêng", None),
        ("ngày 15", date(2026, 11, 15)),
        ("ngày 31", date(2026, 10, 31)),
        ("15-01-2027", date(2027, 1, 15)),
        ("15.01.2027", date(2027, 1, 15)),
        ("15/1/27", date(2027, 1, 15)),
        ("trước 15/01", date(2027, 1, 14)),
        ("truoc ngay 15/01/2021", date(2021, 1, 14)),
        ("trước 01/03/2028", date(2028, 2, 29)),
        ("trước hoặc trong ngày 15/01", date(2027, 1, 15)),
        ("chậm nhất ngày 15/01", date(2027, 1, 15)),
        ("không quá ngày 15/01", date(2027, 1, 15)),
        ("trong tháng 02/2021", date(2021, 2, 28)),
        ("trong tháng 2/2028", date(2028, 2, 29)),
        ("hết tháng 3", date(2027, 3, 31)),
        ("het thang 10", date(2026, 10, 31)),
        ("cuối tháng", date(2026, 10, 31)),
        ("cuối quý", date(2026, 12, 31)),
        ("cuối năm", date(2026, 12, 31)),
        ("hết quý I/2027", date(2027, 3, 31)),
        ("6 tháng đầu năm 2027", date(2027, 6, 30)),
        ("hôm nay", date(2026, 10, 21)),
        ("mai", date(2026, 10, 22)),
        ("ngày mai", date(2026, 10, 22)),
        ("mốt", date(2026, 10, 23)),
        ("ngày kia", date(2026, 10, 23)),
        ("thứ sáu", date(2026, 10, 23)),
        ("thứ tư", date(2026, 10, 28)),
        ("thứ tư này", date(2026, 10, 21)),
        ("thứ sáu tuần sau", date(2026, 10, 30)),
        ("chủ nhật", date(2026, 10, 25)),
        ("T6 tuần này", date(2026, 10, 23)),
        ("tháng sau", date(2026, 11, 30)),
        ("10 ngày nữa", date(2026, 10, 31)),
        ("trong vòng 2 tuần", date(2026, 11, 4)),
        ("từ 01/11 đến 15/11", date(2026, 11, 15)),
        ("29/02", date(2028, 2, 29)),
    ],
)
def test_words_name_a_due_date(text: str, on: date | None) -> None:
    found = parse_date(text, TODAY)
    assert (found.on if isinstance(found, DueDate) else None) == on


def test_before_a_date_is_the_day_before_and_the_wording_stays() -> None:
    found = due("trước ngày 15/01/2027")
    assert (found.on, found.wording) == (date(2027, 1, 14), "trước ngày 15/01/2027")


def test_before_a_time_of_a_day_is_that_day() -> None:
    found = due("trước 17h ngày 20/12")
    assert (found.on, found.at) == (date(2026, 12, 20), time(17))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("17h ngày 20/12", time(17)),
        ("8h30 ngày 20/12", time(8, 30)),
        ("08:30 20/12", time(8, 30)),
        ("17 giờ 30 phút ngày 20/12", time(17, 30)),
        ("5h chiều 20/12", time(17)),
        ("9 giờ rưỡi sáng mai", time(9, 30)),
        ("24h ngày 20/12", time(23, 59)),
        ("cuối giờ làm việc ngày 20/12", time(17)),
        ("chiều thứ sáu", time(17)),
        ("sáng thứ hai", time(12)),
        ("cuối ngày 20/12", None),
    ],
)
def test_a_time_of_day_is_read_beside_the_date(text: str, at: time | None) -> None:
    assert due(text).at == at


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", DateReason.EMPTY),
        ("30/02", DateReason.NO_SUCH_DATE),
        ("31/11/2026", DateReason.NO_SUCH_DATE),
        ("29/02/2027", DateReason.NO_SUCH_DATE),
        ("ngày 32", DateReason.NO_SUCH_DATE),
        ("25h ngày 20/12", DateReason.NO_SUCH_TIME),
        ("giữa tháng", DateReason.VAGUE),
        ("khoảng 20/12", DateReason.VAGUE),
        ("cuối tuần", DateReason.VAGUE),
        ("rằm tháng tám", DateReason.LUNAR),
        ("10/3 âm lịch", DateReason.LUNAR),
        ("nộp báo cáo", DateReason.NO_DATE),
        ("20/12 và 25/12", DateReason.AMBIGUOUS),
        ("thứ hai ngày 23/10", DateReason.AMBIGUOUS),
        ("20/12 trừ khi mưa", DateReason.UNKNOWN_WORDS),
    ],
)
def test_words_without_one_date_say_why(text: str, reason: DateReason) -> None:
    found = parse_date(text, TODAY)
    assert isinstance(found, Unclear)
    assert found.reason is reason


def test_dates_are_found_inside_a_sentence_with_their_place() -> None:
    text = "Công đoàn cơ sở gửi danh sách trước ngày 15/01/2021 để tổng hợp (trong tháng 02/2021)."
    found = list(find_dates(text, date(2020, 12, 1)))
    assert [(item.due.on, text[item.start : item.end]) for item in found] == [
        (date(2021, 1, 14), "trước ngày 15/01/2021"),
        (date(2021, 2, 28), "trong tháng 02/2021"),
    ]


@settings(deadline=None, max_examples=examples(80))
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_formatted_date_reads_back_in_any_spelling(day: date) -> None:
    words = f"ngày {day.day} tháng {day.month} năm {day.year}"
    for text in (
        f"{day:%d/%m/%Y}",
        f"ngày {day:%d/%m/%Y}",
        words,
        unicodedata.normalize("NFD", words),
        words.upper(),
    ):
        assert due(text).on == day


@settings(deadline=None, max_examples=examples(100))
@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    parse_date(text, TODAY)
    list(find_periods(text, TODAY))
    list(find_dates(text, TODAY))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tháng 10", "2026-10"),
        ("t10", "2026-10"),
        ("T9", "2026-09"),
        ("tháng mười", "2026-10"),
        ("tháng năm", "2026-05"),
        ("thang 1", "2026-01"),
        ("tháng 10/2025", "2025-10"),
        ("10/2025", "2025-10"),
        ("quý 3", "2026-Q3"),
        ("quý III", "2026-Q3"),
        ("quy iv/2025", "2025-Q4"),
        ("q1 2026", "2026-Q1"),
        ("6 tháng đầu năm", "2026-H1"),
        ("6 tháng cuối năm 2025", "2025-H2"),
        ("năm 2026", "2026"),
        ("năm nay", "2026"),
        ("năm ngoái", "2025"),
        ("tháng trước", "2026-09"),
        ("tháng này", "2026-10"),
        ("quý trước", "2026-Q3"),
        ("số liệu tháng 9 của đơn vị", "2026-09"),
    ],
)
def test_words_name_a_reporting_period(text: str, code: str) -> None:
    assert the_period(text, TODAY) == Period.parse(code)


def test_december_named_in_january_is_last_years() -> None:
    assert the_period("tháng 12", date(2027, 1, 5)) == Period.month(2026, 12)
    assert the_period("quý 4", date(2027, 1, 5)) == Period.parse("2026-Q4")


def test_a_month_that_does_not_exist_is_no_period_and_two_are_two() -> None:
    assert list(find_periods("tháng 13", TODAY)) == []
    assert list(find_periods("tháng 8 và tháng 9", TODAY)) == [Period.month(2026, 8), Period.month(2026, 9)]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 21), True),
        (date(2026, 10, 24), False),
        (date(2026, 2, 13), True),
        (date(2026, 2, 16), False),
        (date(2026, 2, 17), False),
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 9, 2), False),
        (date(2027, 2, 5), False),
        (date(2027, 2, 11), True),
        (date(2027, 5, 3), False),
    ],
)
def test_holidays_compensatory_days_and_swapped_saturdays_count(day: date, worked: bool) -> None:
    assert vietnam_working_days().is_working_day(day) is worked


def test_the_nearest_working_day_goes_round_the_lunar_new_year() -> None:
    days = vietnam_working_days()
    assert days.on_or_before(date(2026, 2, 18)) == date(2026, 2, 13)
    assert days.on_or_after(date(2026, 2, 14)) == date(2026, 2, 23)
    assert days.previous(date(2026, 2, 23)) == date(2026, 2, 13)
    assert days.following(date(2026, 2, 13)) == date(2026, 2, 23)


def test_a_year_the_library_does_not_know_keeps_its_weekends() -> None:
    days = WorkingDays()
    assert days.is_working_day(date(2150, 2, 18))
    assert not days.is_working_day(date(2150, 2, 21))


def test_days_off_declared_locally_are_not_worked() -> None:
    days = WorkingDays(frozenset({date(2026, 10, 21)}))
    assert days.on_or_before(date(2026, 10, 21)) == date(2026, 10, 20)


def test_a_typed_deadline_counts_the_working_days_of_whoever_asks() -> None:
    days = WorkingDays(frozenset({date(2026, 11, 30)}))
    said, today = "ngày làm việc cuối tháng này", date(2026, 11, 16)
    by_law, by_own = parse_rule(said, today), parse_rule(said, today, days)
    assert isinstance(by_law, Rule)
    assert isinstance(by_own, Rule)
    assert (by_law.dates, by_own.dates) == ((date(2026, 11, 30),), (date(2026, 11, 27),))
