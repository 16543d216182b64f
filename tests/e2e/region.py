"""A region for chats about sums: a sector union with its plan, two upper levels, grassroots unions, their people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot import app
from bot.app import Bot
from bot.sandbox import MovableClock
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import units
from storage.engine import Database
from storage.people import RoleName
from storage.units import Unit
from tests.e2e.chat import Chat, Seat
from tests.e2e.conftest import settings_for
from tests.e2e.stage import Stage

#: Wednesday 4 November 2026, nine in the morning in Vietnam: October's report is due tomorrow.
TODAY = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
OCTOBER, SEPTEMBER = Period.month(2026, 10), Period.month(2026, 9)


@dataclass
class Region(Stage):
    """The stage: `top` (with the plan), `north` and `south` below it, three unions in the north, one in the south."""

    bot: Bot
    top: Unit
    north: Unit
    south: Unit
    may: Unit
    co_khi: Unit
    truong: Unit
    cang: Unit

    async def supervisor(self, unit: Unit, name: str = "Lê Văn Hùng") -> Seat:
        """A supervisor of this unit and all below."""
        return await self.join(name, (unit, RoleName.SUPERVISOR))

    async def officer(self, unit: Unit, name: str = "Nguyễn Thị Hoa") -> Seat:
        """An officer of this unit."""
        return await self.join(name, (unit, RoleName.OFFICER))

    async def fill(self) -> None:
        """Two months of figures: 154.880 members in October, two of four unions reported, MAY with an explanation."""
        await self.reported(self.may, SEPTEMBER, 110_000, 99_900, 40, 10)
        await self.reported(self.co_khi, SEPTEMBER, 60_000, 50_000)
        await self.reported(self.cang, SEPTEMBER, 5_000, 4_880)
        await self.reported(
            self.may, OCTOBER, 111_000, 100_000, 70, 20, reasons={"members-carry-over": "đếm lại sau sáp nhập"}
        )
        await self.reported(self.cang, OCTOBER, 5_100, 4_880, 5, 5, on_time=False)

    async def move_to_digest(self) -> None:
        """Let it be half past eight on the morning after the due date, and everything be done that comes with it."""
        self.clock.move_to(datetime(2026, 11, 6, 1, 30, tzinfo=UTC))
        for _ in range(2):
            await self.bot.tick_all()

    async def wait_for_errands(self) -> None:
        """Let the slow work be done now."""
        await self.chat.all_taken()
        await self.bot.tick_all()


@asynccontextmanager
async def region_on(database: Database, url: str) -> AsyncIterator[Region]:
    """The region with the product at work in it."""
    clock = MovableClock(start_at=TODAY)
    async with Chat(clock=clock) as chat:
        on = date(2020, 1, 1)
        async with database.write() as db:

            async def add(code: str, name: str, kind: UnitKind, parent: Unit | None, plan: str | None = None) -> Unit:
                parent_id = parent.id if parent is not None else None
                return await units.add(
                    db, code=code, name=name, kind=kind, registered_on=on, parent_id=parent_id, plan=plan
                )

            top = await add("CDCT", "Công đoàn Công Thương", UnitKind.SECTOR, None, "vuit-nq02-2021")
            north = await add("BAC", "Công đoàn khu Bắc", UnitKind.UPPER, top)
            south = await add("NAM", "Công đoàn khu Nam", UnitKind.UPPER, top)
            may = await add("MAY", "CĐCS May Sông Xanh", UnitKind.FOREIGN, north)
            co_khi = await add("CK", "CĐCS Cơ khí Tân Phong", UnitKind.PRIVATE, north)
            truong = await add("TR", "CĐCS Trường Nguyễn Du", UnitKind.PUBLIC, north)
            cang = await add("CANG", "CĐCS Cảng Cửa Việt", UnitKind.STATE_ENTERPRISE, south)
        bot = app.build(settings_for(chat.sandbox, url), database, clock=clock)
        async with app.running(bot):
            yield Region(chat, database, clock, bot, top, north, south, may, co_khi, truong, cang)
