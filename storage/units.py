"""The tree of units: found, searched, moved, dissolved. A subtree is one range of the index over paths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, not_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.order import order_key
from knowledge.model.owing import exists_on
from knowledge.model.units import UnitKind
from storage.rows import chunks, columns_of, find_all, find_of_id, find_one, to_record
from storage.schema import units

DEEPEST: Final = 60
"""How many levels a tree may have."""

_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_SelectT = TypeVar("_SelectT", bound="Select[Any]")


class UnitMoveError(Exception):
    """A unit cannot go there: under itself or something below it, or deeper than `DEEPEST` levels."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisational unit.

    `path` is the ids from the root to this unit, "/1/5/9/". `plan` is the id of the plan set for it and all below,
    None where the nearest unit above says. `dissolved_on` is the first day on which it is no more.
    """

    id: int
    code: str
    name: str
    kind: UnitKind
    parent_id: int | None
    plan: str | None
    path: str
    registered_on: date
    dissolved_on: date | None = None
    merged_into: int | None = None

    @property
    def ancestor_ids(self) -> tuple[int, ...]:
        """The ids of the units above, the root first, and of this unit last."""
        return path_ids(self.path)

    def is_active(self, on: date) -> bool:
        """Whether it exists on that day as far as its end is concerned."""
        return exists_on(on, self.dissolved_on)

    @property
    def order(self) -> str:
        """What it is sorted by among other units."""
        return order_key(self.name, self.code)

    def lies_in(self, other: Unit) -> bool:
        """Whether it is `other` or lies below it."""
        return self.path.startswith(other.path)


_COLUMNS = columns_of(Unit, units)


def unit_columns() -> tuple[ColumnElement[Any], ...]:
    """The columns that `to_unit` reads, for a query that joins units to something else."""
    return tuple(column.label(f"unit_{column.name}") for column in _COLUMNS)


def to_unit(values: Any) -> Unit:
    """A unit from the values of `unit_columns`, in their order."""
    return Unit(values[0], values[1], values[2], UnitKind(values[3]), *values[4:])


def code_key(code: str) -> str:
    """A code as it is compared, without regard to case and blanks: " cd-01 " → "CD-01"."""
    return " ".join(unicodedata.normalize("NFC", code).split()).upper()


def fold_name(name: str) -> str:
    """A name without marks, case and signs, for searching: "CĐCS Trường An" → "cdcs truong an"."""
    decomposed = unicodedata.normalize("NFKD", name.replace("ƣ", "ư").replace("Ƣ", "Ư").lower().replace("đ", "d"))
    return _NOT_WORDS.sub(" ", decomposed.encode("ascii", "ignore").decode()).strip()


def path_ids(path: str) -> tuple[int, ...]:
    """The ids in a path, the root first: "/1/5/9/" → (1, 5, 9)."""
    return tuple(int(part) for part in path.strip("/").split("/"))


def below(path: str, *, column: Any = None) -> ColumnElement[bool]:
    """The condition that a unit lies at `path` or below it: a range of the index."""
    column = units.c.path if column is None else column
    condition: ColumnElement[bool] = and_(column >= path, column < path[:-1] + "0")
    return condition


def lies_below(above: Any, *, column: Any = None) -> ColumnElement[bool]:
    """The condition that a unit lies at or below another: a range of the index, whose end is made from the path."""
    column = units.c.path if column is None else column
    end = func.substr(above.c.path, 1, func.length(above.c.path) - 1).concat("0")
    condition: ColumnElement[bool] = and_(column >= above.c.path, column < end)
    return condition


def active_on(day: date) -> ColumnElement[bool]:
    """The condition that a unit still exists on a day; `Unit.is_active` in SQL."""
    condition: ColumnElement[bool] = or_(units.c.dissolved_on.is_(None), units.c.dissolved_on > day)
    return condition


def _folded(code: str, name: str) -> str:
    return f"{fold_name(name)} {fold_name(code)}"[:320]


async def find_unit(db: AsyncConnection, code: str) -> Unit | None:
    """The unit of that code, dissolved ones too; case does not count."""
    return await find_one(db, Unit, select(*_COLUMNS).where(units.c.code_key == code_key(code)))


async def find_unit_by_id(db: AsyncConnection, unit_id: int) -> Unit | None:
    """The unit of that id, for ids that somebody else sent."""
    return await find_of_id(db, Unit, select(*_COLUMNS), units.c.id, unit_id)


async def get_unit(db: AsyncConnection, unit_id: int) -> Unit:
    """The unit of that id; raises LookupError where there is none."""
    found = await find_unit_by_id(db, unit_id)
    if found is None:
        raise LookupError(f"no unit {unit_id}")
    return found


async def get_units(db: AsyncConnection, unit_ids: Collection[int]) -> dict[int, Unit]:
    """The units of these ids; those unknown are left out."""
    found: dict[int, Unit] = {}
    for some in chunks(sorted(set(unit_ids))):
        rows = await db.execute(select(*_COLUMNS).where(units.c.id.in_(some)))
        found |= {row.id: to_record(Unit, row) for row in rows}
    return found


async def list_ancestors(db: AsyncConnection, unit: Unit) -> list[Unit]:
    """The units above, the root first; the unit itself is not among them."""
    found = await get_units(db, unit.ancestor_ids[:-1])
    return [found[unit_id] for unit_id in unit.ancestor_ids[:-1]]


def _active(query: _SelectT, on: date | None) -> _SelectT:
    return query if on is None else query.where(active_on(on))


async def list_children(
    db: AsyncConnection,
    unit_id: int | None,
    *,
    active_on: date | None = None,
    most: int | None = None,
    skip: int = 0,
) -> list[Unit]:
    """The units right below, in the order of units; the roots of all trees for None.

    Args:
        active_on: leave out those dissolved by that day.
        most: how many at most, after the first `skip`.
    """
    own = units.c.parent_id.is_(None) if unit_id is None else units.c.parent_id == unit_id
    query = _active(select(*_COLUMNS).where(own), active_on).order_by(units.c.sort_key, units.c.id)
    if most is not None:
        query = query.limit(most).offset(skip)
    return await find_all(db, Unit, query)


async def count_children(db: AsyncConnection, unit_id: int | None, *, active_on: date | None = None) -> int:
    """How many units lie right below; how many roots there are for None."""
    own = units.c.parent_id.is_(None) if unit_id is None else units.c.parent_id == unit_id
    return await db.scalar(_active(select(func.count()).select_from(units).where(own), active_on)) or 0


async def list_parents(db: AsyncConnection, unit_ids: Collection[int], *, active_on: date) -> set[int]:
    """Those of these units that have any unit right below that exists on a day."""
    found: set[int] = set()
    for some in chunks(sorted(set(unit_ids))):
        query = _active(select(units.c.parent_id).where(units.c.parent_id.in_(some)), active_on).distinct()
        found.update(parent for parent in await db.scalars(query) if parent is not None)
    return found


async def list_subtree(
    db: AsyncConnection,
    unit_id: int,
    *,
    kinds: Collection[UnitKind] | None = None,
    active_on: date | None = None,
    most: int | None = None,
    skip: int = 0,
) -> list[Unit]:
    """The unit and all below it, in the order of units; empty where there is no such unit.

    Args:
        kinds: only units of these kinds.
        active_on: leave out those dissolved by that day.
        most: how many at most, after the first `skip`.
    """
    path = await _find_path(db, unit_id)
    if path is None:
        return []
    query = _subtree(select(*_COLUMNS), path, kinds, active_on).order_by(units.c.sort_key, units.c.id)
    if most is not None:
        query = query.limit(most).offset(skip)
    return await find_all(db, Unit, query)


async def count_subtree(
    db: AsyncConnection,
    unit_id: int,
    *,
    kinds: Collection[UnitKind] | None = None,
    active_on: date | None = None,
) -> int:
    """How many units `list_subtree` would give."""
    path = await _find_path(db, unit_id)
    if path is None:
        return 0
    return await db.scalar(_subtree(select(func.count()).select_from(units), path, kinds, active_on)) or 0


def _subtree(query: _SelectT, path: str, kinds: Collection[UnitKind] | None, active_on: date | None) -> _SelectT:
    query = _active(query.where(below(path)), active_on)
    if kinds is not None:
        query = query.where(units.c.kind.in_(sorted(kind.value for kind in kinds)))
    return query


async def _find_path(db: AsyncConnection, unit_id: int) -> str | None:
    found: str | None = await db.scalar(select(units.c.path).where(units.c.id == unit_id))
    return found


async def get_governing_plans(db: AsyncConnection, unit_id: int) -> tuple[str, ...]:
    """The ids of the plans that govern a unit, its own first, then those of the units above up to the root."""
    path = await _find_path(db, unit_id)
    if path is None:
        return ()
    rows = await db.execute(select(units.c.id, units.c.plan).where(units.c.id.in_(path_ids(path)), units.c.plan != ""))
    plans = {row.id: row.plan for row in rows}
    return tuple(dict.fromkeys(plans[each] for each in reversed(path_ids(path)) if each in plans))


async def is_set_outside(db: AsyncConnection, unit: Unit, plans: Collection[str], *, on: date) -> bool:
    """Whether one of these plans (ids) is set for a unit that exists on a day and does not lie in `unit`."""
    query = select(units.c.id).where(units.c.plan.in_(sorted(plans)), active_on(on), not_(below(unit.path))).limit(1)
    return await db.scalar(query) is not None


async def search(
    db: AsyncConnection,
    text: str,
    within: Unit | None = None,
    *,
    active_on: date | None = None,
    most: int = 10,
    skip: int = 0,
) -> list[Unit]:
    """Units whose name or code contains every word of `text`, marks and case aside; exact codes and short names first.

    Args:
        within: only this unit and what lies below it.
    """
    words = fold_name(text).split()[:8]
    if not words:
        return []
    query = _active(select(*_COLUMNS), active_on)
    for word in words:
        query = query.where(units.c.folded.contains(word, autoescape=True))
    if within is not None:
        query = query.where(below(within.path))
    is_code = units.c.code_key == code_key(text)
    query = query.order_by(is_code.desc(), func.length(units.c.folded), units.c.sort_key, units.c.id)
    return await find_all(db, Unit, query.limit(most).offset(skip))


async def count(db: AsyncConnection) -> int:
    """How many units there are, dissolved ones among them."""
    return await db.scalar(select(func.count()).select_from(units)) or 0


async def add(
    db: AsyncConnection,
    *,
    code: str,
    name: str,
    kind: UnitKind,
    registered_on: date,
    parent_id: int | None = None,
    plan: str | None = None,
) -> Unit:
    """A new unit; its code must not be taken.

    Raises:
        LookupError: there is no such parent.
        UnitMoveError: it would lie too deep.
    """
    above = (await get_unit(db, parent_id)).path if parent_id is not None else "/"
    if above.count("/") > DEEPEST:
        raise UnitMoveError(f"a tree has at most {DEEPEST} levels")
    [unit_id] = await take_ids(db, 1)
    unit = Unit(unit_id, code, name, kind, parent_id, plan, f"{above}{unit_id}/", registered_on)
    await insert_all(db, [unit])
    return unit


async def change(
    db: AsyncConnection, unit_id: int, *, name: str | None = None, kind: UnitKind | None = None, plan: str | None = None
) -> Unit:
    """Give a unit another name, kind or plan; what is None stays, "" takes the plan away."""
    unit = await get_unit(db, unit_id)
    values: dict[str, Any] = {}
    if name is not None:
        values |= {"name": name, "folded": _folded(unit.code, name), "sort_key": order_key(name, unit.code)}
    if kind is not None:
        values["kind"] = kind.value
    if plan is not None:
        values["plan"] = plan or None
    if values:
        await db.execute(update(units).where(units.c.id == unit_id).values(**values))
    return await get_unit(db, unit_id)


async def move(db: AsyncConnection, unit_id: int, parent_id: int | None) -> Unit:
    """Put a unit with all below it under another one, or at the root for None.

    Raises:
        UnitMoveError: the new parent lies in the unit itself, or the tree would become too deep.
    """
    await lock_tree(db)
    unit = await get_unit(db, unit_id)
    above = (await get_unit(db, parent_id)).path if parent_id is not None else "/"
    if above.startswith(unit.path):
        raise UnitMoveError(f"{unit.code} cannot lie below itself")
    depth = await db.scalar(
        select(func.max(func.length(units.c.path) - func.length(func.replace(units.c.path, "/", "")))).where(
            below(unit.path)
        )
    )
    if (depth or 0) - unit.path.count("/") + above.count("/") + 1 > DEEPEST + 1:
        raise UnitMoveError(f"a tree has at most {DEEPEST} levels")
    await db.execute(update(units).where(units.c.id == unit_id).values(parent_id=parent_id))
    await _replace_path(db, unit.path, f"{above}{unit_id}/")
    return await get_unit(db, unit_id)


async def _replace_path(db: AsyncConnection, old: str, new: str) -> None:
    if old != new:
        tail = func.substr(units.c.path, len(old) + 1)
        await db.execute(update(units).where(below(old)).values(path=bindparam("new_path", new).concat(tail)))


async def dissolve(db: AsyncConnection, unit_id: int, on: date, *, merged_into: int | None = None) -> int:
    """End a unit and all below it from the day `on`; what they sent stays. Returns how many ended.

    Args:
        merged_into: the unit that took it over. Units below that go on there are to be moved first.
    """
    unit = await get_unit(db, unit_id)
    ended = await db.execute(update(units).where(below(unit.path), active_on(on)).values(dissolved_on=on))
    if merged_into is not None:
        await db.execute(update(units).where(units.c.id == unit_id).values(merged_into=merged_into))
    return ended.rowcount


async def revive(db: AsyncConnection, unit_id: int) -> Unit:
    """Take back the end of a unit; those below it stay as they are."""
    await db.execute(update(units).where(units.c.id == unit_id).values(dissolved_on=None, merged_into=None))
    return await get_unit(db, unit_id)


# --- Many at once ----------------------------------------------------------------------------------------------------


async def lock_tree(db: AsyncConnection) -> None:
    """Let nobody else change the shape of the tree until this transaction ends; on SQLite that is so anyway."""
    if db.dialect.name != "sqlite":
        await db.execute(text("SELECT pg_advisory_xact_lock(7828961)"))


async def list_all(db: AsyncConnection) -> list[Unit]:
    """Every unit, parents before children."""
    return await find_all(db, Unit, select(*_COLUMNS).order_by(units.c.path))


async def list_names(db: AsyncConnection) -> list[tuple[str, str]]:
    """(code, name) of every unit, in no order."""
    return [(row.code, row.name) for row in await db.execute(select(units.c.code, units.c.name))]


async def take_ids(db: AsyncConnection, how_many: int) -> list[int]:
    """Ids for units that are to be inserted in this transaction."""
    if how_many < 1:
        return []
    if db.dialect.name == "sqlite":
        last = await db.scalar(select(func.max(units.c.id))) or 0
        return list(range(last + 1, last + 1 + how_many))
    found = await db.execute(
        text("SELECT nextval(pg_get_serial_sequence('units', 'id')) FROM generate_series(1, :how_many)"),
        {"how_many": how_many},
    )
    return sorted(found.scalars())


def _values(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "code": unit.code,
        "code_key": code_key(unit.code),
        "name": unit.name,
        "folded": _folded(unit.code, unit.name),
        "sort_key": unit.order,
        "kind": unit.kind.value,
        "parent_id": unit.parent_id,
        "path": unit.path,
        "plan": unit.plan,
        "registered_on": unit.registered_on,
        "dissolved_on": unit.dissolved_on,
        "merged_into": unit.merged_into,
    }


async def insert_all(db: AsyncConnection, new: Iterable[Unit]) -> None:
    """Insert whole units, paths and all; the caller answers for the shape of the tree."""
    rows = [_values(unit) for unit in new]
    if rows:
        await db.execute(insert(units), rows)


_OVERWRITTEN: Final = ("code", "name", "folded", "sort_key", "kind", "parent_id", "path", "plan", "dissolved_on")
_overwrite = (
    update(units)
    .where(units.c.id == bindparam("unit"))
    .values({name: bindparam(f"new_{name}", type_=units.c[name].type) for name in _OVERWRITTEN})
)


async def update_all(db: AsyncConnection, changed: Iterable[Unit]) -> None:
    """Overwrite whole units, paths and all; the caller answers for the shape of the tree."""
    rows = []
    for unit in changed:
        values = _values(unit)
        rows.append({"unit": unit.id, **{f"new_{name}": values[name] for name in _OVERWRITTEN}})
    if rows:
        await db.execute(_overwrite, rows)
