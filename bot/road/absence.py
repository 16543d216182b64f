"""The time for which the bot was not there, found out at its start, and what is to be done about it.

Telegram keeps a tap for 150 seconds and a message for 24 hours (its server's source); what came earlier is gone without
a trace. So whoever may have sent something into the silence is asked again, and a gap that swallowed messages is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.road import words
from bot.road.clock import Clock
from bot.road.turn import Hooks, post_to_all
from bot.settings import Settings
from storage import inbox, notes
from storage.engine import Database

logger = logging.getLogger(__name__)

TAPS_KEPT: Final = timedelta(seconds=150)
MESSAGES_KEPT: Final = timedelta(hours=24)
CAUGHT_UP_AFTER: Final = 5.0
"""Seconds without a new update from which on everything that Telegram kept has come in."""
LOOK_EVERY: Final = 0.5


@dataclass(frozen=True, slots=True)
class TimeAway:
    """A time in which no process of the bot was there (aware)."""

    since: datetime
    until: datetime

    @property
    def lost_messages_before(self) -> datetime | None:
        """Before when messages are gone; None where Telegram kept them all."""
        return self.until - MESSAGES_KEPT if self.until - self.since > MESSAGES_KEPT else None


async def find_absence(database: Database, now: datetime) -> TimeAway | None:
    """The absence that ends now; None where it was too short for anything to be lost, or where this is the first start.

    To be asked before anything of this start is written.
    """
    async with database.read() as db:
        since = await notes.find_last_sign(db)
    return TimeAway(since, now) if since is not None and now - since >= TAPS_KEPT else None


async def end_absence(
    absence: TimeAway,
    database: Database,
    hooks: Hooks,
    *,
    settings: Settings,
    clock: Clock,
    count_stored: Callable[[], int],
) -> None:
    """Wait until what Telegram kept has come in and is handled; then tell the admins what is lost, and ask again.

    Args:
        count_stored: how many updates were taken in since the start.
    """
    await _catch_up(database, count_stored)
    logger.warning("was absent", extra={"since": absence.since.isoformat(), "until": absence.until.isoformat()})
    now, before = clock(), absence.lost_messages_before
    if before is not None:
        said = words.was_absent(absence.since, absence.until, before, settings.timezone)
        async with database.write() as db:
            await post_to_all(db, settings.admin_ids, said, now)
    for hook in hooks.after_absence:
        await hook(database, absence.since, now)


async def _catch_up(database: Database, count_stored: Callable[[], int]) -> None:
    stored, quiet = count_stored(), 0.0
    while quiet < CAUGHT_UP_AFTER:
        await asyncio.sleep(LOOK_EVERY)
        before, stored = stored, count_stored()
        quiet = quiet + LOOK_EVERY if stored == before else 0.0
    while True:
        async with database.read() as db:
            if not await inbox.count_waiting(db):
                return
        await asyncio.sleep(LOOK_EVERY)
