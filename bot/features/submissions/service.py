"""What reports rest on: who reaches which units, what a unit owes, and drafts opened and stored.

Functions here join the sheet of `knowledge.reports` with storage. They speak to nobody; handlers say what came of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from bot.access import Right, require
from bot.features.submissions.taps import DraftMark
from bot.hands import reach
from bot.hands.asking import Asking
from knowledge.forms import find_form, load_forms
from knowledge.meanings import Meaning, Understood
from knowledge.meanings.words import load_words
from knowledge.model.forms import Figures, Form, is_open, last_opened, opens_on
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import EARLIEST_YEAR, Period, PeriodKind
from knowledge.reports import ReportText, filling
from knowledge.reports import sheet as sheets
from knowledge.reports.sheet import ReportSheet, SheetOutcome
from storage import campaigns, drafts, people, requests, submissions, units
from storage.campaigns import Campaign
from storage.drafts import Draft
from storage.people import RoleName
from storage.submissions import State, Submission
from storage.units import Unit as Unit  # noqa: PLC0414 - for handlers, which see no storage

MONTHS_BACK: Final = 24
_ANSWERS: Final = frozenset({Meaning.ANSWER, Meaning.REPORT, Meaning.CANCEL})


class StaleDraftError(Exception):
    """The draft changed while this update was handled; handled again, the update finds it as it is now."""


# What words mean here ----------------------------------------------------------------------------------------------


def is_question(meant: Understood | None) -> bool:
    """Whether words mean something else than an answer to what is asked: a question, or another thing to do. Pure."""
    return meant is not None and meant.means not in _ANSWERS


def is_said_aside(text: str) -> bool:
    """The same where free words are asked for (a reason, a name): only the label of something else is none. Pure."""
    label = load_words().find_label(text)
    return label is not None and label not in _ANSWERS


# What is owed ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """A report that can be sent: owed or at least taken. `campaign_id` where a campaign asks for it."""

    form: Form
    period: Period
    due_on: date
    locks_on: date
    is_owed: bool
    submission: Submission | None = None
    campaign_id: int | None = None

    @property
    def is_missing(self) -> bool:
        """Whether it is owed and was not sent, or was sent back."""
        return self.is_owed and (self.submission is None or self.submission.state is State.RETURNED)


async def list_due(asking: Asking, unit: Unit) -> list[Due]:
    """What a unit may report now, the first due first: months since its registration, the latest opened, campaigns.

    Nothing is asked of a unit that was dissolved, nor in a campaign that was closed.
    """
    found: list[Due] = []
    if not unit.is_active(asking.today):
        return found
    for form in load_forms():
        if form.calendar is None or not form.is_owed_by(unit.kind):
            continue
        latest = last_opened(form, asking.today)
        periods = [latest.shifted(-back) for back in range(MONTHS_BACK)]
        owed = [period for period in periods if AskedUnits.of_period(form, period).includes(unit)]
        sent = {
            submission.period: submission
            for submission in await submissions.list_current(asking.db, [unit.id], form=form.id, most=2 * MONTHS_BACK)
        }
        for period in periods:
            if period in owed or period == latest or period in sent:
                due_on, locks_on = await get_dates(asking, unit, form, period)
                found.append(Due(form, period, due_on, locks_on, period in owed, sent.get(period)))
    for campaign in await campaigns.list_for_unit(asking.db, unit, open_on=asking.today):
        campaign_form = find_form(campaign.form)
        if campaign_form is None:
            continue
        due_on, locks_on = await get_dates(asking, unit, campaign_form, campaign.period)
        current = await submissions.find_current(asking.db, unit.id, campaign.form, campaign.period)
        found.append(Due(campaign_form, campaign.period, due_on, locks_on, True, current, campaign.id))
    return sorted(found, key=lambda due: (due.due_on, due.form.id, due.period.code))


def pick_due(dues: Collection[Due]) -> Due | None:
    """The report to begin with: the missing one due first, else the latest open one that was not sent. Pure."""
    missing = [due for due in dues if due.is_missing]
    if missing:
        return min(missing, key=lambda due: due.due_on)
    unsent = [due for due in dues if due.submission is None]
    return max(unsent, key=lambda due: due.due_on) if unsent else None


async def get_dates(asking: Asking, unit: Unit, form: Form, period: Period) -> tuple[date, date]:
    """The due day and the lock of a unit's report, what was granted included."""
    return await requests.get_dates(asking.db, unit.id, form, period)


async def find_campaign(asking: Asking, form: Form, period: Period) -> Campaign | None:
    """The campaign that asks for a report, closed or not; None for one that is due by the calendar."""
    if period.kind is not PeriodKind.CAMPAIGN:
        return None
    return await campaigns.find_campaign(asking.db, form.id, period)


async def is_closed(asking: Asking, form: Form, period: Period) -> bool:
    """Whether the campaign that asked for a report was closed."""
    campaign = await find_campaign(asking, form, period)
    return campaign is not None and campaign.closed_at is not None


async def is_asked(asking: Asking, unit: Unit, form: Form, period: Period) -> bool:
    """Whether a unit may send that report now, or correct what it sent; locks aside."""
    campaign = await find_campaign(asking, form, period)
    refused = _refuse(asking, unit, form, period, campaign)
    return refused is None and (campaign is None or campaign.closed_at is None)


async def find_campaign_report(asking: Asking, campaign_id: int) -> tuple[Form, Period] | None:
    """What a campaign asks for; None where there is no such campaign."""
    campaign = await campaigns.find_campaign_of_id(asking.db, campaign_id)
    form = find_form(campaign.form) if campaign is not None else None
    return (form, campaign.period) if campaign is not None and form is not None else None


@dataclass(frozen=True, slots=True)
class ReportAtUnit:
    """A report that was sent, by any version of it."""

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
    form = find_form(submission.form) if submission is not None else None
    return ReportAtUnit(unit, form, submission) if submission is not None and form is not None else None


# Drafts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A report being filled in: the stored draft, its sheet, and all that is needed to show its step.

    Attributes:
        previous: the figures of the period before; None where there was no report.
        standing: what was sent and stands.
        campaign: the campaign that asks for it, where one does.
        entered_for: somebody above enters it for the unit (**Nhập thay**).
        can_go_up: whether there is a choice of unit before the first question.
        by: the colleague who changed it last, if another.
        taken: what came of the message that a new draft began with.
    """

    unit: Unit
    form: Form
    draft: Draft
    sheet: ReportSheet
    today: date
    due_on: date
    locks_on: date
    previous: Figures | None = None
    standing: Submission | None = None
    campaign: Campaign | None = None
    entered_for: bool = False
    can_go_up: bool = False
    is_new: bool = False
    by: str | None = None
    taken: SheetOutcome | None = None

    @property
    def period(self) -> Period:
        """The period it is for."""
        return self.draft.period

    @property
    def mark(self) -> DraftMark:
        """What its buttons carry."""
        return DraftMark(self.draft.id, self.draft.state["born"], self.draft.version)

    @property
    def corrects(self) -> int | None:
        """The version being corrected; None for a first report."""
        version: int | None = self.draft.state.get("corrects")
        return version

    @property
    def remark(self) -> str | None:
        """What the supervisor wrote when sending the report back."""
        is_returned = self.standing is not None and self.standing.state is State.RETURNED
        return self.standing.remark if self.standing is not None and is_returned else None

    @property
    def is_late(self) -> bool:
        """Whether what is sent today is late."""
        return self.today > self.due_on

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent as it stands."""
        return sheets.is_ready(self.form, self.sheet, self.previous)

    def is_closed(self, at: datetime) -> bool:
        """Whether what is said at that moment comes after its campaign was closed."""
        return self.campaign is not None and not self.campaign.takes(at)

    def as_closed(self) -> CampaignClosed:
        """What is left of it once its campaign was closed."""
        assert self.campaign is not None
        return CampaignClosed(self.unit, self.form, self.campaign, self, self.standing)


@dataclass(frozen=True, slots=True)
class NotOpenYet:
    """The period is still to come."""

    form: Form
    period: Period
    opens_on: date


@dataclass(frozen=True, slots=True)
class NotAsked:
    """The unit does not send that form for that period."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class CampaignClosed:
    """The campaign that asked for a report was closed: nothing is sent or corrected any more, and nothing is lost.

    `draft` is what was begun and not sent, `standing` what was sent.
    """

    unit: Unit
    form: Form
    campaign: Campaign
    draft: OpenDraft | None
    standing: Submission | None


@dataclass(frozen=True, slots=True)
class Locked:
    """What was sent can be corrected only after the supervisor opens it again."""

    unit: Unit
    form: Form
    submission: Submission
    locks_on: date


NotOpened = NotOpenYet | NotAsked | CampaignClosed | Locked


async def open_draft(
    asking: Asking, unit: Unit, form: Form, period: Period, *, reading: ReportText | None = None
) -> OpenDraft | NotOpened:
    """The unit's draft for a report: the one begun earlier, a new one, or one with what was sent, to be corrected.

    Args:
        reading: what a message says; a new draft begins with it (`OpenDraft.taken`), into an earlier one it is merged
            by the caller.
    """
    campaign = await find_campaign(asking, form, period)
    refused = _refuse(asking, unit, form, period, campaign)
    if refused is not None:
        return refused
    around = await _look_around(asking, unit, form, period, campaign)
    standing = around.standing
    if campaign is not None and not campaign.takes(asking.now):
        begun = await drafts.find_draft(asking.db, unit.id, form.id, period)
        draft = await _opened(asking, unit, form, begun, around) if begun is not None else None
        return CampaignClosed(unit, form, campaign, draft, standing)
    if standing is not None and standing.state is State.SENT and asking.today > around.locks_on:
        return Locked(unit, form, standing, around.locks_on)
    if standing is None:
        sheet = sheets.begin(form)
    else:
        sheet = sheets.begin_correction(form, standing.figures, standing.reasons, no_change=standing.no_change)
    taken = filling.merge(form, sheet, around.previous, reading) if reading is not None else None
    born = secrets.token_hex(3)
    state = _state(taken.sheet if taken else sheet, born=born, corrects=standing.version if standing else None)
    draft_row = await drafts.begin(asking.db, unit.id, form.id, period, state, by=asking.person_id, now=asking.now)
    is_new = draft_row.state["born"] == born
    opened = await _opened(asking, unit, form, draft_row, around)
    return replace(opened, is_new=is_new, taken=taken if is_new else None)


def _refuse(
    asking: Asking, unit: Unit, form: Form, period: Period, campaign: Campaign | None
) -> NotOpenYet | NotAsked | None:
    if not unit.is_active(asking.today):
        return NotAsked(unit)
    if form.calendar is not None:
        if not form.is_owed_by(unit.kind) or period.kind is not form.period or period.year < EARLIEST_YEAR:
            return NotAsked(unit)
        return None if is_open(form, period, asking.today) else NotOpenYet(form, period, opens_on(form, period))
    if campaign is None or not campaign.asked_units.includes(unit):
        return NotAsked(unit)
    return None if campaign.opens_on <= asking.today else NotOpenYet(form, period, campaign.opens_on)


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds a report: its dates, what stands, the figures of the period before, and its campaign."""

    due_on: date
    locks_on: date
    standing: Submission | None
    previous: Figures | None
    campaign: Campaign | None


async def _look_around(asking: Asking, unit: Unit, form: Form, period: Period, campaign: Campaign | None) -> _Around:
    due_on, locks_on = await get_dates(asking, unit, form, period)
    standing, previous = await submissions.find_with_previous(asking.db, unit.id, form.id, period)
    return _Around(due_on, locks_on, standing, previous.figures if previous is not None else None, campaign)


def _state(sheet: ReportSheet, *, born: str, corrects: int | None) -> dict[str, Any]:
    return {"sheet": sheets.dump_sheet(sheet), "born": born, "corrects": corrects}


async def _opened(asking: Asking, unit: Unit, form: Form, draft: Draft, around: _Around) -> OpenDraft:
    own = {held.id for held in asking.asker.units_as(RoleName.OFFICER)}
    entered_for = unit.id not in own
    by = None
    if draft.changed_by is not None and draft.changed_by != asking.person_id:
        other = await people.find_person(asking.db, draft.changed_by)
        by = other.name if other is not None and other.name else None
    return OpenDraft(
        unit,
        form,
        draft,
        sheets.load_sheet(form, draft.state["sheet"]),
        asking.today,
        around.due_on,
        around.locks_on,
        around.previous,
        around.standing,
        around.campaign,
        entered_for=entered_for,
        can_go_up=len(own) > 1 or entered_for,
        by=by,
    )


async def find_opened(asking: Asking, draft_id: int) -> OpenDraft | None:
    """The draft of that id, where the asker may enter for its unit; None alike where the draft or the unit is gone."""
    draft = await drafts.find_by_id(asking.db, draft_id)
    form = find_form(draft.form) if draft is not None else None
    if draft is None or form is None:
        return None
    unit = await reach.find(asking, draft.unit_id, Right.SUBMIT)
    if unit is None or not unit.is_active(asking.today):
        return None
    campaign = await find_campaign(asking, form, draft.period)
    return await _opened(asking, unit, form, draft, await _look_around(asking, unit, form, draft.period, campaign))


async def find_marked(asking: Asking, mark: DraftMark) -> OpenDraft | None:
    """The draft that a button was made for, at whatever version it is now; None where it is gone."""
    opened = await find_opened(asking, mark.draft_id)
    return opened if opened is not None and opened.mark.born == mark.born else None


async def save(asking: Asking, opened: OpenDraft, sheet: ReportSheet) -> OpenDraft:
    """Store the next step. Raises StaleDraftError where the draft changed meanwhile."""
    state = _state(sheet, born=opened.mark.born, corrects=opened.corrects)
    draft = await drafts.save(asking.db, opened.draft, state, by=asking.person_id, now=asking.now)
    if draft is None:
        raise StaleDraftError
    return replace(opened, draft=draft, sheet=sheet, is_new=False, by=None, taken=None)


async def throw_away(asking: Asking, opened: OpenDraft) -> None:
    """Remove a draft that is not wanted; what was sent stays."""
    await drafts.drop(asking.db, opened.draft.id)
    await asking.note("draft.dropped", unit_id=opened.unit.id, subject=f"draft:{opened.draft.id}")
