"""What runs every so often, in every process of one database."""

from datetime import datetime, timedelta

from bot import app
from bot.app import Bot
from bot.sandbox import MovableClock
from bot.settings import Settings
from storage import inbox, messages
from storage.engine import Database
from storage.mail import MessageKind, NewMessage
from storage.messages import Claim, MessageState, Outcome
from tests.bot.road.conftest import ADMIN, register, until
from tests.bot.road.fake_api import FakeApi, message

LEASE = timedelta(minutes=1)


async def doubt(database: Database, chat_id: int, now: datetime) -> None:
    """A message that may or may not have arrived."""
    async with database.write() as db:
        await messages.enqueue(db, [NewMessage(chat_id, "{}", MessageKind.REMINDER)], now)
        [taken] = await messages.claim(db, now, Claim(1, LEASE, 9e9), most=1, bulk=True)
        await messages.finish(db, [Outcome(taken.id, taken.generation, MessageState.DOUBT, doubted=True)], now)


async def test_doubts_of_an_hour_are_told_once_by_all_processes_together(
    settings: Settings, database: Database, clock: MovableClock, now: datetime
) -> None:
    bots = [app.build(settings, database, clock=clock, register=register) for _ in range(2)]
    told = f"doubts:{now:%Y-%m-%dT%H}:{ADMIN}"
    for minutes in (5, 59):
        await doubt(database, minutes, now + timedelta(minutes=minutes))
    for minutes, expected in ((59, 0), (61, 1), (110, 1), (125, 1)):
        for bot in bots:
            await bot._tell_of_doubts(database, now + timedelta(minutes=minutes))
        async with database.read() as db:
            assert bool(await messages.find_delivery(db, told)) is bool(expected)
            assert await messages.count_open(db, now + timedelta(days=1)) == expected


async def test_the_hourly_purge_removes_what_the_road_and_features_keep_no_longer(
    api: FakeApi, bot: Bot, clock: MovableClock
) -> None:
    api.hand_over(message(1, "một"))
    await until(lambda: api.texts(7) == ["Nghe: một"])

    async def is_noted() -> bool:
        async with bot.database.read() as db:
            return await messages.count_by_state(db) == {MessageState.SENT: 1}

    await until(is_noted)
    clock.move(timedelta(days=4))
    job = bot.scheduler.get_job("purge")
    assert job is not None
    await job.func(*job.args)
    async with bot.database.read() as db:
        assert await inbox.count_by_state(db) == {}
        assert await messages.count_by_state(db) == {}
