"""Quarterly reports in one message: figures beside names, yes and no, the quarter, and which form is meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import MONTHLY_FORM, QUARTERLY_FORM, get_form, load_forms
from knowledge.model.forms import Form, Indicator, split_term
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from knowledge.numbers import Parsed, Reason, Refused
from knowledge.reports import parse_report
from knowledge.reports.choosing import find_reports
from knowledge.reports.figures import parse_figure
from tests.examples import examples

TODAY = date(2027, 1, 5)
QUARTER = Period.parse("2026-Q4")
FORM = get_form(QUARTERLY_FORM)
PRIVATE, PUBLIC, UPPER = (FORM.asked_of(kind) for kind in (UnitKind.PRIVATE, UnitKind.PUBLIC, UnitKind.UPPER))
FORMS = load_forms()


@pytest.mark.parametrize(
    ("said", "form", "told"),
    [
        (
            "báo cáo quý 4: đối thoại 2, hội nghị NLĐ 1, có TƯLĐTT",
            PRIVATE,
            {"dialogues": 2, "workers_conference": 1, "agreements": 1},
        ),
        (
            "bc quy 4: doi thoai 2, hnnld 1, chua co thoa uoc, ban nu cong: co",
            PRIVATE,
            {"dialogues": 2, "workers_conference": 1, "agreements": 0, "womens_boards": 1},
        ),
        (
            "Quý 4 công ty em tổ chức 3 cuộc đối thoại, giới thiệu 2 đoàn viên ưu tú, được kết nạp đảng 1",
            PRIVATE,
            {"dialogues": 3, "party_introduced": 2, "party_admitted": 1},
        ),
        (
            "Đơn vị đã ký thỏa ước, đã tổ chức hội nghị người lao động, chưa có ban nữ công",
            PRIVATE,
            {"agreements": 1, "workers_conference": 1, "womens_boards": 0},
        ),
        ("hội nghị NLĐ: chưa tổ chức; TƯLĐTT: có rồi", PRIVATE, {"workers_conference": 0, "agreements": 1}),
        ("hội nghị CBCC đã tổ chức\ntư vấn pháp luật: 12 lượt", PUBLIC, {"officials_conference": 1, "consulted": 12}),
        (
            "CĐCS mới 3, phải thu 1.850 triệu, đã thu 790 triệu đồng, DN từ 25 lao động 120, đã có CĐCS 96",
            UPPER,
            {"new_unions": 3, "fees_due": 1850, "fees_collected": 790, "enterprises": 120, "unionised": 96},
        ),
        ("đã thu 1,5 tỷ", UPPER, {"fees_collected": 1500}),
    ],
)
def test_what_stands_beside_a_name_is_its_figure(said: str, form: Form, told: dict[str, int]) -> None:
    reading = parse_report(said, form, today=TODAY)
    assert reading.values == {key: Decimal(value) for key, value in told.items()}
    assert not reading.refused
    assert not reading.unmatched


@pytest.mark.parametrize(
    "said",
    [
        "chỉ tiêu thỏa ước 2025 bao nhiêu",
        "đối thoại năm 2025 đạt 90%",
        "đối thoại 2025",
        "tỷ lệ đối thoại 90%",
        "hội nghị NLĐ 95% là của kế hoạch nào",
        "mỗi quý đối thoại mấy lần",
        "có ban nữ công để làm gì",
        "đơn vị nào chưa có TƯLĐTT",
        "tháng 12 kết nạp 12, giảm 3",
        "TƯLĐTT",
    ],
)
def test_questions_and_other_forms_are_no_report_of_it(said: str) -> None:
    assert not parse_report(said, PRIVATE, today=TODAY).is_report


def test_an_estimate_is_asked_about_and_more_than_one_union_is_none() -> None:
    unsure = parse_report("đối thoại khoảng 2 cuộc, tư vấn 3", PRIVATE, today=TODAY)
    assert "dialogues" not in unsure.values
    twice = parse_report("hội nghị NLĐ 3, đối thoại 2", PRIVATE, today=TODAY)
    assert [(each.key, each.reason) for each in twice.refused] == [("workers_conference", Reason.TOO_LARGE)]
    assert "workers_conference" in twice.missing


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("báo cáo quý 4: đối thoại 2", QUARTER),
        ("quý IV/2026 đối thoại 2, tư vấn 1", QUARTER),
        ("quý này: đối thoại 2, tư vấn 1", None),
        ("quý trước: đối thoại 2, tư vấn 1", QUARTER),
        ("quý 3/2026: đối thoại 2, tư vấn 1", QUARTER.shifted(-1)),
        ("đối thoại 2, tư vấn 1", None),
    ],
)
def test_the_quarter_that_is_named(said: str, period: Period | None) -> None:
    reading = parse_report(said, PRIVATE, today=TODAY)
    assert reading.period == period
    assert reading.is_report
    if period is None:
        assert reading.assumed_period == QUARTER


@given(st.sampled_from(sorted(FORM.owed_by)), st.data())
@settings(max_examples=examples(80), deadline=None)
def test_a_report_written_by_its_short_names_is_read_whole(kind: UnitKind, data: st.DataObject) -> None:
    own = FORM.asked_of(kind)
    told = {row.key: data.draw(st.integers(0, 1 if row.yes_no else 400)) for row in own.asked}
    for rule in own.rules:  # a part that is larger than the whole would be asked about
        part, whole = split_term(rule.terms[0])[0], rule.left
        told[part] = min(told[part], told[whole])
    between = data.draw(st.sampled_from([", ", "; ", "\n"]))
    named = [f"{row.short.lower() if not row.short.isupper() else row.short} {told[row.key]}" for row in own.asked]
    reading = parse_report(f"báo cáo quý IV/2026: {between.join(named)}", own, today=TODAY)
    assert {key: int(value) for key, value in reading.values.items()} == told
    assert (reading.period, reading.is_report, reading.missing) == (QUARTER, True, ())


@given(st.text(max_size=120))
@settings(max_examples=examples(80), deadline=None)
def test_any_text_is_taken_and_yields_rows_of_the_form_alone(said: str) -> None:
    reading = parse_report(said, PRIVATE, today=TODAY)
    keys = {row.key for row in PRIVATE.asked}
    assert set(reading.values) <= keys
    assert all(value <= 1 for key, value in reading.values.items() if PRIVATE.get_indicator(key).yes_no)


# --- One row ---


@pytest.mark.parametrize(
    ("said", "value"),
    [("có", 1), ("Có rồi ạ", 1), ("rồi", 1), ("1", 1), ("chưa", 0), ("Dạ chưa có ạ", 0), ("không", 0), ("0", 0)],
)
def test_yes_and_no_answer_a_row(said: str, value: int) -> None:
    assert parse_figure(_row("agreements"), said) == Parsed(Decimal(value))


@pytest.mark.parametrize("said", ["2", "15", "có lẽ", "để em hỏi"])
def test_anything_else_is_no_answer_to_yes_or_no(said: str) -> None:
    assert not isinstance(parse_figure(_row("agreements"), said), Parsed)


def test_yes_is_no_answer_where_a_number_is_asked() -> None:
    assert isinstance(parse_figure(_row("consulted"), "có"), Refused)


def _row(key: str) -> Indicator:
    return FORM.get_indicator(key)


# --- Which form ---


@pytest.mark.parametrize(
    ("said", "forms"),
    [
        ("tháng 12: kết nạp 12, giảm 3", [MONTHLY_FORM]),
        ("báo cáo tháng 12: cnvclđ 1320, đoàn viên 1250, kết nạp 5, giảm 2", [MONTHLY_FORM]),
        ("báo cáo quý 4: đối thoại 2", [QUARTERLY_FORM]),
        ("đối thoại 2, tư vấn 1", [QUARTERLY_FORM]),
        ("quý 4: giới thiệu Đảng 2, kết nạp Đảng 3", [QUARTERLY_FORM]),
        ("báo cáo quý 4", []),
        ("chỉ tiêu đối thoại năm 2025", []),
    ],
)
def test_the_form_that_a_message_fits(said: str, forms: list[str]) -> None:
    assert [each.form.id for each in find_reports(said, FORMS, TODAY)] == forms


def test_a_message_that_fits_two_forms_alike_is_left_to_be_asked() -> None:
    found = find_reports("báo cáo kết nạp 3, giới thiệu Đảng 2", FORMS, TODAY)
    assert [each.form.id for each in found] == [MONTHLY_FORM, QUARTERLY_FORM]
