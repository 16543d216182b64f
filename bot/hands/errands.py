"""Errands: slow work that somebody waits for (files, pictures, large sums), done aside and sent when ready.

The row is written with the update that asks for it, so a kill loses nothing; its message carries the row's key, so it
is sent once. Rights are decided again when the work is done: makers get the asker as they are then.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import AccessDeniedError
from bot.hands.asking import Asking
from bot.road.reply import Reply
from bot.road.turn import Hooks, Resources, Turn, post
from bot.rules import Rules
from bot.settings import Settings
from bot.words.calling import Wording, word_for
from bot.words.commands import denied
from storage import errands
from storage.engine import Database
from storage.errands import Errand

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(seconds=1)
TRY_AGAIN_AFTER: Final = timedelta(seconds=20)
_NEXT_TICK: Final = timedelta(milliseconds=1)  # a tick does what was due when it began

Details = TypeVar("Details", bound=msgspec.Struct)
Provided = TypeVar("Provided")


@dataclass(frozen=True, slots=True)
class Made:
    """The result of an errand.

    Attributes:
        replies: what is sent, nothing too; where drawing or writing files takes a while, what makes it: that is run in
            a thread, with no transaction open.
        note: writes what is to be kept of it, in the transaction of its message.
    """

    replies: Sequence[Reply] | Callable[[], Sequence[Reply]] = ()
    note: Callable[[AsyncConnection], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Workplace:
    """The surroundings of an errand: whose private chat it is for, since when it is being done, and the database."""

    database: Database
    resources: Resources
    settings: Settings
    chat_id: int
    now: datetime

    def resource(self, kind: type[Provided]) -> Provided:
        """What was provided under this type when the errand began; raises KeyError where nothing was."""
        return self.resources.find(kind)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Asking]:
        """A transaction that only reads, and who asks in it."""
        async with self.database.read() as db:
            yield await self._asking(db)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Asking]:
        """A transaction of its own, and who asks in it; an errand that is done again finds what stands."""
        async with self.database.write() as db:
            yield await self._asking(db)

    async def find_wording(self, db: AsyncConnection) -> Wording:
        """What makes a text as it is said to whoever waits for it."""
        asker = (await self._asking(db)).asker
        return word_for(asker.name, asker.called)

    async def _asking(self, db: AsyncConnection) -> Asking:
        # A private chat bears the number of its person.
        person = access.Sender(self.chat_id, "", is_admin=self.chat_id in self.settings.admin_ids)
        asker = await access.find_asker(db, person)
        return Asking(db, asker, self.chat_id, self.now, self.settings.timezone, self.resource(Rules).forms)


@dataclass(frozen=True, slots=True)
class Maker(Generic[Details]):
    """The way one kind of errand is done.

    Attributes:
        details: what its row holds.
        make: does it; AccessDeniedError is said to whoever asked, any other error makes it be tried again.
        failed: what is said where it is given up; None where nobody waits for it.
    """

    details: type[Details]
    make: Callable[[Workplace, Details], Awaitable[Made]]
    failed: Reply | None = None


async def ask(turn: Turn, asking: Asking, kind: str, details: msgspec.Struct) -> None:
    """Add an errand for this private chat; the same tap or message again adds none."""
    query, message = turn.incoming.callback_query, turn.incoming.effective_message
    origin = f"tap:{query.id}" if query is not None else f"message:{message.message_id if message else 0}"
    await add(asking.db, kind, asking.chat_id, details, asking.now, key=f"{kind}:{asking.chat_id}:{origin}")


async def add(
    db: AsyncConnection, kind: str, chat_id: int, details: msgspec.Struct, now: datetime, *, key: str
) -> None:
    """Add an errand for a private chat; none where the key was used before."""
    await errands.add(db, kind, chat_id, msgspec.to_builtins(details), now, key=key)


async def add_next(db: AsyncConnection, kind: str, place: Workplace, details: msgspec.Struct, *, key: str) -> None:
    """Add the errand that goes on where this one ends; those that others wait for meanwhile come before it."""
    plain = msgspec.to_builtins(details)
    await errands.add(db, kind, place.chat_id, plain, place.now, key=key, not_before=place.now + _NEXT_TICK)


def register(hooks: Hooks, makers: Mapping[str, Maker[Any]], settings: Settings) -> None:
    """Register the tick that does errands, and that old ones are removed."""
    hooks.every(EVERY, make_tick(hooks, makers, settings), name="errands")
    hooks.stale.append(errands.stale)


def make_tick(
    hooks: Hooks, makers: Mapping[str, Maker[Any]], settings: Settings
) -> Callable[[Database, datetime], Awaitable[None]]:
    """Make the tick that does the due errands, two at a time."""

    async def tick(database: Database, now: datetime) -> None:
        while True:
            async with database.read() as db:
                if not await errands.has_due(db, now):
                    return
            async with database.write() as db:
                taken = await errands.claim(db, now)
            if not taken:
                return
            places = [(each, Workplace(database, hooks.resources, settings, each.chat_id, now)) for each in taken]
            await asyncio.gather(*(_do(each, place, makers.get(each.kind)) for each, place in places))

    return tick


async def _do(errand: Errand, place: Workplace, maker: Maker[Any] | None) -> None:
    if errand.attempts > errands.TRIES or maker is None:
        # Whoever took it before died over it every time, or a later version of the program wrote it.
        await _give_up(errand, place, maker)
        return
    try:
        async with _held(errand, place):
            made = await maker.make(place, msgspec.convert(errand.details, maker.details))
            replies = await asyncio.to_thread(made.replies) if callable(made.replies) else made.replies
        await _finish(errand, place, replies, made.note)
    except AccessDeniedError as error:
        await _finish(errand, place, [denied(error.right)])
    except Exception:
        logger.exception("errand failed", extra={"errand": errand.id, "try": errand.attempts})
        if errand.attempts < errands.TRIES:
            async with place.database.write() as db:
                await errands.again(db, errand.id, place.now + TRY_AGAIN_AFTER)
            return
        await _give_up(errand, place, maker)


@asynccontextmanager
async def _held(errand: Errand, place: Workplace) -> AsyncIterator[None]:
    """Hold an errand for as long as it is being done, so that a short lease is enough for whoever is killed."""
    done, began = asyncio.Event(), time.monotonic()

    async def hold() -> None:
        while not done.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), errands.RENEWED.total_seconds())
                return
            until = place.now + timedelta(seconds=time.monotonic() - began) + errands.LEASE
            try:
                async with place.database.write() as db:
                    await errands.again(db, errand.id, until)
            except Exception:
                # Somebody else may take it then, and whoever is first tells what came of it.
                logger.exception("errand not held", extra={"errand": errand.id})

    holding = asyncio.create_task(hold())
    try:
        yield
    finally:
        done.set()
        await holding


async def _give_up(errand: Errand, place: Workplace, maker: Maker[Any] | None) -> None:
    logger.error("errand given up", extra={"errand": errand.id, "kind": errand.kind})
    await _finish(errand, place, [maker.failed] if maker is not None and maker.failed is not None else [])


async def _finish(
    errand: Errand,
    place: Workplace,
    replies: Sequence[Reply],
    note: Callable[[AsyncConnection], Awaitable[None]] | None = None,
) -> None:
    async with place.database.write() as db:
        if not await errands.finish(db, errand.id, place.now):
            return
        word = await place.find_wording(db) if replies else str
        for number, reply in enumerate(replies):
            key = errand.key if number == 0 else f"{errand.key}:{number}"
            await post(db, errand.chat_id, replace(reply, key=key, text=word(reply.text)), place.now)
        if note is not None:
            await note(db)


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Remove the errands of somebody's private chat."""
    await errands.forget_chat(db, telegram_id)
