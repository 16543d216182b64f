"""One poller among several processes on one PostgreSQL: whoever has the seat polls, the others stand by.

Telegram answers two pollers of one token with 409 and hands some updates to both. That loses nothing, since an update
is stored once, but each would report the other as an error.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from bot.road.intake import Poller
from storage.processes import Tenure

logger = logging.getLogger(__name__)

QUIET_FOR = 180.0  # seconds without an answer of Telegram's after which the seat is left to another process
REST = 2.0  # seconds before this process competes again; the others try each second


class Leadership:
    """The `poller`, let go only while this process has the seat. `run()` goes on until `stop()`."""

    def __init__(self, poller: Poller, tenure: Tenure | None) -> None:
        """`tenure` is the seat to compete for; None where there is no other process, so that the poller just runs."""
        self.poller = poller
        self._tenure = tenure
        self._stopping = asyncio.Event()

    @property
    def polls(self) -> bool:
        """Whether it is this process that polls, as far as it knows."""
        return self._tenure is None or self._tenure.held

    @property
    def stands_by(self) -> bool:
        """Whether another process has the seat; False too where it cannot be told, as the database is out of reach."""
        return self._tenure is not None and self._tenure.refused

    def stop(self) -> None:
        """Stop polling and leave the seat to the next."""
        self._stopping.set()
        self.poller.stop()

    async def run(self) -> None:
        """Poll whenever this process has the seat; raises what the poller raises."""
        if self._tenure is None:
            await self.poller.run()
            return
        while not self._stopping.is_set():
            keeping = asyncio.create_task(self._tenure.run())
            try:
                if await self._comes(self._tenure.wait_held(), before=keeping):
                    await self._lead(self._tenure)
            finally:
                keeping.cancel()
                await asyncio.wait({keeping})
            if not keeping.cancelled():
                keeping.result()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), REST)

    async def _lead(self, tenure: Tenure) -> None:
        """Poll until the seat is lost or to be left, or the poller ends."""
        self.poller.last_tried = time.monotonic()
        if tenure.followed:  # quiet so far because another polled
            self.poller.last_good = self.poller.last_tried
        logger.info("this process polls now")
        polling = asyncio.create_task(self.poller.run())
        try:
            if not await self._comes(self._has_to_go(tenure), before=polling):
                await polling
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    async def _has_to_go(self, tenure: Tenure) -> None:
        """Come back once the seat is lost, or Telegram was out of reach for so long that another is to try."""
        since = time.monotonic()
        while tenure.held and time.monotonic() - max(since, self.poller.last_good or since) < QUIET_FOR:
            with suppress(TimeoutError):
                await asyncio.wait_for(tenure.wait_lost(), REST)

    async def _comes(self, event: Coroutine[Any, Any, object], *, before: asyncio.Task[Any]) -> bool:
        """Whether `event` comes before the stop and before the end of a task."""
        coming, stopping = asyncio.create_task(event), asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({coming, stopping, before}, return_when=asyncio.FIRST_COMPLETED)
            return coming.done() and not stopping.done() and not before.done()
        finally:
            coming.cancel()
            stopping.cancel()
