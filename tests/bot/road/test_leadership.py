"""Several processes that poll on one PostgreSQL: one does, the others are ready to follow it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot import app
from bot.app import Bot
from bot.road import intake, leadership
from bot.sandbox import MovableClock
from bot.settings import Settings
from storage.engine import Database
from storage.processes import Seat
from tests.bot.road.conftest import ADMIN, register, until
from tests.bot.road.fake_api import FakeApi, message, refusal
from tests.bot.road.test_process import echoing
from tests.faults.nursery import Nursery

TAKEN_OVER = 5.0  # seconds; it takes one or two, on a busy machine a little longer
HANG_UP = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks"
    " WHERE locktype = 'advisory' AND objsubid = 2 AND objid::bigint = :seat AND granted"
)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """PostgreSQL alone."""
    return postgres_url


def build(settings: Settings, database: Database, clock: MovableClock) -> Bot:
    return app.build(settings, database, clock=clock, register=register)


def polls(bot: Bot) -> bool:
    assert bot.leadership is not None
    return bot.leadership.polls


async def test_one_polls_and_the_other_follows(
    api: FakeApi, settings: Settings, database: Database, clock: MovableClock
) -> None:
    first, second = build(settings, database, clock), build(settings, database, clock)
    async with app.running(second):
        async with app.running(first):
            await until(lambda: polls(first) != polls(second))
            standby = second if polls(first) else first

            async def is_well() -> bool:
                well, figures = await standby.health()
                return well and figures.get("polling") == "standby"

            await until(is_well)
            assert first.presence.number != second.presence.number
            api.hand_over(message(1, "một"))
            await until(lambda: api.texts(7) == ["Nghe: một"])
        await until(lambda: polls(second), within=TAKEN_OVER)
        assert "polling" not in (await second.health())[1]
        api.hand_over(message(2, "hai"))
        await until(lambda: api.texts(7) == ["Nghe: một", "Nghe: hai"])
    assert api.texts(ADMIN) == []


async def test_a_killed_poller_is_followed_within_seconds(
    nursery: Nursery, api: FakeApi, postgres_url: str, tmp_path: Path
) -> None:
    async with echoing(nursery, tmp_path, api, postgres_url) as holder:
        api.hand_over(message(1, "một"))
        await until(lambda: api.texts(7) == ["Nghe: một"])
        asked = len(api.calls)
        async with echoing(nursery, tmp_path, api, postgres_url):
            await until(lambda: "getWebhookInfo" in [method for method, _ in api.calls[asked:]])
            holder.kill()
            api.hand_over(message(2, "hai"))
            await until(lambda: api.texts(7) == ["Nghe: một", "Nghe: hai"], within=TAKEN_OVER)
    assert api.texts(ADMIN) == []


async def test_a_poller_that_lost_its_connection_competes_again(api: FakeApi, bot: Bot, database: Database) -> None:
    await until(lambda: polls(bot))
    async with database.write() as db:
        await db.execute(HANG_UP, {"seat": Seat.POLLER})
    await until(lambda: not polls(bot), within=TAKEN_OVER)
    await until(lambda: polls(bot), within=TAKEN_OVER)
    api.hand_over(message(1, "một"))
    await until(lambda: api.texts(7) == ["Nghe: một"])


async def test_a_poller_that_telegram_does_not_answer_leaves_its_seat_to_another(
    api: FakeApi, settings: Settings, database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = build(settings, database, clock), build(settings, database, clock)
    async with app.running(first):
        await until(lambda: polls(first))
        async with app.running(second):
            assert second.leadership is not None
            await until(lambda: second.leadership is not None and second.leadership.stands_by)
            monkeypatch.setattr(leadership, "QUIET_FOR", 1.0)
            await until(lambda: polls(second) and not polls(first))


async def test_a_conflict_alarms_only_where_it_lasts(
    api: FakeApi, sqlite_bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = sqlite_bot
    assert bot.poller is not None
    assert polls(bot)
    api.answer("getUpdates", refusal(409, "Conflict: terminated by other getUpdates request"))
    await until(lambda: bot.poller is not None and bot.poller.conflict_at is not None)
    assert not bot.poller.conflict_lasts
    assert api.texts(ADMIN) == []
    monkeypatch.setattr(intake, "CONFLICT_LASTS", 1.0)
    api.answer("getUpdates", refusal(409, "Conflict: terminated by other getUpdates request"))
    await until(lambda: len(api.texts(ADMIN)) == 1)
    assert not (await bot.health())[0]
