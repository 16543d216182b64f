"""Questions that were passed on are forgotten: after a while, or with the person who asked or answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.road.turn import Surroundings
from storage import relays
from storage.engine import Database

PURGE_EVERY: Final = timedelta(hours=12)

forget = relays.forget_person


def join(around: Surroundings) -> None:
    """Let old questions be forgotten."""
    around.hooks.every(PURGE_EVERY, _purge, name="relays purge")


async def _purge(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await relays.purge(db, now)
