"""Rights: every role holds for its unit and all below, and nobody gets at a unit that is not theirs."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import access
from bot.access import AccessDeniedError, Asker, Held, Person, Right
from bot.features.people import service
from bot.features.units import service as tree
from knowledge.model.units import UnitKind
from storage import people, units
from storage.engine import Database
from storage.people import RoleName
from storage.units import Unit
from tests.storage.places import SINCE, plant

PATHS = ["/1/", "/1/2/", "/1/2/5/", "/1/3/", "/1/2/5/9/", "/12/", "/1/22/"]


def unit(path: str) -> Unit:
    ids = units.path_ids(path)
    return Unit(ids[-1], f"U{ids[-1]}", "U", UnitKind.UPPER, None, None, path, SINCE)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (RoleName.OFFICER, {Right.SEE, Right.SUBMIT}),
        (RoleName.SUPERVISOR, {Right.SEE, Right.SUBMIT, Right.SUPERVISE}),
        (RoleName.ADMIN, set(Right)),
    ],
)
def test_what_each_role_may_do(role: RoleName, rights: set[Right]) -> None:
    asker = Asker(7, "Hoa", held=(Held(role, unit("/1/2/")),))
    assert {right for right in Right if asker.may(right, unit("/1/2/"))} == rights
    assert {right for right in Right if asker.may(right, unit("/1/2/5/9/"))} == rights
    assert not any(asker.may(right, unit(path)) for right in Right for path in ("/1/", "/1/3/", "/1/22/", "/12/"))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(RoleName), st.sampled_from(PATHS)), max_size=4),
    st.sampled_from(Right),
    st.sampled_from(PATHS),
)
def test_a_right_comes_from_a_role_at_or_above_and_from_nowhere_else(
    held: list[tuple[RoleName, str]], right: Right, path: str
) -> None:
    asker = Asker(7, "Hoa", held=tuple(Held(role, unit(at)) for role, at in held))
    strong = {Right.SEE: 0, Right.SUBMIT: 0, Right.SUPERVISE: 1, Right.MANAGE: 2}[right]
    expected = any(path.startswith(at) and list(RoleName).index(role) >= strong for role, at in held)
    assert asker.may(right, unit(path)) == expected
    assert any(unit(path).lies_in(top) for top in asker.units(right)) == expected
    assert Asker(7, "Hoa", is_admin=True).may(right, unit(path))


async def test_ids_from_outside_are_proven_first(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hoa = await people.ensure(db, 7, "Hoa", now)
        await people.grant(db, hoa.id, places["CS1"].id, RoleName.OFFICER, now)
        asker = await access.find_asker(db, Person(7, "Hoa"))
        own = places["CS1"]
        assert await access.get_unit(db, asker, Right.SUBMIT, own.id) == own
        wrong: list[int | str] = [
            *(places["CS2"].id, places["HCM"].id, 0, -1, 999, "", "x", f"{own.id} ", f"+{own.id}"),
            *("9" * 30, "١", f"{own.id}; DROP TABLE units"),
        ]
        for forged in wrong:
            with pytest.raises(AccessDeniedError):
                await access.get_unit(db, asker, Right.SUBMIT, forged)
        with pytest.raises(AccessDeniedError):
            await access.get_unit(db, asker, Right.SUPERVISE, own.id)


async def test_whoever_hides_behind_a_group_is_nobody(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hoa = await people.ensure(db, 7, "Hoa", now)
        await people.grant(db, hoa.id, places["TLD"].id, RoleName.ADMIN, now)
        asker = await access.find_asker(db, Person(7, "Hoa", is_anonymous=True))
        assert not any(asker.may_anywhere(right) for right in Right)


async def test_a_role_that_ended_gives_nothing_from_the_next_moment_on(
    sqlite_database: Database, now: datetime
) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hung = await people.ensure(db, 2, "Hùng", now)
        hoa = await people.ensure(db, 7, "Hoa", now)
        await people.grant(db, hung.id, places["X1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, hoa.id, places["CS1"].id, RoleName.OFFICER, now)
        supervisor = await access.find_asker(db, Person(2, "Hùng"))
        assert await service.end_role(db, supervisor, places["CS1"], hoa.id, RoleName.OFFICER, now)
        assert await service.end_role(db, supervisor, places["CS1"], hoa.id, RoleName.OFFICER, now) is None
        officer = await access.find_asker(db, Person(7, "Hoa"))
        assert not officer.may(Right.SEE, places["CS1"])


async def test_nobody_gives_or_takes_more_than_they_may(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hung = await people.ensure(db, 2, "Hùng", now)
        mai = await people.ensure(db, 1, "Mai", now)
        await people.grant(db, hung.id, places["X1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, mai.id, places["HCM"].id, RoleName.ADMIN, now)
        supervisor = await access.find_asker(db, Person(2, "Hùng"))
        admin = await access.find_asker(db, Person(1, "Mai"))
        assert await service.invite(db, supervisor, places["CS1"], RoleName.OFFICER, now)
        for where, role in (("CS1", RoleName.ADMIN), ("CS3", RoleName.OFFICER), ("HCM", RoleName.SUPERVISOR)):
            with pytest.raises(AccessDeniedError):
                await service.invite(db, supervisor, places[where], role, now)
        with pytest.raises(AccessDeniedError):
            await service.end_role(db, supervisor, places["HCM"], mai.id, RoleName.ADMIN, now)
        for where, target in (("CS3", "X1"), ("CS1", "HCM"), ("X1", "CS3")):
            with pytest.raises(AccessDeniedError):
                await tree.move(db, supervisor, places[where], places[target], now)
        for where, target in (("CS1", "QT"), ("QT", "HCM"), ("CS4", "X1")):
            with pytest.raises(AccessDeniedError):
                await tree.move(db, admin, places[where], places[target], now)
            with pytest.raises(AccessDeniedError):
                await tree.merge(db, admin, places[where], places[target], now, now.date())
        assert await tree.move(db, admin, places["CS1"], places["HCM"], now)


async def test_the_invitations_of_a_supervisor_who_left_open_nothing(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hung = await people.ensure(db, 2, "Hùng", now)
        await people.grant(db, hung.id, places["X1"].id, RoleName.SUPERVISOR, now)
        code = await service.invite(
            db, await access.find_asker(db, Person(2, "Hùng")), places["CS1"], RoleName.OFFICER, now
        )
        owner = Asker(9, "Chủ", is_admin=True)
        assert await service.end_role(db, owner, places["X1"], hung.id, RoleName.SUPERVISOR, now)
        assert await service.join_by_code(db, Person(8, "Lan"), code, now) is None


async def test_a_merger_takes_what_lies_below_along(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        owner = Asker(9, "Chủ", is_admin=True)
        assert await tree.merge(db, owner, places["X1"], places["QT"], now, now.date())
        assert not await tree.merge(db, owner, places["X1"], places["QT"], now, now.date())
        assert not await tree.merge(db, owner, places["TLD"], places["QT"], now, now.date())
        below = await units.list_subtree(db, places["QT"].id)
        assert {each.code for each in below} == {"QT", "CS1", "CS2", "CS4"}
        ended = await units.get_unit(db, places["X1"].id)
        assert (ended.dissolved_on, ended.merged_into) == (now.date(), places["QT"].id)


async def test_the_oldest_role_with_a_plan_says_which_answers_first(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hoa = await people.ensure(db, 7, "Hoa", now)
        assert await service.find_own_plan(db, Person(7, "Hoa")) is None
        await people.grant(db, hoa.id, places["CS4"].id, RoleName.OFFICER, now)
        await people.grant(db, hoa.id, places["CS1"].id, RoleName.OFFICER, now)
        assert await service.find_own_plan(db, Person(7, "Hoa")) == "quangtri-nq02-2021"
