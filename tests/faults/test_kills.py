"""The program is killed: between taking and handling, handling and saying, saying and noting, and anywhere."""

from __future__ import annotations

import pytest

from bot.sandbox import FaultKind
from tests.faults.invariants import check
from tests.faults.loads import survive
from tests.faults.questions import Questions
from tests.faults.reminders import Reminders
from tests.faults.reports import Reports
from tests.faults.rig import Rig


@pytest.mark.row(1, wide=True)
async def test_updates_taken_and_not_handled(rig: Rig) -> None:
    """All are handled after the restart."""
    asked = Questions(rig, people=25)
    asked.feed(1)
    if rig.by_webhook:
        program = await rig.start()
        await rig.until(lambda: len(rig.sandbox.past_updates) >= 20, "nothing was delivered")
        await rig.kill(program)
    else:
        program = await rig.start(ready=False)
        rig.fault(FaultKind.KILL_ANSWERED, "getUpdates", pid=program.pid)
        await rig.dies(program)
    await rig.start()
    await rig.until(lambda: asked.done >= asked.expected, "questions are not answered")
    await check(rig, asked)


@pytest.mark.row(4, wide=True, seeded=True)
async def test_random_moments_under_load(rig: Rig) -> None:
    asked = Questions(rig, people=30)
    rig.sandbox.latency = 0.01
    await survive(rig, asked, kills=3)
    await check(rig, asked)


@pytest.mark.row(4, wide=True, seeded=True)
async def test_random_moments_while_reports_come_in(rig: Rig) -> None:
    reports = await Reports.prepared(rig, officers=8, months=5)
    rig.sandbox.latency = 0.01
    await survive(rig, reports, kills=3)
    await check(rig, reports)


@pytest.mark.row(30, wide=True, seeded=True)
async def test_between_claim_and_send_and_between_send_and_mark(rig: Rig) -> None:
    due = await Reminders.planted(rig, 60)
    rig.settings["SEND_RATE"] = "30"
    rig.sandbox.latency = 0.005
    await survive(rig, due, kills=3)
    await check(rig, due)


@pytest.mark.row(58, wide=True, seeded=True)
async def test_one_reminder_on_the_wire_and_eleven_that_had_not_left(rig: Rig) -> None:
    due = await Reminders.planted(rig, 12, only_early=True)
    rig.settings["SEND_RATE"] = "30"
    program = await rig.start(ready=False)
    rig.fault(FaultKind.KILL_BEFORE, "sendMessage", pid=program.pid)
    await rig.dies(program)
    await rig.start()
    await check(rig, due)
    assert due.done >= due.expected - rig.figures.on_wire
