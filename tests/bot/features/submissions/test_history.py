"""What was sent for a unit fits one screen of a phone: a short line a month, the rest behind its button."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from bot.features.submissions.history import BegunReport, ReportHistory
from bot.features.submissions.words.receipts import history
from bot.services.reports import ReportAtUnit
from knowledge.forms import MONTHLY_FORM, TERM_FORM, get_form
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import UnitKind
from storage.submissions import State, Submission
from storage.units import Unit

UNIT = Unit(3, "MAY", "CĐCS May Hòa Thọ", UnitKind.PRIVATE, None, None, "/3/", date(2020, 1, 1))
MONTHLY, TERM = get_form(MONTHLY_FORM), get_form(TERM_FORM)
A_LINE = 40  # letters that a phone 390 pixels wide shows in one line


def sent(
    number: int, form: Form, period: Period, *, on_time: bool = True, state: State = State.SENT, **given: int
) -> ReportAtUnit:
    at = datetime(2026, 11, 2, 5, tzinfo=UTC)
    figures = {key: Decimal(value) for key, value in given.items()}
    made = Submission(
        id=number,
        unit_id=3,
        form=form.id,
        period=period,
        version=1,
        figures=figures,
        reasons={},
        no_change=False,
        sent_at=at,
        first_sent_at=at,
        sent_by=7,
        entered_for=False,
        on_time=on_time,
        state=state,
        remark=None,
    )
    return ReportAtUnit(UNIT, form, made)


def test_a_year_of_a_large_union_is_one_short_line_a_month() -> None:
    last = Period.month(2026, 10)
    year = [
        sent(20 - back, MONTHLY, last.shifted(-back), workers=111_320, members=100_250, admitted=112, lost=103)
        for back in range(12)
    ]
    said = history(ReportHistory(UNIT, tuple(year), ()))
    lines = said.text.splitlines()
    assert lines[0] == "<b>Báo cáo đã gửi – CĐCS May Hòa Thọ</b>"
    assert lines[2] == "✓ 10/2026: 111.320 · 100.250 · 112 · 103"
    months = [line for line in lines if line.startswith("✓")]
    assert len(months) == 12
    assert max(map(len, months)) <= A_LINE
    assert len(lines) == 15
    assert [len(row) for row in said.buttons] == [2] * 6
    assert said.buttons[0][0].label == "Tháng 10/2026"


def test_how_each_stands_is_a_sign_that_is_explained_where_it_occurs() -> None:
    reports = (
        sent(3, MONTHLY, Period.month(2026, 10), state=State.RETURNED, workers=90, members=80, admitted=0, lost=0),
        sent(2, MONTHLY, Period.month(2026, 9), on_time=False, workers=90, members=80, admitted=1, lost=0),
        sent(1, TERM, Period(PeriodKind.CAMPAIGN, 2026, name="Sơ kết giữa nhiệm kỳ"), i46=80),
    )
    text = history(ReportHistory(UNIT, reports, (BegunReport(MONTHLY, Period.month(2026, 11), None),))).text
    assert "↩ 10/2026: 90 · 80 · 0 · 0" in text
    assert "◷ 09/2026: 90 · 80 · 1 · 0" in text
    assert "✓ Đợt Sơ kết giữa nhiệm kỳ\n" in text
    assert "↩ gửi trả để sửa, ◷ nộp muộn, ✓ đúng hạn." in text
    assert "tháng 11/2026: đang điền dở, chưa gửi." in text


def test_none_is_said_so() -> None:
    assert "Chưa có báo cáo nào" in history(ReportHistory(UNIT, (), ())).text
