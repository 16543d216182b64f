"""Slow work is done once, tried again when it fails, given up in the end, and said to whoever waits for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select

from bot.access import AccessDeniedError, Right
from bot.hands import errands
from bot.hands.errands import TRY_AGAIN_AFTER, Made, Maker, Workplace, make_tick
from bot.road.reply import Reply
from bot.road.turn import Hooks
from bot.rules import Rules
from bot.settings import Settings
from storage import errands as rows
from storage.engine import Database
from storage.schema import errands as table
from storage.schema import outbox

NOW = datetime(2026, 11, 2, 5, tzinfo=UTC)
FAILED = Reply("Xin lỗi")


class Paper(msgspec.Struct, frozen=True):
    """What is to be made."""

    title: str
    pages: int = 1


class Office:
    """A maker of one kind that keeps what it was asked to make."""

    def __init__(self, database: Database, *, fails: int = 0, failed: Reply | None = FAILED) -> None:
        self.database = database
        self.made: list[Paper] = []
        self.asked_by: list[int] = []
        self.noted = 0
        self.fails = fails
        self.is_open = asyncio.Event()
        self.is_open.set()
        hooks = Hooks()
        hooks.provide(Rules())
        self._tick = make_tick(hooks, {"paper": Maker(Paper, self.make, failed)}, Settings())

    async def make(self, place: Workplace, paper: Paper) -> Made:
        await self.is_open.wait()
        if paper.title == "secret":
            raise AccessDeniedError(Right.SEE)
        async with place.reading() as asking:
            self.asked_by.append(asking.asker.telegram_id)
        if self.fails:
            self.fails -= 1
            raise RuntimeError("out of paper")
        self.made.append(paper)

        def draw() -> Sequence[Reply]:
            return [Reply(f"{paper.title} {page}") for page in range(1, paper.pages + 1)]

        async def note(_db: object) -> None:
            self.noted += 1

        return Made(draw, note)

    async def ask(self, paper: Paper, *, kind: str = "paper", key: str = "k") -> None:
        async with self.database.write() as db:
            await errands.add(db, kind, 7, paper, NOW, key=key)

    async def work(self, now: datetime = NOW) -> None:
        await self._tick(self.database, now)

    async def said(self) -> list[tuple[str, int, str]]:
        async with self.database.read() as db:
            found = await db.execute(select(outbox.c.key, outbox.c.chat_id, outbox.c.body).order_by(outbox.c.id))
            return [(row.key, row.chat_id, json.loads(row.body)["text"]) for row in found]


async def test_what_is_made_is_sent_once_under_the_keys_of_the_errand(database: Database) -> None:
    office = Office(database)
    for _ in range(2):
        await office.ask(Paper("Biểu", 2))
    await asyncio.gather(office.work(), office.work(NOW + timedelta(seconds=1)))
    assert office.made == [Paper("Biểu", 2)]
    assert office.asked_by == [7]
    assert office.noted == 1
    assert await office.said() == [("k", 7, "Biểu 1"), ("k:1", 7, "Biểu 2")]


async def test_what_fails_is_tried_again_later(database: Database) -> None:
    office = Office(database, fails=1)
    await office.ask(Paper("Biểu"))
    await office.work()
    assert await office.said() == []
    await office.work(NOW + TRY_AGAIN_AFTER)
    assert [text for _, _, text in await office.said()] == ["Biểu 1"]


async def test_what_always_fails_is_given_up_and_said(database: Database) -> None:
    office = Office(database, fails=9)
    await office.ask(Paper("Biểu"))
    for attempt in range(rows.TRIES + 2):
        await office.work(NOW + attempt * TRY_AGAIN_AFTER)
    assert office.fails == 9 - rows.TRIES
    assert [text for _, _, text in await office.said()] == ["Xin lỗi"]


async def test_nobody_is_told_of_what_nobody_waits_for(database: Database) -> None:
    office = Office(database, fails=9, failed=None)
    await office.ask(Paper("Biểu"))
    await office.ask(Paper("Thư"), kind="letter", key="l")
    for attempt in range(rows.TRIES + 1):
        await office.work(NOW + attempt * TRY_AGAIN_AFTER)
    assert await office.said() == []
    async with database.read() as db:
        assert not await rows.has_due(db, NOW + timedelta(days=1))


async def test_whoever_may_not_see_it_any_more_hears_so(database: Database) -> None:
    office = Office(database)
    await office.ask(Paper("secret"))
    await office.work()
    [(_, chat, said)] = await office.said()
    assert chat == 7
    assert "đơn vị mình" in said


async def test_work_is_held_for_as_long_as_it_takes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "RENEWED", timedelta(seconds=0.02))
    office = Office(database)
    await office.ask(Paper("Biểu"))
    office.is_open.clear()
    doing = asyncio.create_task(office.work())
    held_until = NOW
    while held_until <= NOW + rows.LEASE:
        assert not doing.done()
        await asyncio.wait({doing}, timeout=0.02)
        async with database.read() as db:
            held_until = (await db.execute(select(table.c.not_before))).scalar_one()
    office.is_open.set()
    await doing
    assert [text for _, _, text in await office.said()] == ["Biểu 1"]
