"""The bot as a whole: `build` wires its parts, `run` runs it until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes
from telegram.request import HTTPXRequest

from bot import wiring
from bot.health import BotParts, Health, Phase
from bot.metrics import Metrics
from bot.road import words as errors
from bot.road.absence import TimeAway, end_absence, find_absence
from bot.road.beginning import StartError, check_telegram, get_origin, set_webhook
from bot.road.carrier import Carrier
from bot.road.clock import Clock, system_clock
from bot.road.dispatch import Dispatcher
from bot.road.intake import Poller, Store
from bot.road.lanes import tls_context
from bot.road.leadership import Leadership
from bot.road.outages import OutageTeller
from bot.road.turn import Hooks, Surroundings, Tick, Turn, best_effort, post_to_all
from bot.road.way import Way
from bot.road.webhook import WebServer, build_web
from bot.road.worker import Worker, keep_failure
from bot.settings import Settings
from bot.watch import Watch, prove_writable, tell
from storage import broadcasts, chats, conversations, dialogs, drafts, feedback, inbox, invites, messages, plans
from storage.engine import Database
from storage.guard import is_fatal
from storage.processes import Presence, Seat, Tenure, list_alive
from storage.purge import FindStale, purge

logger = logging.getLogger(__name__)

NUMBER_SECONDS = 5.0  # how long the start waits for this process's number
DRAIN_SECONDS = 6.0  # what is under way may take this long when stopping: all in all it is over within ten
DROP_SECONDS = 1.0  # and what is cut short this long
FAREWELL_SECONDS = 4.0  # for telling the admins why the bot leaves
AN_HOUR = timedelta(hours=1)
PURGE_EVERY = AN_HOUR
DOUBTS_EVERY = timedelta(minutes=5)

#: What is kept for a time by whatever feature; what only one feature keeps it brings along itself.
KEPT_FOR_A_TIME: tuple[FindStale, ...] = (
    inbox.stale,
    messages.stale,
    chats.stale,
    dialogs.stale,
    conversations.stale,
    drafts.stale,
    invites.stale,
    broadcasts.stale,
    plans.stale,
    feedback.stale,
)

Register = Callable[[Application[Any, Turn, Any, Any, Any, Any], Hooks], None]


class Bot:
    """A wired bot. `start()` and `stop()` it, or use `running(bot)`; `failed` becomes done when it cannot go on."""

    def __init__(self, settings: Settings, database: Database, *, clock: Clock, register: Register) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.carrier = Carrier(settings.telegram_api_url, settings.token, proxy=settings.proxy, way=Way(clock))
        self.hooks = Hooks()
        self.application = _build_application(settings)
        self.application.bot_data["around"] = Surroundings(settings, clock, self.carrier, self.hooks)
        self.hooks.provide(database)
        self.hooks.stale += KEPT_FOR_A_TIME
        register(self.application, self.hooks)
        self.application.add_error_handler(keep_failure)
        self.presence = Presence(database)
        self.dispatcher = Dispatcher(
            database, self.carrier, clock=clock, hooks=self.hooks, presence=self.presence, rate=settings.send_rate
        )
        self.worker = Worker(
            database,
            self.application,
            settings=settings,
            clock=clock,
            carrier=self.carrier,
            hooks=self.hooks,
            dispatcher=self.dispatcher,
        )
        self.store = Store(
            database,
            settings.bot_id,
            clock,
            on_stored=self.worker.wake,
            admin_ids=settings.admin_ids,
        )
        self.poller = None if settings.webhook_url else Poller(self.carrier, self.store)
        tenure = None if database.is_sqlite else Tenure(database, Seat.POLLER)
        self.leadership = None if self.poller is None else Leadership(self.poller, tenure)
        self.watch = Watch(
            database,
            self.carrier,
            self.leadership,
            clock=clock,
            admins=settings.admin_ids,
        )
        self._parts = BotParts(
            database=database,
            clock=clock,
            hooks=self.hooks,
            store=self.store,
            worker=self.worker,
            dispatcher=self.dispatcher,
            leadership=self.leadership,
            way=self.carrier.way,
            outcomes=self.carrier.outcomes,
            storage_watch=self.watch.storage,
            clock_watch=self.watch.time,
            is_going=self._is_going,
        )
        self._health = Health(self._parts)
        self.health = self._health.report
        self.web = self._build_web()
        self.scheduler = AsyncIOScheduler(timezone=str(settings.timezone))
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._ticking: set[asyncio.Task[Any]] = set()
        self._conflict_told = False

    def _build_web(self) -> WebServer | None:
        if self.settings.listen is None:
            return None
        takes_updates = self.settings.webhook_url is not None
        app = build_web(
            health=self.health,
            metrics=Metrics(self._parts, self._health).show,
            store=self.store if takes_updates else None,
            url=self.settings.webhook_url or "",
            secret=self.settings.webhook_key if takes_updates else "",
            pages=self.hooks.routes,
        )
        return WebServer(app, *self.settings.listen)

    async def start(self) -> None:
        """Check with Telegram, then begin to take, handle and send.

        Raises:
            StartError: wrong token, webhook set elsewhere, address in use.
        """
        await check_telegram(self.carrier, self.settings)
        try:
            await self.application.initialize()
        except TelegramError as error:
            raise StartError(
                f"the Bot API at {get_origin(self.settings)} answers wrongly: {type(error).__name__}"
            ) from None
        self.database.guard.on_fatal = self._fail
        await asyncio.to_thread(self.database.guard.begin)
        absence = await find_absence(self.database, self.clock())
        for prepare in self.hooks.before_work:
            await prepare(self.database)
        self._begin("watch", self.watch.run())
        self._begin("presence", self.presence.run())
        with suppress(TimeoutError):  # without a number, claims rest on their leases
            await asyncio.wait_for(self.presence.wait_held(), NUMBER_SECONDS)
        self._begin("dispatcher", self.dispatcher.run())
        self._begin("worker", self.worker.run())
        if self.web is not None:
            self._begin("web", self._serve(self.web))
            while not self.web.started and not self._tasks["web"].done():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            if not self.web.started:
                raise StartError(f"cannot listen on {self.web.config.host}:{self.web.config.port}; change LISTEN")
        if self.poller is not None and self.leadership is not None:
            self.poller.on_conflict = self._tell_of_conflict
            self._begin("poller", self.leadership.run())
        else:
            await set_webhook(self.carrier, self.settings)
        self._schedule()
        teller = OutageTeller(
            self.carrier.way,
            self.database,
            clock=self.clock,
            zone=self.settings.timezone,
            admin_ids=self.settings.admin_ids,
            probe=lambda: self.carrier.call("getMe", timeout=10),
        )
        self._begin("outages", teller.run())
        if absence is not None:
            self._begin("start after absence", best_effort(lambda: self._end_absence(absence)))
        for number, hook in enumerate(self.hooks.at_start):
            self._begin(f"start {number}", best_effort(lambda hook=hook: hook(self.carrier)))  # type: ignore[misc]
        self._health.phase = Phase.RUNNING
        by = "webhook" if self.poller is None else "polling"
        logger.info("bot started", extra={"bot": self.settings.bot_id, "by": by})

    async def _end_absence(self, absence: TimeAway) -> None:
        await end_absence(
            absence,
            self.database,
            self.hooks,
            settings=self.settings,
            clock=self.clock,
            count_stored=lambda: self.store.stored,
        )

    async def stop(self) -> None:
        """Take nothing more, finish what is under way, close. What is not finished is stored and goes on later.

        Where the database is lost or its disk fails nothing is finished, so that nothing is said that is not stored.
        """
        until = time.monotonic() + DRAIN_SECONDS
        self._health.phase = Phase.STOPPING
        self.database.guard.on_fatal = None
        await self._stop_ticks()
        reason = self.failed.exception() if self.failed.done() else None
        if is_fatal(reason):
            await self._drop_all()
            await self._say_farewell(str(reason))
        else:
            await self._finish_all(until)
        with suppress(Exception):
            await asyncio.wait_for(self.application.shutdown(), DROP_SECONDS)
        for hook in self.hooks.at_stop:
            await best_effort(hook)
        await self.carrier.close()
        logger.info("bot stopped")

    async def _stop_ticks(self) -> None:
        """Begin none; those under way may take a moment, then they are cut short."""
        if not self.scheduler.running:
            return
        self.scheduler.pause()
        await asyncio.sleep(0)  # those just begun run as far as their first wait
        if self._ticking:
            await asyncio.wait(self._ticking, timeout=DROP_SECONDS)
        self.scheduler.shutdown(wait=False)

    def _take_nothing_more(self) -> None:
        if self.leadership is not None:
            self.leadership.stop()
        if self.web is not None:
            self.web.should_exit = True

    async def _drop_all(self) -> None:
        """Finish nothing: what is under way fails at its commit, and what has not left does not leave."""
        self.dispatcher.drop()
        self.worker.stop()
        self._take_nothing_more()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=DROP_SECONDS)
        await self._cancel_all()

    async def _say_farewell(self, reason: str) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                for admin in sorted(self.settings.admin_ids):
                    await tell(self.carrier, admin, errors.storage_lost(reason))

    async def _finish_all(self, until: float) -> None:
        """Finish what is under way until that monotonic moment, then cut it short."""
        for task in [
            task for name, task in self._tasks.items() if name in ("watch", "outages") or name.startswith("start ")
        ]:
            task.cancel()
        self._take_nothing_more()
        await self._finish("poller", until)
        while time.monotonic() < until and self._is_going("worker") and self._is_going("dispatcher"):
            if not await self._has_work():
                break
            await asyncio.sleep(0.02)
        self.worker.stop()
        await self._finish("worker", until)
        self.dispatcher.stop()
        await self._finish("dispatcher", until)
        await self._finish("web", until)
        await self._cancel_all()

    async def _cancel_all(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=DROP_SECONDS)  # a commit under way is waited for

    async def _has_work(self) -> bool:
        """Whether anything waits that could be done at once and that no other process does."""
        if self.dispatcher.is_held:
            return False
        try:
            async with self.database.read() as db:
                if await list_alive(db) - {self.presence.number}:
                    return False
                return bool(await inbox.count_waiting(db) or await messages.count_open(db, self.clock()))
        except Exception:  # then nothing can be finished either
            return False

    def _is_going(self, name: str) -> bool:
        return name in self._tasks and not self._tasks[name].done()

    async def _finish(self, name: str, until: float) -> None:
        if name in self._tasks:
            await asyncio.wait({self._tasks[name]}, timeout=max(0.1, until - time.monotonic()))

    def _begin(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks[name] = task
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled() or task.exception() is None or self.failed.done():
            return
        error = task.exception()
        assert error is not None
        if not getattr(type(error), "for_operator", False):
            logger.error("a part of the bot ended", extra={"part": task.get_name(), "error": type(error).__name__})
        self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """The bot cannot go on."""
        if not self.failed.done():
            self.failed.set_exception(error)
            self.failed.exception()

    async def _serve(self, web: WebServer) -> None:
        try:
            await web.serve()
        except SystemExit:  # how uvicorn says that it cannot listen
            return

    def _schedule(self) -> None:
        ticks = [
            *self.hooks.ticks,
            Tick("purge", PURGE_EVERY, self._purge),
            Tick("doubts", DOUBTS_EVERY, self._tell_of_doubts),
        ]
        for tick in ticks:
            self.scheduler.add_job(
                self._tick,
                "interval",
                args=[tick],
                seconds=tick.every.total_seconds(),
                id=tick.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self.scheduler.start()
        self.watch.time.on_jump.append(self._tick_anew)

    def _tick_anew(self, _jump: float) -> None:
        """Begin every tick's span now: the scheduler waits for moments, and the clock that names them was set."""
        for job in self.scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(self.settings.timezone))

    async def _tick(self, tick: Tick) -> None:
        running = asyncio.current_task()
        assert running is not None
        self._ticking.add(running)
        try:
            await tick.run(self.database, self.clock())
        except asyncio.CancelledError:  # by the scheduler as it stops, which would log it as a failure
            return
        except Exception as error:
            logger.error("tick failed", extra={"tick": tick.name, "error": type(error).__name__})  # noqa: TRY400
        finally:
            self._ticking.discard(running)

    async def tick_all(self) -> None:
        """Run every tick now, as after the clock was moved."""
        for tick in self.hooks.ticks:
            await self._tick(tick)
        self.dispatcher.wake()

    async def _purge(self, database: Database, now: datetime) -> None:
        await purge(database, [each for find in self.hooks.stale for each in find(now)])

    async def _tell_of_doubts(self, database: Database, now: datetime) -> None:
        """Tell admins of the doubts of the last full hour: once, whichever process comes to it first."""
        until = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        since = until - AN_HOUR
        async with database.read() as db:
            troubled = await messages.list_troubled(db, since=since - 3 * AN_HOUR)
        count = sum(delivery.doubted_at is not None and since <= delivery.doubted_at < until for delivery in troubled)
        if not count:
            return
        told = replace(errors.messages_in_doubt(count), key=f"doubts:{since:%Y-%m-%dT%H}")
        async with database.write() as db:
            await post_to_all(db, self.settings.admin_ids, told, now)

    def _tell_of_conflict(self) -> None:
        if self._conflict_told:
            return
        self._conflict_told = True

        async def tell() -> None:
            async with self.database.write() as db:
                await post_to_all(db, self.settings.admin_ids, errors.second_poller(), self.clock())

        self._begin("start conflict notice", best_effort(tell))


def _build_application(settings: Settings) -> Application[Any, Turn, Any, Any, Any, Any]:
    """PTB, for routing and types: no updater, no job queue, no persistence."""
    # TELEGRAM_PROXY alone says which way to go, and the same certificates are trusted, here as in the carrier.
    own = {"trust_env": False, "verify": tls_context()}
    request = HTTPXRequest(
        proxy=settings.proxy, connection_pool_size=16, read_timeout=20, pool_timeout=10, httpx_kwargs=own
    )
    return (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(request)
        .get_updates_request(HTTPXRequest(proxy=settings.proxy, connection_pool_size=1, httpx_kwargs=own))
        .context_types(ContextTypes(context=Turn))
        .updater(None)
        .job_queue(None)
        .build()
    )


def build(
    settings: Settings, database: Database, *, clock: Clock = system_clock, register: Register = wiring.register
) -> Bot:
    """Wire a bot over an open database; nothing runs yet. Call it inside the event loop.

    Args:
        clock: the product's time; the demo passes one that can be moved.
        register: wires the handlers; tests may pass their own.
    """
    return Bot(settings, database, clock=clock, register=register)


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[Bot]:
    """The bot, running for as long as the block lasts; stopped in order afterwards."""
    try:
        await bot.start()
        yield bot
    finally:
        await bot.stop()


async def run(settings: Settings, *, clock: Clock = system_clock, register: Register = wiring.register) -> None:
    """Run the bot until SIGTERM or SIGINT; returns once everything under way is finished.

    Raises:
        DatabaseRefusedError, DatabaseLostError, DiskFailedError, StartError, BadTokenForGoodError, StuckError: one
            line for the operator each.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    database = await Database.open(settings.database_address)
    try:
        database.lock_for_running()
        await prove_writable(database, clock)
        bot = build(settings, database, clock=clock, register=register)
        stopped = asyncio.ensure_future(stop.wait())
        try:
            if await _start_unless(stopped, bot):
                either: set[asyncio.Future[Any]] = {stopped, bot.failed}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                if bot.failed.done():
                    bot.failed.result()
            logger.info("stopping")
        finally:
            stopped.cancel()
            await bot.stop()
    finally:
        await database.close()
        gc.freeze()  # or the interpreter, as it ends, looks for cycles in the whole catalogue, for seconds


async def _start_unless(stopped: asyncio.Future[Any], bot: Bot) -> bool:
    """Whether the bot was started before it was told to stop: the start waits for Telegram as long as it takes."""
    starting = asyncio.ensure_future(bot.start())
    either: set[asyncio.Future[Any]] = {starting, stopped}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
        return True
    starting.cancel()
    await asyncio.wait({starting})
    return False
