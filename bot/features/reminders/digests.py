"""Digests: who below a supervisor still owes one thing past its date, decided, written, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders.coming import due_dates, late_from, steps_come
from bot.rules import Rules
from bot.services.duties import Duty
from bot.services.officer_records import STEPS_REMEMBERED
from bot.services.proofs import list_of_duties
from bot.services.reminding import ReminderBody, WrittenCounts, message_key
from knowledge.model.obligations import Obligation, ObligationKind, Recipient, StepKey
from knowledge.reminders import decide_reminders
from storage import messages, owing, reminder_recipients, reminders
from storage.joining import find_contacts
from storage.mail import MessageKind, NewMessage
from storage.people import Person
from storage.reminder_recipients import StepCome, Supervisor


@dataclass(frozen=True, slots=True)
class MissingUnit:
    """A unit that owes something and has not done it: how many officers there are to remind, and how many hear nothing.

    Not `is_asked` where the unit was dissolved meanwhile: then there is nobody to remind. `contact` is whom to call.
    """

    obligation: Obligation
    is_asked: bool
    officers: int
    muted: int
    unreachable: int
    contact: Person | None = None

    @property
    def is_silent(self) -> bool:
        """Whether the unit is asked for it, and nobody there can be written to."""
        return self.is_asked and self.unreachable == self.officers


@dataclass(frozen=True, slots=True)
class DigestContent:
    """A digest as it stands when it leaves."""

    duty: Duty
    missing: tuple[MissingUnit, ...]
    expected: int
    number: int
    overdue_for: timedelta
    has_evidence: bool = False


async def read_digest(
    db: AsyncConnection, rules: Rules, duty: Duty, person_id: int, now: datetime, *, number: int
) -> DigestContent | None:
    """Who below this supervisor owes a duty past its date; None where none of them is still asked for it."""
    obligations = await read_group(db, rules, duty, person_id, now)
    today = rules.today(now)
    late = [each for each in obligations if each.submitted_at is None and now >= each.due_at(rules.zone)]
    asked = [each for each in late if each.is_asked(today)]
    if not asked:
        return None
    posts = await reminder_recipients.list_posts_at(db, {each.unit_id for each in asked})
    addressees = await reminder_recipients.list_readers(db, {post.person_id for post in posts})
    contacts = await find_contacts(db, [each.unit_id for each in asked])
    missing = []
    for each in late:
        here = [addressees[post.person_id].recipient for post in posts if post.unit.id == each.unit_id]
        muted = sum(who.muted_until is not None and now < who.muted_until for who in here)
        unreachable = sum(not who.reachable for who in here)
        contact = contacts.get(each.unit_id)
        missing.append(MissingUnit(each, each.is_asked(today), len(here), muted, unreachable, contact))
    first = min(each.falls_on for each in asked)
    paths = [each.path for each in await reminder_recipients.list_supervisors(db) if each.person_id == person_id]
    shown = await list_of_duties(db, paths, group=duty.group, most=1)
    return DigestContent(duty, tuple(missing), len(obligations), number, today - first, bool(shown))


async def find_supervisors_due(
    db: AsyncConnection,
    rules: Rules,
    duties: Sequence[Duty],
    granted: Mapping[tuple[str, str], set[date]],
    hours: Sequence[time],
    now: datetime,
    *,
    everything: bool,
) -> list[tuple[int, Duty]]:
    """Supervisors for whom a digest of a duty has come and was not decided yet."""
    come_by_duty: list[tuple[Duty, date, list[StepCome]]] = []
    for duty in duties:
        steps = tuple(days for days in duty.steps if days > 0)
        for granted_on in due_dates(duty, granted) if steps else ():
            falls_on = granted_on or duty.due_on
            every = steps_come(rules, duty, falls_on, steps, hours, now, all_=everything)
            come = [each for each in every if duty.owed_from is None or duty.owed_from <= each.at]
            if come and now >= late_from(rules, duty, falls_on):
                come_by_duty.append((duty, falls_on, come))
    if not come_by_duty:
        return []
    supervisors = await reminder_recipients.list_supervisors(db)
    person_ids = {supervisor.person_id for supervisor in supervisors}
    addressees = await reminder_recipients.list_readers(db, person_ids)
    recorded = await reminders.list_recorded(db, person_ids, now - STEPS_REMEMBERED)
    posts: dict[int, list[str]] = {}
    for supervisor in supervisors:
        posts.setdefault(supervisor.person_id, []).append(supervisor.path)
    found: list[tuple[int, Duty]] = []
    for duty, falls_on, come_steps in come_by_duty:
        for person_id in sorted(addressees):
            hour = addressees[person_id].recipient.remind_at
            latest = next((each for each in come_steps if hour in each.hours), None)
            if latest is None or not any(map(duty.asked.may_lie_in, posts[person_id])):
                continue
            key = StepKey(reminders.DIGEST + duty.group, falls_on, person_id, latest.step)
            if key not in recorded and (person_id, duty) not in found[-2:]:
                found.append((person_id, duty))
    return found


async def read_group(
    db: AsyncConnection,
    rules: Rules,
    duty: Duty,
    person_id: int,
    now: datetime,
    everyone: Sequence[Supervisor] | None = None,
) -> list[Obligation]:
    """What the units owe for which this person is the nearest supervisor, done or not.

    Args:
        everyone: all supervisors, where they were read already.
    """
    everyone = everyone or await reminder_recipients.list_supervisors(db)
    own = [each for each in everyone if each.person_id == person_id]
    others = {each.path for each in everyone} - {each.path for each in own}
    found: dict[int, Obligation] = {}
    for post in own:
        nearer = [path for path in others if path.startswith(post.path) and path != post.path]
        for row in await owing.list_owing(db, duty.key, duty.asked, within=post.path, without=nearer):
            starts = [rules.midnight(row.unit.registered_on)] if duty.kind is ObligationKind.FORM else []
            if duty.owed_from is not None:
                starts.append(duty.owed_from)
            found[row.unit.id] = duty.obligation(
                row.unit.id,
                row.unit.name,
                dissolved_on=row.unit.dissolved_on,
                extended_to=row.extended_to,
                done_at=row.done_at,
                owed_from=max(starts, default=None),
                supervisors=(person_id,),
            )
    return list(found.values())


async def write_digest(
    db: AsyncConnection, rules: Rules, person_id: int, duty: Duty, now: datetime, everyone: Sequence[Supervisor]
) -> WrittenCounts:
    """Decide about one supervisor's digest of a duty, and write what is to be said.

    Args:
        everyone: all supervisors.
    """
    addressee = (await reminder_recipients.list_readers(db, [person_id])).get(person_id)
    if addressee is None:
        return WrittenCounts()
    obligations = await read_group(db, rules, duty, person_id, now, everyone)
    recorded = await reminders.list_recorded(db, [person_id], now - STEPS_REMEMBERED)
    decision = decide_reminders(
        obligations,
        {person_id: addressee.recipient},
        recorded,
        now=now,
        working_days=rules.working_days,
        quiet=rules.quiet,
        zone=rules.zone,
    )
    sent = {key: message_key(person_id, digest.keys) for digest in decision.digests for key in digest.keys}
    skipped = [(skip.key, skip.reason.value) for skip in decision.skipped]
    if not sent and not skipped and not addressee.recipient.is_busy(now):
        skipped = [(key, reminders.NOTHING) for key in _digest_keys(rules, duty, obligations, addressee.recipient, now)]
    new = await reminders.record_steps(db, sent, skipped, now)
    written = [
        NewMessage(
            addressee.chat_id,
            ReminderBody(
                person_id,
                tuple(new[key] for key in digest.keys if key in new),
                digest.scheduled_at,
                digest=duty.group,
            ).pack(),
            MessageKind.REMINDER,
            message_key(person_id, digest.keys),
        )
        for digest in decision.digests
        if any(key in new for key in digest.keys)
    ]
    await messages.enqueue(db, written, now)
    return WrittenCounts(0, len(written), sum(key in new for key, why in skipped if why != reminders.NOTHING))


def _digest_keys(
    rules: Rules, duty: Duty, obligations: Iterable[Obligation], person: Recipient, now: datetime
) -> set[StepKey]:
    """The steps that came without anybody missing, for every date that counts."""
    days = {duty.due_on, *(obligation.falls_on for obligation in obligations)}
    steps = tuple(step for step in duty.steps if step > 0)
    return {
        StepKey(reminders.DIGEST + duty.group, day, person.id, come.step)
        for day in days
        for come in steps_come(rules, duty, day, steps, [person.remind_at], now, all_=True)
    }
