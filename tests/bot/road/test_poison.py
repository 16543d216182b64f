"""One update that cannot be parsed or stored stops nobody: not in a batch, not at the head of the queue, never."""

import json
from datetime import timedelta

import pytest
from starlette.responses import Response

from bot import app
from bot.app import Bot
from bot.road.intake import ALARMS_AN_HOUR, Poller
from bot.road.updates import read_update
from bot.sandbox import MovableClock
from bot.settings import Settings
from storage import inbox
from storage.engine import Database
from storage.inbox import Received, Unreadable
from tests.bot.road.conftest import ADMIN, register, until
from tests.bot.road.fake_api import FakeApi, Kept, message
from tests.bot.road.test_updates import POISON


async def put_aside(database: Database) -> int:
    async with database.read() as db:
        return (await inbox.count_by_state(db)).get("parked", 0)


async def test_every_poison_is_put_aside_and_the_rest_is_answered_at_once(api: FakeApi, bot: Bot) -> None:
    api.hand_over(message(1, "trước"), *(Kept(None, raw) for raw in POISON.values()), message(4, "sau"))
    await until(lambda: api.texts(7) == ["Nghe: trước", "Nghe: sau"], within=20)
    assert len(POISON) - 3 <= await put_aside(bot.database) <= len(POISON), "unclosed ones take a neighbour with them"
    await until(lambda: len(api.texts(ADMIN)) == ALARMS_AN_HOUR + 1)
    assert "không báo từng cập nhật" in api.texts(ADMIN)[-1]
    polls = len(api.polls)
    api.hand_over(message(50, "nữa"))
    await until(lambda: api.texts(7)[-1] == "Nghe: nữa", within=20)
    assert len(api.polls) - polls < 20
    assert len(api.texts(ADMIN)) == ALARMS_AN_HOUR + 1


async def test_poison_at_the_head_of_the_queue_is_confirmed_by_its_number(api: FakeApi, bot: Bot) -> None:
    api.hand_over(Kept(7, POISON["lone surrogate"]))
    await until(lambda: api.updates == [])
    api.hand_over(message(8, "sau"))
    await until(lambda: api.texts(7) == ["Nghe: sau"])
    await until(lambda: len(api.texts(ADMIN)) == 1)
    assert [poll.get("offset") for poll in api.polls][:2] == [None, "8"]


async def test_poison_that_nothing_confirms_is_no_hot_loop_and_holds_nobody_up(
    api: FakeApi, settings: Settings, database: Database, clock: MovableClock
) -> None:
    api.hand_over(Kept(None, POISON["beyond 64 bits"]))
    for number in (11, 12):
        async with app.running(app.build(settings, database, clock=clock, register=register)):
            await until(lambda: len(api.texts(ADMIN)) == 1)
            polls = len(api.polls)
            api.hand_over(message(number, f"{number}"))
            await until(lambda number=number: api.texts(7)[-1:] == [f"Nghe: {number}"])
            assert len(api.polls) - polls < 20
    assert await put_aside(database) == 1
    assert len(api.texts(ADMIN)) == 1, "told once, however often it comes"
    assert all(poll.get("offset") in (None, "12", "13") for poll in api.polls)


async def test_admins_are_told_again_in_the_next_hour(sqlite_bot: Bot, api: FakeApi, clock: MovableClock) -> None:
    for hour in range(2):
        batch = [Unreadable(b"%d %d" % (hour, number), "x") for number in range(50)]
        await sqlite_bot.store.put_batch(batch)
        told = (hour + 1) * (ALARMS_AN_HOUR + 1)
        await until(lambda told=told: len(api.texts(ADMIN)) == told)
        clock.move(timedelta(hours=1, minutes=1))
    assert sqlite_bot.store.put_aside == 100


async def test_a_batch_that_the_database_does_not_take_is_stored_one_by_one(api: FakeApi, bot: Bot) -> None:
    good = [read_update(json.dumps(message(number, f"{number}")).encode()) for number in (1, 3)]
    bad = [Received(2**70, "update:2", "{}"), Received(2, "update:2", '{"text":"\ud800"}')]
    await bot.store.put_batch([good[0], *bad, good[1]])
    await until(lambda: api.texts(7) == ["Nghe: 1", "Nghe: 3"])
    assert await put_aside(bot.database) == 2
    await until(lambda: len(api.texts(ADMIN)) == 2)


async def test_each_batch_costs_one_poll_and_a_stop_leaves_it_confirmed(
    api: FakeApi, settings: Settings, sqlite_database: Database, clock: MovableClock
) -> None:
    async with app.running(app.build(settings, sqlite_database, clock=clock, register=register)):
        for number in range(1, 6):
            api.hand_over(message(number, f"{number}"))
            await until(lambda number=number: len(api.texts(7)) == number)
        assert len(api.polls) <= 6
        assert {poll["timeout"] for poll in api.polls} <= {"0", "25"}  # the first comes back at once
    assert api.updates == []
    assert (api.polls[-1]["offset"], api.polls[-1]["timeout"]) == ("6", "0")


async def test_a_stop_does_not_wait_for_a_last_confirmation_that_hangs(api: FakeApi, sqlite_bot: Bot) -> None:
    api.hand_over(message(1))
    await until(lambda: len(api.texts(7)) == 1)
    poller = sqlite_bot.poller
    assert isinstance(poller, Poller)
    api.answer("getUpdates", "hang")
    poller.stop()
    await until(sqlite_bot._tasks["poller"].done, within=5)


@pytest.mark.parametrize("status", [401, 403, 404, 502])
async def test_a_page_that_is_not_telegrams_neither_ends_polling_nor_loses_anything(
    api: FakeApi, sqlite_bot: Bot, status: int
) -> None:
    api.answer("getUpdates", *[Response("<html>", status_code=status)] * 2)
    api.hand_over(message(1, "chào"))
    await until(lambda: api.texts(7) == ["Nghe: chào"])
    assert not sqlite_bot.failed.done()
