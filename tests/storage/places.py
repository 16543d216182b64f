"""A small tree to test with: a confederation, two provinces, a commune, four grassroots unions."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.units import UnitKind
from storage import units
from storage.units import Unit

SINCE = date(2026, 1, 10)

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
