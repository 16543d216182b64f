"""The tree of units: whatever is moved where, a subtree is what lies below."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from storage import summaries, units
from storage.engine import Database
from storage.summaries import ReportsBelow
from storage.units import DEEPEST, Unit, UnitMoveError
from tests.storage.places import SINCE, plant

NOVEMBER = Period.month(2026, 11)


def codes(found: list[Unit]) -> list[str]:
    return [unit.code for unit in found]


async def test_a_subtree_is_the_unit_and_all_below(database: Database) -> None:
    async with database.write() as db:
        tree = await plant(db)
        assert set(codes(await units.list_subtree(db, tree["HCM"].id))) == {"HCM", "X1", "CS1", "CS2", "CS3"}
        assert set(codes(await units.list_subtree(db, tree["HCM"].id, kinds=GRASSROOTS_KINDS))) == {"CS1", "CS2", "CS3"}
        assert await units.count_subtree(db, tree["TLD"].id) == 8
        assert codes(await units.list_ancestors(db, tree["CS1"])) == ["TLD", "HCM", "X1"]
        assert codes(await units.list_children(db, None)) == ["TLD"]
        assert await units.list_subtree(db, 999) == []


async def test_who_has_units_right_below(database: Database) -> None:
    async with database.write() as db:
        tree = await plant(db)
        meant = [tree[code].id for code in ("HCM", "X1", "CS1")]
        assert await units.list_parents(db, meant, active_on=SINCE) == {tree["HCM"].id, tree["X1"].id}
        for code in ("CS1", "CS2"):
            await units.dissolve(db, tree[code].id, SINCE)
        assert await units.list_parents(db, meant, active_on=SINCE) == {tree["HCM"].id}


async def test_ids_with_the_same_beginning_are_not_mistaken_for_each_other(database: Database) -> None:
    async with database.write() as db:
        roots = [
            await units.add(db, code=f"R{n}", name=f"R{n}", kind=UnitKind.PROVINCE, registered_on=SINCE)
            for n in range(12)
        ]
        for root in roots:
            assert await units.count_subtree(db, root.id) == 1


async def test_a_subtree_is_one_range_of_an_index(database: Database) -> None:
    async with database.write() as db:
        tree = await plant(db)
        for number in range(300):
            await units.add(db, code=f"N{number}", name="N", kind=UnitKind.GUILD, registered_on=SINCE,
                            parent_id=tree["QT"].id)  # fmt: skip
        path = tree["X1"].path
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        if not database.is_sqlite:
            await db.execute(text("SET LOCAL enable_seqscan = off"))
        rows = await db.execute(
            text(f"{explain} SELECT id FROM units WHERE path >= :low AND path < :high"),
            {"low": path, "high": path[:-1] + "0"},
        )
        plan = "\n".join(str(row) for row in rows)
        assert "uq_units_path" in plan or "autoindex_units" in plan, plan
        assert "path>" in plan.replace(" ", "").replace("(", "") or "Index" in plan


async def test_the_nearest_plan_governs_first_then_those_above(database: Database) -> None:
    async with database.write() as db:
        tree = await plant(db)
        assert await units.get_governing_plans(db, tree["CS1"].id) == ("hcm-nq02-2022",)
        assert await units.get_governing_plans(db, tree["CS4"].id) == ("quangtri-nq02-2021",)
        assert await units.get_governing_plans(db, tree["TLD"].id) == ()
        await units.change(db, tree["X1"].id, plan="own")
        assert await units.get_governing_plans(db, tree["CS1"].id) == ("own", "hcm-nq02-2022")
        await units.change(db, tree["X1"].id, plan="")
        await units.move(db, tree["X1"].id, tree["QT"].id)
        assert await units.get_governing_plans(db, tree["CS1"].id) == ("quangtri-nq02-2021",)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("may song xanh", ["CS1"]),
        ("SÔNG XANH", ["CS1"]),
        ("cs3", ["CS3"]),
        ("truong  du", ["CS2"]),
        ("tan phong co khi", ["CS3"]),
        ("không có", []),
        ("", []),
        ("%", []),
        ("_ _", []),
    ],
)
async def test_units_are_found_by_words_without_marks(
    sqlite_database: Database, typed: str, expected: list[str]
) -> None:
    async with sqlite_database.write() as db:
        await plant(db)
        assert codes(await units.search(db, typed)) == expected


async def test_a_search_stays_in_its_subtree(database: Database) -> None:
    async with database.write() as db:
        tree = await plant(db)
        assert "CS4" in codes(await units.search(db, "cdcs"))
        assert set(codes(await units.search(db, "cdcs", tree["HCM"]))) == {"CS1", "CS2", "CS3"}
        assert codes(await units.search(db, "Cảng", tree["HCM"])) == []


async def test_a_code_is_one_however_it_is_written(database: Database) -> None:
    async with database.write() as db:
        await plant(db)
        found = await units.find_unit(db, " cs1 ")
        assert found is not None
        assert found.code == "CS1"
        assert await units.find_unit(db, "CS11") is None


async def test_a_unit_cannot_go_below_itself(database: Database) -> None:
    async with database.write() as db:
        tree = await plant(db)
        for target in ("HCM", "X1", "CS1"):
            with pytest.raises(UnitMoveError):
                await units.move(db, tree["HCM"].id, tree[target].id)
        assert await units.count_subtree(db, tree["HCM"].id) == 5


async def test_a_dissolved_unit_keeps_its_past_and_its_place(database: Database) -> None:
    async with database.write() as db:
        tree = await plant(db)
        end = date(2026, 11, 3)
        assert await units.dissolve(db, tree["X1"].id, end) == 3
        assert await units.dissolve(db, tree["X1"].id, date(2026, 12, 1)) == 0
        assert set(codes(await units.list_subtree(db, tree["HCM"].id, active_on=end))) == {"HCM", "CS3"}
        assert set(codes(await units.list_subtree(db, tree["HCM"].id, active_on=date(2026, 11, 2)))) >= {"X1", "CS1"}
        assert await units.count_subtree(db, tree["HCM"].id) == 5
        await units.revive(db, tree["X1"].id)
        assert (await units.get_unit(db, tree["X1"].id)).is_active(end)


async def test_a_tree_is_not_deeper_than_it_may_be(sqlite_database: Database) -> None:
    async with sqlite_database.write() as db:
        above: int | None = None
        for depth in range(DEEPEST):
            unit = await units.add(
                db, code=f"D{depth}", name="D", kind=UnitKind.UPPER, registered_on=SINCE, parent_id=above
            )
            above = unit.id
        with pytest.raises(UnitMoveError):
            await units.add(db, code="D", name="D", kind=UnitKind.UPPER, registered_on=SINCE, parent_id=above)
        alone = await units.add(db, code="A", name="A", kind=UnitKind.UPPER, registered_on=SINCE)
        with pytest.raises(UnitMoveError):
            await units.move(db, alone.id, above)


async def _check(db: AsyncConnection, parents: dict[int, int | None]) -> None:
    def walk(unit_id: int) -> list[int]:
        above = parents[unit_id]
        return [*(walk(above) if above is not None else []), unit_id]

    for unit in await units.list_all(db):
        assert list(unit.ancestor_ids) == walk(unit.id)
        assert unit.parent_id == parents[unit.id]
    for unit_id in parents:
        below = {each for each in parents if unit_id in walk(each)}
        assert {unit.id for unit in await units.list_subtree(db, unit_id)} == below


@pytest.mark.parametrize("seed", range(4))
async def test_paths_follow_whatever_is_moved(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    async with database.write() as db:
        parents: dict[int, int | None] = {}
        for number in range(25):
            above = chance.choice([None, *parents])
            unit = await units.add(
                db, code=f"U{number}", name=f"Unit {number}", kind=UnitKind.UPPER, registered_on=SINCE, parent_id=above
            )
            parents[unit.id] = above
        for _ in range(40):
            unit_id, target = chance.choice(list(parents)), chance.choice([None, *parents])
            try:
                await units.move(db, unit_id, target)
            except UnitMoveError:
                at = target
                while at != unit_id:
                    assert at is not None, "a move that was possible was refused"
                    at = parents[at]
            else:
                parents[unit_id] = target
        await _check(db, parents)


async def test_units_stand_in_one_order_wherever_they_are_listed(database: Database) -> None:
    names = ["CĐCS Đá", "CĐCS số 10", "CĐCS Dung", "CĐCS số 2"]
    ordered = ["CĐCS Dung", "CĐCS Đá", "CĐCS số 2", "CĐCS số 10"]
    async with database.write() as db:
        tree = await plant(db)
        top = tree["QT"]
        await units.dissolve(db, tree["CS4"].id, SINCE)
        made = [
            await units.add(db, code=name, name=name, kind=UnitKind.GUILD, registered_on=SINCE, parent_id=top.id)
            for name in names
        ]
        scope = ReportsBelow(
            top, get_form(MONTHLY_FORM), NOVEMBER, AskedUnits.of_period(get_form(MONTHLY_FORM), NOVEMBER)
        )
        children = await units.list_children(db, top.id, active_on=SINCE)
        assert [unit.name for unit in children] == ordered
        assert [unit.name for unit in sorted(made, key=lambda unit: unit.order)] == ordered
        assert [row.name for row in await summaries.list_expected(db, scope)] == ordered
        assert [row.name for row in await summaries.list_missing(db, scope, most=2, skip=2)] == ordered[2:]
        await units.change(db, made[0].id, name="CĐCS Ân")
        assert (await units.list_children(db, top.id, active_on=SINCE))[0].name == "CĐCS Ân"
        await units.update_all(db, [replace(made[0], name="CĐCS Út")])
        assert (await units.list_children(db, top.id, active_on=SINCE))[-1].name == "CĐCS Út"
