"""What was sent: one report with its earlier versions, and the list of a unit's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.access import Right
from bot.hands.asking import Asking
from bot.services import proofs
from bot.services.campaigns import find_campaign
from bot.services.reports import ReportAtUnit, get_dates
from knowledge.forms import check_report
from knowledge.model.forms import Figures, Form
from knowledge.model.periods import Period, PeriodKind
from storage import drafts, people, submissions
from storage.campaigns import Campaign
from storage.submissions import State, Submission
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class SentReport:
    """One report opened, with its earlier versions (each with the name of who sent it) and what may be done with it.

    `campaign` is the campaign that asked for it, once that was closed; `reasons` are the rules it breaks and what the
    officer said to them; `papers` is how many photos and files of its signed paper there are.
    """

    unit: Unit
    form: Form
    submission: Submission
    previous: Figures | None
    by: str | None
    earlier: tuple[tuple[Submission, str | None], ...]
    locks_on: date
    is_locked: bool
    reasons: tuple[tuple[str, str], ...]
    may_fix: bool
    may_return: bool
    closed: Campaign | None = None
    papers: int = 0

    @property
    def period(self) -> Period:
        """The period it is for."""
        return self.submission.period


async def show(asking: Asking, report: ReportAtUnit) -> SentReport:
    """A report opened, at the version that stands."""
    unit, form, period = report.unit, report.form, report.period
    versions = await submissions.list_versions(asking.db, unit.id, form.id, period)
    standing = versions[-1]
    senders = await people.get_people(asking.db, {each.sent_by for each in versions if each.sent_by is not None})
    names = {person.id: person.name for person in senders.values()}
    previous = await submissions.find_previous(asking.db, unit.id, form.id, period)
    figures = previous.figures if previous else None
    _, locks_on = await get_dates(asking, unit, form, period)
    campaign = await find_campaign(asking, form, period)
    is_over = campaign is not None and campaign.closed_at is not None
    is_closed = is_over or form.withdrawn_on is not None
    returned = standing.state is State.RETURNED
    return SentReport(
        unit,
        form,
        standing,
        figures,
        names.get(standing.sent_by or 0) or None,
        tuple((version, names.get(version.sent_by or 0) or None) for version in versions[:-1]),
        locks_on,
        asking.today > locks_on and not returned,
        explained(form, standing, figures),
        may_fix=asking.asker.may(Right.SUBMIT, unit) and not is_closed,
        may_return=asking.asker.may(Right.SUPERVISE, unit) and not returned and not is_closed,
        closed=campaign if is_over else None,
        papers=len(await proofs.list_about(asking, unit.id, proofs.about_report(form.id, period))),
    )


def explained(form: Form, submission: Submission, previous: Figures | None) -> tuple[tuple[str, str], ...]:
    """The rules a report breaks and what the officer said to them: (sentence, reason). Pure."""
    broken = check_report(form, submission.figures, previous)
    return tuple((v.sentence, submission.reasons[v.rule]) for v in broken if v.rule in submission.reasons)


@dataclass(frozen=True, slots=True)
class BegunReport:
    """A draft in the list of a unit's reports; `campaign` is the campaign that asks for it, where one does."""

    form: Form
    period: Period
    campaign: Campaign | None

    @property
    def is_closed(self) -> bool:
        """Whether it can be sent no more."""
        return self.is_withdrawn or (self.campaign is not None and self.campaign.closed_at is not None)

    @property
    def is_withdrawn(self) -> bool:
        """Whether its form was withdrawn."""
        return self.form.withdrawn_on is not None


@dataclass(frozen=True, slots=True)
class ReportHistory:
    """The standing reports of a unit, the latest period first, and what was begun and not sent.

    `locked` is the latest that can be corrected only after it is opened again, where the asker may ask for that.
    """

    unit: Unit
    sent: tuple[ReportAtUnit, ...]
    begun: tuple[BegunReport, ...]
    locked: Submission | None = None


async def list_history(asking: Asking, unit: Unit, *, most: int = 12) -> ReportHistory:
    """What was sent for a unit, and what was begun."""
    sent = await submissions.list_current(asking.db, [unit.id], most=most)
    known = [
        ReportAtUnit(unit, form.asked_of(unit.kind), each)
        for each in sent
        if (form := asking.forms.find(each.form, each.period)) is not None
    ]
    known.sort(key=lambda each: (_sort_day(each.submission), each.submission.sent_at), reverse=True)
    begun = []
    for draft in await drafts.list_drafts(asking.db, [unit.id]):
        form = asking.forms.find(draft.form, draft.period)
        if form is not None:
            begun.append(
                BegunReport(form.asked_of(unit.kind), draft.period, await find_campaign(asking, form, draft.period))
            )
    return ReportHistory(unit, tuple(known), tuple(begun), await _find_locked(asking, known))


async def _find_locked(asking: Asking, reports: Sequence[ReportAtUnit]) -> Submission | None:
    """The latest of a unit's reports that is locked; None where the asker may not report for the unit."""
    for each in reports:
        if each.submission.state is not State.SENT or not asking.asker.may(Right.SUBMIT, each.unit):
            continue
        _, locks_on = await get_dates(asking, each.unit, each.form, each.period)
        campaign = await find_campaign(asking, each.form, each.period)
        if (
            asking.today > locks_on
            and each.unit.is_active(asking.today)
            and (campaign is None or not campaign.closed_at)
        ):
            return each.submission
    return None


def _sort_day(submission: Submission) -> date:
    if submission.period.kind is PeriodKind.CAMPAIGN:
        return submission.sent_at.date()
    return submission.period.end
