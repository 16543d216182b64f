"""The worker: handles updates, one transaction each, in order within a chat, side by side across chats.

Several updates share a commit as long as all goes well; if one fails, nothing of that transaction stands and they are
handled again one by one, so that each has its own. An update's effects, its replies and its mark as handled commit
together.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Update
from telegram.ext import Application, ApplicationHandlerStop

from bot import access
from bot.road import words as errors
from bot.road.carrier import Carrier
from bot.road.clock import Clock
from bot.road.dispatch import Dispatcher
from bot.road.turn import AfterCommit, Hooks, Turn, Work, best_effort, current_work, post, post_to_all
from bot.road.updates import read_stored
from bot.settings import Settings
from storage import chats, inbox, messages
from storage.engine import Database
from storage.guard import is_fatal
from storage.inbox import Waiting
from storage.mail import NewMessage

logger = logging.getLogger(__name__)

TRIES = 3
TRY_AGAIN_AFTER = (timedelta(seconds=0.2), timedelta(seconds=1))
HANDLER_SECONDS = 30.0
BATCH_SQLITE = 50
BATCH_POSTGRESQL = 10
WORKERS_POSTGRESQL = 4
BATCH_SECONDS = 0.03  # how long the one writer of SQLite is kept before what was sent may be marked
SIDE_JOBS = 32  # best-effort calls under way at once
LOOK_EVERY = 1.0  # seconds between two looks for what other processes stored
PREPARATIONS = 4  # under way at once: each may hold a file and a process of its own


class _HandlerFailedError(Exception):
    """A handler raised; its cause is the reason."""

    def __init__(self, row: Waiting) -> None:
        super().__init__()
        self.row = row


async def keep_failure(_update: object, turn: Any) -> None:
    """PTB's error handler: PTB swallows what handlers raise, so it is kept where the worker finds it."""
    work = current_work.get(None)
    if work is not None and work.failure is None:
        work.failure = turn.error
    raise ApplicationHandlerStop


class Worker:
    """Takes updates from the inbox and has PTB route them. `run()` goes on until `stop()`, then finishes its batch.

    Attributes:
        handled: how many updates were handled since the start.
        failed: how many tries failed.
        parked: how many updates were put aside.
        turned_at: when it last came round, by the monotonic clock: one that is stuck stops moving it.
    """

    def __init__(
        self,
        database: Database,
        application: Application[Any, Turn, Any, Any, Any, Any],
        *,
        settings: Settings,
        clock: Clock,
        carrier: Carrier,
        hooks: Hooks,
        dispatcher: Dispatcher,
    ) -> None:
        self._database = database
        self._application = application
        self._settings = settings
        self._clock = clock
        self._carrier = carrier
        self._hooks = hooks
        self._dispatcher = dispatcher
        self._wake = asyncio.Event()
        self._stopping = False
        self._careful = 0
        self._look_at: float | None = 0.0
        self._looked_at = 0.0
        self._preparing: dict[str, asyncio.Task[None]] = {}
        self._prepared: dict[int, object] = {}
        self._side_jobs: set[asyncio.Task[None]] = set()
        self._side_room = asyncio.Semaphore(SIDE_JOBS)
        self._preparation_room = asyncio.Semaphore(PREPARATIONS)
        self.handled = 0
        self.failed = 0
        self.parked = 0
        self.turned_at = time.monotonic()

    def wake(self) -> None:
        """Look into the inbox at once: something was stored."""
        self._look_at = 0.0
        self._wake.set()

    def stop(self) -> None:
        """Stop after the updates that are under way."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Handle updates until stopped. Database failures are waited out; what is stored stays."""
        workers = 1 if self._database.is_sqlite else WORKERS_POSTGRESQL
        await asyncio.gather(*(self._loop() for _ in range(workers)))
        if self._side_jobs:
            await asyncio.wait(self._side_jobs, timeout=5)

    async def _loop(self) -> None:
        pause = 0.0
        while not self._stopping:
            self._wake.clear()
            self.turned_at = time.monotonic()
            try:
                if await self._is_to_look() and await self.step():
                    self._look_at = 0.0
                    continue
            except Exception as error:
                if is_fatal(error):
                    raise
                pause = min(5.0, pause * 2 or 0.2)
                logger.error("inbox out of reach", extra={"error": type(error).__name__, "again_in": pause})  # noqa: TRY400
                await asyncio.sleep(pause)
                continue
            pause = 0.0
            if not self._stopping:
                await self._rest()

    async def _rest(self) -> None:
        seconds = LOOK_EVERY
        if self._look_at is not None:
            seconds = min(seconds, self._look_at - time.monotonic())
        if seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._wake.wait()

    async def _is_to_look(self) -> bool:
        """Whether updates may wait: some were stored, it is time to try one again, or another process stored some."""
        moment = time.monotonic()
        if self._look_at is not None:
            return self._look_at <= moment
        if moment - self._looked_at < LOOK_EVERY:
            return False
        self._looked_at = moment
        async with self._database.read() as db:
            return await inbox.is_open(db, self._clock())

    async def step(self) -> bool:
        """Handle the next few updates; False where no more wait, as far as is known."""
        now = self._clock()
        self._looked_at, self._look_at = time.monotonic(), None
        careful = self._careful > 0
        most = 1 if careful else BATCH_SQLITE if self._database.is_sqlite else BATCH_POSTGRESQL
        rows: list[Waiting] = []
        finished: list[Work] = []
        try:
            async with self._database.write() as db:
                rows = await inbox.take(db, now, most=most, busy=self._preparing)
                more = len(rows) >= most or careful
                if careful:
                    rows = rows[:1]
                if not rows:
                    self._careful = 0
                    return False
                done: list[int] = []
                unreadable: list[Waiting] = []
                until = time.monotonic() + BATCH_SECONDS
                for place, row in enumerate(rows):
                    if time.monotonic() > until:
                        rows, more = rows[:place], True
                        break
                    if row.chat_key in self._preparing:
                        continue
                    update = self._read(row)
                    if update is None:
                        unreadable.append(row)
                        continue
                    if self._needs_preparation(row, update):
                        continue
                    work = Work(
                        db,
                        now,
                        update,
                        access.identify(update, self._settings),
                        prepared=self._prepared.get(row.id),
                    )
                    await self._handle(row, work)
                    finished.append(work)
                    done.append(row.id)
                for row in unreadable:
                    await self._park(db, row, "not readable", now)
                await inbox.mark_done(db, done, now)
                said = await _keep_heard(db, finished, now)
                leaving = await self._dispatcher.enqueue(db, said, now)
        except Exception as error:
            if not rows or is_fatal(error):
                raise
            if len(rows) > 1:
                self._careful = len(rows)
                return True
            await self._note_failure(rows[0], error)
            self._careful = max(0, self._careful - 1)
            return True
        self._dispatcher.hand_over(leaving)
        self._careful = max(0, self._careful - 1)
        self.handled += len(finished)
        for number in done:
            self._prepared.pop(number, None)
        for work in finished:
            for action in self._after(work):
                self._aside(best_effort(action))
        return more

    def _read(self, row: Waiting) -> Update | None:
        """The update as it was stored; None where nobody can read it."""
        try:
            return Update.de_json(read_stored(row.raw), self._application.bot)
        except Exception as error:
            logger.error("update not readable", extra={"inbox": row.id, "error": type(error).__name__})  # noqa: TRY400
            return None

    async def _handle(self, row: Waiting, work: Work) -> None:
        """Have the update routed; raises _HandlerFailedError where a handler raised or took too long."""
        token = current_work.set(work)
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await self._application.process_update(work.update)
        except Exception as error:
            raise _HandlerFailedError(row) from error
        finally:
            current_work.reset(token)
        if work.failure is not None:
            raise _HandlerFailedError(row) from work.failure

    def _after(self, work: Work) -> list[AfterCommit]:
        query = work.update.callback_query
        if query is None or work.tap_answered:
            return work.after
        fields = {"callback_query_id": query.id}
        return [*work.after, lambda: self._carrier.call("answerCallbackQuery", fields)]

    async def _note_failure(self, row: Waiting, error: Exception) -> None:
        """Count the failure; at the third the update is put aside, the person told politely, the admins plainly."""
        cause = error.__cause__ if isinstance(error, _HandlerFailedError) and error.__cause__ else error
        kind = type(cause).__name__
        self.failed += 1
        logger.error(
            "update failed\n%s",
            "".join(traceback.format_tb(cause.__traceback__)).rstrip(),
            extra={"inbox": row.id, "update": row.update_id, "try": row.attempts + 1, "error": kind},
        )
        now = self._clock()
        async with self._database.write() as db:
            if row.attempts + 1 < TRIES:
                wait = TRY_AGAIN_AFTER[row.attempts]
                await inbox.note_failure(db, row, error=kind, again_at=now + wait, now=now)
                self._try_again_in(wait)
                return
            await self._park(db, row, kind, now)
        self._prepared.pop(row.id, None)

    def _try_again_in(self, wait: timedelta) -> None:
        at = time.monotonic() + wait.total_seconds()
        self._look_at = at if self._look_at is None else min(at, self._look_at)

    async def _park(self, db: Any, row: Waiting, kind: str, now: Any) -> None:
        if not await inbox.note_failure(db, row, error=kind, again_at=None, now=now):
            return
        self.parked += 1
        try:
            update = Update.de_json(read_stored(row.raw), self._application.bot)
        except Exception:  # it is what could not be read
            update = None
        notice = errors.update_parked(row.id, kind) if update else errors.update_unreadable(row.id)
        await post_to_all(db, self._settings.admin_ids, notice, now)
        if update is not None and update.effective_chat is not None and access.is_private(update):
            await post(db, update.effective_chat.id, errors.sorry(), now)
        if update is not None and update.callback_query is not None:
            fields = {"callback_query_id": update.callback_query.id}
            self._aside(best_effort(lambda: self._carrier.call("answerCallbackQuery", fields)))

    def _needs_preparation(self, row: Waiting, update: Update) -> bool:
        """Whether a preparation must come first; it is begun, and its chat waits meanwhile."""
        if row.id in self._prepared:
            return False
        preparation = next((each for each in self._hooks.preparations if each.needed(update)), None)
        if preparation is None:
            return False

        async def run() -> None:
            chat = update.effective_chat
            if chat is not None:
                fields = {"chat_id": chat.id, "action": "typing"}
                self._aside(best_effort(lambda: self._carrier.call("sendChatAction", fields)))
            try:
                async with asyncio.timeout(preparation.within):
                    if not (preparation.of_strangers or await self._is_known(update)):
                        self._prepared[row.id] = None
                        return
                    async with self._preparation_room:
                        self._prepared[row.id] = await preparation.prepare(update, self._application.bot)
            except Exception as error:
                logger.warning("preparation failed", extra={"inbox": row.id, "error": type(error).__name__})
                self._prepared[row.id] = error
            finally:
                self._preparing.pop(row.chat_key, None)
                self.wake()

        self._preparing[row.chat_key] = asyncio.create_task(run())
        return True

    async def _is_known(self, update: Update) -> bool:
        """Whether it comes from somebody who holds a role or is among ADMIN_IDS."""
        person = access.identify(update, self._settings)
        if person is None or person.is_admin:
            return person is not None
        async with self._database.read() as db:
            return bool((await access.find_asker(db, person)).held)

    def _aside(self, job: Any) -> None:
        async def run() -> None:
            async with self._side_room:
                await job

        task = asyncio.create_task(run())
        self._side_jobs.add(task)
        task.add_done_callback(self._side_jobs.discard)


def _is_heard(update: Update) -> bool:
    """Whether the update shows that the chat can be reached: somebody wrote, changed what they wrote, or tapped."""
    acts = (update.message, update.edited_message, update.callback_query)
    return any(act is not None for act in acts)


async def _keep_heard(db: AsyncConnection, finished: Sequence[Work], now: datetime) -> list[NewMessage]:
    """Note the chats heard from but those to be forgotten, keep the handlers' files; the messages they said."""
    heard = set[int]()
    for work in finished:
        chat = work.update.effective_chat
        if chat is not None and work.forgets_chat:
            heard.discard(chat.id)
            await chats.forget(db, chat.id)
        elif chat is not None and _is_heard(work.update):
            heard.add(chat.id)
    await chats.note_heard(db, heard, now)
    for work in finished:
        for file in work.files:
            await messages.keep_file(db, file.sha256, file.content, now)
    return [message for work in finished for message in work.said]
