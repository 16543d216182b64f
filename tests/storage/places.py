"""Trees to test with: a confederation with two provinces, a commune and four grassroots unions; and any other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.units import UnitKind
from storage import units
from storage.engine import Database
from storage.units import Unit

SINCE = date(2026, 1, 10)
KINDS = [UnitKind.UPPER, UnitKind.PUBLIC, UnitKind.PRIVATE, UnitKind.PROVINCE]

TREE = (
    ("TLD", None, "Tổng Liên đoàn", UnitKind.CONFEDERATION, None),
    ("HCM", "TLD", "LĐLĐ Thành phố Hồ Chí Minh", UnitKind.PROVINCE, "hcm-nq02-2022"),
    ("QT", "TLD", "LĐLĐ tỉnh Quảng Trị", UnitKind.PROVINCE, "quangtri-nq02-2021"),
    ("X1", "HCM", "Công đoàn phường Bến Thành", UnitKind.COMMUNE, None),
    ("CS1", "X1", "CĐCS Công ty May Sông Xanh", UnitKind.FOREIGN, None),
    ("CS2", "X1", "CĐCS Trường Nguyễn Du", UnitKind.PUBLIC, None),
    ("CS3", "HCM", "CĐCS Cơ khí Tân Phong", UnitKind.PRIVATE, None),
    ("CS4", "QT", "CĐCS Cảng Cửa Việt", UnitKind.STATE_ENTERPRISE, None),
)


async def plant(db: AsyncConnection) -> dict[str, Unit]:
    """The tree, by code."""
    found: dict[str, Unit] = {}
    for code, parent, name, kind, plan in TREE:
        found[code] = await units.add(
            db,
            code=code,
            name=name,
            kind=kind,
            plan=plan,
            parent_id=found[parent].id if parent else None,
            registered_on=SINCE,
        )
    return found


@dataclass(frozen=True)
class Planned:
    """A unit to be made: under which earlier one (modulo), of what kind, when registered and dissolved."""

    under: int
    kind: UnitKind
    registered_on: date
    dissolved_on: date | None


days = st.dates(date(2025, 10, 1), date(2027, 1, 31))
planned_units = st.builds(
    Planned, st.integers(0, 20), st.sampled_from(KINDS), days | st.just(date(2020, 1, 1)), st.none() | st.none() | days
)


class _UndoneError(Exception):
    pass


@asynccontextmanager
async def undone(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction that leaves nothing behind."""
    with suppress(_UndoneError):
        async with database.write() as db:
            yield db
            raise _UndoneError


async def build(db: AsyncConnection, tree: list[Planned]) -> list[Unit]:
    made: list[Unit] = []
    for number, each in enumerate(tree):
        parent = made[each.under % len(made)] if made and each.under % 7 else None
        made.append(
            await units.add(
                db,
                code=f"U{number}",
                name=f"Đơn vị {number}",
                kind=each.kind,
                registered_on=each.registered_on,
                parent_id=parent.id if parent else None,
            )
        )
    for unit, each in zip(made, tree, strict=True):
        if each.dissolved_on is not None:
            await units.dissolve(db, unit.id, each.dissolved_on)
    return [await units.get_unit(db, unit.id) for unit in made]
