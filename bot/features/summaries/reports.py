"""Which report is looked at, over which unit: what buttons and errands name, found for somebody who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right
from bot.features.summaries.taps import ReportRef
from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services.duties import report_group
from bot.services.plan_targets import FiguresOf
from knowledge.forms import MONTHLY_FORM, CalledFor
from knowledge.model.forms import Form, due_on, is_open
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import EARLIEST_YEAR, Period
from storage import campaigns
from storage.campaigns import Campaign
from storage.summaries import ReportsBelow
from storage.units import Unit


class Thing(StrEnum):
    """What is made aside of a report; the kinds of errands."""

    SUMMARY = "summary"
    UNITS = "units"
    DETAILS = "details"
    WORKBOOK = "workbook"
    TO_FILL = "to_fill"
    CSV = "csv"
    YEAR = "year"
    PRINTED = "printed"
    CHARTS = "charts"
    NUDGE = "nudge"
    DIGEST = "digest"
    YEAR_END = "year-end"


@dataclass(frozen=True, slots=True)
class AskedReport:
    """A form and period with its due date; `campaign` where a campaign asks for it."""

    form: Form
    period: Period
    due_on: date
    campaign: Campaign | None = None

    @classmethod
    def of_calendar(cls, form: Form, period: Period) -> AskedReport:
        """A form that is owed by its own calendar."""
        return cls(form, period, due_on(form, period))

    @property
    def ref(self) -> ReportRef:
        """What a button carries; read by `find_asked`."""
        if self.campaign is not None:
            return ReportRef(campaign=self.campaign.id)
        return ReportRef(self.form.id, self.period)

    @property
    def group(self) -> str:
        """The key of the duty that reminders know it by."""
        return report_group(self.form.id, self.period)

    def below(self, unit: Unit) -> ReportsBelow:
        """What is summed up for a unit and all below it."""
        asked = AskedUnits.of_period(self.form, self.period) if self.campaign is None else self.campaign.asked_units
        return ReportsBelow(unit, self.form, self.period, asked)

    def concerns(self, unit: Unit) -> bool:
        """Whether it is asked of the unit, of something below it, or of something that it is part of."""
        if self.campaign is None:
            return True
        place = self.campaign.unit_path
        return unit.path.startswith(place) or place.startswith(unit.path)


@dataclass(frozen=True, slots=True)
class UnitReport:
    """A report over a unit and all below it, for somebody who may see it."""

    asking: Asking
    rules: Rules
    unit: Unit
    asked: AskedReport

    @property
    def db(self) -> AsyncConnection:
        """The transaction in which it is looked at."""
        return self.asking.db

    @property
    def today(self) -> date:
        """The local day."""
        return self.asking.today

    @property
    def below(self) -> ReportsBelow:
        """What is summed up."""
        return self.asked.below(self.unit)

    @property
    def figures(self) -> FiguresOf:
        """What is held against the targets of a plan."""
        return FiguresOf(self.db, self.rules, self.unit, self.asked.form, self.asked.period, self.today)

    @property
    def may_nudge(self) -> bool:
        """Whether the asker may remind the unit's officers."""
        return self.asking.asker.may(Right.SUPERVISE, self.unit)


async def find_report(
    asking: Asking, rules: Rules, unit_id: int, ref: ReportRef, *, right: Right = Right.SEE
) -> UnitReport | None:
    """What a button or errand names; None where the report is gone, still to come, or not asked around that unit.

    Raises:
        AccessDeniedError: the asker has not that right for the unit.
    """
    unit = await asking.get_unit(right, unit_id)
    asked = await find_asked(asking, ref)
    return UnitReport(asking, rules, unit, asked) if asked is not None and asked.concerns(unit) else None


async def find_asked(asking: Asking, ref: ReportRef) -> AskedReport | None:
    """The report of a name from outside; None for anything forged, gone or still to come."""
    if ref.period is None:
        campaign = await campaigns.find_campaign_of_id(asking.db, ref.campaign) if ref.campaign is not None else None
        form = asking.forms.find(campaign.form) if campaign is not None else None
        if campaign is None or form is None:
            return None
        return AskedReport(form, campaign.period, campaign.due_on, campaign)
    form = asking.forms.find(ref.form, ref.period)
    if form is None or form.calendar is None or ref.period.year < EARLIEST_YEAR:
        return None
    return _find_opened(form, ref.period, asking.today)


def find_called(asking: Asking, called: CalledFor) -> AskedReport | None:
    """The report that words call for: of the monthly form where they name none, the latest where they name no period.

    None for one that is still to come, and for a span of time that nothing is reported by.
    """
    if called.form is None and called.period is not None:
        return None
    form_id = called.form.id if called.form is not None else MONTHLY_FORM
    period = called.period or find_latest(asking, form_id)
    form = asking.forms.find(form_id, period)
    return _find_opened(form, period, asking.today) if form is not None and period is not None else None


def find_latest(asking: Asking, form_id: str) -> Period | None:
    """The latest open period of a form that is owed by its calendar; None before its first."""
    return next((period for form, period in asking.forms.list_opened(asking.today) if form.id == form_id), None)


def _find_opened(form: Form, period: Period, today: date) -> AskedReport | None:
    if period.kind is not form.period or not is_open(form, period, today):
        return None
    return AskedReport.of_calendar(form, period)


async def list_asked(asking: Asking, unit: Unit) -> list[AskedReport]:
    """The reports a supervisor of this unit may look at now: each form's latest period, and the campaigns around it."""
    found = [AskedReport.of_calendar(form, period) for form, period in asking.forms.list_opened(asking.today)]
    listed = [each for each in await campaigns.list_campaigns(asking.db) if each.opens_on <= asking.today]
    for campaign in reversed(listed):
        form = asking.forms.find(campaign.form)
        if form is not None and form.withdrawn_on is None:
            asked = AskedReport(form, campaign.period, campaign.due_on, campaign)
            found += [asked] if asked.concerns(unit) else []
    return found
