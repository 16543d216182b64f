"""The sandbox's clock, which can be moved, and a follower of it for another process.

Everything in the sandbox that has a date (messages, expiry of taps, the page's clock bar) reads one `MovableClock`. The
product takes a clock as a plain callable that returns an aware UTC time, so the very same object can be passed to it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Clock = Callable[[], datetime]


def _require_aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone cannot set the clock: {moment.isoformat()}")
    return moment.astimezone(UTC)


class MovableClock:
    """Now, shifted by an offset, or standing still.

    Calling it returns an aware UTC time. By default it runs with the machine's clock; `move` and `move_to` shift it,
    and a clock made with `stopped_at` stands still between moves, which is what tests want.
    """

    def __init__(self, *, start_at: datetime | None = None, stopped_at: datetime | None = None) -> None:
        if start_at is not None and stopped_at is not None:
            raise ValueError("a clock either runs from start_at or stands still at stopped_at")
        self._stopped_at = _require_aware(stopped_at) if stopped_at else None
        self._offset = _require_aware(start_at) - datetime.now(UTC) if start_at else timedelta()
        self.version = 0
        self._listeners: list[Callable[[], None]] = []

    def __call__(self) -> datetime:
        return self._stopped_at if self._stopped_at is not None else datetime.now(UTC) + self._offset

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the machine's."""
        return self() - datetime.now(UTC)

    @property
    def is_running(self) -> bool:
        return self._stopped_at is None

    def move(self, span: timedelta) -> datetime:
        """Moves by `span` (backwards if negative) and returns the new time."""
        if self._stopped_at is not None:
            self._stopped_at += span
        else:
            self._offset += span
        self._announce()
        return self()

    def move_to(self, moment: datetime) -> datetime:
        """Moves to an aware `moment`, before or after now, and returns it. Raises ValueError without a zone."""
        moment = _require_aware(moment)
        if self._stopped_at is not None:
            self._stopped_at = moment
        else:
            self._offset = moment - datetime.now(UTC)
        self._announce()
        return moment

    def on_move(self, listener: Callable[[], None]) -> None:
        """Calls `listener` after every move, so that a waiting tick can look again at once."""
        self._listeners.append(listener)

    def _announce(self) -> None:
        self.version += 1
        for listener in self._listeners:
            listener()


@contextlib.asynccontextmanager
async def following(sandbox_url: str) -> AsyncIterator[MovableClock]:
    """A clock for a process of its own that follows the clock of the sandbox at `sandbox_url`.

    A long poll of `GET /sandbox/clock` brings each move within milliseconds. Raises httpx.HTTPError where the sandbox
    cannot be reached at the start; later interruptions leave the clock running where it was.
    """
    clock = MovableClock()
    async with httpx.AsyncClient(base_url=sandbox_url, timeout=70) as client:
        version = await _read_remote(client, clock, {})

        async def follow() -> None:
            seen = version
            while True:
                try:
                    seen = await _read_remote(client, clock, {"after": seen, "timeout": 50})
                except httpx.HTTPError:
                    await asyncio.sleep(1)

        task = asyncio.create_task(follow())
        try:
            yield clock
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _read_remote(client: httpx.AsyncClient, clock: MovableClock, query: dict[str, int]) -> int:
    response = await client.get("/sandbox/clock", params=query)
    response.raise_for_status()
    read = response.json()
    if read["version"] != query.get("after"):
        clock.move_to(datetime.fromisoformat(read["now"]))
    return int(read["version"])


def next_local_morning(now: datetime, hour: int = 8, minute: int = 30) -> datetime:
    """The next day's morning in Vietnam, as UTC."""
    local = now.astimezone(LOCAL_ZONE) + timedelta(days=1)
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)


def next_local_day_of_month(now: datetime, day: int, hour: int = 8, minute: int = 30) -> datetime:
    """The next time it is `day` (1–28) of a month at that hour in Vietnam, strictly after `now`, as UTC."""
    local = now.astimezone(LOCAL_ZONE)
    moment = local.replace(day=day, hour=hour, minute=minute, second=0, microsecond=0)
    if moment <= local:
        moment = (moment.replace(day=1) + timedelta(days=32)).replace(day=day)
    return moment.astimezone(UTC)
