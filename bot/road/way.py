"""The way to Telegram: since when calls have not been answered by Telegram itself.

Providers that block Telegram, portals and proxies answer in its place, or nobody answers at all. Nothing is lost by it,
but everything waits.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime

from bot.road.clock import Clock, system_clock

LASTS = 60.0  # seconds of failing calls that make an outage worth telling
RECENT = 90.0  # seconds for which a failed call says something of the present


@dataclass(slots=True)
class Outage:
    """A stretch of calls that Telegram did not answer; `until` is None while it goes on.

    `is_foreign`: something else answered in its place. `begun` and `latest` are monotonic seconds.
    """

    since: datetime
    begun: float
    latest: float
    until: datetime | None = None
    calls: int = 0
    is_foreign: bool = False
    error: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Way:
    """Whether calls get through, in each direction: updates in (getUpdates) and everything else out."""

    def __init__(self, clock: Clock = system_clock) -> None:
        """`clock` tells when an outage began and ended."""
        self._clock = clock
        self._outages: dict[bool, Outage] = {}
        self._lasting: asyncio.Queue[Outage] = asyncio.Queue()

    def note_good(self, method: str) -> None:
        """Note that Telegram answered, even if it said no."""
        outage = self._outages.pop(method == "getUpdates", None) if self._outages else None
        if outage is not None:
            outage.until = self._clock()
            outage.over.set()

    def note_bad(self, method: str, error: str, *, is_foreign: bool) -> None:
        """Note that it did not: something else answered (`is_foreign`), or nobody in time."""
        now = time.monotonic()
        outage = self._outages.get(method == "getUpdates")
        if outage is None:
            outage = self._outages[method == "getUpdates"] = Outage(self._clock(), now, now)
        was_lasting = any(each.latest - each.begun >= LASTS for each in self._outages.values())
        outage.latest, outage.error = now, error
        outage.calls += 1
        outage.is_foreign |= is_foreign
        if not was_lasting and now - outage.begun >= LASTS:
            self._lasting.put_nowait(outage)

    @property
    def outage(self) -> Outage | None:
        """The outage at present, the longer one of both directions; one slow answer by itself is none."""
        now = time.monotonic()
        present = [
            each
            for each in self._outages.values()
            if now - each.latest < RECENT and (each.is_foreign or each.calls > 1)
        ]
        return min(present, key=lambda each: each.begun, default=None)

    @property
    def problem(self) -> str | None:
        """What is wrong at present, in a line for the operator; None where nothing is known to be."""
        outage = self.outage
        if outage is None:
            return None
        seconds = round(time.monotonic() - outage.begun)
        what = "something that is not Telegram answers" if outage.is_foreign else "Telegram does not answer"
        return f"{what}, for {seconds} s ({outage.error})"

    async def next_lasting(self) -> Outage:
        """Wait for the next outage that lasts, in whichever direction that shows first."""
        return await self._lasting.get()
