"""Rules in words: what phrases mean, how rules run through the calendar, and that their codes hold."""

from __future__ import annotations

import itertools
import tomllib
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calendar.deadlines import ParsedDeadline, parse_deadline, parse_rule
from knowledge.calendar.descriptions import Rhythm, describe
from knowledge.calendar.outcomes import DateReason, Unclear
from knowledge.calendar.rules import CycleDay, DayKind, DayOf, Frequency, Rule
from tests.examples import examples

DATA: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "data" / "recurrences.toml").read_text("utf-8"))
TODAY = date.fromisoformat(DATA["today"])


def rule(text: str, today: date = TODAY) -> Rule:
    found = parse_rule(text, today)
    assert isinstance(found, Rule), found
    return found


@pytest.mark.parametrize("case", DATA["phrase"], ids=lambda case: case["text"])
def test_a_phrase_means_these_dates(case: dict[str, Any]) -> None:
    found = rule(case["text"])
    assert found.code == case["code"]
    assert found.upcoming(TODAY) == case["next"]
    assert sorted(found.assumed) == case.get("assumed", [])
    assert Rule.parse(found.code) == found


@pytest.mark.parametrize("case", DATA["unclear"], ids=lambda case: case["text"])
def test_a_phrase_without_one_meaning_is_refused_with_its_reason(case: dict[str, Any]) -> None:
    found = parse_rule(case["text"], TODAY)
    assert isinstance(found, Unclear)
    assert found.reason == case["reason"]
    assert [choice.code for choice in found.choices] == case.get("choices", [])


@pytest.mark.parametrize(
    ("text", "what", "code", "when"),
    [
        (
            "Nộp danh sách khen thưởng: ngày 20 hằng tháng",
            "Nộp danh sách khen thưởng",
            "month:0.d20",
            "ngày 20 hằng tháng",
        ),
        (
            "Nộp danh sách khen thưởng ngày 20 hằng tháng",
            "Nộp danh sách khen thưởng",
            "month:0.d20",
            "ngày 20 hằng tháng",
        ),
        ("nop danh sach ngay 20 hang thang", "nop danh sach", "month:0.d20", "ngay 20 hang thang"),
        ("Trước 15/01 nộp báo cáo tổng kết", "nộp báo cáo tổng kết", "once:2027-01-14", "Trước 15/01"),
        ("17h ngày 20/12: nộp danh sách", "nộp danh sách", "once:2026-12-20;at=17:00", "17h ngày 20/12"),
        ("Nộp kinh phí: 17:30 20/12", "Nộp kinh phí", "once:2026-12-20;at=17:30", "17:30 20/12"),
        ("Báo cáo quý: thứ sáu tuần cuối quý", "Báo cáo quý", "month/3:2.w4#-1", "thứ sáu tuần cuối quý"),
        ("Báo cáo 6 tháng đầu năm: 15/6 hằng năm", "Báo cáo 6 tháng đầu năm", "month/12:5.d15", "15/6 hằng năm"),
        ("Họp giao ban 8h30 thứ hai hằng tuần", "Họp giao ban", "week:0;at=08:30", "8h30 thứ hai hằng tuần"),
        ("Nộp báo cáo tháng trước ngày 5 tháng sau", "Nộp báo cáo tháng", "once:2026-11-04", "trước ngày 5 tháng sau"),
        ("Hồ sơ (mẫu 2): 30/11", "Hồ sơ (mẫu 2)", "once:2026-11-30", "30/11"),
        ("ngày 20 hằng tháng", "", "month:0.d20", "ngày 20 hằng tháng"),
    ],
)
def test_a_deadline_in_one_message_is_split_into_what_and_when(text: str, what: str, code: str, when: str) -> None:
    found = parse_deadline(text, TODAY)
    assert isinstance(found, ParsedDeadline)
    assert (found.what, found.rule.code, found.when) == (what, code, when)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", DateReason.EMPTY),
        ("Nộp báo cáo", DateReason.NO_DATE),
        ("Nộp danh sách: 31/02", DateReason.NO_SUCH_DATE),
        ("Nộp danh sách: 25h ngày 20", DateReason.NO_SUCH_TIME),
        ("Nộp danh sách: ngày 15 hằng quý", DateReason.MONTH_MISSING),
    ],
)
def test_a_deadline_without_a_date_says_what_is_wrong_with_it(text: str, reason: DateReason) -> None:
    found = parse_deadline(text, TODAY)
    assert isinstance(found, Unclear)
    assert found.reason is reason


def test_the_31st_is_the_last_day_of_shorter_months() -> None:
    days = rule("ngày 31 hằng tháng").upcoming(date(2027, 1, 1), 5)
    assert days == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]


def test_the_29th_of_february_is_the_28th_in_other_years() -> None:
    days = rule("29/02 hằng năm").upcoming(date(2027, 1, 1), 3)
    assert days == [date(2027, 2, 28), date(2028, 2, 29), date(2029, 2, 28)]


def test_the_30th_and_31st_fall_on_one_day_in_february_and_count_once() -> None:
    days = rule("ngày 30 và 31 hằng tháng").upcoming(date(2027, 2, 1), 3)
    assert days == [date(2027, 2, 28), date(2027, 3, 30), date(2027, 3, 31)]


def test_the_last_working_day_of_a_month_goes_round_the_lunar_new_year() -> None:
    days = rule("ngày làm việc cuối cùng của tháng").upcoming(date(2025, 1, 1), 2)
    assert days == [date(2025, 1, 24), date(2025, 2, 28)]


def test_a_fifth_friday_that_there_is_not_is_the_last_friday() -> None:
    days = rule("thứ sáu tuần thứ 5 hằng tháng").upcoming(date(2026, 10, 1), 3)
    assert days == [date(2026, 10, 30), date(2026, 11, 27), date(2026, 12, 25)]


def test_occurrences_come_after_the_day_given_and_upcoming_includes_it() -> None:
    found = rule("ngày 21 hằng tháng")
    assert next(found.occurrences(TODAY)) == date(2026, 11, 21)
    assert found.upcoming(TODAY, 1) == [TODAY]


def test_a_rule_with_an_end_stops() -> None:
    assert len(list(rule("ngày 20 hằng tháng đến hết năm 2027").occurrences(TODAY))) == 14


def test_fortnights_keep_their_week_whatever_day_they_are_asked_on() -> None:
    found = rule("2 tuần một lần vào thứ sáu")
    first = found.upcoming(TODAY, 3)
    assert first == [date(2026, 10, 23), date(2026, 11, 6), date(2026, 11, 20)]
    for day in range(1, 14):
        assert found.upcoming(TODAY + timedelta(days=day), 1)[0] in first


def test_the_original_wording_is_kept_beside_the_date() -> None:
    assert rule("trước 15/01").wording == "trước 15/01"


def test_a_rule_describes_itself_in_fields() -> None:
    found = describe(rule("17h ngày 15 tháng cuối quý đến hết năm 2027"))
    assert (found.rhythm, found.at, found.end) == (Rhythm.QUARTER, time(17), date(2027, 12, 31))
    assert [(item.day.number, item.month, item.last_month) for item in found.days] == [(15, 3, True)]
    assert describe(rule("2 tháng một lần vào ngày 10")).rhythm is Rhythm.MONTHS
    assert describe(rule("ngày 20 hằng tháng")).days[0].month is None


@pytest.mark.parametrize(
    "code",
    ["", "month", "month:", "month:0.d32", "month/3:3.d1", "once:", "once:2026-13-01", "week:7x", "day:", "x:1",
     "month:0.d1;foo=1", "month/0:0.d1", "month:0.w9#1"],
)  # fmt: skip
def test_what_is_not_a_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Rule.parse(code)


_DAYS = st.one_of(
    st.builds(DayOf, st.just(DayKind.NUMBER), st.integers(1, 31)),
    st.builds(DayOf, st.just(DayKind.LAST), st.just(1), st.just(0), st.integers(-27, 0)),
    st.builds(
        DayOf, st.just(DayKind.WEEKDAY), st.sampled_from([-2, -1, 1, 2, 3, 5]), st.integers(0, 6), st.integers(-1, 0)
    ),
    st.builds(DayOf, st.just(DayKind.WORKING), st.sampled_from([-1, 1, 5]), st.just(0), st.integers(-1, 0)),
)
_DATES = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    frequency = draw(st.sampled_from(list(Frequency)))
    every = 1 if frequency is Frequency.ONCE else draw(st.sampled_from([1, 2, 3, 5, 6, 12, 24]))
    slots = st.lists(st.builds(CycleDay, st.integers(0, every - 1), _DAYS), min_size=1, max_size=3, unique=True)
    anchored = frequency in {Frequency.DAILY, Frequency.WEEKLY} or (
        frequency is Frequency.MONTHLY and draw(st.booleans())
    )
    return Rule(
        frequency,
        every,
        dates=tuple(draw(st.lists(_DATES, min_size=1, max_size=3))) if frequency is Frequency.ONCE else (),
        weekdays=tuple(draw(st.lists(st.integers(0, 6), min_size=1, unique=True)))
        if frequency is Frequency.WEEKLY
        else (),
        slots=tuple(draw(slots)) if frequency is Frequency.MONTHLY else (),
        anchor=draw(_DATES) if anchored else None,
        at=draw(st.none() | st.times().map(lambda moment: moment.replace(second=0, microsecond=0))),
        start=draw(st.none() | _DATES),
        end=draw(st.none() | _DATES),
    )


@settings(deadline=None, max_examples=examples(80))
@given(rules(), _DATES)
def test_every_occurrence_is_later_than_the_one_before_and_within_bounds(found: Rule, after: date) -> None:
    last = after
    for day in itertools.islice(found.occurrences(after), 12):
        assert day > last
        assert found.start is None or day >= found.start
        assert found.end is None or day <= found.end
        last = day


@settings(deadline=None, max_examples=examples(80))
@given(rules(), _DATES, st.integers(0, 200))
def test_occurrences_do_not_depend_on_where_one_begins_to_ask(found: Rule, after: date, later: int) -> None:
    start = after + timedelta(days=later)
    near = [day for day in itertools.islice(found.occurrences(after), 300) if day > start][:5]
    assert near == list(itertools.islice(found.occurrences(start), len(near)))


@settings(deadline=None, max_examples=examples(80))
@given(rules())
def test_a_code_reads_back_as_the_same_rule(found: Rule) -> None:
    assert Rule.parse(found.code) == found
    assert describe(found).every == found.every


_WORDS = (
    "ngày 20 31 15/12 hằng mỗi tháng quý năm tuần trước cuối đầu thứ hai sáu làm việc 17h30 : , và từ đến hết 3 "
    "một lần định kỳ của không 2026 nộp báo cáo hoặc sau này mai khi kết thúc 02/2021 chiều 99"
)


@settings(deadline=None, max_examples=examples(100))
@given(
    st.lists(
        st.sampled_from(_WORDS.split()),
        max_size=9,
    ).map(" ".join)
    | st.text(max_size=40)
)
def test_no_words_break_the_reader_and_what_it_understands_holds(text: str) -> None:
    found = parse_rule(text, TODAY)
    split = parse_deadline(text, TODAY)
    for outcome in (found, split.rule if isinstance(split, ParsedDeadline) else split):
        if isinstance(outcome, Rule):
            assert Rule.parse(outcome.code) == outcome
            days = outcome.upcoming(TODAY)
            assert days == sorted(set(days))


@settings(deadline=None, max_examples=examples(60))
@given(
    st.integers(1, 31), st.sampled_from(["hằng tháng", "hang thang", "hàng tháng", "mỗi tháng", "Hằng Tháng"]), _DATES
)
def test_any_day_of_the_month_is_understood_however_it_is_written(day: int, each: str, today: date) -> None:
    for text in (f"ngày {day} {each}", f"{each}, ngay {day}", f"NGÀY {day:02} {each}"):
        assert rule(text, today).code == f"month:0.d{day}"
