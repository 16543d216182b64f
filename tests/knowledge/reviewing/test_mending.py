"""What a person says of a fact changes what is said, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importing.model import LeftOver, ReadDeadline, ReadTarget
from knowledge.model.plans import Comparator
from knowledge.reviewing.mending import mend_deadline, mend_target, mend_unit, read_term, target_of

TARGET = ReadTarget(
    section="I.2",
    quote="Từ 80% trở lên doanh nghiệp ký thỏa ước, đến năm 2025",
    indicator="doanh nghiệp ký thỏa ước",
    value=Decimal(80),
    comparator=Comparator.AT_LEAST,
    unit="%",
    horizon="2025",
)
DEADLINE = ReadDeadline(
    section="III", quote="báo cáo kết quả", what="báo cáo kết quả", when="định kỳ", recurrence="regular"
)
TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("said", "value", "comparator", "unit", "horizon"),
    (
        ("85%", 85, ">=", "%", "2025"),
        ("85", 85, ">=", "%", "2025"),
        ("đến 2028", 80, ">=", "%", "2028"),
        ("2028", 80, ">=", "%", "2028"),
        ("tren 85 phan tram den nam 2030", 85, ">", "%", "2030"),
        ("hằng năm", 80, ">=", "%", "annual"),
        ("không quá 5%", 5, "<=", "%", "2025"),
        ("từ 85% trở lên, hằng năm", 85, ">=", "%", "annual"),
        ("tám mươi lăm phần trăm", 85, ">=", "%", "2025"),
        ("2.000 đoàn viên", 2000, ">=", "đoàn viên", "2025"),
    ),
)
def test_only_what_is_said_changes(said: str, value: int, comparator: str, unit: str, horizon: str) -> None:
    mended = mend_target(TARGET, said)
    assert mended is not None
    assert (mended.value, mended.comparator.value, mended.unit, mended.horizon) == (
        Decimal(value),
        comparator,
        unit,
        horizon,
    )
    assert mended.indicator == TARGET.indicator


def test_both_ends_of_a_range_are_read() -> None:
    mended = mend_target(TARGET, "70 - 80%")
    assert mended is not None
    assert (mended.value, mended.value_max, mended.comparator) == (Decimal(70), Decimal(80), Comparator.RANGE)


def test_words_alone_are_what_is_measured() -> None:
    mended = mend_target(TARGET, "đoàn viên được học nghề")
    assert mended is not None
    assert (mended.indicator, mended.value) == ("đoàn viên được học nghề", Decimal(80))


@pytest.mark.parametrize("said", ("", "?", "70% và 80% và 90%", "đến 2027, đến 2029"))
def test_what_cannot_be_told_changes_nothing(said: str) -> None:
    assert mend_target(TARGET, said) is None


@given(st.text(max_size=80))
def test_any_text_is_taken_or_not_and_nothing_raises(said: str) -> None:
    mend_target(TARGET, said)
    mend_unit(TARGET, said)
    mend_deadline(DEADLINE, said, TODAY)
    read_term(said)
    target_of(LeftOver("5", said, "I"))


@pytest.mark.parametrize(
    ("said", "due", "recurrence", "rule"),
    (
        ("15/12/2026", date(2026, 12, 15), None, None),
        ("trước ngày 15 hằng tháng", None, "monthly", "month:0.d14"),
        ("trước 30/11 hằng năm", None, "yearly", "month/12:10.d29"),
        ("ngày 20 tháng cuối quý", None, "every 3 months", "month/3:2.d20"),
    ),
)
def test_a_day_is_read_as_deadlines_are(said: str, due: date | None, recurrence: str | None, rule: str | None) -> None:
    mended = mend_deadline(DEADLINE, said, TODAY)
    assert mended is not None
    assert (mended.due, mended.recurrence, mended.rule, mended.when) == (due, recurrence, rule, said)


@pytest.mark.parametrize(
    ("said", "term"),
    (("2026-2030", (2026, 2030)), ("từ 2026 đến năm 2030", (2026, 2030)), ("2026", (2026, 2026)), ("5 năm", None)),
)
def test_a_term_is_one_year_or_two(said: str, term: tuple[int, int] | None) -> None:
    assert read_term(said) == term


def test_a_number_left_over_becomes_the_target_that_its_sentence_says() -> None:
    read = target_of(LeftOver("35", "Rà soát 35 khu nhà trọ, không quá 20 phòng, đến năm 2028", "II"))
    assert read is not None
    assert (read.value, read.comparator, read.horizon) == (Decimal(35), Comparator.EXACTLY, "2028")
