"""Officers, roles and invitations."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from knowledge.model.broadcasts import BroadcastAudience
from knowledge.model.periods import Period
from storage import broadcasts, invites, people, submissions
from storage.engine import Database
from storage.people import RoleName
from tests.storage.places import plant


async def test_a_role_is_given_once_and_ended_once(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        hoa = await people.add(db, "Nguyễn Thị Hoa", now, phone="+84901000003")
        assert await people.grant(db, hoa.id, tree["CS1"].id, RoleName.OFFICER, now)
        assert not await people.grant(db, hoa.id, tree["CS1"].id, RoleName.OFFICER, now)
        assert [who.name for who in await people.list_officers(db, tree["CS1"].id)] == ["Nguyễn Thị Hoa"]
        assert await people.end_role(db, hoa.id, tree["CS1"].id, RoleName.OFFICER, now)
        assert not await people.end_role(db, hoa.id, tree["CS1"].id, RoleName.OFFICER, now)
        assert await people.list_officers(db, tree["CS1"].id) == []
        assert await people.grant(db, hoa.id, tree["CS1"].id, RoleName.OFFICER, now)


async def test_the_nearest_joined_supervisor_is_asked(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        far = await people.add(db, "Xa", now, telegram_id=1)
        near = await people.add(db, "Gần", now, phone="+84901000001")
        admin = await people.add(db, "Quản trị", now, telegram_id=3)
        await people.grant(db, near.id, tree["X1"].id, RoleName.SUPERVISOR, now)
        assert [who.id for who in await people.list_supervisors(db, tree["CS1"].id)] == [near.id]
        await people.grant(db, admin.id, tree["HCM"].id, RoleName.ADMIN, now)
        assert [who.id for who in await people.list_supervisors(db, tree["CS1"].id)] == [admin.id]
        await people.grant(db, far.id, tree["TLD"].id, RoleName.SUPERVISOR, now)
        assert [who.id for who in await people.list_supervisors(db, tree["CS1"].id)] == [far.id]
        await people.join(db, near.id, 2, now)
        assert [who.id for who in await people.list_supervisors(db, tree["CS1"].id)] == [near.id]
        assert [who.id for who in await people.list_supervisors(db, tree["CS4"].id)] == [far.id]
        assert await people.list_supervisors(db, 999) == []


async def test_who_serves_units_is_found_by_role_each_once(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        hoa = await people.add(db, "Hoa", now, telegram_id=1)
        hung = await people.add(db, "Hùng", now, phone="+84901000001")
        for role in (RoleName.OFFICER, RoleName.SUPERVISOR):
            await people.grant(db, hoa.id, tree["CS1"].id, role, now)
        await people.grant(db, hung.id, tree["X1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, hung.id, tree["CS1"].id, RoleName.ADMIN, now)
        both = {RoleName.OFFICER, RoleName.SUPERVISOR}
        meant = [tree["CS1"].id, tree["X1"].id, tree["CS2"].id]
        found = await people.list_staff_of(db, meant, both)
        assert [(unit, who.name) for unit, who in found] == [(tree["CS1"].id, "Hoa"), (tree["X1"].id, "Hùng")]
        assert [who.name for _, who in await people.list_staff_of(db, meant, {RoleName.ADMIN})] == ["Hùng"]
        await people.end_role(db, hung.id, tree["X1"].id, RoleName.SUPERVISOR, now)
        assert len(await people.list_staff_of(db, meant, both)) == 1


async def test_two_rows_of_one_person_become_one(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        joined = await people.ensure(db, 7, "Hoa", now)
        roster = await people.add(db, "Nguyễn Thị Hoa", now, phone="+84901000003")
        for unit in ("CS1", "CS2"):
            await people.grant(db, roster.id, tree[unit].id, RoleName.OFFICER, now)
        await people.grant(db, joined.id, tree["CS1"].id, RoleName.OFFICER, now)
        await people.merge(db, joined.id, roster.id, now)
        assert {role.unit_id for role in await people.list_roles(db, joined.id)} == {tree["CS1"].id, tree["CS2"].id}
        assert await people.list_roles(db, roster.id) == []
        found = await people.find_by_phone(db, "+84901000003")
        assert found is not None
        assert found.id == joined.id


async def test_who_is_forgotten_leaves_only_a_number_that_says_nothing(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        hoa = await people.add(db, "Nguyễn Thị Hoa", now, phone="+84901000003", telegram_id=7)
        assert hoa.called is None
        await people.keep_called(db, hoa.id, "chi")
        assert (await people.get_person(db, hoa.id)).called == "chi"
        await people.grant(db, hoa.id, tree["CS1"].id, RoleName.OFFICER, now)
        code = await invites.create(db, tree["CS1"].id, RoleName.OFFICER, now, created_by=None)
        assert await invites.redeem(db, code, 7, now)
        assert await invites.redeem(db, "wrong", 7, now) is None
        await invites.forget_person(db, 7)
        assert await people.forget(db, 7, now)
        assert not await people.forget(db, 7, now)
        left = await people.get_person(db, hoa.id)
        assert (left.name, left.phone, left.telegram_id, left.called) == ("", None, None, None)
        assert await people.list_roles(db, hoa.id) == []
        for table in ("people", "roles", "invites", "invite_tries"):
            rows = str((await db.execute(text(f"SELECT * FROM {table}"))).all())
            assert "Hoa" not in rows
            assert "901000003" not in rows


async def test_what_a_forgotten_person_sent_stays_without_their_chat(database: Database, now: datetime) -> None:
    account = 9_123_456
    async with database.write() as db:
        tree = await plant(db)
        hoa = await people.add(db, "Nguyễn Thị Hoa", now, telegram_id=account)
        await submissions.record(
            db,
            unit_id=tree["CS1"].id,
            form="bien-dong",
            period=Period.month(2026, 10),
            figures={"members": Decimal(5)},
            sent_at=now,
            sent_by=hoa.id,
            on_time=True,
            carrier=(account, 77),
        )
        sent, _ = await broadcasts.confirm(
            db,
            unit_id=tree["CS1"].id,
            to=BroadcastAudience.OFFICERS,
            words="Mời họp",
            made_by=hoa.id,
            chat_id=account,
            token="x",
            expected=0,
            now=now,
        )
        await broadcasts.note_told(db, sent.id, "", done_at=now)
        await people.forget(db, account, now)
        kept = await submissions.find_current(db, tree["CS1"].id, "bien-dong", Period.month(2026, 10))
        assert kept is not None
        assert kept.sent_by == hoa.id
        for table in ("people", "submissions", "broadcasts"):
            assert str(account) not in str((await db.execute(text(f"SELECT * FROM {table}"))).all())


async def test_an_invitation_opens_once_and_only_in_time(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        code = await invites.create(db, tree["CS1"].id, RoleName.OFFICER, now, created_by=None)
        assert len(code) * 6 >= 128
        assert code not in str((await db.execute(text("SELECT * FROM invites"))).all())
        found = await invites.redeem(db, code, 7, now)
        assert isinstance(found, invites.Invite)
        assert (found.unit_id, found.role) == (tree["CS1"].id, RoleName.OFFICER)
        assert await invites.redeem(db, code, 8, now) is None
        assert await invites.find_used(db, code, 7) is not None
        assert await invites.find_used(db, code, 8) is None
        late = await invites.create(db, tree["CS1"].id, RoleName.OFFICER, now, created_by=None)
        assert await invites.redeem(db, late, 9, now + timedelta(days=7, seconds=1)) is None
        revoked = await invites.create(db, tree["CS1"].id, RoleName.OFFICER, now, created_by=None)
        assert await invites.revoke_by_unit(db, tree["CS1"].id, now) == 2
        assert await invites.redeem(db, revoked, 9, now) is None


async def test_two_who_use_one_code_at_once_do_not_both_get_in(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        code = await invites.create(db, tree["CS1"].id, RoleName.OFFICER, now, created_by=None)

    async def try_it(telegram_id: int) -> bool:
        async with database.write() as db:
            return isinstance(await invites.redeem(db, code, telegram_id, now), invites.Invite)

    assert sum(await asyncio.gather(*(try_it(number) for number in range(8)))) == 1


async def test_one_who_guesses_is_locked_out_for_an_hour_even_with_a_good_code(
    sqlite_database: Database, now: datetime
) -> None:
    async with sqlite_database.write() as db:
        tree = await plant(db)
        code = await invites.create(db, tree["CS1"].id, RoleName.OFFICER, now, created_by=None)
        for number in range(invites.TRIES_PER_PERSON):
            assert await invites.redeem(db, f"guess-{number}", 7, now) is None
        assert await invites.redeem(db, code, 7, now) == invites.LockedOut(now + invites.TRY_WINDOW)
        assert isinstance(await invites.redeem(db, code, 7, now + timedelta(minutes=61)), invites.Invite)


async def test_guesses_from_many_accounts_lock_nobody_else_out(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        tree = await plant(db)
        code = await invites.create(db, tree["CS1"].id, RoleName.OFFICER, now, created_by=None)
        for number in range(1100):
            assert await invites.redeem(db, f"guess-{number}", number % 110, now) is None
        assert await invites.redeem(db, "guess", 7, now) == invites.LockedOut(now + invites.TRY_WINDOW)
        assert await db.scalar(text("SELECT count(*) FROM invite_tries")) == 110 * invites.TRIES_PER_PERSON
        assert isinstance(await invites.redeem(db, code, 77_777, now), invites.Invite)


async def test_ensure_adds_somebody_once(database: Database, now: datetime) -> None:
    async def add() -> int:
        async with database.write() as db:
            return (await people.ensure(db, 7, "Hoa", now)).id

    assert len(set(await asyncio.gather(*(add() for _ in range(6))))) == 1


@pytest.mark.parametrize("person_id", [0, -1, 2**63, 999])
async def test_ids_that_nobody_has_find_nobody(sqlite_database: Database, person_id: int) -> None:
    async with sqlite_database.read() as db:
        assert await people.find_person(db, person_id) is None
