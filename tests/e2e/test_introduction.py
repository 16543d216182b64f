"""What Telegram shows of the bot before anybody wrote: name, descriptions, menus; set only where they differ."""

from __future__ import annotations

import asyncio

import pytest

from bot import app
from bot.sandbox import FaultKind, Sandbox
from bot.words import introduction
from storage.engine import Database
from tests.e2e.chat import Chat
from tests.e2e.conftest import settings_for

SETTERS = ("setMyName", "setMyDescription", "setMyShortDescription", "setMyCommands")


async def run_once(sandbox: Sandbox, database: Database, **given: str) -> None:
    """The bot, until it has begun and said what it has to say of itself."""
    async with app.running(app.build(settings_for(sandbox, **given), database, clock=sandbox.clock)) as bot:
        await asyncio.wait([task for name, task in bot._tasks.items() if name.startswith("start ")])


def set_calls(sandbox: Sandbox) -> list[str]:
    return [call.method for call in sandbox.calls(*SETTERS)]


async def test_the_profile_is_set_where_it_differs_and_then_left_alone(stage: Chat, sqlite_database: Database) -> None:
    sandbox = stage.sandbox
    sandbox.bot["first_name"] = "troly_test"
    await run_once(sandbox, sqlite_database)
    assert sandbox.profile["description", ""] == introduction.DESCRIPTION
    assert sandbox.profile["short_description", ""] == introduction.SHORT_DESCRIPTION
    assert sandbox.bot["first_name"] == introduction.NAME
    before = set_calls(sandbox)
    await run_once(sandbox, sqlite_database)
    assert set_calls(sandbox) == before
    sandbox.profile["description", ""] = "cũ"
    await run_once(sandbox, sqlite_database)
    assert set_calls(sandbox) == [*before, "setMyDescription"]


async def test_the_operators_own_name_is_set_or_kept(stage: Chat, sqlite_database: Database) -> None:
    await run_once(stage.sandbox, sqlite_database, bot_name="keep")
    assert not list(stage.sandbox.calls("setMyName", "setMyDescription", "setMyShortDescription"))
    assert list(stage.sandbox.calls("setMyCommands"))
    await run_once(stage.sandbox, sqlite_database, bot_name="Công đoàn Lâm Đồng")
    assert stage.sandbox.bot["first_name"] == "Công đoàn Lâm Đồng"


async def test_a_refused_name_stops_neither_the_rest_nor_the_bot(stage: Chat, sqlite_database: Database) -> None:
    sandbox = stage.sandbox
    sandbox.bot["first_name"] = "troly_test"
    sandbox.fault(FaultKind.RETRY_AFTER, "setMyName", retry_after=79_000)
    sandbox.fault(FaultKind.INTERNAL, "getMyDescription")
    hoa = stage.person("Nguyễn Thị Hoa")
    async with app.running(app.build(settings_for(sandbox), sqlite_database, clock=sandbox.clock)):
        await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
        await hoa.hears("80%")
        assert await sandbox.wait_until(lambda: bool(list(sandbox.calls("setMyName"))))
    assert sandbox.profile["short_description", ""] == introduction.SHORT_DESCRIPTION
    assert ("description", "") not in sandbox.profile


@pytest.mark.parametrize(("text", "most"), [
    (introduction.NAME, 64), (introduction.DESCRIPTION, 512), (introduction.SHORT_DESCRIPTION, 120),
])  # fmt: skip
def test_telegram_takes_the_words(text: str, most: int) -> None:
    assert 0 < len(text.encode("utf-16-le")) // 2 <= most
