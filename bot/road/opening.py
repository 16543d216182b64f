"""Connections opened for messages that wait, since a message is claimed only where one is open to carry it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from bot.road.carrier import Carrier, CarrierError
from bot.road.verdicts import Effect, decide_after_opening

AT_A_TIME: Final = 8


class Opener:
    """Opens connections, some at a time, by calls that change nothing."""

    def __init__(
        self, carrier: Carrier, *, on_opened: Callable[[], None], on_failed: Callable[[Effect, float], None]
    ) -> None:
        """`on_opened` is called after each, well or not; `on_failed` gets what a failure means for all sending."""
        self._carrier = carrier
        self._on_opened = on_opened
        self._on_failed = on_failed
        self._opening: set[asyncio.Task[None]] = set()

    def open_more(self, most: int) -> None:
        """Open up to `most` connections, unless some are open already or being opened."""
        if self._opening or self._carrier.count_ready(1):
            return
        for _ in range(min(AT_A_TIME, most)):
            task = asyncio.create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opened)

    def cancel(self) -> None:
        """Open none."""
        for task in self._opening:
            task.cancel()

    async def _open(self) -> None:
        try:
            await self._carrier.open_another()
        except CarrierError as error:
            self._on_failed(*decide_after_opening(error))

    def _opened(self, task: asyncio.Task[None]) -> None:
        self._opening.discard(task)
        self._on_opened()
