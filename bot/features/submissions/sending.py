"""Sending a report, and what stands afterwards: the receipt and whoever is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right
from bot.features.submissions.history import explained
from bot.hands import reach
from bot.hands.asking import Asking
from bot.services.drafts import Locked, OpenDraft, ReportClosed, StaleDraftError
from bot.services.reports import get_dates
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.reports import sheet as sheets
from storage import audit, drafts, people, requests, submissions
from storage.requests import RequestKind
from storage.submissions import State, Submission
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Delivered:
    """A report that stands: which version, whether it is new, and the dates it was judged by.

    Of a new one, `officers` and `supervisors` are those who are told of it; `reasons` are the rules it breaks and what
    the officer said to them; `sent_back_by` had sent the version before it back. `sent_on` is the local day it came.
    `is_locked`: it can be corrected only after the supervisor opens it again.
    """

    unit: Unit
    form: Form
    submission: Submission
    is_new: bool
    due_on: date
    locks_on: date
    sent_on: date
    is_locked: bool = False
    officers: tuple[people.Person, ...] = ()
    supervisors: tuple[people.Person, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    sent_back_by: people.Person | None = None

    @property
    def days_early(self) -> int:
        """How many days before its due date a first version came, by its local day; 0 for a correction."""
        return max(0, (self.due_on - self.sent_on).days) if self.submission.version == 1 else 0


async def send(
    asking: Asking, opened: OpenDraft, *, carrier: tuple[int, int], sent_at: datetime
) -> Delivered | Locked | ReportClosed:
    """Keep the report as what stands from now on, and let go of the draft.

    Args:
        carrier: chat and message of **Gửi**.
        sent_at: Telegram's date of that message: timeliness, the lock and a campaign's end are judged by it.
    """
    unit, form, period = opened.unit, opened.form, opened.period
    due_on, locks_on = opened.due_on, opened.locks_on
    if opened.is_closed(sent_at):
        return opened.as_closed()
    before = await submissions.find_current(asking.db, unit.id, form.id, period)
    is_late = opened.corrects is not None and sent_at.astimezone(asking.zone).date() > locks_on
    if is_late and before is not None and before.state is State.SENT:
        return Locked(unit, form, before, locks_on)
    # Whoever else changed the draft in this very moment comes first; this update is then handled again.
    if not await drafts.drop(asking.db, opened.draft.id, version=opened.draft.version):
        raise StaleDraftError
    reasons = sheets.reasons_to_keep(form, opened.sheet, opened.previous)
    recorded = await submissions.record(
        asking.db,
        unit_id=unit.id,
        form=form.id,
        period=period,
        figures=form.completed(opened.sheet.figures),
        sent_at=sent_at,
        sent_by=asking.person_id,
        on_time=not requests.is_late(sent_at, due_on, asking.zone),
        no_change=opened.sheet.no_change,
        reasons=reasons,
        entered_for=opened.entered_for,
        carrier=carrier,
    )
    submission = recorded.submission
    if not recorded.is_new:
        came_on = _day_of(asking, submission)
        return Delivered(unit, form, submission, False, due_on, locks_on, came_on, asking.today > locks_on)
    await asking.note(
        "submission.recorded",
        unit_id=unit.id,
        subject=f"submission:{submission.id}",
        details={
            "form": form.id,
            "period": period.code,
            "version": submission.version,
            audit.CHANGED: audit.changes(before.figures, submission.figures) if before is not None else {},
        },
    )
    waiting = await requests.find_open(asking.db, unit.id, form.id, period, RequestKind.EXTENSION)
    if waiting is not None and submission.on_time:
        await requests.withdraw(asking.db, waiting.id, asking.now)
    told = await people.list_officers(asking.db, unit.id) if submission.entered_for else []
    said = explained(form, submission, opened.previous)
    above = await people.list_supervisors(asking.db, unit.id) if said else []
    return Delivered(
        unit,
        form,
        submission,
        True,
        due_on,
        locks_on,
        _day_of(asking, submission),
        asking.today > locks_on,
        officers=tuple(person for person in told if person.id != asking.person_id),
        supervisors=tuple(person for person in above if person.id != asking.person_id),
        reasons=said,
        sent_back_by=await _find_returner(asking, before),
    )


def _day_of(asking: Asking, submission: Submission) -> date:
    return submission.sent_at.astimezone(asking.zone).date()


async def _find_returner(asking: Asking, before: Submission | None) -> people.Person | None:
    """Who sent the version before back; None where nobody did, it was the asker, or they lost the unit since."""
    by = before.returned_by if before is not None and before.state is State.RETURNED else None
    if before is None or by is None or by == asking.person_id:
        return None
    above = await people.list_supervisors(asking.db, before.unit_id)
    return next((person for person in above if person.id == by), None)


async def find_delivered(asking: Asking, unit_id: int, form_id: str, code: str) -> Delivered | None:
    """The report that stands, for a receipt to be shown again; None where there is none within reach."""
    period = Period.parse(code)
    unit, form = await reach.find(asking, unit_id, Right.SUBMIT), asking.forms.find(form_id, period)
    if unit is None or form is None:
        return None
    form = form.asked_of(unit.kind)
    submission = await submissions.find_current(asking.db, unit.id, form.id, period)
    if submission is None:
        return None
    due_on, locks_on = await get_dates(asking, unit, form, period)
    is_locked = submission.state is State.SENT and asking.today > locks_on
    return Delivered(unit, form, submission, False, due_on, locks_on, _day_of(asking, submission), is_locked)


async def find_sender(asking: Asking, submission: Submission) -> str | None:
    """The name of whoever sent a report; None where nobody is known by it any more, or it was the asker."""
    if submission.sent_by is None or submission.sent_by == asking.person_id:
        return None
    person = await people.find_person(asking.db, submission.sent_by)
    return person.name or None if person is not None else None


async def has_sent(db: AsyncConnection, chat_id: int, message_id: int) -> bool:
    """Whether a report was sent with that message."""
    return await submissions.find_by_carrier(db, chat_id, message_id) is not None
