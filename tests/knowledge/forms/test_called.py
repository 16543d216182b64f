"""Which form and period words call for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import MONTHLY_FORM, QUARTERLY_FORM, TERM_FORM, find_called, get_form, load_forms
from knowledge.model.forms import Form
from knowledge.model.periods import Period

#: Five days before the quarterly report is due.
TODAY = date(2027, 1, 5)
FORMS = load_forms()


@pytest.mark.parametrize(
    ("said", "form", "period", "rest"),
    [
        ("báo cáo quý 4", QUARTERLY_FORM, "2026-Q4", "báo cáo"),
        ("bao cao quy 4", QUARTERLY_FORM, "2026-Q4", "bao cao"),
        ("báo cáo quý", QUARTERLY_FORM, None, ""),
        ("BÁO CÁO QUÝ", QUARTERLY_FORM, None, ""),
        ("nộp biểu quý", QUARTERLY_FORM, None, "nộp"),
        ("q4", QUARTERLY_FORM, "2026-Q4", ""),
        ("báo cáo hoạt động quý IV", QUARTERLY_FORM, "2026-Q4", ""),
        ("quý III/2026", QUARTERLY_FORM, "2026-Q3", ""),
        ("quý trước", QUARTERLY_FORM, "2026-Q4", ""),
        ("tổng hợp quý 4", QUARTERLY_FORM, "2026-Q4", "tổng hợp"),
        ("đơn vị nào chưa nộp báo cáo quý", QUARTERLY_FORM, None, "đơn vị nào chưa nộp"),
        ("quý 4 may hòa thọ", QUARTERLY_FORM, "2026-Q4", "may hòa thọ"),
        ("tình hình đoàn viên quý 4", QUARTERLY_FORM, "2026-Q4", ""),
        ("tháng 9", MONTHLY_FORM, "2026-09", ""),
        ("T9 Quảng Trị", MONTHLY_FORM, "2026-09", "Quảng Trị"),
        ("báo cáo đoàn viên", MONTHLY_FORM, None, ""),
        ("biến động đoàn viên tháng 12", MONTHLY_FORM, "2026-12", ""),
        ("năm 2026", None, "2026", ""),
        ("may sông xanh", None, None, "may sông xanh"),
        ("quỹ lương", None, None, "quỹ lương"),
        ("quý anh chị cho xem tổng hợp", None, None, "quý anh chị cho xem tổng hợp"),
        ("", None, None, ""),
    ],
)
def test_what_is_called_for(said: str, form: str | None, period: str | None, rest: str) -> None:
    called = find_called(said, FORMS, TODAY)
    assert (called.form.id if called.form is not None else None) == form
    assert (called.period.code if called.period is not None else None) == period
    assert called.rest == rest


def test_a_campaign_form_is_called_for_by_nobody() -> None:
    assert find_called(get_form(TERM_FORM).title, FORMS, TODAY).form is None


@given(st.sampled_from([form for form in FORMS if form.calendar is not None]), st.data())
@settings(deadline=None)
def test_a_form_is_known_by_each_of_its_names(form: Form, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([form.title, form.short, *form.aliases]))
    assert find_called(f"xem {name} với", FORMS, TODAY).form == form


@given(st.text(max_size=80), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
@settings(deadline=None)
def test_any_text_is_taken(said: str, today: date) -> None:
    called = find_called(said, FORMS, today)
    assert len(called.rest) <= len(said) + 8
    assert called.period is None or isinstance(called.period, Period)
