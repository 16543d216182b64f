"""A small tree for tests of reminders: a sector union, one upper level, three grassroots unions, one officer each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import people, submissions, units
from storage.people import RoleName
from storage.units import Unit
from tests.monthly import monthly_figures

FORM = "doan-vien-thang"
OCTOBER = Period.month(2026, 10)
LONG_AGO = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)

HUNG, HOA, BINH, LAN = 1002, 1003, 1004, 1005


def at(day: str, hour: str = "08:30") -> datetime:
    """That local moment, in UTC: at("05/11", "08:30")."""
    number, month = day.split("/")[:2]
    year = day.split("/")[2] if day.count("/") == 2 else "2026"
    local = f"{year}-{int(month):02}-{int(number):02}T{hour}:00+07:00"
    return datetime.fromisoformat(local).astimezone(UTC)


@dataclass(frozen=True)
class Tree:
    """The units, and the row of each person by Telegram id."""

    top: Unit
    upper: Unit
    may: Unit
    co_khi: Unit
    truong: Unit
    person: dict[int, int]


async def plant(db: AsyncConnection, *, since: datetime = LONG_AGO) -> Tree:
    """Put the tree into an empty database; everyone has joined."""
    started = date(2020, 1, 1)
    top = await units.add(
        db,
        code="CDCT",
        name="Công đoàn Công Thương",
        kind=UnitKind.SECTOR,
        registered_on=started,
        plan="vuit-nq02-2021",
    )
    upper = await units.add(
        db, code="CT1", name="Công đoàn khu Bắc", kind=UnitKind.UPPER, registered_on=started, parent_id=top.id
    )
    leaves = [
        await units.add(db, code=code, name=name, kind=kind, registered_on=started, parent_id=upper.id)
        for code, name, kind in (
            ("MAY", "CĐCS May Sông Xanh", UnitKind.FOREIGN),
            ("CK", "CĐCS Cơ khí Tân Phong", UnitKind.PRIVATE),
            ("TR", "CĐCS Trường Nguyễn Du", UnitKind.PUBLIC),
        )
    ]
    rows = {}
    for telegram_id, name, unit, role in (
        (HUNG, "Lê Văn Hùng", upper, RoleName.SUPERVISOR),
        (HOA, "Nguyễn Thị Hoa", leaves[0], RoleName.OFFICER),
        (BINH, "Phạm Quốc Bình", leaves[1], RoleName.OFFICER),
        (LAN, "Hồ Ngọc Lan", leaves[2], RoleName.OFFICER),
    ):
        person = await people.add(db, name, since, telegram_id=telegram_id)
        await people.grant(db, person.id, unit.id, role, since)
        rows[telegram_id] = person.id
    may, co_khi, truong = leaves
    return Tree(top, upper, may, co_khi, truong, rows)


async def submit(db: AsyncConnection, unit: Unit, now: datetime, period: Period = OCTOBER) -> None:
    """The unit's monthly report, as if it had been sent in a dialog."""
    await submissions.record(
        db,
        unit_id=unit.id,
        form=FORM,
        period=period,
        figures=monthly_figures(100, 90, 1),
        sent_at=now,
        sent_by=None,
        on_time=True,
    )
