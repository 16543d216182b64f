"""Reminders written: decided about some officers now, and each step recorded beside its message."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Self, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import Rules
from bot.services.officer_records import OfficerRecords
from knowledge.model.obligations import StepKey
from knowledge.reminders import decide_reminders
from storage import messages, reminders
from storage.mail import MessageKind, NewMessage

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


def message_key(person_id: int, keys: Iterable[StepKey]) -> str:
    """What a message is known by: the same steps make the same key, whoever decides."""
    digest = hashlib.sha256("\n".join(sorted(key.code for key in keys)).encode()).hexdigest()
    return f"remind:{person_id}:{digest[:24]}"
