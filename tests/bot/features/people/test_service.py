"""Roles given and taken, invitations, joining, and who somebody is here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import access
from bot.access import AccessDeniedError, Asker, Held, Right, Sender, find_asker
from bot.features.people import codes, service
from bot.features.people.taps import RoleLetter
from bot.hands.feature import Viewer
from storage import people, reminders
from storage.engine import Database
from storage.people import RoleName
from storage.reminders import Preferences
from tests.bot.asking import asking_as, known_as
from tests.storage.places import plant

OWNER = Asker(9, "Chủ", is_admin=True)


async def test_a_role_that_ended_gives_nothing_from_the_next_moment_on(
    sqlite_database: Database, now: datetime
) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hung = await people.ensure(db, 2, "Hùng", now)
        hoa = await people.ensure(db, 7, "Hoa", now)
        await people.grant(db, hung.id, places["X1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, hoa.id, places["CS1"].id, RoleName.OFFICER, now)
        supervisor = await known_as(db, 2, now)
        held = await service.find_role(supervisor, places["CS1"].id, hoa.id, RoleName.OFFICER)
        assert held is not None
        assert await service.end_role(supervisor, held)
        assert not await service.end_role(supervisor, held)
        assert await service.find_role(supervisor, places["CS1"].id, hoa.id, RoleName.OFFICER) is None
        officer = await access.find_asker(db, Sender(7, "Hoa"))
        assert not officer.may(Right.SEE, places["CS1"])


async def test_nobody_gives_or_takes_more_than_they_may(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hung = await people.ensure(db, 2, "Hùng", now)
        mai = await people.ensure(db, 1, "Mai", now)
        await people.grant(db, hung.id, places["X1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, mai.id, places["HCM"].id, RoleName.ADMIN, now)
        supervisor = await known_as(db, 2, now)
        assert await service.invite(supervisor, places["CS1"], RoleName.OFFICER)
        for where, role in (("CS1", RoleName.ADMIN), ("CS3", RoleName.OFFICER), ("HCM", RoleName.SUPERVISOR)):
            with pytest.raises(AccessDeniedError):
                await service.invite(supervisor, places[where], role)
        with pytest.raises(AccessDeniedError):
            await service.end_role(supervisor, service.HeldRole(places["HCM"], mai, RoleName.ADMIN))
        with pytest.raises(AccessDeniedError):
            await service.find_role(supervisor, places["HCM"].id, mai.id, RoleName.ADMIN)


async def test_the_invitations_of_a_supervisor_who_left_open_nothing(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hung = await people.ensure(db, 2, "Hùng", now)
        await people.grant(db, hung.id, places["X1"].id, RoleName.SUPERVISOR, now)
        fresh = await service.invite(await known_as(db, 2, now), places["CS1"], RoleName.OFFICER)
        held = service.HeldRole(places["X1"], hung, RoleName.SUPERVISOR)
        assert await service.end_role(asking_as(db, OWNER, now), held)
        assert await codes.join_by_code(asking_as(db, Asker(8, "Lan"), now), fresh.code) is None


async def test_the_oldest_role_with_a_plan_says_which_answers_first(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hoa = await people.ensure(db, 7, "Hoa", now)
        assert await service.find_own_plans(db, await find_asker(db, Sender(7, "Hoa"))) == ()
        await people.grant(db, hoa.id, places["CS4"].id, RoleName.OFFICER, now)
        await people.grant(db, hoa.id, places["CS1"].id, RoleName.OFFICER, now)
        assert await service.find_own_plans(db, await find_asker(db, Sender(7, "Hoa"))) == ("quangtri-nq02-2021",)


async def test_each_role_sees_the_commands_of_those_it_includes(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        unit = (await plant(db))["CS1"]
    expected = {
        RoleName.OFFICER: {Viewer.EVERYONE, Viewer.OFFICER},
        RoleName.SUPERVISOR: {Viewer.EVERYONE, Viewer.OFFICER, Viewer.SUPERVISOR},
        RoleName.ADMIN: set(Viewer),
    }
    for role, viewers in expected.items():
        assert service.list_audiences(Asker(7, "Hoa", held=(Held(role, unit),))) == viewers
    assert service.list_audiences(Asker(7, "Hoa")) == {Viewer.EVERYONE}
    assert service.list_audiences(OWNER) == set(Viewer)


@pytest.mark.parametrize("role", RoleName)
def test_every_role_has_its_letter(role: RoleName) -> None:
    assert RoleLetter.of(role).role is role


# Who somebody is ---------------------------------------------------------------------------------------------------


async def test_a_profile_tells_of_each_unit_what_stands_around_it(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hoa = await people.ensure(db, 7, "Hoa", now)
        lan = await people.add(db, "Lan", now, phone="+84901000005")
        hung = await people.ensure(db, 2, "Hùng", now)
        since = datetime(2026, 10, 31, 20, tzinfo=UTC)
        await people.grant(db, hoa.id, places["CS1"].id, RoleName.OFFICER, since)
        await people.grant(db, hoa.id, places["CS1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, lan.id, places["CS1"].id, RoleName.OFFICER, now)
        await people.grant(db, hung.id, places["HCM"].id, RoleName.SUPERVISOR, now)
        found = await service.read_profile(await known_as(db, 7, now))
    assert found is not None
    [served] = found.served
    assert (served.unit, served.above) == (places["CS1"], places["X1"])
    assert served.roles == (RoleName.SUPERVISOR, RoleName.OFFICER)
    assert served.since == date(2026, 11, 1)
    assert [who.name for _, who in served.colleagues] == ["Lan"]
    assert [who.name for who in served.supervisors] == ["Hùng"]
    assert found.remind_at == Preferences().remind_at
    assert found.muted_until is None


async def test_a_profile_tells_of_few_units_at_length(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hoa = await people.ensure(db, 7, "Hoa", now)
        for code in ("CS1", "CS2", "CS3", "CS4", "X1"):
            await people.grant(db, hoa.id, places[code].id, RoleName.OFFICER, now)
        pause = Preferences(time(9, 15), now + timedelta(days=3))
        await reminders.keep_preferences(db, hoa.id, pause, now)
        found = await service.read_profile(await known_as(db, 7, now))
        later = await service.read_profile(await known_as(db, 7, now + timedelta(days=4)))
    assert found is not None
    assert later is not None
    assert [each.unit.code for each in found.served] == ["CS1", "CS2", "CS3"]
    assert [held.unit.code for held in found.others] == ["CS4", "X1"]
    assert (found.remind_at, found.muted_until) == (time(9, 15), now + timedelta(days=3))
    assert later.muted_until is None


async def test_whoever_serves_nothing_has_no_profile(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        await plant(db)
        await people.ensure(db, 7, "Hoa", now)
        for telegram_id in (7, 8):
            assert await service.read_profile(await known_as(db, telegram_id, now)) is None
