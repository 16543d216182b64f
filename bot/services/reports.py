"""Reports: when one is due, whether a unit may send it now, and one that was sent, found by an id from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.access import Right, require
from bot.hands.asking import Asking
from bot.services.campaigns import find_campaign
from knowledge.model.forms import Form, is_open, opens_on
from knowledge.model.periods import EARLIEST_YEAR, Period
from storage import requests, submissions, units
from storage.campaigns import Campaign
from storage.submissions import Submission
from storage.units import Unit


async def get_dates(asking: Asking, unit: Unit, form: Form, period: Period) -> tuple[date, date]:
    """The due day and the lock of a unit's report, what was granted included."""
    return await requests.get_dates(asking.db, unit.id, form, period)


@dataclass(frozen=True, slots=True)
class NotOpenYet:
    """The period is still to come."""

    form: Form
    period: Period
    opens_on: date


@dataclass(frozen=True, slots=True)
class NotAsked:
    """The unit does not send that form for that period; `form` and `period` where it does for others."""

    unit: Unit
    form: Form | None = None
    period: Period | None = None


async def is_asked(asking: Asking, unit: Unit, form: Form, period: Period) -> bool:
    """Whether a unit may send that report now, or correct what it sent; locks aside."""
    campaign = await find_campaign(asking, form, period)
    refused = refuse(asking, unit, form, period, campaign)
    return refused is None and (campaign is None or campaign.closed_at is None)


def refuse(
    asking: Asking, unit: Unit, form: Form, period: Period, campaign: Campaign | None
) -> NotOpenYet | NotAsked | None:
    """Why a unit may not send that report; None where it may. `campaign` is the one that asks for it."""
    if not unit.is_active(asking.today) or form.withdrawn_on is not None:
        return NotAsked(unit)
    if form.calendar is not None:
        if not form.is_owed_by(unit.kind) or period.kind is not form.period:
            return NotAsked(unit)
        if not form.covers(period) or period.year < EARLIEST_YEAR:
            return NotAsked(unit, form, period)
        return None if is_open(form, period, asking.today) else NotOpenYet(form, period, opens_on(form, period))
    if campaign is None or not campaign.asked_units.includes(unit):
        return NotAsked(unit)
    return None if campaign.opens_on <= asking.today else NotOpenYet(form, period, campaign.opens_on)


@dataclass(frozen=True, slots=True)
class ReportAtUnit:
    """A report that was sent, by any version of it; the form with the rows of that unit."""

    unit: Unit
    form: Form
    submission: Submission

    @property
    def period(self) -> Period:
        """The period it is for."""
        return self.submission.period


async def find_report(asking: Asking, right: Right, submission_id: int) -> ReportAtUnit | None:
    """The report of an id from outside; None where its form is no longer known.

    Raises:
        AccessDeniedError: they may not do that for its unit, or there is no such report.
    """
    submission = await submissions.find_submission(asking.db, submission_id)
    found = await units.find_unit_by_id(asking.db, submission.unit_id) if submission is not None else None
    unit = require(asking.asker, right, found)
    form = asking.forms.find(submission.form, submission.period) if submission is not None else None
    return ReportAtUnit(unit, form.asked_of(unit.kind), submission) if submission and form is not None else None
