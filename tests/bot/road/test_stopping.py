"""The end of a bot: within its time whatever Telegram does, and without the work that others can do."""

from __future__ import annotations

import asyncio

import pytest

from bot import app
from bot.road.reply import Reply
from bot.road.turn import post
from bot.sandbox import MovableClock
from bot.settings import Settings
from storage.engine import Database
from storage.processes import Presence
from tests.bot.road.conftest import register, until
from tests.bot.road.fake_api import FakeApi, message


async def test_telegram_that_hangs_is_not_waited_for(
    api: FakeApi, settings: Settings, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "DRAIN_SECONDS", 0.2)
    api.answer("sendMessage", "hang")
    bot = app.build(settings, sqlite_database, register=register)
    await bot.start()
    api.hand_over(message(1, "chào"))
    await until(lambda: "sendMessage" in {method for method, _ in api.calls})
    async with asyncio.timeout(12):  # and not the fifteen seconds that a call may take
        await bot.stop()
    well, figures = await bot.health()
    assert (well, figures["status"]) == (False, "stopping")


async def test_what_other_processes_can_do_is_left_to_them(
    api: FakeApi, settings: Settings, database: Database, clock: MovableClock
) -> None:
    bot = app.build(settings, database, clock=clock, register=register)
    await bot.start()
    try:
        assert not await bot._has_work()
        async with database.write() as db:
            bot.dispatcher.stop()
            await post(db, 1, Reply("chào"), clock())
        assert await bot._has_work()
        if database.is_sqlite:
            return
        other = Presence(database)
        living = asyncio.create_task(other.run())
        await other.wait_held()
        assert not await bot._has_work()
        living.cancel()
        await asyncio.wait({living})
    finally:
        await bot.stop()
