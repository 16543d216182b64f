"""What questions about figures name: period, year, unit."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.figures_question import FiguresQuestion, Wanted, find_period, read_figures
from knowledge.meanings.words import load_words
from knowledge.model.periods import Period, PeriodKind
from tests.examples import examples

TODAY = date(2026, 11, 3)
OCTOBER = Period.month(2026, 10)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "còn thiếu bao nhiêu đoàn viên so với chỉ tiêu 2030?",
            FiguresQuestion(Wanted.PROGRESS, 2030),
        ),
        ("con thieu bn dv so voi chi tieu 2030", FiguresQuestion(Wanted.PROGRESS, 2030)),
        ("còn bao nhiêu đoàn viên nữa thì đạt chỉ tiêu?", FiguresQuestion(Wanted.PROGRESS)),
        ("bên em đạt bao nhiêu % chỉ tiêu đoàn viên rồi", FiguresQuestion(Wanted.PROGRESS)),
        ("tiến độ chỉ tiêu đoàn viên 2030", FiguresQuestion(Wanted.PROGRESS, 2030)),
        ("có kịp chỉ tiêu 2030 không", FiguresQuestion(Wanted.PROGRESS, 2030)),
        ("đơn vị tôi nộp tháng 10 chưa", FiguresQuestion(Wanted.SUBMITTED, None, OCTOBER)),
        ("don vi toi nop t10 chua?", FiguresQuestion(Wanted.SUBMITTED, None, OCTOBER)),
        ("tháng 10 bên em nộp báo cáo chưa ạ", FiguresQuestion(Wanted.SUBMITTED, None, OCTOBER)),
        ("đã nộp tháng 10 chưa", FiguresQuestion(Wanted.SUBMITTED, None, OCTOBER)),
        (
            "May Sông Xanh nộp báo cáo tháng 9/2026 chưa",
            FiguresQuestion(Wanted.SUBMITTED, None, Period.month(2026, 9), "song xanh"),
        ),
        ("những đơn vị nào chưa báo cáo", FiguresQuestion(Wanted.MISSING)),
        ("nhung don vi nao chua nop bc thang truoc", FiguresQuestion(Wanted.MISSING, None, OCTOBER)),
        ("còn ai chưa nộp tháng 10?", FiguresQuestion(Wanted.MISSING, None, OCTOBER)),
        ("bao nhiêu đơn vị chưa nộp", FiguresQuestion(Wanted.MISSING)),
        ("có mấy đơn vị đã nộp rồi", FiguresQuestion(Wanted.MISSING)),
        ("hiện nay có bao nhiêu đoàn viên", FiguresQuestion(Wanted.TOTALS)),
        ("tháng 10 kết nạp được bao nhiêu đoàn viên", FiguresQuestion(Wanted.TOTALS, None, OCTOBER)),
    ],
)
def test_what_a_question_about_figures_names(said: str, meant: FiguresQuestion) -> None:
    assert read_figures(meant.wanted, said, TODAY, load_words().around) == meant


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("tháng 12", Period.month(2025, 12)),
        ("tháng 11", Period.month(2026, 11)),
        ("tháng 3/2025", Period.month(2025, 3)),
        ("9/2026", Period.month(2026, 9)),
        ("quý III", Period(PeriodKind.QUARTER, 2026, 3)),
        ("tháng này", Period.month(2026, 11)),
        ("tháng 13", None),
        ("năm 2026", None),
    ],
)
def test_a_period_in_words(said: str, period: Period | None) -> None:
    assert find_period(said, TODAY) == period


@settings(max_examples=examples(150), deadline=None)
@given(st.text(max_size=250))
def test_any_text_is_taken(said: str) -> None:
    read_figures(Wanted.TOTALS, said, TODAY)
