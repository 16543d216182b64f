"""Errands and relayed questions: each done once, whoever asks again or at the same time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from knowledge.model.units import UnitKind
from storage import errands, people, relays, units
from storage.engine import Database
from storage.purge import purge
from storage.relays import RelayState


async def test_an_errand_asked_for_twice_is_done_once(database: Database, now: datetime) -> None:
    async with database.write() as db:
        assert await errands.add(db, "charts", 7, {"unit": 1}, now, key="a")
        assert not await errands.add(db, "charts", 7, {"unit": 1}, now, key="a")
        assert await errands.has_due(db, now)
        [taken] = await errands.claim(db, now)
        assert (taken.kind, taken.chat_id, taken.details, taken.attempts) == ("charts", 7, {"unit": 1}, 1)
        assert await errands.claim(db, now) == []
        assert await errands.finish(db, taken.id, now)
        assert not await errands.finish(db, taken.id, now)
        assert not await errands.has_due(db, now + timedelta(days=1))


async def test_an_errand_whose_doer_was_killed_comes_again(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await errands.add(db, "charts", 7, {}, now, key="a")
        await errands.claim(db, now)
    async with database.write() as db:
        assert await errands.claim(db, now + errands.LEASE - timedelta(seconds=1)) == []
        [again] = await errands.claim(db, now + errands.LEASE)
        assert again.attempts == 2
        await errands.again(db, again.id, now + timedelta(hours=1))
        assert not await errands.has_due(db, now + timedelta(minutes=59))
        assert await errands.has_due(db, now + timedelta(hours=1))


async def test_done_errands_are_forgotten_in_time(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await errands.add(db, "charts", 7, {}, now, key="a")
        await errands.add(db, "charts", 8, {}, now, key="b")
        for each in await errands.claim(db, now, most=5):
            await errands.finish(db, each.id, now)
    assert await purge(database, errands.stale(now + errands.KEPT_FOR + timedelta(seconds=1))) == 2
    async with database.write() as db:
        assert await errands.add(db, "charts", 7, {}, now, key="a")
        await errands.forget_chat(db, 7)
        assert not await errands.has_due(db, now)


async def test_a_relayed_question_waits_once_and_loses_its_words_when_answered(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        unit = await units.add(db, code="MAY", name="May", kind=UnitKind.PRIVATE, registered_on=date(2020, 1, 1))
        asker = await people.add(db, "Hoa", now, telegram_id=1)
        boss = await people.add(db, "Hùng", now, telegram_id=2)
        said = {"asked_by": asker.id, "chat_id": 1, "unit_id": unit.id, "question": "giá vé?", "now": now}
        relay, is_new = await relays.add(db, **said)  # type: ignore[arg-type]
        assert is_new
        assert (await relays.add(db, **said)) == (relay, False)  # type: ignore[arg-type]
        assert await relays.count_since(db, asker.id, now) == 1
        assert await relays.answer(db, relay.id, by=boss.id, now=now)
        assert not await relays.answer(db, relay.id, by=boss.id, now=now)
        found = await relays.find(db, relay.id)
        assert found is not None
        assert (found.state, found.question, found.answered_by) == (RelayState.ANSWERED, "", boss.id)
        await relays.forget_person(db, 1)
        assert await relays.find(db, relay.id) is None
