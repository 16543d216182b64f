"""The intake of updates, by long poll or webhook: stored first, then acknowledged.

The stock updater acknowledges what is only in memory, ends for ever on one 401, and says nothing when its long poll
hangs; so this small loop speaks to getUpdates itself. An update's number is used to confirm the batch it came in and
then forgotten, since after a quiet week Telegram begins anew at a random one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from bot.road.carrier import BadTokenError, Carrier, CarrierError, ConflictError, SlowDownError, read_answer
from bot.road.clock import Clock
from storage import inbox
from storage.engine import Database
from storage.inbox import Received

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
)
LONG_POLL = 25  # seconds Telegram holds an empty answer back
BATCH = 100
BAD_TOKEN_FOR = 40.0  # seconds of 401 or 404 after which the token is believed to be wrong
LONGEST_PAUSE = 20.0
CONFLICT_LASTS = 30.0  # seconds of 409 after which it is no change of hands but another program
CONFLICT_OVER = 60.0  # seconds after the last 409


class BadTokenForGoodError(Exception):
    """Telegram has refused the token for so long that it is wrong."""

    for_operator = True

    def __init__(self) -> None:
        super().__init__("Telegram refuses the token (401/404); check TELEGRAM_BOT_TOKEN and TELEGRAM_API_URL")


class _Batch(msgspec.Struct):
    ok: bool
    result: list[msgspec.Raw]


_decode_batch = msgspec.json.Decoder(_Batch).decode
_decode = msgspec.json.Decoder().decode


def read_update(raw: bytes) -> Received:
    """One update's JSON as a row for the inbox. Unreadable JSON comes back parked, never as an exception. Pure."""
    text = raw.decode("utf-8", "replace")
    unknown = -1 - zlib.crc32(raw)
    try:
        update = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Received(unknown, "?", text, error="not JSON")
    if not isinstance(update, dict) or not _is_int(update.get("update_id")):
        return Received(unknown, "?", text, error="no update_id")
    number: int = update["update_id"]
    for kind, content in update.items():
        if isinstance(content, dict):
            return Received(number, _chat_key(content, number), text, _natural_key(kind, content))
    return Received(number, f"update:{number}", text)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62


def _id_in(content: Any, name: str) -> int | None:
    inner = content.get(name) if isinstance(content, dict) else None
    found = inner.get("id") if isinstance(inner, dict) else None
    return found if _is_int(found) else None


def _chat_key(content: dict[str, Any], number: int) -> str:
    """The key of an update's queue: the chat of messages and taps, the sender of everything else."""
    chat = _id_in(content, "chat")
    if chat is None:
        chat = _id_in(content.get("message"), "chat")
    if chat is not None:
        return f"chat:{chat}"
    sender = _id_in(content, "from")
    return f"from:{sender}" if sender is not None else f"update:{number}"


def _natural_key(kind: str, content: dict[str, Any]) -> str | None:
    if kind == "message":
        chat, message = _id_in(content, "chat"), content.get("message_id")
        return f"m:{chat}:{message}" if chat is not None and _is_int(message) else None
    if kind in ("callback_query", "inline_query") and isinstance(content.get("id"), str):
        return f"{kind[0]}:{content['id'][:70]}"
    return None


class Store:
    """A writer of the inbox; updates that come at the same moment share a commit."""

    def __init__(self, database: Database, bot_id: int, clock: Clock, on_stored: Callable[[], None]) -> None:
        self._database = database
        self._bot_id = bot_id
        self._clock = clock
        self._on_stored = on_stored
        self._waiting: list[tuple[Received, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self.stored = 0

    async def put_batch(self, batch: Sequence[Received]) -> None:
        """Store a batch and return once it is committed; raises what the database raises."""
        async with self._database.write() as db:
            await inbox.store(db, self._bot_id, batch, self._clock())
        self.stored += len(batch)
        self._on_stored()

    async def put(self, received: Received) -> None:
        """Store an update and return once it is committed, together with whatever else came meanwhile."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((received, done))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await done

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
        self.last_good: float | None = None
        self.last_tried = time.monotonic()
        self.conflict_at: float | None = None
        self._conflict_since = 0.0
        self.on_conflict: Callable[[], None] | None = None

    def stop(self) -> None:
        """Stop polling; updates of the poll that is cancelled stay with Telegram."""
        self._stopping.set()

    async def run(self) -> None:
        """Poll until stopped."""
        confirm: int | None = None
        pause = 0.0
        refused_since: float | None = None
        while not self._stopping.is_set():
            if pause:
                await self._unless_stopped(asyncio.sleep(pause))
                if self._stopping.is_set():
                    return
            try:
                batch = await self._unless_stopped(self._fetch(confirm))
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
                logger.warning("getUpdates failed", extra={"error": type(error).__name__, "again_in": pause})
                continue
            finally:
                self.last_tried = time.monotonic()
            if batch is None:
                return
            self.last_good, refused_since, pause = self.last_tried, None, 0.0
            received = [read_update(bytes(raw)) for raw in batch]
            if not received:
                confirm = None
                continue
            try:
                await self._store.put_batch(received)
            except (SQLAlchemyError, OSError) as error:
                logger.error("updates not stored; telegram keeps them", extra={"error": type(error).__name__})  # noqa: TRY400
                pause = 1.0
                continue
            logger.debug("batch stored", extra={"count": len(received)})
            numbers = [update.update_id for update in received if update.update_id >= 0]
            confirm = numbers[-1] + 1 if numbers else None
            if not numbers:
                pause = 1.0

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

    async def _fetch(self, confirm: int | None) -> list[msgspec.Raw]:
        """Call getUpdates once: without waiting where there is a batch to confirm, else as a long poll."""
        seconds = 0 if confirm is not None else self._long_poll
        status, content = await self._carrier.call_raw(
            "getUpdates",
            {"offset": confirm, "timeout": seconds, "limit": BATCH, "allowed_updates": json.dumps(ALLOWED_UPDATES)},
            timeout=seconds + 10,
        )
        if status == 200:
            try:
                answer = _decode_batch(content)
            except (msgspec.DecodeError, UnicodeDecodeError):
                pass
            else:
                if answer.ok:
                    return answer.result
        read_answer(status, content)
        return []

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
