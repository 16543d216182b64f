"""Word to the admins of an outage on the way to Telegram, which loses nothing, and which nobody could see in a chat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta, tzinfo
from typing import Any

from bot.road import words
from bot.road.clock import Clock
from bot.road.reply import Reply, to_messages
from bot.road.way import Outage, Way
from storage import messages
from storage.engine import Database

logger = logging.getLogger(__name__)

PROBE_EVERY = 10.0
CATCH_UP = 30.0  # seconds in which updates come again once other calls do
HELD_FOR = timedelta(minutes=10)  # after which the notice goes out as it was first written, should the process die


class OutageTeller:
    """Tells the admins of an outage that lasts: one message, which leaves once the way is back and says how long.

    It is written when the outage begins to last, so that it comes even if the process ends meanwhile.
    """

    def __init__(
        self,
        way: Way,
        database: Database,
        *,
        clock: Clock,
        zone: tzinfo,
        admin_ids: Collection[int],
        probe: Callable[[], Awaitable[Any]],
    ) -> None:
        """`probe` makes a harmless call, to see whether the way is back."""
        self._way = way
        self._database = database
        self._clock = clock
        self._zone = zone
        self._admin_ids = sorted(admin_ids)
        self._probe = probe

    async def run(self) -> None:
        """Go on until cancelled; database failures are waited out."""
        while True:
            outage = await self._way.next_lasting()
            logger.error("telegram out of reach", extra={"since": outage.since.isoformat(), "error": outage.error})
            await self._insist(lambda outage=outage: self._write(outage))  # type: ignore[misc]
            await self._wait_for_way(outage)
            await self._insist(lambda outage=outage: self._release(outage))  # type: ignore[misc]

    async def _wait_for_way(self, outage: Outage) -> None:
        """Wait until something can be delivered; then a little for the other direction, which may be late."""
        while outage.until is None:
            try:
                await self._probe()
                is_back = True
            except Exception as error:
                is_back = False
                logger.debug("the way is not back", extra={"error": type(error).__name__})
            with suppress(TimeoutError):
                async with asyncio.timeout(CATCH_UP if is_back else PROBE_EVERY):
                    await outage.over.wait()
            if is_back:
                return

    def _notices(self, outage: Outage) -> list[tuple[int, Reply]]:
        """One for each admin, at most one an hour."""
        since = outage.since.astimezone(self._zone)
        until = outage.until.astimezone(self._zone) if outage.until is not None else None
        said = words.way_lost(since, until, is_foreign=outage.is_foreign)
        return [(admin, replace(said, key=f"way:{since:%Y%m%d%H}:{admin}")) for admin in self._admin_ids]

    async def _write(self, outage: Outage) -> None:
        now = self._clock()
        async with self._database.write() as db:
            for admin, notice in self._notices(outage):
                held = replace(notice, not_before=now + HELD_FOR)
                await messages.enqueue(db, to_messages(admin, held), now)

    async def _release(self, outage: Outage) -> None:
        """Let the notice go, with what is known by now."""
        now = self._clock()
        async with self._database.write() as db:
            for admin, notice in self._notices(outage):
                for message in to_messages(admin, notice):
                    await messages.reword(db, message, now)

    async def _insist(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await work()
            except Exception as error:
                logger.error("notice not written", extra={"error": type(error).__name__})  # noqa: TRY400
                await asyncio.sleep(5.0)
