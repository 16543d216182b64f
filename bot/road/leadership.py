"""One poller among several processes on one PostgreSQL: whoever has the seat polls, the others stand by.

Telegram answers two pollers of one token with 409 and hands some updates to both. That loses nothing, since an update
is stored once, but each would report the other as an error.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any

from bot.road.intake import Poller
from storage.processes import Tenure

logger = logging.getLogger(__name__)


class Leadership:
    """The poller, let go only while this process has the seat. `run()` goes on until `stop()`."""

    def __init__(self, poller: Poller, tenure: Tenure | None) -> None:
        """`tenure` is the seat to compete for; None where there is no other process, so that the poller just runs."""
        self._poller = poller
        self._tenure = tenure
        self._stopping = asyncio.Event()

    @property
    def stands_by(self) -> bool:
        """Whether another process polls, as far as this one knows."""
        return self._tenure is not None and not self._tenure.held

    def stop(self) -> None:
        """Stop polling and leave the seat to the next."""
        self._stopping.set()
        self._poller.stop()

    async def run(self) -> None:
        """Poll whenever this process has the seat; raises what the poller raises."""
        if self._tenure is None:
            await self._poller.run()
            return
        keeping = asyncio.create_task(self._tenure.run())
        try:
            while await self._comes(self._tenure.wait_held(), before=keeping):
                await self._lead(self._tenure)
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})
        if not keeping.cancelled():
            keeping.result()

    async def _lead(self, tenure: Tenure) -> None:
        """Poll until the seat is lost or the poller ends."""
        self._poller.last_tried = self._poller.last_good = time.monotonic()  # quiet so far because others polled
        logger.info("this process polls now")
        polling = asyncio.create_task(self._poller.run())
        try:
            if not await self._comes(tenure.wait_lost(), before=polling):
                await polling
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
            self._poller.last_good = None

    async def _comes(self, event: Coroutine[Any, Any, object], *, before: asyncio.Task[Any]) -> bool:
        """Whether `event` comes before the stop and before the end of a task."""
        coming, stopping = asyncio.create_task(event), asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({coming, stopping, before}, return_when=asyncio.FIRST_COMPLETED)
            return coming.done() and not stopping.done() and not before.done()
        finally:
            coming.cancel()
            stopping.cancel()
