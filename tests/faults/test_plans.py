"""Plans change while the bot answers: every process answers from the new state, none from a mixture, kills or not."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.stored_plans import PlanStatus
from storage import plans
from tests.bot.test_living import plan_of
from tests.e2e.chat import Seat
from tests.faults.rig import Intake, Rig, now

QUESTION = "khu nhà trọ có tổ tự quản bao nhiêu %"
NOTICED, BUILT = 5.0, 3.0
"""Seconds within which a change is noticed by every process, and that one build of this small catalogue may take."""
ASKED_AFTER = 15
"""Questions asked once every process must have the new state: enough to meet each of three."""

OLD, NEW = plan_of("vinhan-2021", 70, 2021, 2026), plan_of("vinhan-2026", 90)
SILENT = "không có trong các kế hoạch"


async def ask(seat: Seat) -> str:
    await seat.says(QUESTION)
    return (await seat.hears()).text


def present_figure(text: str) -> str:
    """The figure that an answer gives as the present one, not as one of before; empty for a silence."""
    found = {share for line in text.splitlines() if line.startswith("•") for share in ("70%", "90%") if share in line}
    assert len(found) <= 1, f"two states in one answer:\n{text}"
    return "".join(found)


async def change(
    rig: Rig, seat: Seat, doing: Callable[[AsyncConnection], Awaitable[object]], old: str, new: str
) -> None:
    """Change plans beside the running programs, and see each answer turn from the old figure to the new."""
    async with rig.database() as database, database.write() as db:
        await doing(db)
    changed, told = time.monotonic(), old
    many = len([program for program in rig.programs if program.is_alive]) > 1
    while time.monotonic() - changed < NOTICED + BUILT and (many or told != new):
        told = present_figure(await ask(seat))
        assert told in {old, new}
        await rig.pass_time(0.2)
    for _ in range(ASKED_AFTER if many else 1):
        assert present_figure(await ask(seat)) == new


async def approve(db: AsyncConnection) -> None:
    await plans.add(db, OLD, file=None, by=None, now=now())
    await plans.approve(db, OLD.id, replaces=None, in_force_from=None, shipped=(), by=None, now=now())


async def replace(db: AsyncConnection) -> None:
    await plans.add(db, NEW, file=None, by=None, now=now())
    await plans.approve(db, NEW.id, replaces=OLD.id, in_force_from=None, shipped=(), by=None, now=now())


async def withdraw(db: AsyncConnection) -> None:
    await plans.withdraw(db, NEW.id, shipped=(), by=None, now=now())


@pytest.mark.row(65, wide=True, intake=Intake.POLLING)
async def test_plans_change_while_all_processes_answer(rig: Rig) -> None:
    """Approved, replaced, withdrawn: within seconds everybody answers so, on PostgreSQL three processes."""
    programs = [await rig.start(ready=not number) for number in range(1 if rig.is_sqlite else 3)]
    for program in programs:
        await rig.until(lambda program=program: "bot started" in program.said, "not all start")  # type: ignore[misc]
    hoa = rig.chat.person("Nguyễn Thị Hoa")
    assert SILENT in await ask(hoa)
    await change(rig, hoa, approve, "", "70%")
    await change(rig, hoa, replace, "70%", "90%")
    await change(rig, hoa, withdraw, "90%", "70%")
    await rig.kill(*programs)
    await rig.start()
    assert present_figure(await ask(hoa)) == "70%"


@pytest.mark.row(66, wide=True, seeded=True, intake=Intake.POLLING)
async def test_killed_while_a_plan_is_approved(rig: Rig) -> None:
    """The button of an admin, and a kill at any moment: the plan waits or is in force, and is answered so."""
    async with rig.database() as database, database.write() as db:
        await plans.add(db, NEW, file=None, by=None, now=now())
    program = await rig.start()
    await rig.admin.says("/kehoach")
    await rig.admin.taps(NEW.short, on=await rig.admin.hears("chờ duyệt"))
    page = await rig.admin.hears("Chờ duyệt")
    await rig.admin.taps("Duyệt", on=page)
    await rig.pass_time(rig.chance.uniform(0, 0.3))
    await rig.kill(program)
    await rig.start()
    await rig.admin.sees("Đã duyệt")
    async with rig.database() as database, database.read() as db:
        kept = await plans.find_plan(db, NEW.id)
    assert kept is not None
    assert kept.status is PlanStatus.IN_FORCE
    assert kept.plan == NEW
    hoa = rig.chat.person("Nguyễn Thị Hoa")
    await rig.pass_time(NOTICED)
    assert present_figure(await ask(hoa)) == "90%"
