"""Photos and files kept as proof: first of nothing, then of a report; removed with whoever sent them."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import proofs
from storage.engine import Database
from storage.proofs import Proof, ProofKind
from storage.purge import purge
from tests.storage.places import plant

HOA, LAN = 101, 102
REPORT = "report:biendong:2026-10"


async def _add(
    database: Database, now: datetime, message_id: int, *, chat_id: int = HOA, album: str | None = None
) -> Proof:
    async with database.write() as db:
        return await proofs.add(
            db,
            kind=ProofKind.PHOTO,
            file_id=f"file-{message_id}",
            chat_id=chat_id,
            message_id=message_id,
            album=album,
            now=now,
        )


async def test_those_above_find_what_units_below_sent_the_latest_first(database: Database, now: datetime) -> None:
    made = [await _add(database, now, number) for number in (1, 2, 3)]
    async with database.write() as db:
        places = await plant(db)
        first, second = places["CS1"], places["CS2"]
        await proofs.place(db, made[0], first.id, "duty:set:1")
        await proofs.place(db, made[1], second.id, "duty:set:2")
        await proofs.place(db, made[2], first.id, REPORT)
        above = await proofs.list_latest(db, ["/"], prefix="duty:", most=9)
        assert [(each.id, name) for each, name in above] == [(made[1].id, second.name), (made[0].id, first.name)]
        own = await proofs.list_latest(db, [first.path, second.path], prefix="duty:", only="duty:set:1", most=9)
        assert [each.id for each, _ in own] == [made[0].id]
        assert await proofs.list_latest(db, [], prefix="duty:", most=9) == []


async def test_what_was_sent_together_is_placed_together_and_once(database: Database, now: datetime) -> None:
    first, second = await _add(database, now, 1, album="13"), await _add(database, now, 2, album="13")
    other, foreign = await _add(database, now, 3), await _add(database, now, 4, chat_id=LAN, album="13")
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        assert await proofs.place(db, first, unit.id, REPORT) == 2
        assert await proofs.place(db, first, unit.id, "report:other:2026-11") == 0
        assert [each.id for each in await proofs.list_about(db, unit.id, REPORT)] == [first.id, second.id]
        assert [each.id for each in await proofs.list_unplaced(db, HOA, [1, 2, 3, 4])] == [other.id]
        assert not await proofs.drop(db, foreign.id, HOA)
        assert await proofs.drop(db, second.id, HOA)
        await proofs.forget(db, HOA)
        assert await proofs.list_about(db, unit.id, REPORT) == []
        assert await proofs.find(db, foreign.id) == foreign


async def test_what_belongs_nowhere_goes_after_a_week(database: Database, now: datetime) -> None:
    kept, lost = await _add(database, now, 1), await _add(database, now, 2)
    later = now + proofs.UNPLACED_KEPT_FOR + timedelta(hours=1)
    async with database.write() as db:
        await proofs.place(db, kept, (await plant(db))["CS1"].id, REPORT)
    await purge(database, proofs.stale(later))
    async with database.read() as db:
        assert await proofs.find(db, lost.id) is None
        assert await proofs.find(db, kept.id) is not None
