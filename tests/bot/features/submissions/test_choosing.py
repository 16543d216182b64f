"""Which report is begun: each on a button that a phone shows whole."""

from __future__ import annotations

from datetime import date

from bot.features.submissions.service import Due
from bot.features.submissions.words.around import choose_period
from knowledge.forms import MONTHLY_FORM, TERM_FORM, get_form
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import UnitKind
from storage.units import Unit

UNIT = Unit(3, "MAY", "CĐCS May Hòa Thọ", UnitKind.PRIVATE, None, None, "/3/", date(2020, 1, 1))
TODAY = date(2026, 11, 3)
MONTHLY, TERM = get_form(MONTHLY_FORM), get_form(TERM_FORM)
HALF_WAY = Period(PeriodKind.CAMPAIGN, 2026, name="Sơ kết giữa nhiệm kỳ")
A_BUTTON = 40  # letters that a button 390 pixels wide shows


def labels(*dues: Due) -> list[str]:
    return [button.label for row in choose_period(UNIT, dues, TODAY).buttons for button in row]


def due(form_period: Period, *, is_monthly: bool = False) -> Due:
    form = MONTHLY if is_monthly else TERM
    return Due(form, form_period, date(2026, 12, 15), date(2026, 12, 31), is_owed=True)


def test_a_campaign_is_known_by_its_own_name() -> None:
    said = labels(due(Period.month(2026, 10), is_monthly=True), due(HALF_WAY))
    assert said[:2] == ["Tháng 10/2026 – Biến động đoàn viên (hạn 15/12)", "Đợt Sơ kết giữa nhiệm kỳ (hạn 15/12)"]
    assert len(said[1]) <= A_BUTTON


def test_two_campaigns_of_one_name_are_told_apart_by_their_forms() -> None:
    said = labels(due(HALF_WAY), due(HALF_WAY, is_monthly=True))
    assert said[:2] == [
        "Đợt Sơ kết giữa nhiệm kỳ – Số liệu sơ kết (hạn 15/12)",
        "Đợt Sơ kết giữa nhiệm kỳ – Biến động đoàn viên (hạn 15/12)",
    ]
