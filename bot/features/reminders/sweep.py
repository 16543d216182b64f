"""A tick: who is due to be reminded now, in portions.

Nothing is written ahead and nothing is held. A tick finds the people for whom a step has come, decides about them with
`knowledge.reminders`, and records each step beside its message; what is owed is read again when the message leaves.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders.coming import due_dates, late_from, steps_come
from bot.features.reminders.digests import find_supervisors_due, write_digest
from bot.rules import Rules
from bot.services.duties import AHEAD, BEHIND, Duty, list_duties
from bot.services.officer_records import read_officer_records
from bot.services.reminding import WrittenCounts, portions, write_reminders
from knowledge.reminders import FORGOTTEN_AFTER
from storage import owing, reminder_recipients
from storage.engine import Database

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(seconds=5)
SWEEP_EVERY: Final = timedelta(minutes=15)
DIGESTS_AT_ONCE: Final = 50


@dataclass
class Sweep:
    """How far the ticks of this process looked last. A hint to save work: forgotten, it is only looked once more."""

    at: datetime | None = None
    ticked_at: datetime | None = None

    def needs_all(self, now: datetime, hours: Sequence[time], zone: ZoneInfo) -> bool:
        """Whether to look at every step that has come, however long ago."""
        before, self.ticked_at = self.ticked_at, now
        if self.at is None or before is None or not timedelta(0) <= now - self.at < SWEEP_EVERY:
            return True
        today = now.astimezone(zone).date()
        return any(before < datetime.combine(today, hour, zone) <= now for hour in hours)


async def tick(database: Database, rules: Rules, now: datetime, sweep: Sweep | None = None) -> WrittenCounts:
    """Write what is due to be said now. Safe to run in several processes, and after any outage.

    Nothing comes of it in quiet hours. Reading is done beside the writer, in portions; the uniqueness of each step
    decides where two processes come to the same conclusion.
    """
    if rules.quiet.covers(now.astimezone(rules.zone).time()):
        return WrittenCounts()
    sweep = sweep or Sweep()
    async with database.read() as db:
        today = rules.today(now)
        hours = await reminder_recipients.list_hours(db)
        everything = sweep.needs_all(now, hours, rules.zone)
        wishers = await reminder_recipients.find_wishers(db, now, now - FORGOTTEN_AFTER)
        furthest = max([today + AHEAD, *wishers.values()])
        duties = await list_duties(db, rules, today, ahead=furthest - today)
        granted = await owing.list_extended_dates(db, today - BEHIND, today + AHEAD)
        due = set(wishers)
        for duty in duties:
            due |= await _find_due(db, rules, duty, granted, hours, now, everything=everything)
        supervisors = await find_supervisors_due(db, rules, duties, granted, hours, now, everything=everything)
    written = WrittenCounts()
    for some in portions(sorted(due)):
        async with database.read() as db:
            records = await read_officer_records(db, rules, duties, some, now)
        async with database.write() as db:
            written += await write_reminders(db, rules, records, now)
        await asyncio.sleep(0)
    for digests in portions(supervisors, DIGESTS_AT_ONCE):
        async with database.write() as db:
            everyone = await reminder_recipients.list_supervisors(db)
            for person_id, duty in digests:
                written += await write_digest(db, rules, person_id, duty, now, everyone)
        await asyncio.sleep(0)
    if everything:
        sweep.at = now
    if written != WrittenCounts():
        logger.info(
            "reminders written",
            extra={"reminders": written.reminders, "digests": written.digests, "skipped": written.skipped},
        )
    return written


async def _find_due(
    db: AsyncConnection,
    rules: Rules,
    duty: Duty,
    granted: Mapping[tuple[str, str], set[date]],
    hours: Sequence[time],
    now: datetime,
    *,
    everything: bool,
) -> set[int]:
    found: set[int] = set()
    still_asked = duty.asked.still_asked(rules.today(now))
    for granted_on in due_dates(duty, granted):
        falls_on = granted_on or duty.due_on
        is_late = now >= late_from(rules, duty, falls_on)
        for come in steps_come(rules, duty, falls_on, duty.steps, hours, now, all_=everything):
            if (is_late and not come.step.startswith("+")) or (duty.owed_from is not None and duty.owed_from > come.at):
                continue
            found |= await reminder_recipients.find_officers_due(
                db, duty.key, still_asked, come, due_on=duty.due_on, granted_on=granted_on
            )
    return found
