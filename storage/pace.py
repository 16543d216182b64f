"""The pace of sending: at most so many messages in any second, bulk in even gaps, and silence where Telegram wants it.

Decisions are pure; times are epoch seconds of the machine. Where several processes send (PostgreSQL), they share the
row of `lock_pace`; a single process keeps the pace in memory, and the row holds only a halt, which outlives a restart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import insert_into
from storage.schema import pace

WINDOW: Final = 1.05
"""Seconds in which at most `rate` messages leave; a little over one, for the jitter of the network."""
REMEMBERED_UP_TO: Final = 200
"""Messages a second beyond which all are spaced evenly instead of being remembered one by one."""
CATCH_UP: Final = 3
"""Even gaps that may be made up for after a moment's delay."""
_CLOCK_SLACK: Final = 5.0  # seconds by which a time may lie ahead before the clock is taken to have been set back


@dataclass(frozen=True, slots=True)
class SendingPace:
    """When messages left lately, and until when nothing may leave.

    Attributes:
        left: when the last ones left, oldest first.
        even: when the next one of bulk may leave.
        halt_until: until when Telegram wants silence, asked for at `halted_at`.
    """

    left: tuple[float, ...] = ()
    even: float = 0.0
    halt_until: float | None = None
    halted_at: float | None = None

    def find_slot(self, now: float, *, rate: float, bulk: bool) -> float:
        """The earliest time from `now` on at which one more may leave. Pure.

        Args:
            rate: messages a second; 0 for no limit.
            bulk: keep even gaps (reminders, broadcasts) instead of spending the second at once (replies).
        """
        if rate <= 0:
            return now
        held, slot = self._without_the_future(now), now
        if rate <= REMEMBERED_UP_TO:
            window = max(1, int(rate))
            if len(held.left) >= window:
                slot = max(slot, held.left[-window] + WINDOW)
        return max(slot, held.even) if bulk or rate > REMEMBERED_UP_TO else slot

    def take_slot(self, now: float, *, rate: float, bulk: bool) -> SendingPace:
        """The pace after one that leaves now. Pure."""
        if rate <= 0:
            return self
        held, even, gap = self._without_the_future(now), self.even, WINDOW / rate
        if bulk or rate > REMEMBERED_UP_TO:
            even = max(held.even, now - CATCH_UP * gap) + gap
        left = (*held.left, now)[-max(1, int(rate)) :] if rate <= REMEMBERED_UP_TO else ()
        return replace(held, left=left, even=even)

    def take_slots(self, now: float, *, rate: float, bulk: bool, most: int) -> tuple[int, SendingPace]:
        """How many of `most` may leave now, and the pace after them. Pure."""
        if rate <= 0:
            return most, self
        count, held = 0, self
        while count < most and held.find_slot(now, rate=rate, bulk=bulk) <= now:
            count, held = count + 1, held.take_slot(now, rate=rate, bulk=bulk)
        return count, held

    def halted_for(self, now: float) -> float:
        """For how many seconds from `now` Telegram still wants silence: never longer than it ever asked for. Pure."""
        if self.halt_until is None:
            return 0.0
        span = self.halt_until - self.halted_at if self.halted_at is not None else self.halt_until - now
        return max(0.0, min(self.halt_until - now, span))

    def _without_the_future(self, now: float) -> SendingPace:
        """Without times that lie ahead: then the clock was set back since."""
        ahead = now + _CLOCK_SLACK
        if (self.left and self.left[-1] > ahead) or self.even > ahead:
            return replace(self, left=(), even=0.0)
        return self


async def lock_pace(db: AsyncConnection) -> SendingPace:
    """The common pace, locked by this transaction: claims of all processes go one after the other."""
    row = (await db.execute(_LOCK)).first()
    if row is None:
        await db.execute(insert_into(db, pace).values(name=_NAME, slots="{}").on_conflict_do_nothing())
        return await lock_pace(db)
    return _to_pace(row.slots, row.halt_until)


async def find_pace(db: AsyncConnection) -> SendingPace:
    """The pace as it was stored last."""
    row = (await db.execute(_FIND)).first()
    return _to_pace(row.slots, row.halt_until) if row is not None else SendingPace()


async def keep_pace(db: AsyncConnection, kept: SendingPace) -> None:
    """Store a changed pace; `lock_pace` comes before."""
    slots = {"left": [round(slot, 4) for slot in kept.left], "even": round(kept.even, 4), "halted_at": kept.halted_at}
    await db.execute(
        update(pace).where(pace.c.name == _NAME).values(slots=json.dumps(slots), halt_until=kept.halt_until)
    )


async def halt(db: AsyncConnection, now: float, wait: float) -> None:
    """Stop all sending for `wait` seconds, across restarts."""
    held = await lock_pace(db)
    if held.halted_for(now) < wait:
        await keep_pace(db, replace(held, halt_until=now + wait, halted_at=now))


_NAME: Final = "send"
_FIND = select(pace.c.slots, pace.c.halt_until).where(pace.c.name == _NAME)
_LOCK = _FIND.with_for_update()


def _to_pace(slots: str, halt_until: float | None) -> SendingPace:
    """A stored pace; one of an earlier version, which was a list of slots, begins anew."""
    stored = json.loads(slots)
    if not isinstance(stored, dict):
        return SendingPace(halt_until=halt_until)
    return SendingPace(tuple(stored.get("left", ())), stored.get("even", 0.0), halt_until, stored.get("halted_at"))
