"""How the running bot fares: problems as data, and the answer of /healthz."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.road.clock import Clock
from bot.road.dispatch import Dispatcher
from bot.road.intake import Store
from bot.road.leadership import Leadership
from bot.road.turn import Hooks
from bot.road.way import Way
from bot.road.worker import Worker
from bot.watch import ClockWatch, StorageWatch
from storage.backlog import Backlog, find_backlog
from storage.engine import Database

QUIET_SECONDS = 60.0  # without a good getUpdates
STUCK_SECONDS = 60.0  # in which worker or dispatcher have not come round; a message takes 35 at most, a turn 30
FIGURES_SECONDS = 2.0  # for which the answer waits for the database's figures


class Phase(StrEnum):
    """Where between its start and its end the bot is; it works in the second."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


class ProblemKind(StrEnum):
    """What can be wrong."""

    PHASE = "phase"
    DATABASE = "database"
    GETUPDATES = "getUpdates"
    OTHER_POLLER = "other poller"
    WAY = "way"
    PART = "part"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong. `is_failing`: the bot does not do its work until it is over."""

    kind: ProblemKind
    says: str
    is_failing: bool = True


@dataclass(frozen=True, slots=True)
class BotParts:
    """The parts of a bot that are asked; `is_going` tells of a part by its name whether it runs."""

    database: Database
    clock: Clock
    hooks: Hooks
    store: Store
    worker: Worker
    dispatcher: Dispatcher
    leadership: Leadership | None
    way: Way
    outcomes: Counter[str]
    storage_watch: StorageWatch
    clock_watch: ClockWatch
    is_going: Callable[[str], bool]


class Health:
    """The health of a bot made of these parts.

    Attributes:
        phase: where between its start and its end it is.
    """

    def __init__(self, parts: BotParts, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._parts = parts
        self._monotonic = monotonic
        self._counting: asyncio.Task[Backlog] | None = None
        self.phase = Phase.STARTING

    @property
    def quiet_for(self) -> float | None:
        """The seconds since getUpdates succeeded; None where it never did, or where nobody polls."""
        leadership = self._parts.leadership
        if leadership is None or leadership.poller.last_good is None:
            return None
        return self._monotonic() - leadership.poller.last_good

    def problems(self) -> list[Problem]:
        """What is wrong at the moment, as far as the parts know; asks nobody."""
        parts, found = self._parts, []
        if self.phase is not Phase.RUNNING:
            found.append(Problem(ProblemKind.PHASE, f"the bot is {self.phase.value}"))
        unwritable = parts.storage_watch.problem
        if unwritable is not None:
            found.append(Problem(ProblemKind.DATABASE, f"database: {unwritable}"))
        if parts.leadership is not None and not parts.leadership.stands_by:
            quiet = self.quiet_for
            if quiet is None or quiet > QUIET_SECONDS:
                found.append(Problem(ProblemKind.GETUPDATES, "getUpdates has gone quiet"))
            if parts.leadership.poller.conflict_lasts:
                found.append(Problem(ProblemKind.OTHER_POLLER, "another program polls with this token"))
        if parts.way.problem is not None:
            found.append(Problem(ProblemKind.WAY, parts.way.problem))
        still = [name for name in ("worker", "dispatcher", "watch") if not parts.is_going(name)]
        found += [Problem(ProblemKind.PART, f"{name} is not running") for name in still]
        for name, turned_at in (("worker", parts.worker.turned_at), ("dispatcher", parts.dispatcher.turned_at)):
            stuck = self._monotonic() - turned_at
            if stuck > STUCK_SECONDS and name not in still:
                found.append(Problem(ProblemKind.PART, f"{name} has been stuck for {stuck:.0f} s"))
        jump = parts.clock_watch.problem
        if jump is not None:
            found.append(Problem(ProblemKind.CLOCK, jump, is_failing=False))
        return found

    async def report(self) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and the figures behind it; within some two seconds whatever the database does."""
        parts = self._parts
        figures: dict[str, Any] = {"status": "ok"}
        found = self.problems()
        try:
            backlog = await self.count()
            figures |= {"inbox_waiting": backlog.updates, "outbox_waiting": backlog.messages_in_all}
        except Exception as error:
            if not any(problem.kind is ProblemKind.DATABASE for problem in found):
                found.insert(0, Problem(ProblemKind.DATABASE, f"database: {type(error).__name__}"))
        if parts.leadership is not None and parts.leadership.stands_by:
            figures["polling"] = "standby"
        elif parts.leadership is not None:
            quiet = self.quiet_for
            figures["seconds_since_getupdates"] = None if quiet is None else round(quiet, 1)
        if parts.dispatcher.halted_for:
            figures["halted_seconds"] = round(parts.dispatcher.halted_for, 1)
        failing = [problem.says for problem in found if problem.is_failing]
        notices = [problem.says for problem in found if not problem.is_failing]
        if failing:
            status = "failing" if self.phase is Phase.RUNNING else self.phase.value
            figures |= {"status": status, "problems": failing}
        if notices:
            figures["notices"] = notices
        return not failing, figures

    async def count(self) -> Backlog:
        """What waits; one count at a time, which goes on where it takes too long: then TimeoutError is raised."""
        if self._counting is None or self._counting.done():
            self._counting = asyncio.create_task(self._read_backlog())
        async with asyncio.timeout(FIGURES_SECONDS):
            return await asyncio.shield(self._counting)

    async def _read_backlog(self) -> Backlog:
        async with self._parts.database.read() as db:
            return await find_backlog(db, self._parts.clock())
