"""What a running bot watches of its surroundings: the database's file and whether it can be written, clock, poll."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Collection

from sqlalchemy.exc import SQLAlchemyError

from bot.road import words as errors
from bot.road.carrier import Carrier, CarrierError
from bot.road.clock import Clock
from bot.road.leadership import Leadership
from bot.road.reply import Reply, to_messages
from bot.road.sending import to_request
from bot.road.turn import best_effort, post_to_all
from storage import notes
from storage.engine import Database
from storage.guard import is_fatal
from storage.notes import NoteKey
from storage.refused import DatabaseRefusedError, plain

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0
PROBE_EVERY = 4.0  # seconds between two writes that only try whether it is possible
PROBE_SECONDS = 5.0  # a write that takes longer counts as not possible
CALM = 10.0  # seconds without a failure after which all is well again
LASTS = 1.5  # seconds between the first and the last failure, from which on admins are told
STALE_SECONDS = 120.0  # a poller that has not come back for so long is stuck
JUMP_SECONDS = 5.0  # by which the clock moves between two looks without time having passed: a jump
JUMP_KNOWN_FOR = 600.0
NOTICE_SECONDS = 8.0


class StuckError(Exception):
    """A part of the bot hangs; the process has to be restarted."""

    for_operator = True


class ClockWatch:
    """A comparison of the clock on the wall with one that cannot be set.

    Attributes:
        on_jump: told of each jump, in seconds: more than 0 where the clock went ahead.
    """

    def __init__(
        self, *, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset = wall() - monotonic()
        self._jumped_at: float | None = None
        self._jump = 0.0
        self.on_jump: list[Callable[[float], None]] = []

    def look(self) -> float | None:
        """The jump since the last look, in seconds; None where there was none."""
        offset = self._wall() - self._monotonic()
        jump, self._offset = offset - self._offset, offset
        if abs(jump) <= JUMP_SECONDS:
            return None
        self._jump, self._jumped_at = jump, self._monotonic()
        for hook in self.on_jump:
            hook(jump)
        return jump

    @property
    def problem(self) -> str | None:
        """The last jump, in words, for ten minutes."""
        if self._jumped_at is None or self._monotonic() - self._jumped_at > JUMP_KNOWN_FOR:
            return None
        return describe_jump(self._jump)


def describe_jump(seconds: float) -> str:
    """-7200.2 → the clock was set back by 7200 s, or … Pure."""
    if seconds < 0:
        return f"the clock was set back by {-seconds:.0f} s"
    return f"the clock went ahead by {seconds:.0f} s at once (it was set, or the machine slept)"


class StorageWatch:
    """Whether the database can be written: tried where nobody wrote for some seconds; anybody's failure is noticed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._probe: asyncio.Task[None] | None = None
        self._begun = float("-inf")
        self._first_failed: float | None = None

    def look(self) -> None:
        """Begin to try again where it is time. Never waits.

        Raises:
            DatabaseLostError, DiskFailedError: what trying has shown.
        """
        now = time.monotonic()
        if self._probe is not None and self._probe.done():
            self._probe.result()
            self._probe = None
        last = max(self._begun, self._database.guard.written_at)
        if self._probe is None and now - last >= (PROBE_EVERY if self.problem is None else LOOK_EVERY):
            self._begun = now
            self._probe = asyncio.create_task(self._try_to_write())
        failed_at = self._failed_at
        if failed_at is None or now - failed_at > CALM:
            self._first_failed = None
        elif self._first_failed is None:
            self._first_failed = failed_at

    async def _try_to_write(self) -> None:
        try:
            async with self._database.write() as db:
                await notes.put(db, NoteKey.ALIVE, "", self._clock())
        except Exception as error:
            if is_fatal(error):
                raise
            self._database.guard.note_trouble(error)

    async def stop(self) -> None:
        """Try no more."""
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.gather(self._probe, return_exceptions=True)

    @property
    def _failed_at(self) -> float | None:
        if self._is_slow:
            return time.monotonic()
        return self._database.guard.troubled_at if self._database.guard.trouble is not None else None

    @property
    def _is_slow(self) -> bool:
        return self._probe is not None and not self._probe.done() and time.monotonic() - self._begun > PROBE_SECONDS

    @property
    def problem(self) -> str | None:
        """Why it cannot be written, on one line; None where it can."""
        if self._is_slow:
            return f"no write has come to its end for {time.monotonic() - self._begun:.0f} s"
        failed_at = self._failed_at
        if failed_at is None or time.monotonic() - failed_at > CALM:
            return None
        return self._database.guard.trouble

    @property
    def is_lasting(self) -> bool:
        """Whether it has failed more than once: not for the moment in which a server starts again."""
        failed_at = self._failed_at
        return (
            self.problem is not None
            and self._first_failed is not None
            and failed_at is not None
            and failed_at - self._first_failed >= LASTS
        )


async def prove_writable(database: Database, clock: Clock) -> None:
    """Write once, before the bot takes anything in.

    Raises:
        DatabaseRefusedError: nothing can be written: the disk is full, the server is read-only, somebody locks it.
    """
    try:
        async with database.write() as db:
            await notes.put(db, NoteKey.STARTED, "", clock())
    except (SQLAlchemyError, OSError) as error:
        where = database.path or "on PostgreSQL"
        raise DatabaseRefusedError(
            f"the database {where} cannot be written ({plain(error)}); free or repair its disk, then start again"
        ) from error


class Watch:
    """The one task that watches. `run()` ends only by raising what the bot cannot go on with.

    Attributes:
        storage: whether the database can be written.
        time: whether the clock jumped.
    """

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        leadership: Leadership | None,
        *,
        clock: Clock,
        admins: Collection[int],
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._leadership = leadership
        self._clock = clock
        self._admins = sorted(admins)
        self.storage = StorageWatch(database, clock)
        self.time = ClockWatch()
        self._told: set[int] = set()
        self._was_troubled: str | None = None
        self._telling: asyncio.Task[None] | None = None
        self._to_note: dict[NoteKey, str] = {}

    async def run(self) -> None:
        """Look every two seconds.

        Raises:
            DatabaseLostError, DiskFailedError: the database is not what it was.
            StuckError: the poller hangs: it neither succeeds nor fails.
        """
        try:
            while True:
                await self._database.guard.look()
                self.storage.look()
                self._look_at_the_poller()
                jump = self.time.look()
                if jump is not None:
                    logger.warning("the clock jumped", extra={"seconds": round(jump, 1)})
                    self._to_note[NoteKey.CLOCK] = describe_jump(jump)
                self._look_whom_to_tell()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            if self._telling is not None:
                self._telling.cancel()
            await self.storage.stop()

    def _look_at_the_poller(self) -> None:
        if self._leadership is None or not self._leadership.polls:
            return
        if time.monotonic() - self._leadership.poller.last_tried > STALE_SECONDS:
            raise StuckError("getUpdates has been stuck for two minutes; start again")

    def _look_whom_to_tell(self) -> None:
        if self._telling is not None and not self._telling.done():
            return
        problem = self.storage.problem
        if self.storage.is_lasting and problem is not None:
            if self._was_troubled is None:
                logger.error("the database cannot be written", extra={"why": problem})
            self._was_troubled = problem
            if len(self._told) < len(self._admins):
                self._telling = asyncio.create_task(self._tell_of_trouble(problem))
        elif problem is None and (self._was_troubled is not None or self._to_note):
            self._telling = asyncio.create_task(best_effort(self._note_and_tell_all_is_well))

    async def _tell_of_trouble(self, why: str) -> None:
        """Straight to Telegram, since the outbox is what cannot be written."""
        for admin in self._admins:
            if admin not in self._told and await tell(self._carrier, admin, errors.storage_failing(why)):
                self._told.add(admin)

    async def _note_and_tell_all_is_well(self) -> None:
        now, noted, troubled = self._clock(), dict(self._to_note), self._was_troubled
        async with self._database.write() as db:
            for key, words in noted.items():
                await notes.put(db, key, words, now)
            if troubled is not None:
                await notes.put(db, NoteKey.STORAGE, f"could not be written for a while: {troubled}", now)
            await post_to_all(db, self._told, errors.storage_well(), now)
        if troubled is not None:
            logger.warning("the database can be written again")
        self._told.clear()
        self._was_troubled = None
        self._to_note = {key: words for key, words in self._to_note.items() if noted.get(key) != words}


async def tell(carrier: Carrier, chat_id: int, reply: Reply) -> bool:
    """Say something without the outbox, once, best effort; whether Telegram took it."""
    for message in to_messages(chat_id, reply):
        method, parameters = to_request(json.loads(message.body), chat_id, again=False)
        try:
            await carrier.call(method, parameters, timeout=NOTICE_SECONDS)
        except CarrierError as error:
            logger.info("notice not sent", extra={"error": type(error).__name__})
            return False
    return True
