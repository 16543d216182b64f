"""The rig can fail: bots as they are commonly built lose and double, and it says so."""

from __future__ import annotations

import pytest

from bot.sandbox import FaultKind
from tests.faults.figures import Figures, to_table
from tests.faults.invariants import check
from tests.faults.questions import Questions
from tests.faults.rig import Engine, Intake, Rig

STOCK = "tests.faults.stock"


@pytest.mark.row(0, engine=Engine.SQLITE, intake=Intake.POLLING)
async def test_a_stock_updater_loses_what_it_had_taken(rig: Rig) -> None:
    asked = Questions(rig, people=10, each=2)
    program = await rig.start(module=STOCK)
    asked.feed(1)
    await rig.until(lambda: asked.done >= 3, "nothing is answered")
    await rig.kill(program)
    await rig.start(module=STOCK)
    with pytest.raises(AssertionError, match="questions not answered"):
        await check(rig, asked, well=False)
    assert rig.figures.lost >= 10


@pytest.mark.row(0, engine=Engine.SQLITE, intake=Intake.POLLING)
async def test_a_bot_that_sends_again_after_a_timeout_doubles(rig: Rig) -> None:
    asked = Questions(rig, people=3, each=1)
    await rig.start(module=STOCK, arguments=("insistent",))
    rig.fault(FaultKind.HANG_AFTER, "sendMessage", seconds=2, times=2)
    asked.feed(1)
    await asked.finish(rig)
    with pytest.raises(AssertionError, match="doubled without a doubt"):
        await check(rig, asked, well=False)
    assert rig.figures.doubled == 2


def test_the_table_adds_up_what_a_row_came_to() -> None:
    table = to_table([Figures(4, kills=3, lost=1), Figures(58, kills=1), Figures(4, kills=2)])
    assert [line.split()[:3] for line in table] == [
        ["row", "cases", "kills"],
        ["4", "2", "5"],
        ["58", "1", "1"],
        ["all", "3", "6"],
    ]
