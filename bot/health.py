"""How the running bot fares: problems as data, the answer of /healthz, the metrics for Prometheus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from bot.reader.bounds import Bounds
from bot.road.clock import Clock
from bot.road.dispatch import Dispatcher
from bot.road.intake import Store
from bot.road.leadership import Leadership
from bot.road.turn import Hooks
from bot.road.way import Way
from bot.road.worker import Worker
from bot.watch import ClockWatch, StorageWatch
from storage import inbox, messages
from storage.engine import Database

QUIET_SECONDS = 60.0  # without a good getUpdates
FIGURES_SECONDS = 2.0  # for which the answer waits for the database's figures


class ProblemKind(StrEnum):
    """What can be wrong."""

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
    storage_watch: StorageWatch
    clock_watch: ClockWatch
    is_going: Callable[[str], bool]


class Health:
    """The health of a bot made of these parts."""

    def __init__(self, parts: BotParts, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._parts = parts
        self._monotonic = monotonic
        self._counting: asyncio.Task[dict[str, Any]] | None = None

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
            figures |= await self._count()
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
            figures |= {"status": "failing", "problems": failing}
        if notices:
            figures["notices"] = notices
        return not failing, figures

    async def _count(self) -> dict[str, Any]:
        """The figures of inbox and outbox; one count at a time, which goes on where it takes too long."""
        if self._counting is None or self._counting.done():
            self._counting = asyncio.create_task(self._read_counts())
        async with asyncio.timeout(FIGURES_SECONDS):
            return await asyncio.shield(self._counting)

    async def _read_counts(self) -> dict[str, Any]:
        async with self._parts.database.read() as db:
            return {
                "inbox_waiting": await inbox.count_waiting(db),
                "outbox_waiting": await messages.count_open(db, self._parts.clock()),
            }


class Metrics:
    """The metrics for Prometheus; counted by each part, gathered here."""

    def __init__(self, parts: BotParts, health: Health) -> None:
        self._parts = parts
        self._health = health

    def collect(self) -> list[CounterMetricFamily | GaugeMetricFamily]:
        """The present figures."""
        store, worker, dispatcher = self._parts.store, self._parts.worker, self._parts.dispatcher
        failing = sum(problem.is_failing for problem in self._health.problems())
        found: list[CounterMetricFamily | GaugeMetricFamily] = [
            CounterMetricFamily("troly_updates_stored", "Updates stored", value=store.stored),
            CounterMetricFamily("troly_updates_handled", "Updates handled", value=worker.handled),
            CounterMetricFamily("troly_updates_failed", "Failed tries to handle an update", value=worker.failed),
            CounterMetricFamily("troly_updates_parked", "Updates put aside", value=worker.parked + store.put_aside),
            CounterMetricFamily("troly_messages_sent", "Messages delivered", value=dispatcher.sent),
            CounterMetricFamily("troly_messages_doubted", "Messages that were in doubt", value=dispatcher.in_doubt),
            CounterMetricFamily("troly_messages_dead", "Messages that cannot be delivered", value=dispatcher.dead),
            GaugeMetricFamily("troly_halted_seconds", "Silence Telegram asks for", value=dispatcher.halted_for),
            GaugeMetricFamily("troly_problems", "Problems that keep the bot from its work", value=failing),
        ]
        bounds = self._parts.hooks.resources.by_type.get(Bounds)
        if isinstance(bounds, Bounds):
            found.append(CounterMetricFamily("troly_reader_asked", "Second readings asked", value=bounds.asked))
            found.append(CounterMetricFamily("troly_reader_failed", "Of them, of no use", value=bounds.failed))
        quiet = self._health.quiet_for
        if quiet is not None:
            found.append(GaugeMetricFamily("troly_getupdates_age_seconds", "Since getUpdates succeeded", value=quiet))
        return found
