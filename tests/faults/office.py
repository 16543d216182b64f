"""An office to put through faults: units below one federation, an officer in each who reports, and their supervisor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from _pytest.mark.structures import ParameterSet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import last_opened
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import people, submissions, units
from storage.people import RoleName
from storage.units import Unit
from tests.e2e.chat import Heard, Seat
from tests.faults.programs import PATIENCE
from tests.faults.questions import QUESTIONS
from tests.faults.reports import name_of
from tests.faults.rig import Rig, now

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class Office:
    """Who is there. `officers[n]` reports for `units[n]`, below `top`, which `boss` supervises."""

    rig: Rig
    top: Unit
    units: list[Unit]
    officers: list[Seat]
    boss: Seat
    month: Period

    def report(self, *, moved: int = 1, month: Period | None = None) -> str:
        """A whole report in one message."""
        period = month or self.month
        return f"báo cáo {name_of(period)}: cnvclđ 1320, đoàn viên 1250, mới {moved}, giảm {moved}"

    async def sends(self, number: int, *, moved: int = 1, month: Period | None = None) -> Heard:
        """An officer reports and sees the receipt."""
        officer = self.officers[number]
        await officer.says(self.report(moved=moved, month=month))
        await officer.sees("bấm Gửi")
        await officer.taps("Gửi")
        return await officer.hears("Đã nhận")

    async def stored(self, number: int) -> int:
        """How many versions of the month's report are stored for a unit."""
        async with self.rig.database() as database, database.read() as db:
            return len(await submissions.list_versions(db, self.units[number].id, MONTHLY_FORM, self.month))

    def receipts(self, number: int) -> int:
        """How many receipts an officer was shown."""
        return sum("Đã nhận" in message.text for message in self.officers[number].room.shown if message.by_bot)


async def open_office(rig: Rig, count: int, *, at: datetime | None = None, reminded: bool = False) -> Office:
    """Plant it into the rig's empty database, as of `at` (the present). Unless `reminded`, nobody owes anything yet
    that the bot would remind of: the units were registered this month."""
    at = at or now()
    today = at.astimezone(VIETNAM).date()
    month = last_opened(get_form(MONTHLY_FORM), today)
    since = date(2020, 1, 1) if reminded else month.start
    async with rig.database() as database, database.write() as db:
        top = await units.add(
            db, code="T", name="LĐLĐ tỉnh", kind=UnitKind.PROVINCE, registered_on=date(2020, 1, 1), plan="hcm-nq02-2022"
        )
        below = [
            await units.add(
                db, code=f"U{n}", name=f"CĐCS số {n}", kind=UnitKind.PRIVATE, registered_on=since, parent_id=top.id
            )
            for n in range(count)
        ]
        joined = at - timedelta(days=60)
        officers = [await join(rig, db, f"Cán bộ {n}", joined, (below[n], RoleName.OFFICER)) for n in range(count)]
        boss = await join(rig, db, "Lê Văn Hùng", joined, (top, RoleName.SUPERVISOR))
    return Office(rig, top, below, officers, boss, month)


async def join(rig: Rig, db: AsyncConnection, name: str, at: datetime, *roles: tuple[Unit, RoleName]) -> Seat:
    """Somebody with these roles since then, in the private chat."""
    seat = rig.chat.person(name)
    seat.person.started = True
    person = await people.add(db, name, at, telegram_id=seat.id)
    for unit, role in roles:
        await people.grant(db, person.id, unit.id, role, at)
    return seat


async def asks(seat: Seat, number: int = 0, *, what: str = "", within: float = PATIENCE) -> Heard:
    """Somebody asks one of the questions and sees its answer within so many seconds; `what` tells when that was."""
    question, sign = QUESTIONS[number % len(QUESTIONS)]
    before = count_of(seat, sign)
    await seat.says(question)
    came = await seat._sandbox.wait_until(lambda: count_of(seat, sign) > before, within)
    assert came, f"“{question}” is not answered {what}\n{seat.transcript()}"
    return await seat.sees(sign)


def count_of(seat: Seat, piece: str) -> int:
    """How many messages of the bot in somebody's chat hold `piece`, those among them that it took away again."""
    return sum(piece in message.text for message in seat.room.messages.values() if message.by_bot)


async def inbox_states(rig: Rig) -> dict[str, int]:
    """How many updates are new, done, parked."""
    async with rig.database() as database, database.read() as db:
        found = await db.execute(text("SELECT state, count(*) FROM inbox GROUP BY state"))
        return {str(state): int(count) for state, count in found}


@asynccontextmanager
async def broken_table(rig: Rig, name: str) -> AsyncIterator[None]:
    """Let whatever uses this table fail while the block lasts."""
    async with rig.database() as database:
        async with database.write() as db:
            await db.execute(text(f"ALTER TABLE {name} RENAME TO {name}_away"))
        yield
        async with database.write() as db:
            await db.execute(text(f"ALTER TABLE {name}_away RENAME TO {name}"))


def more(*values: str) -> list[ParameterSet]:
    """Values of a parameter that only the full form tries."""
    return [pytest.param(value, marks=pytest.mark.thorough) for value in values]
