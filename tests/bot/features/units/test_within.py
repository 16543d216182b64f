"""A list of units from somebody who manages some units only: nothing out of their reach is touched or told of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.units.changes import UnitChanges, decide_import
from bot.features.units.importing import import_units
from bot.features.units.troubles import RowSpot, RowTrouble
from bot.features.units.unit_files import UnitFile, UnitRow
from bot.features.units.within import Reach
from knowledge.model.units import UnitKind
from storage import people
from storage.engine import Database
from storage.people import RoleName
from storage.units import Unit, add, list_all

NOW = datetime(2026, 11, 4, tzinfo=UTC)
COLUMNS = frozenset({"code", "parent", "name", "kind", "plan", "officer", "phone", "role"})


def unit(number: int, code: str, parent: Unit | None, plan: str | None = None) -> Unit:
    return Unit(
        id=number,
        code=code,
        name=f"Đơn vị {code}",
        kind=UnitKind.FOREIGN,
        parent_id=parent.id if parent is not None else None,
        plan=plan,
        path=f"{parent.path if parent is not None else '/'}{number}/",
        registered_on=date(2020, 1, 1),
    )


ROOT = unit(1, "GOC", None)
NORTH, SOUTH = unit(2, "BAC", ROOT, "vuit-nq02-2021"), unit(3, "NAM", ROOT)
INNER, OUTER = unit(4, "CS1", NORTH), unit(5, "CS2", SOUTH)
TREE = [ROOT, NORTH, SOUTH, INNER, OUTER]


def row(code: str, parent: str = "", number: int = 2, **more: str) -> UnitRow:
    return UnitRow(
        RowSpot(number), code, parent, more.get("name", f"Đơn vị {code}"), UnitKind.FOREIGN, more.get("plan", ""),
        more.get("officer", ""), more.get("phone"), None, COLUMNS,
    )  # fmt: skip


def decide(*rows: UnitRow) -> UnitChanges:
    return decide_import(UnitFile(rows, ()), TREE, Reach((NORTH,)))


@pytest.mark.parametrize(
    ("rows", "trouble"),
    [
        ([row("CS2", "NAM")], RowTrouble.OUT_OF_REACH),
        ([row("CS2", "BAC")], RowTrouble.OUT_OF_REACH),
        ([row("GOC")], RowTrouble.OUT_OF_REACH),
        ([row("MOI", "NAM")], RowTrouble.PARENT_OUT_OF_REACH),
        ([row("MOI", "GOC")], RowTrouble.PARENT_OUT_OF_REACH),
        ([row("MOI", "KHONG")], RowTrouble.PARENT_OUT_OF_REACH),
        ([row("MOI", "Đơn vị NAM")], RowTrouble.PARENT_OUT_OF_REACH),
        ([row("MOI", "Đơn vị BAC")], RowTrouble.PARENT_NAME),
        ([row("MOI")], RowTrouble.NEEDS_PARENT),
        ([row("CS1")], RowTrouble.NEEDS_PARENT),
        ([row("CS1", "NAM")], RowTrouble.PARENT_OUT_OF_REACH),
        ([row("BAC", "NAM")], RowTrouble.NEEDS_PARENT),
        ([row("BAC")], RowTrouble.NEEDS_PARENT),
        ([row("MOI", "BAC", plan="vuit-nq02-2021")], RowTrouble.PLAN_NOT_YOURS),
    ],
)
def test_what_is_out_of_reach_is_refused_with_its_row(rows: list[UnitRow], trouble: RowTrouble) -> None:
    change = decide(*rows)
    assert not change.new
    assert not change.updated
    assert [(each.spot, each.trouble) for each in change.problems] == [(RowSpot(2), trouble)]


def test_what_lies_below_ones_own_is_taken() -> None:
    change = decide(
        row("BAC", "GOC", 2, name="Tên mới"), row("CS1", "BAC", 3), row("TO", "CS1", 4), row("CON", "TO", 5)
    )
    assert not change.problems
    assert set(change.new) == {"TO", "CON"}
    assert set(change.updated) == {"BAC", "CS1"}
    assert change.updated["BAC"].plan is None


def test_what_lies_below_a_refused_row_is_refused_too() -> None:
    change = decide(row("XA", "NAM", 2), row("XB", "XA", 3))
    assert {each.trouble for each in change.problems} == {RowTrouble.PARENT_OUT_OF_REACH, RowTrouble.PARENT_REFUSED}
    assert not change.new


_CODES = st.sampled_from(["GOC", "BAC", "NAM", "CS1", "CS2", "M1", "M2", ""])


@given(st.lists(st.tuples(_CODES, _CODES), max_size=6))
def test_whatever_the_file_says_nothing_out_of_reach_changes(rows: list[tuple[str, str]]) -> None:
    change = decide(*(row(code, parent, number) for number, (code, parent) in enumerate(rows, 2)))
    assert not {"GOC", "NAM", "CS2"} & (set(change.new) | set(change.updated))
    parents: Mapping[str, str | None] = change.parents
    assert parents["BAC"] == parents["NAM"] == "GOC"
    assert parents["CS2"] == "NAM"
    for key in change.new:
        at: str | None = key
        while at not in {None, "BAC"}:
            at = parents[at or ""]
        assert at == "BAC"


@pytest.mark.both_engines
async def test_nobody_known_is_renamed(database: Database) -> None:
    async with database.write() as db:
        top = await add(db, code="BAC", name="Bắc", kind=UnitKind.PROVINCE, registered_on=date(2020, 1, 1))
        await people.insert_all(db, [("Tên Đúng", "+84901000001")], NOW)
    table = UnitFile((row("MOI", "BAC", officer="Tên Khác", phone="+84901000001"),), ())
    async with database.write() as db:
        done = await import_units(db, table, now=NOW, today=NOW.date(), partial=True, reach=Reach((top,)))
        assert (done.added, done.roles, done.people) == (1, 1, 0)
        assert [person.name for person in await people.list_all(db)] == ["Tên Đúng"]
        assert {each.code for each in await list_all(db)} == {"BAC", "MOI"}
        assert [each.role for each in await people.list_all_roles(db)] == [RoleName.OFFICER]
