"""Pinned cards: one for each chat, found by who serves where."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import audit, home_cards, people
from storage.engine import Database
from storage.people import RoleName
from tests.storage.places import plant

HOA, LAN, MAI = 101, 102, 103


async def test_a_card_is_on_the_way_then_placed_then_looked_at(database: Database, now: datetime) -> None:
    later = now + timedelta(minutes=1)
    async with database.write() as db:
        await home_cards.put(db, HOA, "home:101:1", "a", now)
        (card,) = await home_cards.list_on_the_way(db, most=5)
        assert (card.chat_id, card.key, card.message_id, card.shown) == (HOA, "home:101:1", None, "a")
        assert await home_cards.list_unseen(db, later, most=5) == []
        await home_cards.place(db, card, 77)
        assert await home_cards.list_on_the_way(db, most=5) == []
        (unseen,) = await home_cards.list_unseen(db, later, most=5)
        assert unseen.message_id == 77
        await home_cards.note_shown(db, card, "b", later)
        assert await home_cards.list_unseen(db, later, most=5) == []
        assert [each.shown for each in await home_cards.get_cards(db, [HOA, LAN])] == ["b"]


async def test_what_comes_late_about_a_card_does_nothing_to_the_one_in_its_place(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        await home_cards.put(db, HOA, "home:101:1", "a", now)
        (first,) = await home_cards.list_on_the_way(db, most=5)
        await home_cards.put(db, HOA, "home:101:2", "b", now)
        await home_cards.place(db, first, 77)
        await home_cards.note_shown(db, first, "c", now)
        await home_cards.drop(db, first)
        (second,) = await home_cards.list_on_the_way(db, most=5)
        assert (second.key, second.shown) == ("home:101:2", "b")
        await home_cards.forget(db, HOA)
        assert await home_cards.list_on_the_way(db, most=5) == []


async def test_a_change_concerns_who_serves_the_unit_one_above_and_one_below(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        for chat, code, role in ((HOA, "CS1", RoleName.OFFICER), (LAN, "X1", RoleName.SUPERVISOR)):
            person = await people.add(db, "x", now, telegram_id=chat)
            await people.grant(db, person.id, tree[code].id, role, now)
            await home_cards.put(db, chat, f"home:{chat}:1", "a", now)
        mai = await people.add(db, "Mai", now, telegram_id=MAI)
        await people.grant(db, mai.id, tree["QT"].id, RoleName.ADMIN, now)
        await home_cards.put(db, MAI, f"home:{MAI}:1", "a", now)

        async def around(*codes: str) -> set[int]:
            return await home_cards.list_around(db, [tree[code] for code in codes])

        assert await around("CS1") == {HOA, LAN}
        assert await around("CS2") == {LAN}
        assert await around("CS4") == {MAI}
        assert await around("TLD") == {HOA, LAN, MAI}
        assert await around("CS2", "CS4") == {LAN, MAI}
        assert await around() == set()
        await people.end_role(db, mai.id, tree["QT"].id, RoleName.ADMIN, now)
        assert await around("QT") == {MAI}  # a card has to say that the role has ended


async def test_the_journal_tells_what_came_after_an_entry(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        assert await audit.find_last_id(db) == 0
        await audit.note(db, "submission.recorded", now, by=None, unit_id=tree["CS1"].id)
        last = await audit.find_last_id(db)
        await audit.note(db, "submission.returned", now, by=None, unit_id=tree["CS2"].id)
        await audit.note(db, "person.joined", now, by=None)
        assert list((await audit.list_after(db, last)).values()) == [tree["CS2"].id, None]
