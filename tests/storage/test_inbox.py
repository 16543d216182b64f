"""The inbox: once each, in order within a chat, several at a time across chats."""

import asyncio
from datetime import datetime, timedelta

from storage import inbox
from storage.engine import Database
from storage.inbox import Received
from storage.purge import purge


def received(number: int, chat: str = "a", natural: str | None = None) -> Received:
    return Received(number, chat, f'{{"update_id": {number}}}', natural)


async def test_a_batch_is_kept_once_by_number_and_by_natural_key(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await inbox.store(db, 1, [received(1, natural="m"), received(1), received(2, natural="m"), received(3)], now)
        await inbox.store(db, 1, [received(3), received(4, natural="m")], now)
        await inbox.store(db, 2, [received(1, natural="m")], now)
        assert [row.update_id for row in await inbox.take(db, now, most=10)] == [1, 3, 1]


async def test_the_same_updates_at_two_programs_in_another_order_hinder_nobody(
    database: Database, now: datetime
) -> None:
    """A balancer that gives up too early sends them to the next program as well; each of the two has its own order."""
    for start in range(0, 2000, 100):
        batch = [received(start + number, f"chat {number}", f"message {start + number}") for number in range(100)]

        async def store(batch: list[Received]) -> None:
            async with database.write() as db:
                await inbox.store(db, 1, batch, now)

        await asyncio.gather(store(batch), store(batch[::-1]))
    async with database.read() as db:
        kept = await inbox.take(db, now, most=2000)
    assert sorted(row.update_id for row in kept) == list(range(2000))


async def test_a_postponed_update_holds_back_only_its_own_chat(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await inbox.store(db, 1, [received(1, "a"), received(2, "a"), received(3, "b")], now)
        first = (await inbox.take(db, now, most=10))[0]
        await inbox.note_failure(db, first, error="X", again_at=now + timedelta(seconds=5), now=now)
        assert [row.update_id for row in await inbox.take(db, now, most=10)] == [3]
        later = now + timedelta(seconds=5)
        again = await inbox.take(db, later, most=10)
        assert [(row.update_id, row.attempts) for row in again] == [(1, 1), (2, 0), (3, 0)]
        assert await inbox.is_open(db, later)
        assert [row.update_id for row in await inbox.take(db, now - timedelta(hours=7), most=10)] == [1, 2, 3]
        assert not await inbox.note_failure(db, first, error="X", again_at=None, now=now)
        assert await inbox.note_failure(db, again[0], error="X", again_at=None, now=now)
        assert [row.update_id for row in await inbox.take(db, later, most=10)] == [2, 3]


async def test_busy_chats_are_left_out_and_done_ones_do_not_return(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await inbox.store(db, 1, [received(1, "a"), received(2, "b")], now)
        rows = await inbox.take(db, now, most=10, busy=["a"])
        assert [row.update_id for row in rows] == [2]
        await inbox.mark_done(db, [rows[0].id], now)
        assert await inbox.count_by_state(db) == {"new": 1, "done": 1}
        assert await inbox.count_waiting(db) == 1


async def test_several_takers_share_the_chats_and_take_nothing_twice(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await inbox.store(db, 1, [received(n, f"chat{n % 7}") for n in range(70)], now)
    taken: list[tuple[str, int]] = []

    async def taker() -> None:
        while True:
            async with database.write() as db:
                rows = await inbox.take(db, now, most=2)
                await asyncio.sleep(0)
                await inbox.mark_done(db, [row.id for row in rows], now)
            taken.extend((row.chat_key, row.update_id) for row in rows)
            async with database.read() as db:
                if not await inbox.count_waiting(db):
                    return

    await asyncio.gather(*(taker() for _ in range(4)))
    assert len(taken) == len(set(taken)) == 70
    for chat in range(7):
        numbers = [number for key, number in taken if key == f"chat{chat}"]
        assert numbers == sorted(numbers)


async def test_handled_updates_are_forgotten_after_three_days(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await inbox.store(db, 1, [received(1), received(2)], now)
        await inbox.mark_done(db, [(await inbox.take(db, now, most=10))[0].id], now)
    assert await purge(database, inbox.stale(now + timedelta(days=2, hours=23))) == 0
    assert await purge(database, inbox.stale(now + timedelta(days=3, hours=1))) == 1
    async with database.read() as db:
        assert await inbox.count_waiting(db) == 1
