"""What is known of some officers at one moment: all that is looked at when it is decided about reminding them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import Rules
from bot.services.duties import Duty
from knowledge.model.obligations import Obligation, ObligationKind, Snooze, StepKey
from knowledge.model.owing import AskedUnits
from knowledge.reminders import FORGOTTEN_AFTER
from storage import owing, reminder_recipients, reminders
from storage.reminder_recipients import Addressee
from storage.units import Unit

STEPS_REMEMBERED: Final = timedelta(days=120)


class _DutiesByPlace:
    """Duties by where in the tree they hold, so that a unit meets only those that it is still asked for."""

    def __init__(self, duties: Iterable[Duty], today: date) -> None:
        self._everywhere: list[tuple[AskedUnits, Duty]] = []
        self._under: dict[int, list[tuple[AskedUnits, Duty]]] = {}
        for duty in duties:
            held = (duty.asked.still_asked(today), duty)
            roots = duty.asked.root_ids
            if not roots:
                self._everywhere.append(held)
            for root in set(roots):
                self._under.setdefault(root, []).append(held)

    def of(self, unit: Unit) -> Iterable[Duty]:
        for asked, duty in self._everywhere:
            if asked.includes(unit):
                yield duty
        for unit_id in unit.ancestor_ids:
            for asked, duty in self._under.get(unit_id, ()):
                if asked.includes(unit):
                    yield duty


@dataclass(frozen=True)
class OfficerRecords:
    """What is known of some officers at one moment.

    Attributes:
        addressees: how each is reached, by person.
        obligations: what is still asked of each person's units, or was done by them.
        recorded: the steps that were decided already.
        wishes: when they want to be reminded again, with the supervisor who asked for it (None: they themselves).
    """

    addressees: dict[int, Addressee]
    obligations: dict[int, list[Obligation]]
    recorded: set[StepKey]
    wishes: dict[Snooze, int | None]

    def of(self, person_id: int) -> list[Obligation]:
        """What that person's units owe or have done."""
        return self.obligations.get(person_id, [])


async def read_officer_records(
    db: AsyncConnection, rules: Rules, duties: Iterable[Duty], person_ids: Collection[int], now: datetime
) -> OfficerRecords:
    """What is known of these people now; a unit's obligation is read for each of its officers by itself."""
    addressees = await reminder_recipients.list_readers(db, person_ids)
    posts = await reminder_recipients.list_posts(db, addressees)
    by_place = _DutiesByPlace(duties, rules.today(now))
    met = [
        (post, duty)
        for post in posts
        for duty in by_place.of(post.unit)
        if post.is_officer or duty.kind is ObligationKind.FORM
    ]
    unit_ids = {post.unit.id for post, _ in met}
    reports = {(duty.key.form, duty.key.period) for _, duty in met if duty.key.form}
    sent = await owing.list_sent(db, reports, unit_ids)
    extensions = await owing.list_extensions(db, reports, unit_ids)
    done = await owing.list_done(db, {duty.group for _, duty in met if not duty.key.form}, unit_ids)
    obligations: dict[int, list[Obligation]] = {}
    for post, duty in met:
        key = (duty.key.form, duty.key.period, post.unit.id)
        extension = extensions.get(key) if duty.key.form else None
        starts = [post.granted_at]
        if duty.owed_from is not None:
            starts.append(duty.owed_from)
        if duty.kind is ObligationKind.FORM:
            starts.append(rules.midnight(post.unit.registered_on))
        if extension is not None and extension.due_on > duty.due_on and extension.granted_at is not None:
            starts.append(extension.granted_at)
        obligations.setdefault(post.person_id, []).append(
            duty.obligation(
                post.unit.id,
                post.unit.name,
                dissolved_on=post.unit.dissolved_on,
                extended_to=extension.due_on if extension is not None else None,
                done_at=sent.get(key) if duty.key.form else done.get((duty.group, post.unit.id)),
                owed_from=max(starts),
                officers=(post.person_id,),
            )
        )
    recorded = await reminders.list_recorded(db, addressees, now - STEPS_REMEMBERED)
    wishes = await reminders.list_wishes(db, addressees, now - FORGOTTEN_AFTER)
    return OfficerRecords(addressees, obligations, recorded, wishes)
