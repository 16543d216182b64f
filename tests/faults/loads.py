"""Work for the program that goes on through kills: put in by portions, counted in the end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from contextlib import suppress

from bot.sandbox import FaultKind
from tests.e2e.chat import Seat
from tests.faults.programs import Program
from tests.faults.rig import Rig

ANSWERED_WITHIN = 20.0  # seconds that people wait before they nudge
NUDGES = 2
WAITS = 9
#: How a kill comes: at a random moment, or by the Bot API before a call is carried out, after it, or once it is
#: answered.
WAYS = (None, None, FaultKind.KILL_BEFORE, FaultKind.KILL_AFTER, FaultKind.KILL_ANSWERED)


class Load(ABC):
    """Work that was put in; `doubts` by chat say how often a message there came into doubt."""

    expected: int
    """How many messages, receipts or reminders are owed in the end."""

    @property
    @abstractmethod
    def done(self) -> int:
        """How many of them have been seen."""

    @abstractmethod
    def feed(self, share: float) -> None:
        """Put in this share of what has not been put in yet; 1 for all of it."""

    def nudge(self) -> None:  # noqa: B027  (most just wait)
        """Do what people do who have waited for long."""

    async def finish(self, rig: Rig) -> None:
        """Wait until it is done; once nobody hears anything for long, whoever waits nudges.

        While a busy machine still answers, a nudge would say twice what is on its way.
        """
        nudged = 0
        for _ in range(WAITS):
            heard = rig.sandbox.bot_messages
            if await rig.sandbox.wait_until(lambda: self.done >= self.expected, ANSWERED_WITHIN):
                return
            if rig.sandbox.bot_messages == heard:
                if nudged == NUDGES:
                    return
                self.nudge()
                nudged += 1

    @abstractmethod
    async def count(self, rig: Rig, doubts: Counter[int]) -> list[str]:
        """Add to the rig's figures what was put through, lost and doubled; what is wrong, in words."""

    @abstractmethod
    def speakers(self) -> list[Seat]:
        """People who can be asked whether their dialog goes on."""


async def survive(rig: Rig, load: Load, kills: int) -> Program:
    """Have the program work at a load and die `kills` times of it; then start it once more, and wait until all is
    done or nothing more comes."""
    for number in range(kills):
        program = await rig.start()
        load.feed(1 / (kills - number + 1))
        some = rig.chance.randint(0, max(1, 2 * (load.expected - load.done) // (kills - number + 1)))
        await die_once(rig, load, program, some)
    program = await rig.start()
    load.feed(1)
    await load.finish(rig)
    return program


async def die_once(rig: Rig, load: Load, program: Program, some: int) -> None:
    """Kill the program in one of the `WAYS`, about when `some` more of the load are done."""
    way = rig.chance.choice(WAYS)
    if way is None:
        target = min(load.expected - 1, load.done + some)
        await rig.sandbox.wait_until(lambda: load.done >= target, 5)
        await rig.pass_time(rig.chance.random() * 0.05)
        await rig.kill(program)
        return
    method = rig.chance.choice(["sendMessage"] * 3 + ["getUpdates"] * (not rig.by_webhook))
    rig.fault(way, method, pid=program.pid, skip=some if method == "sendMessage" else rig.chance.randint(0, 3))
    with suppress(AssertionError):
        await program.wait(3)
    rig.sandbox.faults.clear()
    if program.is_alive:
        await rig.kill(program)
    else:
        await rig.dies(program)
