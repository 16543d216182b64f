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
OCTOBER, SEPTEMBER = Period.month(2026, 10), Period.month(2026, 9)
HALF_WAY = Period(PeriodKind.CAMPAIGN, 2026, name="Sơ kết giữa nhiệm kỳ")


def due(period: Period, form: str, due_on: date = date(2026, 12, 15)) -> Due:
    return Due(get_form(form), period, due_on, date(2026, 12, 31), is_owed=True)


def labels(*dues: Due) -> list[str]:
    return [row[0].label for row in choose_period(UNIT, dues, TODAY).buttons[:-1]]


def test_a_month_and_a_campaign_say_which_report_it_is() -> None:
    asked = (due(OCTOBER, MONTHLY_FORM), due(SEPTEMBER, MONTHLY_FORM, date(2026, 10, 5)), due(HALF_WAY, TERM_FORM))
    assert labels(*asked) == [
        "Tháng 10/2026 (hạn 15/12)",
        "Tháng 09/2026 (quá hạn)",
        "Đợt Sơ kết giữa nhiệm kỳ (hạn 15/12)",
    ]


def test_where_two_forms_have_months_or_one_name_the_form_is_named() -> None:
    assert labels(due(OCTOBER, MONTHLY_FORM), due(SEPTEMBER, TERM_FORM)) == [
        "Tháng 10/2026 – Biến động đoàn viên (hạn 15/12)",
        "Tháng 09/2026 – Số liệu sơ kết (hạn 15/12)",
    ]
    assert labels(due(HALF_WAY, TERM_FORM), due(HALF_WAY, MONTHLY_FORM)) == [
        "Đợt Sơ kết giữa nhiệm kỳ – Số liệu sơ kết (hạn 15/12)",
        "Đợt Sơ kết giữa nhiệm kỳ – Biến động đoàn viên (hạn 15/12)",
    ]
