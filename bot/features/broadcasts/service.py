"""Broadcasts carried out: messages written in portions, behind every reply and reminder, and counted at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders.service import Rules
from bot.road.reply import Reply, to_messages
from storage import broadcasts, messages
from storage.broadcasts import Broadcast, Counts, Readers, Stage
from storage.messages import MessageState
from storage.units import Unit

EVERY = timedelta(seconds=3)
PEOPLE_AT_ONCE = 500
SHOWN_STEPS = 20  # how often at most the message that shows the progress is changed


def leaves_at(rules: Rules, now: datetime) -> datetime | None:
    """When a broadcast may leave, where that is not at once: quiet hours are everybody's. Local."""
    local = now.astimezone(rules.zone)
    return rules.quiet.next_allowed(local) if rules.quiet.covers(local.time()) else None


async def count_all(db: AsyncConnection, unit: Unit, *, without: int) -> dict[Readers, int]:
    """How many people each audience has at a unit and below, its maker aside."""
    return {to: await broadcasts.count_readers(db, unit.path, to, without=without) for to in Readers}


async def spread(db: AsyncConnection, rules: Rules, broadcast: Broadcast, said: Reply, now: datetime) -> bool:
    """Write the messages for the next people; False where everyone has one."""
    readers = await broadcasts.take_next(db, broadcast, PEOPLE_AT_ONCE)
    at = leaves_at(rules, now)
    new = [
        message
        for _, chat_id, key in readers
        for message in to_messages(chat_id, replace(said, key=key, not_before=at))
    ]
    await messages.enqueue(db, new, now)
    return bool(readers)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast has come; `is_done` where every message is settled."""

    counts: Counts
    is_done: bool


async def find_news(db: AsyncConnection, broadcast: Broadcast, now: datetime) -> Progress | None:
    """What is worth telling of a broadcast that has not been told; told now, it is not told again."""
    counts = await broadcasts.count(db, broadcast.id)
    is_done = broadcast.stage is Stage.SPREAD and counts.open == 0
    step = counts.done * SHOWN_STEPS // max(1, broadcast.expected)
    told = "done" if is_done else str(step)
    if told == (broadcast.told or "0"):
        return None
    shown = await messages.find_delivery(db, broadcast.progress_key)
    if not is_done and (shown is None or shown.state is not MessageState.SENT):
        return None
    await broadcasts.note_told(db, broadcast.id, told, done_at=now if is_done else None)
    return Progress(counts, is_done)
