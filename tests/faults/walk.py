"""A random walk: people, kills, refusals, cuts, repetitions, pauses and the clock, all together; a seed replays it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from bot.sandbox import FaultKind, Unplayable
from tests.faults.loads import Load, die_once
from tests.faults.programs import Program
from tests.faults.questions import QUESTIONS
from tests.faults.rig import SENDS, Rig, now

#: What may happen to a message on its way.
REFUSALS = (
    FaultKind.RETRY_AFTER,
    FaultKind.TOO_MANY_BARE,
    FaultKind.INTERNAL,
    FaultKind.BAD_GATEWAY,
    FaultKind.OK_FALSE,
    FaultKind.CUT,
    FaultKind.RESET,
    FaultKind.LOST_AFTER,
    FaultKind.PAGE,
)
POLL_FAULTS = (FaultKind.BAD_GATEWAY, FaultKind.RESET, FaultKind.CUT, FaultKind.LOST_AFTER, FaultKind.UNAUTHORIZED)


class Walk:
    """Steps taken at random with work under way. `moves_clock`: the programs run on a clock that jumps."""

    def __init__(self, rig: Rig, loads: list[Load], *, moves_clock: bool) -> None:
        self._rig = rig
        self._loads = loads
        self._moves_clock = moves_clock
        self._program: Program | None = None
        self._editor = rig.chat.person("Phạm Quốc Bình")
        self.steps: list[str] = []

    async def go(self, steps: int) -> None:
        """Take so many steps; then all is put right, and everything that was asked is waited for."""
        rig = self._rig
        if self._moves_clock:
            rig.be(now())
        self._program = await rig.start()
        actions: list[Callable[[], Awaitable[None]]] = [
            self._work, self._work, self._work, self._work, self._refuse, self._refuse, self._cut_poll, self._die,
            self._stop, self._repeat, self._renumber, self._edit, self._tap, self._pause, self._jump,
        ]  # fmt: skip
        for _ in range(steps):
            action = rig.chance.choice(actions)
            self.steps.append(action.__name__)
            await action()
            await rig.pass_time(rig.chance.random() * 0.2)
        rig.sandbox.faults.clear()
        if self._moves_clock:
            rig.be(now())
        for load in self._loads:
            load.feed(1)
        for load in self._loads:
            await load.finish(rig)

    @property
    def doubts(self) -> int:
        """How many messages met something on their way that may have brought them into doubt."""
        return sum(call.method in SENDS and bool(call.fault) for call in self._rig.sandbox.history)

    @property
    def _running(self) -> Program:
        assert self._program is not None
        return self._program

    async def _work(self) -> None:
        self._rig.chance.choice(self._loads).feed(self._rig.chance.random() * 0.4)

    async def _refuse(self) -> None:
        chance = self._rig.chance
        kind = chance.choice(REFUSALS)
        status = chance.choice((200, 302, 400, 403, 404, 451))
        self._rig.fault(kind, "sendMessage", times=chance.randint(1, 2), skip=chance.randint(0, 5), status=status)

    async def _cut_poll(self) -> None:
        if not self._rig.by_webhook:
            self._rig.fault(self._rig.chance.choice(POLL_FAULTS), "getUpdates", skip=self._rig.chance.randint(0, 2))

    async def _die(self) -> None:
        load = self._rig.chance.choice(self._loads)
        await die_once(self._rig, load, self._running, self._rig.chance.randint(0, 8))
        await self._rig.pass_time(self._rig.chance.random() * 0.5)
        self._program = await self._rig.start()

    async def _stop(self) -> None:
        await self._rig.stop(self._running)
        self._program = await self._rig.start()

    async def _repeat(self) -> None:
        past = list(self._rig.sandbox.past_updates)
        for update in self._rig.chance.sample(past, min(3, len(past))):
            self._rig.sandbox.redeliver(update.id, under_new_id=self._rig.chance.random() < 0.5)

    async def _renumber(self) -> None:
        self._rig.sandbox.renumber_updates(self._rig.chance.randint(1, 2**30))

    async def _edit(self) -> None:
        said = await self._editor.says(QUESTIONS[0][0])
        await self._rig.pass_time(0.1)
        await self._editor.edits(said, QUESTIONS[1][0])

    async def _tap(self) -> None:
        with suppress(Unplayable):
            await self._editor.taps("Năm 2030")

    async def _pause(self) -> None:
        self._running.pause()
        await self._rig.pass_time(self._rig.chance.random())
        self._running.resume()

    async def _jump(self) -> None:
        """Up to two hours ahead, within the day; at the next jump back again."""
        if not self._moves_clock:
            return
        there = now() + timedelta(minutes=self._rig.chance.choice((0, 0, 20, 120)))
        if (there + timedelta(hours=7)).date() == (now() + timedelta(hours=7)).date():
            self._rig.be(there)
