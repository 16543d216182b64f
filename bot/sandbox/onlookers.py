"""Observers of the sandbox: events for open pages, and waiting until a condition holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.sandbox.model import Json


class Onlookers:
    """Open pages, which get every event, and waiters, who look again after each change."""

    def __init__(self) -> None:
        self._waiters: list[asyncio.Future[None]] = []
        self._subscribers: set[asyncio.Queue[Json | None]] = set()

    def emit(self, event: Json) -> None:
        """Sends an event to every open page."""
        for queue in self._subscribers:
            queue.put_nowait(event)

    def subscribe(self) -> asyncio.Queue[Json | None]:
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._subscribers.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Json | None]) -> None:
        self._subscribers.discard(queue)

    def dismiss(self) -> None:
        """Ends every event stream."""
        for queue in self._subscribers:
            queue.put_nowait(None)

    def notify(self) -> None:
        """Wakes everyone in `wait_until`."""
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def wait_until(self, condition: Callable[[], bool], timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        """Waits until `condition` holds, looking after each change; False after `timeout` real seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    waiter = asyncio.get_running_loop().create_future()
                    self._waiters.append(waiter)
                    await waiter
        except TimeoutError:
            return condition()
        return True
