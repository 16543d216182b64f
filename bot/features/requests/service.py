"""What needs the supervisor: more time, a report opened again after the lock, and a report sent back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bot.access import Right
from bot.features.requests.dialogs import Explaining
from bot.hands import reach
from bot.hands.asking import Asking
from bot.services.campaigns import find_campaign, is_closed
from bot.services.reports import ReportAtUnit, find_report, get_dates, is_asked
from knowledge.calendar.new_days import read_new_day
from knowledge.calendar.outcomes import Unclear
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.reports.filling import LONGEST_REASON
from storage import audit, drafts, people, requests, submissions
from storage.people import Person
from storage.requests import Request, RequestKind, RequestState
from storage.submissions import State
from storage.units import Unit

MORE_TIME: Final = timedelta(days=5)
SHORTEST_REASON: Final = 3
"""Letters."""
LONGEST_LOOK_AHEAD: Final = 366
"""Days that a request may ask for."""


class CampaignIsOver:
    """The campaign that asked for a report was closed: there is nothing to request."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request would be about: the day that holds now, and the day that is asked for by default."""

    unit: Unit
    form: Form
    period: Period
    kind: RequestKind
    ends_on: date
    until: date

    @property
    def is_reopening(self) -> bool:
        """Whether a locked report is to be opened again; else more time is wanted."""
        return self.kind is RequestKind.REOPEN

    def find_soonest(self, today: date) -> date:
        """The day after which a wanted day must lie."""
        return max(self.ends_on, today) if self.is_reopening else self.ends_on

    def may_end(self, day: date, today: date) -> bool:
        """Whether that day can be asked for."""
        is_later = day > self.ends_on and day >= today
        return is_later and (day - self.find_soonest(today)).days <= LONGEST_LOOK_AHEAD

    @property
    def explaining(self) -> Explaining:
        """The dialog in which its reason is given."""
        return Explaining(
            kind=self.kind, unit_id=self.unit.id, form=self.form.id, period=self.period.code, until=self.until
        )

    def put_off(self, until: date | None, today: date) -> Wish:
        """The same until another day, where one was named that can be asked for."""
        return self if until is None or not self.may_end(until, today) else replace(self, until=until)


async def _find_wish(asking: Asking, unit: Unit, form: Form, period: Period, kind: RequestKind) -> Wish | None:
    """More time, or a report opened again; None where the report was sent and needs no more time, or is not asked."""
    if not await is_asked(asking, unit, form, period):
        return None
    due_on, locks_on = await get_dates(asking, unit, form, period)
    if kind is RequestKind.REOPEN:
        return Wish(unit, form, period, kind, locks_on, max(locks_on, asking.today) + MORE_TIME)
    if await submissions.find_current(asking.db, unit.id, form.id, period) is not None:
        return None
    return Wish(unit, form, period, kind, due_on, max(due_on, asking.today) + MORE_TIME)


async def find_extension(
    asking: Asking, unit: Unit, form: Form, period: Period, until: date | None = None
) -> Wish | CampaignIsOver | None:
    """More time for a report, until the day that was named, if any; None where it was sent and needs none."""
    if await is_closed(asking, form, period):
        return CampaignIsOver()
    wish = await _find_wish(asking, unit, form, period, RequestKind.EXTENSION)
    return wish and wish.put_off(until, asking.today)


async def find_reopening(asking: Asking, report: ReportAtUnit) -> Wish | CampaignIsOver | None:
    """A report opened again; None where its unit is no more."""
    if await is_closed(asking, report.form, report.period):
        return CampaignIsOver()
    return await _find_wish(asking, report.unit, report.form, report.period, RequestKind.REOPEN)


async def find_explained(asking: Asking, explaining: Explaining) -> Wish | CampaignIsOver | None:
    """The request whose reason is being given, as it would be now.

    Raises:
        AccessDeniedError: they may no longer report for that unit.
    """
    unit = await asking.get_unit(Right.SUBMIT, explaining.unit_id)
    period = Period.parse(explaining.period)
    form = asking.forms.find(explaining.form, period)
    if form is None:
        return None
    if await is_closed(asking, form, period):
        return CampaignIsOver()
    wish = await _find_wish(asking, unit, form, period, explaining.kind)
    return wish and wish.put_off(explaining.until, asking.today)


@dataclass(frozen=True, slots=True)
class AskedRequest:
    """A request that waits, whether it is new, and who may decide it."""

    wish: Wish
    request: Request
    is_new: bool
    until: date
    deciders: tuple[int, ...]


async def _list_deciders(asking: Asking, unit_id: int, admin_ids: Collection[int]) -> tuple[int, ...]:
    """The chats of those who decide about a unit's requests: its supervisors; where none has joined, the admins."""
    above = await people.list_supervisors(asking.db, unit_id)
    joined = [person.telegram_id for person in above if person.telegram_id is not None]
    return tuple(joined) or tuple(sorted(admin_ids))


async def ask(asking: Asking, wanted: Wish, reason: str, until: date, admin_ids: Collection[int]) -> AskedRequest:
    """Put a request to the supervisors of the unit (to the admins of the settings where there are none)."""
    request, is_new = await requests.ask(
        asking.db,
        unit_id=wanted.unit.id,
        form=wanted.form.id,
        period=wanted.period,
        kind=wanted.kind,
        reason=reason,
        asked_by=asking.person_id,
        now=asking.now,
        wanted_on=until,
    )
    deciders = await _list_deciders(asking, wanted.unit.id, admin_ids)
    if is_new:
        await asking.note(
            f"request.{wanted.kind.value}",
            unit_id=wanted.unit.id,
            subject=f"request:{request.id}",
            details={"form": wanted.form.id, "period": wanted.period.code},
        )
    return AskedRequest(wanted, request, is_new, request.wanted_on or until, deciders)


def is_explained(text: str) -> bool:
    """Whether words say anything: a letter or two are no reason. Pure."""
    return sum(letter.isalpha() for letter in text) >= SHORTEST_REASON


def read_wish(text: str, wish: Wish, today: date) -> tuple[str, date | Unclear | None]:
    """The reason and the day that a message asks for; the words of the day stay in the reason. Pure."""
    return " ".join(text.split())[:LONGEST_REASON], read_new_day(text, today, wish.ends_on)


@dataclass(frozen=True, slots=True)
class Decided:
    """A request as it is answered now (`is_new`), or was before, or need not be any more.

    Attributes:
        by: who answered it.
        is_closed: the campaign was closed meanwhile, so that nothing is left to grant.
        campaign_id: the campaign that asks for the report, where one does.
        due_on: the last day in time as it is after the answer; None where it was answered before.
        deciders: everyone who was asked.
    """

    unit: Unit
    form: Form
    request: Request
    is_new: bool
    until: date
    by: str | None
    officers: tuple[Person, ...] = ()
    deciders: tuple[int, ...] = ()
    campaign_id: int | None = None
    is_closed: bool = False
    due_on: date | None = None

    @property
    def is_approved(self) -> bool:
        """Whether it was granted."""
        return self.request.state is RequestState.APPROVED

    @property
    def is_withdrawn(self) -> bool:
        """Whether the report was sent in time before anybody answered."""
        return self.request.state is RequestState.WITHDRAWN

    @property
    def is_reopening(self) -> bool:
        """Whether a locked report is to be opened again; else more time was wanted."""
        return self.request.kind is RequestKind.REOPEN


@dataclass(frozen=True, slots=True)
class ToRefuse:
    """An open request whose refusal waits for its reason."""

    unit: Unit
    form: Form
    request: Request


async def find_to_refuse(asking: Asking, request_id: int) -> ToRefuse | None:
    """An open request that somebody may refuse; None where it is answered, over or out of their reach."""
    request = await requests.find_request(asking.db, request_id)
    if request is None or request.state is not RequestState.OPEN:
        return None
    unit = await reach.find(asking, request.unit_id, Right.SUPERVISE)
    form = asking.forms.find(request.form, request.period)
    if unit is None or form is None or await is_closed(asking, form, request.period):
        return None
    return ToRefuse(unit, form, request)


async def _read_dates(asking: Asking, unit: Unit, form: Form, request: Request) -> dict[str, date]:
    """The date that a request would move, by what it is; moved with it, the other one tells nothing new."""
    due_on, locks_on = await get_dates(asking, unit, form, request.period)
    return {"due_on": due_on} if request.kind is RequestKind.EXTENSION else {"locks_on": locks_on}


async def decide(
    asking: Asking, request_id: int, *, approved: bool, admin_ids: Collection[int], remark: str = ""
) -> Decided | None:
    """Answer a request, a refusal with its reason in `remark`; None where it is out of the asker's reach."""
    request = await requests.find_request(asking.db, request_id)
    if request is None:
        return None
    unit = await reach.find(asking, request.unit_id, Right.SUPERVISE)
    form = asking.forms.find(request.form, request.period)
    if unit is None or form is None:
        return None
    until = request.wanted_on or asking.today + MORE_TIME
    campaign = await find_campaign(asking, form, request.period)
    if await is_closed(asking, form, request.period):
        await requests.withdraw(asking.db, request.id, asking.now)
        return Decided(unit, form, request, False, until, None, is_closed=True)
    is_extension = request.kind is RequestKind.EXTENSION
    before = await _read_dates(asking, unit, form, request)
    answered = await requests.decide(
        asking.db,
        request.id,
        approved=approved,
        by=asking.person_id,
        now=asking.now,
        zone=asking.zone,
        new_due_on=until if is_extension else None,
        new_locks_on=None if is_extension else until,
        remark=" ".join(remark.split())[:LONGEST_REASON] or None,
    )
    if answered is None:
        earlier = await people.find_person(asking.db, request.decided_by) if request.decided_by else None
        return Decided(unit, form, request, False, until, earlier.name if earlier else None)
    await asking.note(
        "request.approved" if approved else "request.refused",
        unit_id=unit.id,
        subject=f"request:{request.id}",
        details={
            "form": form.id,
            "period": request.period.code,
            audit.CHANGED: audit.changes(before, await _read_dates(asking, unit, form, request)),
        },
    )
    officers = {person.id: person for person in await people.list_officers(asking.db, unit.id)}
    if request.asked_by is not None and request.asked_by not in officers:
        asked_by = await people.find_person(asking.db, request.asked_by)
        if asked_by is not None:
            officers[asked_by.id] = asked_by
    deciders = await _list_deciders(asking, unit.id, admin_ids)
    due_on, _ = await get_dates(asking, unit, form, request.period)
    return Decided(
        unit,
        form,
        answered,
        True,
        until,
        asking.asker.name,
        tuple(officers.values()),
        deciders,
        campaign.id if campaign is not None else None,
        due_on=due_on,
    )


@dataclass(frozen=True, slots=True)
class SentBack:
    """A report that was sent back now, and the officers who correct it."""

    report: ReportAtUnit
    remark: str
    officers: tuple[Person, ...]


async def find_to_send_back(asking: Asking, submission_id: int) -> ReportAtUnit | None:
    """The report that stands, to be sent back; None where it was corrected or sent back meanwhile.

    Raises:
        AccessDeniedError: they may not do that for its unit, or there is no such report.
    """
    report = await find_report(asking, Right.SUPERVISE, submission_id)
    if report is None or not report.submission.is_current or report.submission.state is State.RETURNED:
        return None
    return report


async def send_back(asking: Asking, submission_id: int, text: str) -> SentBack | None:
    """Send a report back for correction; None and the errors are those of `find_to_send_back`."""
    remark = " ".join(text.split())[:LONGEST_REASON]
    report = await find_to_send_back(asking, submission_id)
    if report is None or await is_closed(asking, report.form, report.period):
        return None
    returned = await submissions.send_back(
        asking.db, report.submission.id, remark=remark, returned_by=asking.person_id, now=asking.now
    )
    if returned is None:
        return None
    await asking.note(
        "submission.returned",
        unit_id=report.unit.id,
        subject=f"submission:{report.submission.id}",
        details={"form": report.form.id, "period": report.period.code},
    )
    # A draft begun before the remark goes on from what was sent.
    stale = await drafts.find_draft(asking.db, report.unit.id, report.form.id, report.period)
    if stale is not None:
        await drafts.drop(asking.db, stale.id)
    officers = await people.list_officers(asking.db, report.unit.id)
    return SentBack(ReportAtUnit(report.unit, report.form, returned), remark, tuple(officers))
