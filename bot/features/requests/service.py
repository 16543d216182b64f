"""What needs the supervisor: more time, a report opened again after the lock, and a report sent back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from bot.access import Right
from bot.features.submissions import sheet as dialog
from bot.features.submissions.service import find_reachable, get_dates
from bot.hands.asking import Asking
from knowledge.calendar.deadlines import find_dates
from knowledge.forms import find_form
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from storage import audit, drafts, people, requests, submissions
from storage.requests import Request, RequestKind, RequestState
from storage.submissions import Submission
from storage.units import Unit

MORE_TIME = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request would be about: the day that holds now, and the day that is asked for by default."""

    unit: Unit
    form: Form
    period: Period
    kind: RequestKind
    ends_on: date
    until: date


async def wish(asking: Asking, unit: Unit, form: Form, period: Period, kind: RequestKind) -> Wish | None:
    """More time, or a report opened again; None where the report was sent and needs no more time."""
    due_on, locks_on = await get_dates(asking, unit, form, period)
    if kind is RequestKind.EXTENSION:
        if await submissions.find_current(asking.db, unit.id, form.id, period) is not None:
            return None
        return Wish(unit, form, period, kind, due_on, max(due_on, asking.today) + MORE_TIME)
    return Wish(unit, form, period, kind, locks_on, max(locks_on, asking.today) + MORE_TIME)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits, whether it is new, and who may decide it."""

    request: Request
    is_new: bool
    until: date
    deciders: tuple[int, ...]


async def ask(asking: Asking, wanted: Wish, reason: str, until: date, admin_ids: Collection[int]) -> Asked:
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
    above = await people.list_supervisors(asking.db, wanted.unit.id)
    joined = [person.telegram_id for person in above if person.telegram_id is not None]
    deciders = tuple(joined) or tuple(sorted(admin_ids))
    if is_new:
        await audit.note(
            asking.db,
            f"request.{wanted.kind.value}",
            asking.now,
            by=asking.person_id,
            unit_id=wanted.unit.id,
            subject=f"request:{request.id}",
        )
    return Asked(request, is_new, request.wanted_on or until, deciders)


def read_wish(text: str, today: date) -> tuple[str, date | None]:
    """The reason and the day that a message asks for; the words of the day stay in the reason. Pure."""
    found = [each.due.on for each in find_dates(text, today)]
    return " ".join(text.split())[: dialog.LONGEST_REASON], found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Decided:
    """A request as it is answered now (`is_new`), or was before."""

    unit: Unit
    form: Form
    request: Request
    is_new: bool
    until: date
    by: str | None
    officers: tuple[people.Person, ...] = ()
    deciders: tuple[int, ...] = ()


async def decide(asking: Asking, request_id: int, *, approved: bool, admin_ids: Collection[int]) -> Decided | None:
    """Answer a request; None where it is out of the asker's reach."""
    request = await requests.find_request(asking.db, request_id)
    if request is None:
        return None
    unit, form = await find_reachable(asking, request.unit_id, Right.SUPERVISE), find_form(request.form)
    if unit is None or form is None:
        return None
    until = request.wanted_on or asking.today + MORE_TIME
    is_extension = request.kind is RequestKind.EXTENSION
    answered = await requests.decide(
        asking.db,
        request.id,
        approved=approved,
        by=asking.person_id,
        now=asking.now,
        zone=asking.zone,
        new_due_on=until if is_extension else None,
        new_locks_on=None if is_extension else until,
    )
    if answered is None:
        earlier = await people.find_person(asking.db, request.decided_by) if request.decided_by else None
        return Decided(unit, form, request, False, until, earlier.name if earlier else None)
    await audit.note(
        asking.db,
        "request.approved" if approved else "request.refused",
        asking.now,
        by=asking.person_id,
        unit_id=unit.id,
        subject=f"request:{request.id}",
    )
    officers = {person.id: person for person in await people.list_officers(asking.db, unit.id)}
    if request.asked_by is not None and request.asked_by not in officers:
        asked_by = await people.find_person(asking.db, request.asked_by)
        if asked_by is not None:
            officers[asked_by.id] = asked_by
    above = await people.list_supervisors(asking.db, unit.id)
    joined = [person.telegram_id for person in above if person.telegram_id is not None]
    deciders = tuple(joined) or tuple(sorted(admin_ids))
    return Decided(unit, form, answered, True, until, None, tuple(officers.values()), deciders)


def was_approved(request: Request) -> bool:
    """Whether a request was granted."""
    return request.state is RequestState.APPROVED


async def send_back(
    asking: Asking, submission_id: int, remark: str
) -> tuple[Unit, Form, Submission, list[people.Person]] | None:
    """Send a report back for correction; None where it does not stand, stands no more, or is out of reach."""
    submission = await submissions.find_submission(asking.db, submission_id)
    if submission is None:
        return None
    unit, form = await find_reachable(asking, submission.unit_id, Right.SUPERVISE), find_form(submission.form)
    if unit is None or form is None:
        return None
    returned = await submissions.send_back(
        asking.db, submission.id, remark=remark, returned_by=asking.person_id, now=asking.now
    )
    if returned is None:
        return None
    await audit.note(
        asking.db,
        "submission.returned",
        asking.now,
        by=asking.person_id,
        unit_id=unit.id,
        subject=f"submission:{submission.id}",
    )
    # A draft begun before the remark goes on from what was sent.
    stale = await drafts.find_draft(asking.db, unit.id, form.id, submission.period)
    if stale is not None:
        await drafts.drop(asking.db, stale.id)
    return unit, form, returned, await people.list_officers(asking.db, unit.id)
