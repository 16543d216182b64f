"""A small town of unions for chats about reports: a federation, three grassroots unions, and the people in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot import app
from bot.sandbox import MovableClock
from knowledge.forms import MONTHLY_FORM
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import drafts, submissions, units
from storage.drafts import Draft
from storage.engine import Database
from storage.people import RoleName
from storage.submissions import Submission
from storage.units import Unit
from tests.e2e.chat import Chat, Heard, Seat
from tests.e2e.conftest import settings_for
from tests.e2e.stage import Stage

#: Wednesday 28 October 2026, nine in the morning in Vietnam: October's report is open and due in a week.
OPENING_DAY = datetime(2026, 10, 28, 2, 0, tzinfo=UTC)
OCTOBER, SEPTEMBER, NOVEMBER = Period.month(2026, 10), Period.month(2026, 9), Period.month(2026, 11)
ONE_MESSAGE = "báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3"


@dataclass
class Town(Stage):
    """The stage with everything on it. `may` (MAY) and `giay` (GIAY) are grassroots unions below `tinh` (TINH)."""

    tinh: Unit
    may: Unit
    giay: Unit

    async def officer(self, name: str = "Nguyễn Thị Hoa", *of: Unit) -> Seat:
        """An officer of these units, of MAY by default."""
        return await self.join(name, *((unit, RoleName.OFFICER) for unit in of or (self.may,)))

    async def supervisor(self, name: str = "Trần Văn Lan") -> Seat:
        """A supervisor of the whole town."""
        return await self.join(name, (self.tinh, RoleName.SUPERVISOR))

    async def current(self, unit: Unit, period: Period = OCTOBER, form: str = MONTHLY_FORM) -> Submission | None:
        """What stands for a unit."""
        async with self.database.read() as db:
            return await submissions.find_current(db, unit.id, form, period)

    async def versions(self, unit: Unit, period: Period = OCTOBER) -> list[Submission]:
        """Every version of it."""
        async with self.database.read() as db:
            return await submissions.list_versions(db, unit.id, MONTHLY_FORM, period)

    async def draft(self, unit: Unit, period: Period = OCTOBER, form: str = MONTHLY_FORM) -> Draft | None:
        """The draft of a unit."""
        async with self.database.read() as db:
            return await drafts.find_draft(db, unit.id, form, period)

    async def move_to(self, year: int, month: int, day: int, hour: int = 9) -> None:
        """Let it be that local day."""
        self.clock.move_to(datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=7))


@asynccontextmanager
async def town_on(database: Database, url: str, **given: Any) -> AsyncIterator[Town]:
    """The town with the product at work in it; `given` are settings of its own."""
    clock = MovableClock(start_at=OPENING_DAY)
    async with Chat(clock=clock) as chat:
        town = await build_town(chat, database, clock)
        async with app.running(app.build(settings_for(chat.sandbox, url, **given), database, clock=clock)):
            yield town


async def build_town(chat: Chat, database: Database, clock: MovableClock, *, codes_end: str = "") -> Town:
    """The units alone, registered in September 2026; `codes_end` tells several towns in one database apart."""
    async with database.write() as db:
        on = date(2026, 10, 1)
        tinh = await units.add(db, code=f"TINH{codes_end}", name="LĐLĐ tỉnh", kind=UnitKind.PROVINCE, registered_on=on)
        may = await units.add(
            db,
            code=f"MAY{codes_end}",
            name="CĐCS May Hòa Thọ",
            kind=UnitKind.PRIVATE,
            registered_on=on,
            parent_id=tinh.id,
        )
        giay = await units.add(
            db,
            code=f"GIAY{codes_end}",
            name="CĐCS Giày Xuân An",
            kind=UnitKind.FOREIGN,
            registered_on=on,
            parent_id=tinh.id,
        )
    return Town(chat, database, clock, tinh, may, giay)


async def sends(seat: Seat) -> Heard:
    """Presses **Gửi** and hears the receipt."""
    await seat.taps("Gửi")
    return await seat.hears("Đã nhận")


async def hears_summary(seat: Seat, *pieces: str) -> Heard:
    """The summary, and the message after it that brings **Gửi**."""
    summary = await seat.hears("Xem lại trước khi gửi", *pieces)
    (await seat.hears("bấm Gửi")).has_buttons("Gửi")
    return summary


async def sees_summary(seat: Seat, *pieces: str, of: Heard | None = None) -> Heard:
    """The summary in the place of the step whose button was tapped, and the message that brings **Gửi**."""
    summary = await seat.sees_change("Xem lại trước khi gửi", *pieces, of=of)
    (await seat.hears("bấm Gửi")).has_buttons("Gửi")
    return summary
