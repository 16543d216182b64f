"""What pictures say of periods that lack reports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.features.summaries.reports import AskedReport
from bot.features.summaries.service import YearSeries
from bot.features.summaries.words.pictures import movement_picture
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import Movement
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage.summaries import Level, Totals
from storage.units import Unit
from tests.monthly import monthly_figures

FORM = get_form(MONTHLY_FORM)
ROWS = Movement(*(FORM.get_indicator(key) for key in ("members", "admitted", "lost")))
MONTHS = [Period.month(2026, number) for number in (9, 10, 11)]


@pytest.mark.parametrize(
    ("partial", "older", "hollow", "bars"),
    [
        ((), 0, set(), set()),
        ((9,), 0, {0}, {0}),
        ((9, 11), 0, {0, 2}, {0, 2}),
        # The last total is filled up with the latest figures of those still missing: it is whole, its bars are not.
        ((9, 11), 2, {0}, {0, 2}),
        # Nothing came in October: there is no point to be hollow.
        ((10,), 0, set(), set()),
    ],
)
def test_months_that_lack_reports_are_hollow_and_said_to_be(
    partial: tuple[int, ...], older: int, hollow: set[int], bars: set[int]
) -> None:
    unit = Unit(1, "BAC", "Công đoàn khu Bắc", UnitKind.UPPER, None, None, "/1/", date(2020, 1, 1))
    sums = Totals(monthly_figures(200, 100), {"members": 2})
    totals = tuple((month, None if month.number == 10 else sums) for month in MONTHS)
    lacking = frozenset(Period.month(2026, number) for number in partial)
    series = YearSeries(unit, None, AskedReport.of_calendar(FORM, MONTHS[-1]), totals, lacking)
    picture = movement_picture(series, ROWS, Level({"members": Decimal(150)}, 3, older))
    assert picture.partial == hollow
    assert picture.partial_bars == bars
    assert ("điểm, cột rỗng: kỳ chưa đủ báo cáo" in picture.subtitle) == bool(hollow or bars)
