"""What a unit begins with, and what it is told to be missing from before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.features.submissions.service import Due, list_first, list_older, pick_due, pick_present
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import due_on
from knowledge.model.periods import Period, PeriodKind
from storage.submissions import State, Submission
from tests.monthly import monthly_figures

FORM = get_form(MONTHLY_FORM)
OTHER = get_form("so-ket-nhiem-ky")


def due(number: int, *, sent: bool = False, owed: bool = True) -> Due:
    period = Period.month(2026, number)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    figures = monthly_figures(9, 8)
    submission = Submission(
        1, 2, FORM.id, period, 1, figures, False, {}, now, now, None, False, on_time=True, state=State.SENT
    )
    return Due(FORM, period, due_on(FORM, period), date(2026, 12, 31), owed, submission if sent else None)


def campaign(day: date) -> Due:
    return Due(OTHER, Period(PeriodKind.CAMPAIGN, 2026, name="so-ket"), day, day, True, None, 7)


def test_it_begins_with_the_present_month_and_names_those_before() -> None:
    dues = [due(7), due(8), due(9, sent=True), due(10)]
    chosen = pick_present(dues)
    assert chosen == due(10)
    assert list_older(dues, chosen) == [due(7), due(8)]


def test_what_is_due_before_a_campaign_comes_before_it() -> None:
    assert pick_present([due(8), due(10), campaign(date(2026, 12, 31))]) == due(10)
    early = campaign(date(2026, 10, 15))
    assert pick_present([due(8), due(10), early]) == early
    assert list_older([due(8), due(10), early], early) == []


def test_a_choice_offers_the_latest_of_each_first_then_those_before() -> None:
    early = campaign(date(2026, 10, 15))
    assert list_first([due(7), due(8), due(9, sent=True), due(10), early]) == [early, due(10), due(8), due(7)]


def test_with_nothing_missing_it_is_what_may_be_sent_or_nothing() -> None:
    taken = replace(due(10), is_owed=False)
    assert pick_present([due(9, sent=True), taken]) == pick_due([due(9, sent=True), taken]) == taken
    assert pick_present([due(9, sent=True)]) is None
