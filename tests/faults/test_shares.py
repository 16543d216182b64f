"""The program is killed while shares of a target are set: all of them hold, or none, and each unit hears of it once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from storage import shares
from tests.faults.invariants import check
from tests.faults.office import Office, open_office
from tests.faults.rig import Intake, Rig, now

UNITS = 6
AMOUNT = 60


async def read_shares(office: Office) -> list[Decimal | None]:
    """What the units below are to reach; empty where nothing was handed down."""
    async with office.rig.database() as database, database.read() as db:
        goals = await shares.list_goals(db, office.top.id, now().year)
        found = [await shares.list_given(db, goal.id, office.top.id) for goal in goals]
    assert len(found) <= 1
    return [share.value for share in found[0]] if found else []


def heard(office: Office) -> list[int]:
    """How often each officer was told of a share."""
    return [
        sum("Chỉ tiêu được giao" in message.text for message in officer.room.shown if message.by_bot)
        for officer in office.officers
    ]


@pytest.mark.row(68, wide=True, seeded=True, intake=Intake.POLLING)
async def test_killed_while_shares_are_handed_down(rig: Rig) -> None:
    """**Giao**, and a kill at any moment: before it nothing stands, after the restart everything does."""
    office = await open_office(rig, UNITS)
    boss = office.boss
    program = await rig.start()
    await boss.says("/giaochitieu")
    await boss.taps("Chỉ tiêu khác", on=await boss.hears("Giao chỉ tiêu năm"))
    await boss.hears("tên chỉ tiêu")
    await boss.says(f"Trồng cây xanh: {AMOUNT} cây")
    await boss.taps("Chia đều", on=await boss.hears("Trồng cây xanh"))
    shown = await boss.sees("vừa đủ")
    await boss.taps("Giao", on=shown)
    await rig.pass_time(rig.chance.uniform(0, 0.3))
    await rig.kill(program)
    assert await read_shares(office) in ([], [Decimal(AMOUNT // UNITS)] * UNITS)
    await rig.start()
    await boss.sees("Đã giao")
    assert await read_shares(office) == [Decimal(AMOUNT // UNITS)] * UNITS
    await rig.sandbox.wait_until(lambda: sum(heard(office)) >= UNITS - rig.figures.on_wire, 20)
    assert max(heard(office)) == 1
    await check(rig, seats=(boss, *office.officers))
