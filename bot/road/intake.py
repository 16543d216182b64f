"""The intake of updates, by long poll or webhook: stored first, then acknowledged.

The stock updater acknowledges what is only in memory, ends for ever on one 401, and says nothing when its long poll
hangs; so this small loop speaks to getUpdates itself. An update's number is used to confirm the batch it came in, with
the next long poll, and then forgotten, since after a quiet week Telegram begins anew at a random one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.road import words
from bot.road.carrier import BadTokenError, Carrier, CarrierError, ConflictError, SlowDownError
from bot.road.clock import Clock
from bot.road.turn import post_to_all
from bot.road.updates import decide_offset, read_batch, read_update, unreadable
from storage import inbox
from storage.engine import Database
from storage.guard import is_fatal
from storage.inbox import Received, Unreadable

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
)
_ALLOWED = json.dumps(ALLOWED_UPDATES)
LONG_POLL = 25  # seconds Telegram holds an empty answer back
BATCH = 100
BAD_TOKEN_FOR = 40.0  # seconds of 401 or 404 after which the token is believed to be wrong
LONGEST_PAUSE = 20.0
CONFLICT_LASTS = 30.0  # seconds of 409 after which it is no change of hands but another program
CONFLICT_OVER = 60.0  # seconds after the last 409
IDLE_PAUSE = 1.0  # seconds between polls while what stands at the head of the queue cannot be confirmed
LAST_CALL_SECONDS = 2.0  # for confirming what was stored when polling stops
ALARMS_AN_HOUR = 5  # of updates that cannot be read
KNOWN_UNREADABLE = 1000  # remembered, so that nothing is written for one that comes again and again


class BadTokenForGoodError(Exception):
    """Telegram has refused the token for so long that it is wrong."""

    for_operator = True

    def __init__(self) -> None:
        super().__init__("Telegram refuses the token (401/404); check TELEGRAM_BOT_TOKEN and TELEGRAM_API_URL")


def _is_fault_of_data(error: Exception) -> bool:
    """Whether the database works and does not take a value: a number or a text beyond what the engine keeps."""
    return isinstance(error, DataError | IntegrityError | OverflowError | ValueError) or type(error) is StatementError


class Store:
    """A writer of the inbox; updates that come at the same moment share a commit.

    What cannot be read or stored is put aside as bytes, and told to the admins.

    Attributes:
        stored: how many updates were stored since the start.
        put_aside: how many could not be, and were kept as bytes.
    """

    def __init__(
        self,
        database: Database,
        bot_id: int,
        clock: Clock,
        on_stored: Callable[[], None],
        *,
        admin_ids: Collection[int] = (),
    ) -> None:
        """`on_stored` is called when there is something to handle."""
        self._database = database
        self._bot_id = bot_id
        self._clock = clock
        self._on_stored = on_stored
        self._admin_ids = admin_ids
        self._waiting: list[tuple[Received | Unreadable, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._known: set[int] = set()
        self.stored = 0
        self.put_aside = 0

    async def put_batch(self, batch: Sequence[Received | Unreadable]) -> None:
        """Store a batch and return once it is committed; raises what the database raises of itself, not of the data."""
        try:
            await self._write(batch)
        except Exception as error:
            if not _is_fault_of_data(error):
                raise
            for each in batch:
                await self._put_alone(each)

    async def _put_alone(self, one: Received | Unreadable) -> None:
        """Store one by itself, as bytes where the database does not take it as an update."""
        try:
            await self._write([one])
        except Exception as error:
            if isinstance(one, Unreadable) or not _is_fault_of_data(error):
                raise
            await self._write([unreadable(one.raw.encode("utf-8", "surrogatepass"), type(error).__name__)])

    async def _write(self, batch: Sequence[Received | Unreadable]) -> None:
        readable = [each for each in batch if isinstance(each, Received)]
        aside = [each for each in batch if isinstance(each, Unreadable) and each.number not in self._known]
        if not readable and not aside:
            return
        kept = 0
        async with self._database.write() as db:
            await inbox.store(db, self._bot_id, readable, self._clock())
            if aside:
                kept = await self._put_aside(db, aside)
        self.stored += len(readable)
        self.put_aside += kept
        if len(self._known) > KNOWN_UNREADABLE:
            self._known.clear()
        self._known |= {each.number for each in aside}
        if readable:
            self._on_stored()

    async def _put_aside(self, db: AsyncConnection, aside: Sequence[Unreadable]) -> int:
        """Keep the bytes and tell the admins of each, but not without end; how many were new."""
        now = self._clock()
        told = before = await inbox.count_put_aside(db, since=now - timedelta(hours=1))
        for each in aside:
            row = await inbox.put_aside(db, self._bot_id, each, now)
            if row is None:
                continue
            told += 1
            logger.error("update not readable", extra={"inbox": row, "error": each.error, "bytes": len(each.raw)})
            if told > ALARMS_AN_HOUR + 1:
                continue
            notice = words.update_unreadable(row) if told <= ALARMS_AN_HOUR else words.more_updates_unreadable()
            await post_to_all(db, self._admin_ids, notice, now)
        return told - before

    async def put(self, received: Received | Unreadable) -> None:
        """Store an update and return once it is committed, together with whatever else came meanwhile."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((received, done))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        try:
            await done
        finally:
            if done.cancelled():  # it comes again; without this, a database that hangs would fill the memory
                self._waiting = [each for each in self._waiting if each[1] is not done]

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            error: Exception | None = None
            try:
                await self.put_batch([received for received, _ in batch])
            except Exception as raised:
                error = raised
            for _, done in batch:
                if done.done():
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)


class Poller:
    """The getUpdates loop. `run()` goes on until `stop()`; it raises only BadTokenForGoodError.

    Attributes:
        last_good: when getUpdates last succeeded, by the monotonic clock.
        last_tried: when a call last ended, well or not: a loop that is stuck stops moving it.
        conflict_at: when another poller was last noticed.
    """

    def __init__(self, carrier: Carrier, store: Store, *, long_poll: int = LONG_POLL) -> None:
        """`long_poll` is how long Telegram may hold an empty answer back, in seconds."""
        self._carrier = carrier
        self._store = store
        self._long_poll = long_poll
        self._stopping = asyncio.Event()
        self._confirm: int | None = None
        self._failed = True  # the first one is quick too, so that it is known at once whether it works
        self.last_good: float | None = None
        self.last_tried = time.monotonic()
        self.conflict_at: float | None = None
        self._conflict_since = 0.0
        self.on_conflict: Callable[[], None] | None = None

    def stop(self) -> None:
        """Stop polling; what was stored is confirmed, updates of the poll that is cancelled stay with Telegram."""
        self._stopping.set()

    async def run(self) -> None:
        """Poll until stopped; then confirm what was stored."""
        pause = 0.0
        refused_since: float | None = None
        while not self._stopping.is_set():
            if pause:
                await self._unless_stopped(asyncio.sleep(pause))
                if self._stopping.is_set():
                    break
            try:
                batch = await self._unless_stopped(self._fetch())
            except BadTokenError:
                now = time.monotonic()
                refused_since = refused_since or now
                logger.error("telegram refuses the token", extra={"seconds": round(now - refused_since)})  # noqa: TRY400
                if now - refused_since > BAD_TOKEN_FOR:
                    raise BadTokenForGoodError from None
                pause = min(8.0, pause * 2 or 1.0)
                continue
            except ConflictError:
                self._note_conflict(time.monotonic())
                logger.warning("another program polls with this token, or a webhook is set")
                if self.on_conflict and self.conflict_lasts:
                    self.on_conflict()
                pause = 5.0
                continue
            except SlowDownError as error:
                pause = error.retry_after or 5.0
                continue
            except CarrierError as error:
                pause = min(LONGEST_PAUSE, pause * 2 or 0.5)
                logger.warning(
                    "getUpdates failed", extra={"error": type(error).__name__, "why": str(error), "again_in": pause}
                )
                continue
            finally:
                self.last_tried = time.monotonic()
            if batch is None:
                break
            self.last_good, refused_since = self.last_tried, None
            pause = await self._take(batch)
        await self._confirm_last()

    @property
    def conflict_lasts(self) -> bool:
        """Whether another program polls with this token: a 409 as a process follows another one does not count."""
        if self.conflict_at is None or time.monotonic() - self.conflict_at >= CONFLICT_OVER:
            return False
        return self.conflict_at - self._conflict_since >= CONFLICT_LASTS

    def _note_conflict(self, at: float) -> None:
        if self.conflict_at is None or at - self.conflict_at >= CONFLICT_OVER:
            self._conflict_since = at
        self.conflict_at = at

    async def _take(self, batch: Sequence[bytes]) -> float:
        """Store a batch, so that the next poll confirms it; the seconds to wait before that poll."""
        if not batch:
            self._confirm = None
            return 0.0
        received = [read_update(raw) for raw in batch]
        try:
            await self._store.put_batch(received)
        except Exception as error:
            if is_fatal(error):
                raise
            logger.error("updates not stored; telegram keeps them", extra={"error": type(error).__name__})  # noqa: TRY400
            return 1.0
        logger.debug("batch stored", extra={"count": len(received)})
        before, self._confirm = self._confirm, decide_offset(received)
        return IDLE_PAUSE if self._confirm in (None, before) else 0.0

    async def _fetch(self) -> list[bytes]:
        """One long poll, which also confirms the batch before it; a quick one after a failure, to see if it is over."""
        seconds = 0 if self._failed else self._long_poll
        fields = {"offset": self._confirm, "timeout": seconds, "limit": BATCH, "allowed_updates": _ALLOWED}
        self._failed = True
        found = await self._carrier.call_and_read(read_batch, "getUpdates", fields, timeout=seconds + 10)
        self._failed = False
        return found

    async def _confirm_last(self) -> None:
        """Confirm the last batch as the poll that was to do so is broken off; if it fails, it only comes again."""
        if self._confirm is not None:
            fields = {"offset": self._confirm, "timeout": 0, "limit": 1, "allowed_updates": _ALLOWED}
            with suppress(CarrierError, TimeoutError):
                async with asyncio.timeout(LAST_CALL_SECONDS):
                    await self._carrier.call("getUpdates", fields, timeout=LAST_CALL_SECONDS)

    async def _unless_stopped(self, work: Any) -> Any:
        """The result of `work`, or None as soon as the poller is to stop."""
        task = asyncio.ensure_future(work)
        stopped = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for each in (task, stopped):
                if not each.done():
                    each.cancel()
                    await asyncio.gather(each, return_exceptions=True)
