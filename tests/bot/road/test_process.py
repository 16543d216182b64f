"""The program as the operator runs it: what it says when it cannot, and what survives a kill."""

import asyncio
import os
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import inbox, messages
from storage.engine import Database
from tests.bot.road.conftest import TOKEN, until
from tests.bot.road.fake_api import FakeApi, message, refusal
from tests.faults.nursery import Nursery, Nursling

ROOT = Path(__file__).parents[3]


def environment(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LOG_LEVEL": "DEBUG"} | more


async def start(folder: Path, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli",
        *arguments,
        cwd=folder,
        env=environment(**settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def finish(process: asyncio.subprocess.Process | Nursling, within: float = 60.0) -> tuple[int, str]:
    async with asyncio.timeout(within):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


@asynccontextmanager
async def echoing(nursery: Nursery, folder: Path, api: FakeApi, url: str) -> AsyncIterator[Nursling]:
    settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, "DATABASE_URL": url, "SEND_RATE": "0"}
    process = await nursery.start(
        folder, module="tests.bot.road.echo_program", settings=settings | {"LOG_LEVEL": "DEBUG"}
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def expire_leases(url: str) -> None:
    """Let the minute pass after which other processes may conclude that one died (on PostgreSQL)."""
    database = await Database.open(url)
    async with database.write() as db:
        await db.execute(text("UPDATE outbox SET lease_until = '2020-01-01 00:00:00' WHERE lease_until IS NOT NULL"))
    await database.close()


async def test_a_kill_at_any_moment_leaves_no_question_unanswered(
    nursery: Nursery, api: FakeApi, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(7)
    api.latency = 0.01
    api.hand_over(*(message(number, f"{number}", chat=1 + number % 12) for number in range(1, 61)))
    for _ in range(3):
        async with echoing(nursery, tmp_path, api, database_url) as process:
            enough = min(60, len(api.sent()) + chance.randint(1, 18))
            await until(lambda enough=enough: len(api.sent()) >= enough)
            process.kill()
        await expire_leases(database_url)
    async with echoing(nursery, tmp_path, api, database_url) as process:
        answered = Counter[str]()

        async def all_settled() -> bool:
            nonlocal answered
            answered = Counter(api.texts())
            return len(answered) == 60 and not api.updates

        await until(all_settled)
        process.send_signal(signal.SIGTERM)
        code, output = await finish(process)
    assert code == 0
    assert TOKEN.split(":")[1] not in output
    database = await Database.open(database_url)
    async with database.read() as db:
        doubted = await messages.list_troubled(db, since=datetime(2020, 1, 1, tzinfo=UTC), most=1000)
        assert await inbox.count_by_state(db) == {"done": 60}
    await database.close()
    assert set(answered) == {f"Nghe: {number}" for number in range(1, 61)}
    assert sum(answered.values()) - 60 <= sum(delivery.doubts for delivery in doubted)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN is missing"),
        ({"TELEGRAM_BOT_TOKEN": "very-secret-nonsense"}, "TELEGRAM_BOT_TOKEN is malformed"),
        ({"DATABASE_URL": "sqlite:////proc/none/troly.db"}, "cannot be created"),
        ({"SEND_RATE": "quick"}, "SEND_RATE"),
    ],
)
async def test_a_wrong_setting_ends_the_program_with_one_line(
    tmp_path: Path, api: FakeApi, settings: dict[str, str], says: str
) -> None:
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url} | settings
    code, output = await finish(await start(tmp_path, "run", **given))
    assert code == 1
    assert says in output
    assert "Traceback" not in output
    assert len([line for line in output.splitlines() if " INFO " not in line and " DEBUG " not in line]) == 1
    assert "very-secret-nonsense" not in output
    assert api.calls == []


async def test_a_refused_token_ends_the_program_and_is_not_shown(
    nursery: Nursery, tmp_path: Path, api: FakeApi
) -> None:
    api.answer("getMe", *[refusal(401, "Unauthorized")] * 9)
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, "LOG_LEVEL": "DEBUG"}
    code, output = await finish(await nursery.start(tmp_path, "run", settings=given))
    assert code == 1
    assert "refuses the token" in output
    assert TOKEN.split(":")[1] not in output


async def test_polling_does_not_touch_the_webhook_of_another_installation(
    nursery: Nursery, tmp_path: Path, api: FakeApi
) -> None:
    api.webhook_url = "https://production.example.vn/secret-path"
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, "LOG_LEVEL": "DEBUG"}
    code, output = await finish(await nursery.start(tmp_path, "run", settings=given))
    assert code == 1
    assert "production.example.vn" in output
    assert "secret-path" not in output
    assert {method for method, _ in api.calls} == {"getMe", "getWebhookInfo"}


async def test_the_operators_other_commands(tmp_path: Path, api: FakeApi, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "own.db")
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, "DATABASE_URL": "sqlite:///own.db"}
    code, output = await finish(await start(tmp_path, "backup", "copy.db", **given))
    assert (code, "checked" in output) == (0, True)
    code, output = await finish(await start(tmp_path, "questions", DATABASE_URL="sqlite:///copy.db"))
    assert (code, "no question" in output) == (0, True)
    code, output = await finish(await start(tmp_path, "doctor", ADMIN_IDS="5", **given))
    assert code == 0, output
    assert "@thu_bot" in output
    code, output = await finish(await start(tmp_path, "backup", "copy.db", DATABASE_URL="sqlite:///none.db"))
    assert (code, "there is no database" in output) == (1, True)
    assert not (tmp_path / "none.db").exists()
    code, output = await finish(await start(tmp_path, "restore", "copy.db", **given))
    assert (code, "what was there before: " in output) == (0, True)
    code, output = await finish(await start(tmp_path, "move", "sqlite:///new.db", **given))
    assert (code, "rows copied" in output) == (0, True)
