"""Reminders written: decided about some officers now, and each step recorded beside its message."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Self, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders.duties import Duty
from bot.features.reminders.officers import OfficerRecords
from bot.rules import Rules
from knowledge.model.obligations import Recipient, StepKey
from knowledge.reminders import BUSY_FOR, FORGOTTEN_AFTER, WAITS_AT_MOST, Slot, decide_reminders, plan_steps
from storage import messages, reminders
from storage.mail import MessageKind, NewMessage
from storage.reminder_recipients import StepCome

Value = TypeVar("Value")

PEOPLE_AT_ONCE: Final = 500


class ReminderBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the outbox carries of a reminder: no words yet, they are made when the message leaves.

    Attributes:
        person: whose it is.
        steps: the ids of the recorded steps it is about.
        at: the moment it was written for.
        until: the furthest due date in it; None for a digest.
        digest: the group of the duty that a digest is about; empty for an officer's reminder.
    """

    person: int
    steps: tuple[int, ...]
    at: datetime
    until: date | None = None
    digest: str = ""

    def pack(self) -> str:
        """The text in the outbox."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def parse(cls, body: str) -> Self | None:
        """The body in a text from the outbox; None for a message whose words were made when it was written."""
        try:
            return msgspec.json.decode(body, type=cls)
        except msgspec.DecodeError:
            return None


@dataclass(frozen=True, slots=True)
class WrittenCounts:
    """What a tick wrote: messages to officers, digests, steps withheld."""

    reminders: int = 0
    digests: int = 0
    skipped: int = 0

    def __add__(self, other: WrittenCounts) -> WrittenCounts:
        return WrittenCounts(
            self.reminders + other.reminders, self.digests + other.digests, self.skipped + other.skipped
        )


def portions(values: Sequence[Value], size: int = PEOPLE_AT_ONCE) -> Iterable[Sequence[Value]]:
    """The values, so many at a time."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


async def write_reminders(db: AsyncConnection, rules: Rules, records: OfficerRecords, now: datetime) -> WrittenCounts:
    """Decide about these people, and write what is to be said and what is withheld."""
    decision = decide_reminders(
        (obligation for each in records.obligations.values() for obligation in each),
        {person_id: addressee.recipient for person_id, addressee in records.addressees.items()},
        records.recorded,
        now=now,
        working_days=rules.working_days,
        quiet=rules.quiet,
        snoozes=records.wishes,
        zone=rules.zone,
    )
    keys = {reminder.recipient: message_key(reminder.recipient, reminder.keys) for reminder in decision.reminders}
    sent = {key: keys[reminder.recipient] for reminder in decision.reminders for key in reminder.keys}
    skipped = [(skip.key, skip.reason.value) for skip in decision.skipped]
    new = await reminders.record_steps(db, sent, skipped, now)
    written = []
    for reminder in decision.reminders:
        items = tuple(item for item in reminder.items if any(key in new for key in item.keys))
        if not items:
            continue
        written.append(
            NewMessage(
                records.addressees[reminder.recipient].chat_id,
                ReminderBody(
                    reminder.recipient,
                    tuple(new[key] for item in items for key in item.keys if key in new),
                    reminder.scheduled_at,
                    until=max(item.obligation.falls_on for item in items),
                ).pack(),
                MessageKind.REMINDER,
                keys[reminder.recipient],
                last_call=any(item.is_last_call for item in items),
            )
        )
    await messages.enqueue(db, written, now)
    return WrittenCounts(len(written), 0, sum(key in new for key, _ in skipped))


HOT_FOR: Final = WAITS_AT_MOST + timedelta(minutes=10)
"""How long after its moment a step is looked for at every tick; later only by a look at everything."""


def due_dates(duty: Duty, granted: Mapping[tuple[str, str], set[date]]) -> list[date | None]:
    """The common date (None) and those granted instead."""
    if not duty.key.form:
        return [None]
    return [None, *sorted(day for day in granted.get((duty.key.form, duty.key.period), ()) if day > duty.due_on)]


def steps_come(
    rules: Rules, duty: Duty, due_on: date, steps: tuple[int, ...], hours: Sequence[time], now: datetime, *, all_: bool
) -> list[StepCome]:
    """The steps that have come, each with the hours for which it is the latest.

    Args:
        all_: those that came long ago, too.
    """
    at_hours: dict[str, list[tuple[time, Slot]]] = {}
    for hour in hours:
        slots = plan_steps(
            due_on, duty.due_time, steps, hour, working_days=rules.working_days, quiet=rules.quiet, zone=rules.zone
        )
        passed = [slot for slot in slots if slot.at <= now]
        if not passed:
            continue
        slot = passed[-1]
        if now - slot.at > FORGOTTEN_AFTER or not (all_ or now - slot.at <= HOT_FOR):
            continue
        at_hours.setdefault(slot.step.code, []).append((hour, slot))
    return [
        StepCome(code, tuple(hour for hour, _ in found), max(slot.at for _, slot in found))
        for code, found in at_hours.items()
    ]


def late_from(rules: Rules, duty: Duty, falls_on: date) -> datetime:
    """The first moment at which a duty that falls on that day is late."""
    if duty.due_time is not None:
        return datetime.combine(falls_on, duty.due_time, rules.zone)
    return rules.midnight(falls_on + timedelta(days=1))


def message_key(person_id: int, keys: Iterable[StepKey]) -> str:
    """What a message is known by: the same steps make the same key, whoever decides."""
    digest = hashlib.sha256("\n".join(sorted(key.code for key in keys)).encode()).hexdigest()
    return f"remind:{person_id}:{digest[:24]}"


def is_busy(person: Recipient, now: datetime) -> bool:
    """Whether somebody is writing to the bot just now: they are not interrupted."""
    return person.last_wrote_at is not None and timedelta(0) <= now - person.last_wrote_at < BUSY_FOR
