"""Units are found within the asker's reach and nowhere else: by id, name, code; own, topmost, below."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.access import Asker, Held, Right
from bot.hands import reach
from bot.hands.asking import Asking
from knowledge.forms import load_book
from storage import units
from storage.engine import Database
from storage.people import RoleName
from storage.units import Unit
from tests.storage.places import plant

NOW = datetime(2026, 11, 2, 5, tzinfo=UTC)


class Reach:
    """The tree, and somebody who holds one role in it."""

    def __init__(self, tree: dict[str, Unit], ask: Callable[[Asker], Asking]) -> None:
        self.tree = tree
        self.ask = ask

    def of(self, role: RoleName, *codes: str) -> Asking:
        """Somebody with that role at the units of these codes."""
        return self.ask(Asker(9, "Hoa", 1, held=tuple(Held(role, self.tree[code]) for code in codes)))

    @property
    def admin(self) -> Asking:
        """An admin by the settings, who holds no role."""
        return self.ask(Asker(8, "Chủ", is_admin=True))


@pytest.fixture
async def within(database: Database) -> AsyncIterator[Reach]:
    async with database.write() as db:
        tree = await plant(db)
        yield Reach(
            tree, lambda asker: Asking(db, asker, asker.telegram_id, NOW, ZoneInfo("Asia/Ho_Chi_Minh"), load_book())
        )


async def test_an_id_out_of_reach_is_as_one_that_is_not_there(within: Reach) -> None:
    boss = within.of(RoleName.SUPERVISOR, "HCM")
    own, other = within.tree["CS1"], within.tree["CS4"]
    assert await reach.find(boss, own.id, Right.SUPERVISE) == own
    assert await reach.find(boss, other.id, Right.SEE) is None
    assert await reach.find(boss, 999_999, Right.SEE) is None
    officer = within.of(RoleName.OFFICER, "CS1")
    assert await reach.find(officer, own.id, Right.SUBMIT) == own
    assert await reach.find(officer, own.id, Right.SUPERVISE) is None


async def test_names_are_looked_for_below_the_own_units_only(within: Reach) -> None:
    boss = within.of(RoleName.SUPERVISOR, "HCM")
    found = await reach.search(boss, "cong ty")
    assert [unit.code for unit in found.units] == ["CS1"]
    assert not (await reach.search(boss, "cảng cửa việt")).units
    assert [unit.code for unit in (await reach.search(within.admin, "cảng")).units] == ["CS4"]
    officer = within.of(RoleName.OFFICER, "CS1")
    assert not (await reach.search(officer, "may", Right.SUPERVISE)).units


async def test_an_exact_code_comes_first_or_alone(within: Reach) -> None:
    db = within.admin.db
    named = await units.add(
        db,
        code="CS9",
        name="CĐCS X1",
        kind=within.tree["CS3"].kind,
        parent_id=within.tree["HCM"].id,
        registered_on=date(2026, 1, 1),
    )
    boss = within.of(RoleName.SUPERVISOR, "HCM")
    for asking in (boss, within.admin):
        found = await reach.search(asking, "x1")
        assert found.units == (within.tree["X1"], named)
        assert found.meant == (within.tree["X1"],)


async def test_more_than_wanted_is_said_to_be_there(within: Reach) -> None:
    found = await reach.search(within.admin, "cđcs", most=2)
    assert len(found.units) == 2
    assert found.has_more
    assert not (await reach.search(within.admin, "cđcs", most=4)).has_more


async def test_dissolved_units_are_found_only_where_they_are_wanted(within: Reach) -> None:
    boss = within.of(RoleName.SUPERVISOR, "HCM")
    await units.dissolve(boss.db, within.tree["CS1"].id, date(2026, 10, 1))
    assert not (await reach.search(boss, "may sông xanh")).units
    assert (await reach.search(boss, "may sông xanh", active=False)).units
    officer = within.of(RoleName.OFFICER, "CS2")
    assert reach.list_own(officer) == [within.tree["CS2"]]


async def test_tops_and_what_lies_below_them(within: Reach) -> None:
    boss = within.of(RoleName.SUPERVISOR, "HCM", "X1", "QT")
    assert [unit.code for unit in await reach.list_tops(boss, Right.SUPERVISE)] == ["HCM", "QT"]
    assert [unit.code for unit in await reach.list_tops(within.admin, Right.MANAGE)] == ["TLD"]
    assert reach.reaches_below(boss)
    assert {unit.code for unit in await reach.list_below(boss)} == {"CS1", "CS2", "CS3", "CS4"}
    assert len(await reach.list_below(boss, most=2)) == 2
    officer = within.of(RoleName.OFFICER, "CS1")
    assert not reach.reaches_below(officer)
    assert await reach.list_below(officer) == []
