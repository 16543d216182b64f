"""One-message reports come to the figures meant; what could be two things is handed back, never chosen."""

from __future__ import annotations

import random
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import MONTHLY_FORM, TERM_FORM, get_form
from knowledge.model.periods import Period
from knowledge.numbers import Reason
from knowledge.reports import Doubt, ReportText, is_report, parse_report
from tests.examples import examples
from tests.monthly import KEYS, form_of_four_rows

TODAY = date(2026, 11, 3)
OCTOBER = Period.month(2026, 10)
CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "reports.toml").read_text(encoding="utf-8")
)["reports"]
MONTHLY = form_of_four_rows()


def read(text: str, today: date = TODAY, last: Period | None = OCTOBER) -> ReportText:
    return parse_report(text, MONTHLY, today=today, last_opened_period=last)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50].replace("\n", " / "))
def test_reports_as_officers_send_them(case: dict[str, Any]) -> None:
    reading = read(case["text"])
    assert reading.is_report == is_report(case["text"], MONTHLY) == case.get("report", True)
    if not reading.is_report:
        return
    assert reading.values == {key: Decimal(value) for key, value in case["values"].items()}
    unsure = {r.key for piece in reading.ambiguous for r in piece.readings} - set(reading.values)
    assert sorted(unsure) == case.get("unsure", [])
    assert list(reading.unmatched) == case.get("unmatched", [])
    assert (reading.period.code if reading.period else None) == case.get("period")
    assert [period.code for period in reading.period_choices] == case.get("choices", [])
    assert reading.unit_hint == case.get("unit")
    assert sorted(reading.kept) == case.get("kept", [])
    assert reading.no_change == case.get("no_change", False)
    assert reading.positional == case.get("positional", False)
    asked = set(KEYS) - set(reading.values) - set(reading.kept)
    assert set(reading.missing) == asked


NAMES = {
    "workers": ["CNVCLĐ", "cnvcld", "lao động", "lđ", "ld", "tổng số lao động", "Tổng số CNVCLĐ", "nld", "cbcnv"],
    "members": ["đoàn viên", "dv", "đv", "tổng số đoàn viên", "doan vien", "tổng đoàn viên", "đoàn viên công đoàn"],
    "admitted": ["mới", "kết nạp mới", "kết nạp", "kn", "tăng", "đoàn viên mới", "đv mới", "ket nap moi", "tăng thêm"],
    "lost": ["giảm", "nghỉ", "giam", "ra", "đv giảm", "nghỉ việc", "chuyển đi", "đoàn viên giảm"],
}  # fmt: skip
HEADS = ["", "báo cáo tháng 10: ", "bc t10 ", "tháng 10/2026\n", "Em gửi báo cáo tháng 10: ", "T10: "]


@settings(max_examples=examples(250), deadline=None)
@given(st.integers(3, 20000), st.integers(0, 40), st.integers(0, 40), st.integers(0, 2**32))
def test_any_order_any_names_any_separators(workers: int, admitted: int, lost: int, seed: int) -> None:
    dice = random.Random(seed)
    members = dice.randint(1, workers)
    figures = dict(zip(KEYS, (workers, members, admitted, lost), strict=True))
    order = dice.sample(KEYS, k=4) if dice.random() < 0.5 else list(KEYS)
    shown = {key: f"{n:,}".replace(",", dice.choice(["", ".", ",", " ", "\u00a0"])) for key, n in figures.items()}
    named = {key: dice.choice(names) for key, names in NAMES.items()}
    if dice.random() < 0.4:
        text = dice.choice([", ", "; ", "\n"]).join(f"{shown[key]} {named[key]}" for key in order)
    else:
        between = dice.choice([", ", "; ", "\n", " ", ". ", ",", " - "])
        link = dice.choice([" ", ": "] if between == " " else [" ", ": ", ":", " = ", " là "])
        text = between.join(f"{named[key]}{link}{shown[key]}" for key in order)
    reading = read(dice.choice(HEADS) + text)
    assert reading.is_report
    assert reading.values == {key: Decimal(n) for key, n in figures.items()}


PIECES = [
    "đoàn viên",
    "đv",
    "lđ",
    "mới",
    "giảm",
    "tăng",
    "không",
    "tháng",
    "10",
    "12",
    "1.250",
    "1,5",
    "3",
    ",",
    ":",
    "\n",
    "(",
    ")",
    "/",
    "+",
    "-",
    "như tháng trước",
    "tổng",
    "nữ",
    "2026",
    "%",
    "báo cáo",
    "công ty",
    "a",
    "46.",
    "năm",
    "?",
]


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_a_figure_taken_stands_in_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    digits = re.sub(r"[ .,]", "", text)
    for value in read(text).values.values():
        assert value == 0 or str(abs(value)) in digits or (value == 5 and "năm" in text)


@settings(max_examples=examples(150), deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_without_fail(text: str) -> None:
    for form in (MONTHLY_FORM, TERM_FORM):
        reading = parse_report(text, get_form(form), today=TODAY)
        assert set(reading.values) <= {row.key for row in get_form(form).indicators}


def test_a_missing_figure_is_never_zero() -> None:
    reading = read("cnvclđ 1320, đoàn viên 1250, mới 12")
    assert "lost" not in reading.values
    assert reading.missing == ("lost",)


@pytest.mark.parametrize(
    ("text", "last", "period"),
    [
        ("báo cáo tháng 10: mới 1, giảm 0", OCTOBER, "2026-10"),
        ("báo cáo tháng 12: mới 1, giảm 0", OCTOBER, "2026-12"),
        ("báo cáo tháng 12: mới 1, giảm 0", Period.month(2027, 1), "2026-12"),
        ("báo cáo tháng 12: mới 1, giảm 0", Period.month(2026, 12), "2026-12"),
        ("t9/26 mới 1, giảm 0", OCTOBER, "2026-09"),
        ("tháng 9 năm ngoái mới 1, giảm 0", OCTOBER, "2025-09"),
        ("báo cáo tháng tám: mới 1, giảm 0", OCTOBER, "2026-08"),
        ("báo cáo tháng này: mới 1, giảm 0", OCTOBER, "2026-10"),
        ("báo cáo tháng trước: mới 1, giảm 0", OCTOBER, "2026-10"),
        ("2026-08: mới 1, giảm 0", OCTOBER, "2026-08"),
    ],
)
def test_a_month_without_a_year_is_near_the_latest_one_opened(text: str, last: Period, period: str) -> None:
    found = read(text, last=last).period
    assert found is not None
    assert found.code == period


def test_a_month_that_the_calendar_has_not_opened_yet_is_not_sure() -> None:
    form = MONTHLY
    early = parse_report("tháng 11 mới 1 giảm 0", form, today=date(2026, 11, 24))
    late = parse_report("tháng 11 mới 1 giảm 0", form, today=date(2026, 11, 25))
    assert early.period == late.period == Period.month(2026, 11)
    assert not early.period_is_sure
    assert late.period_is_sure


def test_a_decimal_in_a_count_is_asked_about_with_both_readings() -> None:
    (unsure,) = read("lđ 1320, đv 1250, mới 1,5, giảm 3").ambiguous
    assert unsure.doubt is Doubt.NUMBER
    assert [reading.value for reading in unsure.readings] == [1, 2]


def test_two_reasons_for_leaving_are_summed_only_when_asked() -> None:
    reading = read("nghỉ việc 2, chuyển đi 1, mới 12, đv 1250, lđ 1320")
    (unsure,) = reading.ambiguous
    assert unsure.doubt is Doubt.CONFLICT
    assert unsure.readings[0].value == 3
    assert "lost" in reading.missing


def test_a_figure_that_cannot_be_says_why() -> None:
    (refused,) = read("lđ 99999999999, đv 1250, mới 12, giảm 3").refused
    assert (refused.key, refused.reason) == ("workers", Reason.TOO_LARGE)


def test_the_larger_form_is_read_by_number_or_name() -> None:
    form = get_form(TERM_FORM)
    text = "30. Số sáng kiến: 12\n31. Giá trị làm lợi: 1,250\nTiền thưởng sáng kiến: 50,5\nmục 35: 7"
    reading = parse_report(text, form, today=TODAY)
    assert reading.values == {"i30": Decimal(12), "i32": Decimal("50.5"), "i35": Decimal(7)}
    assert [reading.value for reading in reading.ambiguous[0].readings] == [Decimal("1.25"), Decimal(1250)]


def test_the_same_name_in_two_rows_of_the_larger_form_is_asked_about() -> None:
    reading = parse_report("số vốn cho vay: 500", get_form(TERM_FORM), today=TODAY)
    assert [r.key for r in reading.ambiguous[0].readings] == ["i28_von", "i29_von"]
