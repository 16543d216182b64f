"""The bot was away: what Telegram threw away meanwhile is asked for again, and a long gap is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot import app
from bot.app import Bot
from bot.features.submissions.asking_again import ask_again
from bot.road import absence
from bot.rules import Rules
from bot.sandbox import MovableClock, Player
from storage.engine import Database
from tests.e2e.chat import Chat
from tests.e2e.conftest import ADMIN_ID, settings_for
from tests.e2e.town import ONE_MESSAGE, OPENING_DAY, Town, build_town, hears_summary, sends


@pytest.fixture
async def town(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """The units, and nobody at work."""
    monkeypatch.setattr(absence, "CAUGHT_UP_AFTER", 0.5)
    monkeypatch.setattr(absence, "LOOK_EVERY", 0.05)
    clock = MovableClock(start_at=OPENING_DAY)
    async with Chat(clock=clock) as chat:
        chat.sandbox.add_person(Player(ADMIN_ID, "Quản trị"), started=True)
        yield await build_town(chat, sqlite_database, clock)


@asynccontextmanager
async def at_work(town: Town) -> AsyncIterator[Bot]:
    """The bot, until the end of the block."""
    settings = settings_for(town.chat.sandbox, f"sqlite:///{town.database.path}")
    async with app.running(app.build(settings, town.database, clock=town.clock)) as bot:
        yield bot


async def test_whoever_stood_before_sending_is_asked_again_and_the_draft_is_whole(town: Town) -> None:
    hoa = await town.officer()
    async with at_work(town):
        await hoa.says(ONE_MESSAGE)
        await hears_summary(hoa)
    town.clock.move(timedelta(minutes=4))
    async with at_work(town):
        await hoa.hears("chưa được gửi", "Xem lại trước khi gửi")
        (await hoa.hears("bấm Gửi")).has_buttons("Gửi")
        await sends(hoa)
    assert len(await town.versions(town.may)) == 1


async def test_a_short_absence_and_a_report_that_was_sent_meanwhile_are_not_spoken_of(town: Town) -> None:
    hoa, binh = await town.officer(), await town.officer("Phạm Quốc Bình", town.giay)
    async with at_work(town):
        for officer in (hoa, binh):
            await officer.says(ONE_MESSAGE)
            await hears_summary(officer)
    town.clock.move(timedelta(minutes=2))
    async with at_work(town):
        await town.chat.all_taken()
    town.clock.move(timedelta(minutes=4))
    hoa.room.shown.clear()
    await hoa.says("Gửi")
    async with at_work(town) as bot:
        await hoa.hears("Đã nhận")
        await binh.hears("chưa được gửi")
        since, now = town.clock() - timedelta(minutes=4), town.clock()
        assert await ask_again(bot.database, Rules.of(bot.settings), since, now) == 1
        await town.chat.all_taken()
        hoa.hears_nothing_more()


async def test_a_gap_that_swallowed_messages_is_told_to_the_admins(town: Town) -> None:
    hoa = await town.officer()
    async with at_work(town):
        await hoa.says("/huy")
        await hoa.hears("Không có việc gì đang dở")
    town.clock.move(timedelta(hours=25))
    async with at_work(town):
        await town.chat.sandbox.wait_until(
            lambda: any("đã ngừng hoạt động" in message.text for message in town.chat.sandbox.chats[ADMIN_ID].shown), 20
        )
    (told,) = [message.text for message in town.chat.sandbox.chats[ADMIN_ID].shown if message.by_bot]
    assert "Telegram chỉ giữ tin nhắn 24 giờ" in told
