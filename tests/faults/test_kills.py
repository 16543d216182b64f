"""The program is killed: between taking and handling, handling and saying, saying and noting, and anywhere."""

from __future__ import annotations

import asyncio
import signal
from http import HTTPStatus

import pytest

from bot.sandbox import FaultKind
from tests.faults.broadcasts import Broadcast
from tests.faults.clocks import LIBRARIES
from tests.faults.invariants import check
from tests.faults.loads import Load, survive
from tests.faults.programs import PATIENCE
from tests.faults.questions import Questions
from tests.faults.reminders import Reminders
from tests.faults.reports import Reports, seated, versions_of
from tests.faults.rig import Engine, Rig
from tests.faults.walk import Walk

THOROUGH = pytest.mark.thorough
AFTER_DEATH = 5.0  # seconds within which the claims of a dead process are free again

CONNECTIONS = 11
"""As many as can stand open to carry answers: those of the start and those opened at a time. Answers may be claimed for
all of them at once, and come again; what is not repeated is claimed one by one."""


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
    await asked.finish(rig)
    await check(rig, asked)


@pytest.mark.row(2, wide=True)
async def test_updates_handled_and_not_confirmed(rig: Rig) -> None:
    """Telegram hands them over again, and they have been handled once."""
    asked = Questions(rig, people=5)
    asked.feed(1)
    if rig.by_webhook:
        program = await rig.start()
        await asked.finish(rig)
        await rig.kill(program)
        for update in list(rig.sandbox.past_updates):
            rig.sandbox.redeliver(update.id)
    else:
        program = await rig.start(ready=False)
        rig.fault(FaultKind.BAD_GATEWAY, "getUpdates", skip=1)
        rig.fault(FaultKind.KILL_BEFORE, "getUpdates", pid=program.pid, skip=1)
        await rig.dies(program)
    await rig.start()
    await asked.finish(rig)
    await check(rig, asked)


@pytest.mark.row(3, wide=True)
@pytest.mark.parametrize("moment", [FaultKind.KILL_BEFORE, pytest.param(FaultKind.KILL_AFTER, marks=THOROUGH)])
async def test_stored_and_the_receipt_on_its_way(rig: Rig, moment: FaultKind) -> None:
    """The receipt comes after the restart, of the one version that is stored."""
    [(officer, hoa)] = await seated(rig)
    program = await rig.start()
    await hoa.says(officer.report(0))
    await hoa.sees("bấm Gửi")
    rig.fault(moment, "sendMessage", chat_id=hoa.id, pid=program.pid)
    await hoa.says("Gửi")
    await rig.dies(program)
    await rig.start()
    await hoa.sees("Đã nhận")
    rig.figures.reports += 1
    await check(rig, seats=(hoa,))
    assert len(await versions_of(rig, officer)) == 1


@pytest.mark.row(4, wide=True, seeded=True)
async def test_random_moments_under_load(rig: Rig) -> None:
    asked = Questions(rig, people=30)
    rig.sandbox.latency = 0.01
    await survive(rig, asked, kills=3 if rig.full else 1)
    await check(rig, asked)


@pytest.mark.row(4, wide=True, seeded=True)
@pytest.mark.thorough
async def test_random_moments_while_reports_come_in(rig: Rig) -> None:
    reports = await Reports.prepared(rig, officers=8, months=5)
    rig.sandbox.latency = 0.01
    await survive(rig, reports, kills=3 if rig.full else 1)
    await check(rig, reports)


@pytest.mark.row(5, wide=True)
@pytest.mark.thorough
async def test_told_to_stop_under_load_and_killed_when_it_does_not_in_time(rig: Rig) -> None:
    """What was drained is done, all else is done after the restart."""
    asked = Questions(rig, people=10)
    rig.sandbox.latency = 0.05
    program = await rig.start()
    asked.feed(0.5)
    await rig.until(lambda: asked.done >= 3, "nothing is answered")
    await rig.stop(program)
    stuck = await rig.start()
    rig.fault(FaultKind.HANG, "sendMessage", seconds=20, times=3)
    asked.feed(1)
    await rig.until(lambda: asked.done >= 25, "nothing is answered")
    stuck.signal(signal.SIGTERM)
    await rig.pass_time(5 if rig.full else 1)
    assert stuck.is_alive, "it left messages on the wire"
    await rig.kill(stuck)
    rig.sandbox.faults.clear()
    await rig.start()
    await asked.finish(rig)
    await check(rig, asked)


@pytest.mark.row(5, wide=True)
@pytest.mark.thorough
async def test_told_to_stop_while_telegram_hangs(rig: Rig) -> None:
    """It is over within ten seconds, in order; meanwhile it is not ready, and what was on the wire is in doubt."""
    asked = Questions(rig, people=3, each=1)
    program = await rig.start()
    hanging = rig.fault(FaultKind.HANG, "sendMessage", seconds=60, times=None)
    asked.feed(1)
    await rig.until(lambda: hanging.fired > 0, "nothing is sent")
    program.signal(signal.SIGTERM)
    await rig.until(lambda: "stopping" in program.said, "it does not stop")
    assert (await program.health())[0] != HTTPStatus.OK
    assert await program.wait(within=10) == 0
    rig.sandbox.faults.clear()
    await rig.start()
    await asked.finish(rig)
    await check(rig, asked, doubts=3)


@pytest.mark.row(30, wide=True, seeded=True)
async def test_between_claim_and_send_and_between_send_and_mark(rig: Rig) -> None:
    """Each reminder once, or in doubt and listed: a kill between claim and send leaves the one that was claimed."""
    due, kills = await Reminders.planted(rig, 60), 3 if rig.full else 1
    rig.settings["SEND_RATE"] = "30"
    rig.sandbox.latency = 0.005
    await survive(rig, due, kills=kills)
    await check(rig, due, doubts=kills)


@pytest.mark.row(31, wide=True)
@pytest.mark.thorough
async def test_paused_beyond_its_lease_and_woken(rig: Rig) -> None:
    """What a paused program notes late changes nothing, and nothing is sent twice by it."""
    asked, due = Questions(rig, people=5), await Reminders.planted(rig, 12, only_early=True)
    program = await rig.start(ready=False)
    rig.fault(FaultKind.DELAY, "sendMessage", seconds=1, times=8)
    await rig.until(lambda: any(rig.sandbox.calls("sendMessage")), "no reminder leaves")
    program.pause()
    if not rig.is_sqlite:
        other = await rig.start(ready=False)
        await rig.until(lambda: "bot started" in other.said, "the second does not start")
    await rig.pass_time(66)
    program.resume()
    asked.feed(1)
    await asked.finish(rig)
    async with asyncio.timeout(PATIENCE):  # what woke up learns within seconds who has taken its place
        while (await program.health())[0] != HTTPStatus.OK:
            await rig.pass_time(0.2)
    await check(rig, asked, due, doubts=8)


@pytest.mark.row(57, wide=True, seeded=True)
async def test_a_random_walk(rig: Rig) -> None:
    """People, kills, refusals, cuts, repetitions and the clock together; every other seed with a clock that jumps."""
    loads: list[Load] = [
        Questions(rig, people=10),
        await Reports.prepared(rig, officers=4, months=3),
        await Reminders.planted(rig, 30),
    ]
    walk = Walk(rig, loads, moves_clock=rig.full and bool(LIBRARIES) and rig.case.seed % 2 == 0)
    await walk.go(40 if rig.full else 10)
    await check(rig, *loads, doubts=walk.doubts)


@pytest.mark.row(58, wide=True, seeded=True)
async def test_one_reminder_on_the_wire_and_eleven_that_had_not_left(rig: Rig) -> None:
    due = await Reminders.planted(rig, 12, only_early=True)
    rig.settings["SEND_RATE"] = "4"  # on a busy machine too there is time to send one before the next is claimed
    program = await rig.start(ready=False)
    skip = rig.chance.choice((0, 0, 0, 3, 7))
    rig.fault(FaultKind.KILL_BEFORE, "sendMessage", pid=program.pid, skip=skip)
    await rig.dies(program)
    await rig.start()
    await check(rig, due, strict=True)


@pytest.mark.row(58, wide=True, seeded=True)
async def test_twelve_answers_and_a_kill_as_the_first_arrives(rig: Rig) -> None:
    asked = Questions(rig, people=12, each=1)
    asked.feed(1)
    program = await rig.start(ready=False)
    rig.fault(FaultKind.KILL_BEFORE, "sendMessage", pid=program.pid, skip=rig.chance.choice((0, 0, 5)))
    await rig.dies(program)
    await rig.start()
    await asked.finish(rig)
    await check(rig, asked, doubts=CONNECTIONS, strict=True)


@pytest.mark.row(58, wide=True, seeded=True)
@pytest.mark.thorough
async def test_a_broadcast_and_a_kill_as_it_reaches_somebody(rig: Rig) -> None:
    notice = await Broadcast.prepared(rig, officers=40)
    rig.settings["SEND_RATE"] = "30"
    program = await rig.start()
    reader = rig.chance.choice(notice.readers[:20])
    rig.fault(FaultKind.KILL_BEFORE, "sendMessage", chat_id=reader.id, pid=program.pid)
    await notice.confirm()
    await rig.dies(program)
    await rig.start()
    await notice.finish(rig)
    await check(rig, notice, strict=True)


@pytest.mark.row(64, wide=True)
@pytest.mark.thorough
async def test_nobody_waits_for_a_lease_of_the_dead(rig: Rig) -> None:
    """The chats that were on the wire go on as soon as the program is back."""
    asked = Questions(rig, people=12, each=1)
    asked.feed(1)
    rig.sandbox.latency = 0.05
    program = await rig.start(ready=False)
    rig.fault(FaultKind.KILL_BEFORE, "sendMessage", pid=program.pid, skip=3)
    await rig.dies(program)
    await rig.start()
    await rig.until(
        lambda: asked.done >= asked.expected, "chats that were on the wire at the kill stay silent", AFTER_DEATH
    )
    await check(rig, asked)


@pytest.mark.row(64, wide=True, engine=Engine.POSTGRESQL)
@pytest.mark.thorough
async def test_one_of_three_is_killed(rig: Rig) -> None:
    """The others do its work within seconds."""
    asked = Questions(rig, people=20)
    rig.sandbox.latency = 0.05
    programs = [await rig.start(ready=not number) for number in range(1 if rig.by_webhook else 3)]
    for program in programs:
        await rig.until(lambda program=program: "bot started" in program.said, "not all start")  # type: ignore[misc]
    asked.feed(0.5)
    await rig.until(lambda: asked.done >= 10, "nothing is answered")
    await rig.kill(rig.chance.choice(programs))
    if rig.by_webhook:
        await rig.start()
    asked.feed(1)
    await rig.until(lambda: asked.done >= asked.expected, "the others do not go on", AFTER_DEATH + 2)
    await check(rig, asked)
