"""Who of the units below one has joined, whom to call, and what hands something over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from storage import invites, joining, people
from storage.engine import Database
from storage.invites import Passes
from storage.joining import JoiningList
from storage.people import RoleName
from tests.storage.places import plant

TODAY = date(2026, 10, 28)


async def test_units_count_as_joined_once_somebody_can_be_written_to(database: Database, now: datetime) -> None:
    async with database.write() as db:
        places = await plant(db)
        top, one, two = places["X1"], places["CS1"], places["CS2"]
        hoa = await people.ensure(db, 7, "Hoa", now)
        lan = await people.add(db, "Lan", now, phone="+84901000005")
        minh = await people.add(db, "Minh", now)
        await people.grant(db, hoa.id, one.id, RoleName.OFFICER, now)
        await people.grant(db, minh.id, two.id, RoleName.OFFICER, now)
        await people.grant(db, lan.id, two.id, RoleName.SUPERVISOR, now)
        await invites.create(db, two.id, RoleName.OFFICER, now, created_by=None)
        counted = await joining.count_joined(db, top, TODAY)
        unjoined = await joining.list_unjoined(db, top, TODAY, now, most=5)
        expired = await joining.list_unjoined(db, top, TODAY, now + timedelta(days=8), most=5)
        states = await joining.list_states(db, top, TODAY, now, most=5)
        contacts = await joining.find_contacts(db, [one.id, two.id])
    assert counted == (1, 2)
    assert [(unit.code, invited) for unit, invited in unjoined] == [("CS2", True)]
    assert [invited for _, invited in expired] == [False]
    assert [(unit.code, joined, invited) for unit, joined, invited in states] == [
        ("CS2", False, True),
        ("CS1", True, False),
    ]
    assert contacts == {one.id: hoa, two.id: lan}


async def test_a_list_is_found_by_the_units_in_it_until_it_is_old_or_forgotten(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        places = await plant(db)
        top, one = places["X1"], places["CS1"]
        await joining.keep_list(db, JoiningList(5, top.id, "a", 0, now))
        await joining.keep_list(db, JoiningList(5, top.id, "b", 0, now))
        await joining.turn_list(db, 5, top.id, 1)
        found = await joining.list_lists_around(db, [one.path])
        assert await joining.list_lists_around(db, [top.path]) == []
        await joining.forget_chat(db, 5)
        gone = await joining.list_lists_around(db, [one.path])
    assert found == [JoiningList(5, top.id, "b", 1, now)]
    assert gone == []


async def test_of_two_codes_that_hand_the_same_over_only_the_later_opens(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        hoa = await people.ensure(db, 7, "Hoa", now)
        about = (Passes.ROLE, hoa.id)
        first = await invites.create(db, unit.id, RoleName.OFFICER, now, created_by=hoa.id, passes=about)
        await invites.revoke_passing(db, *about, now, at=(unit.id, RoleName.SUPERVISOR))
        assert await invites.passes_from(db, first, hoa.id, now)
        await invites.revoke_passing(db, *about, now, at=(unit.id, RoleName.OFFICER))
        assert not await invites.passes_from(db, first, hoa.id, now)
        second = await invites.create(db, unit.id, RoleName.OFFICER, now, created_by=hoa.id, passes=about)
        later = now + timedelta(seconds=1)
        assert await invites.redeem(db, first, 8, later) is None
        used = await invites.redeem(db, second, 8, later)
    assert isinstance(used, invites.Invite)
    assert (used.passes, used.passes_from) == about
