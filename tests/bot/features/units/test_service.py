"""The tree of units is changed by whoever manages it, and stays a tree."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.access import AccessDeniedError, Asker, Right
from bot.features.units import service
from bot.features.units.dialogs import UnitQuestion
from bot.features.units.taps import Rearrangement
from storage import people, units
from storage.engine import Database
from storage.people import RoleName
from tests.bot.asking import asking_as, known_as
from tests.storage.places import SINCE, plant

OWNER = Asker(9, "Chủ", is_admin=True)


async def test_nobody_changes_the_tree_where_they_do_not_manage_it(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hung = await people.ensure(db, 2, "Hùng", now)
        mai = await people.ensure(db, 1, "Mai", now)
        await people.grant(db, hung.id, places["X1"].id, RoleName.SUPERVISOR, now)
        await people.grant(db, mai.id, places["HCM"].id, RoleName.ADMIN, now)
        supervisor, admin = await known_as(db, 2, now), await known_as(db, 1, now)
        for where, target in (("CS3", "X1"), ("CS1", "HCM"), ("X1", "CS3")):
            with pytest.raises(AccessDeniedError):
                await service.move(supervisor, places[where], places[target])
        for where, target in (("CS1", "QT"), ("QT", "HCM"), ("CS4", "X1")):
            with pytest.raises(AccessDeniedError):
                await service.move(admin, places[where], places[target])
            with pytest.raises(AccessDeniedError):
                await service.merge(admin, places[where], places[target])
        assert await service.move(admin, places["CS1"], places["HCM"])


async def test_a_merger_takes_what_lies_below_along(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        owner = asking_as(db, OWNER, now)
        assert await service.merge(owner, places["X1"], places["QT"])
        assert not await service.merge(owner, places["X1"], places["QT"])
        assert not await service.merge(owner, places["TLD"], places["QT"])
        below = await units.list_subtree(db, places["QT"].id)
        assert {each.code for each in below} == {"QT", "CS1", "CS2", "CS4"}
        ended = await units.get_unit(db, places["X1"].id)
        assert (ended.dissolved_on, ended.merged_into) == (owner.today, places["QT"].id)


async def test_what_a_change_concerns_is_counted_before(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        owner = asking_as(db, OWNER, now)
        moved = await service.foresee(owner, Rearrangement.MOVE, places["HCM"], places["QT"])
        merged = await service.foresee(owner, Rearrangement.MERGE, places["HCM"], places["QT"])
    assert (moved.carried, merged.carried) == (4, 2)


async def test_the_pages_of_a_command_stay_with_its_right(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hung = await people.ensure(db, 2, "Hùng", now)
        for number in range(service.PAGE + 1):
            kind = places["CS1"].kind
            added = await units.add(db, code=f"P{number}", name=f"P{number}", kind=kind, registered_on=SINCE)
            await people.grant(db, hung.id, added.id, RoleName.SUPERVISOR, now)
        await people.grant(db, hung.id, places["CS1"].id, RoleName.OFFICER, now)
        asking = await known_as(db, 2, now)
        for right, count in ((Right.SEE, service.PAGE + 2), (Right.SUPERVISE, service.PAGE + 1)):
            page = await service.list_tops(asking, right, 99)
            assert (page.count, page.page, page.pages) == (count, 1, 2)
            assert len(page.units) == count - service.PAGE
        with pytest.raises(AccessDeniedError):
            await service.list_tops(asking, Right.MANAGE, 0)


def test_a_question_about_a_change_is_called_as_the_change() -> None:
    assert {each.value for each in Rearrangement} <= {each.value for each in UnitQuestion}
