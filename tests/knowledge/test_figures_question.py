"""Questions about one's own figures are told from questions about the plans."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.figures_question import FiguresQuestion, Wanted, find_period, recognise
from knowledge.model.periods import Period, PeriodKind

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
def test_a_question_about_figures_is_known(said: str, meant: FiguresQuestion) -> None:
    assert recognise(said, TODAY) == meant


@pytest.mark.parametrize(
    "said",
    [
        "chỉ tiêu tưlđtt 2025?",
        "đến 2030 phấn đấu đạt bao nhiêu đoàn viên",
        "chỉ tiêu đoàn viên 2030 là bao nhiêu",
        "tổng số đoàn viên 2025",
        "bao nhiêu phần trăm doanh nghiệp có tổ chức công đoàn",
        "mỗi năm kết nạp bao nhiêu đoàn viên",
        "báo cáo sơ kết nộp khi nào",
        "báo cáo gửi cho ai",
        "còn 2030?",
        "xin chào",
        "nộp báo cáo",
        "báo cáo tháng 10: cnvclđ 1320, đoàn viên 1250, mới 12, giảm 3",
        "đạt bao nhiêu % thì hoàn thành chỉ tiêu thỏa ước",
        "",
    ],
)
def test_a_question_about_the_plans_is_left_to_them(said: str) -> None:
    assert recognise(said, TODAY) is None


@pytest.mark.parametrize("name", ["questions.jsonl", "questions-second.jsonl", "questions-third.jsonl"])
def test_no_known_question_about_the_plans_is_taken(name: str) -> None:
    path = Path(__file__).parent / "data" / name
    if not path.exists():
        pytest.skip(f"{name} is not among the test data")
    taken = []
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line) if line.strip() else {}
        said = case.get("question") or case.get("q") or case.get("text") or ""
        if isinstance(said, str) and recognise(said, TODAY) is not None:
            taken.append(said)
    assert not taken


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


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=250))
def test_any_text_is_taken(said: str) -> None:
    recognise(said, TODAY)
