"""What has to hold after every case, whatever was done to the program."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from bot.sandbox.model import Message
from storage import inbox, messages, submissions
from storage.engine import Database
from storage.messages import Delivery
from tests.e2e.chat import Seat
from tests.faults.loads import Load
from tests.faults.programs import Program, problems
from tests.faults.rig import Rig, now

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DRAINED_WITHIN = 30.0  # seconds after which nothing may wait any more
_RECEIPT = re.compile(r"Số biên nhận: (\d+)")


async def check(
    rig: Rig,
    *loads: Load,
    seats: tuple[Seat, ...] = (),
    doubts: int = 0,
    parked: int | None = 0,
    well: bool = True,
    strict: bool = False,
) -> None:
    """Fail with all that is wrong, in words.

    Args:
        loads: what was put in.
        seats: more people whose dialogs must go on.
        doubts: how many doubts the case's own faults may bring, beside those of kills.
        parked: how many updates the case means to be put aside; None for any number.
        strict: whether an answer too may be in doubt only if its request had been written. Answers that are in doubt
            are sent again; early reminders and broadcasts are not, and are always judged.
        well: whether the health of the programs that run must be good.
    """
    __tracebackhide__ = True
    async with rig.database() as database:
        wrong = await find_undone(rig, database)
        troubled = await list_troubled(database)
        in_doubt = Counter({each.chat_id: 0 for each in troubled})
        for each in troubled:
            in_doubt[each.chat_id] += each.doubts
        rig.figures.in_doubt += in_doubt.total()
        most = rig.figures.on_wire + rig.figures.answered + doubts + (0 if strict else rig.figures.opening)
        judged = sum(each.doubts for each in troubled if strict or each.kind.is_bulk)
        if judged > most:
            wrong.append(f"{judged} messages in doubt, while at most {most} can have been on the wire")
        for load in loads:
            wrong += await load.count(rig, in_doubt)
        most = rig.figures.on_wire + doubts + (0 if strict else rig.figures.opening)
        if rig.figures.unsent > most:
            wrong.append(f"{rig.figures.unsent} in doubt never left, while at most {most} can have been on the wire")
        wrong += await _receipts(rig, database)
        async with database.read() as db:
            states = await inbox.count_by_state(db)
        if parked is not None and states.get("parked", 0) != parked:
            wrong.append(f"{states.get('parked', 0)} updates were put aside, not {parked}")
    for seat in [*seats, *(seat for load in loads for seat in load.speakers()[:2])]:
        wrong += await _goes_on(rig, seat)
    for program in rig.programs:
        wrong += await _ended_or_well(program, well=well)
        wrong += _keeps_quiet(rig, program)
    assert not wrong, "\n".join([*wrong, rig.figures.line, rig.story])


async def list_troubled(database: Database) -> list[Delivery]:
    """Messages that are or were in doubt, or could not be delivered."""
    async with database.read() as db:
        return await messages.list_troubled(db, since=LONG_AGO, most=100_000)


async def settle(rig: Rig) -> None:
    """Wait until every update is handled, and everything said is sent and noted."""
    async with rig.database() as database:
        undone = await find_undone(rig, database)
    assert not undone, rig.story


async def find_undone(rig: Rig, database: Database) -> list[str]:
    """Wait until nothing waits any more; what still does after a while, in words."""
    ends = time.monotonic() + DRAINED_WITHIN
    while True:
        async with database.read() as db:
            waiting = await inbox.count_waiting(db)
            open_ = await messages.count_open(db, now() + timedelta(minutes=5))
        there = len(rig.sandbox.pending_updates())
        if not (waiting or open_ or there):
            return []
        if time.monotonic() > ends:
            return [f"after {DRAINED_WITHIN:.0f} s {there} updates wait at Telegram, {waiting} here, {open_} messages"]
        await rig.pass_time(0.1)


async def _receipts(rig: Rig, database: Database) -> list[str]:
    """Whether every receipt that anybody saw is of a stored submission."""
    shown = {
        int(found[1])
        for chat in rig.sandbox.chats.values()
        for message in chat.shown
        if message.by_bot and (found := _RECEIPT.search(message.text))
    }
    async with database.read() as db:
        empty = [number for number in sorted(shown) if await submissions.find_submission(db, number) is None]
    rig.figures.lost += len(empty)
    return [f"receipts of submissions that do not exist: {empty}"] if empty else []


async def _goes_on(rig: Rig, seat: Seat) -> list[str]:
    """Whether a following question is answered, and /huy leaves the dialog."""
    for said, sign in (("chỉ tiêu TƯLĐTT 2030 TP.HCM", "85%"), ("/huy", "")):
        before = max((message.serial for message in seat.room.messages.values()), default=0)

        def heard(before: int = before, sign: str = sign) -> bool:
            return any(_is_news(message, before) and sign in message.text for message in seat.room.shown)

        rig.sandbox.say(seat.id, said)
        if not await rig.sandbox.wait_until(heard, DRAINED_WITHIN):
            return [f"{seat.person.name} says “{said}” and hears no answer:\n{seat.transcript()}"]
    return []


def _is_news(message: Message, before: int) -> bool:
    return message.by_bot and message.serial > before


async def _ended_or_well(program: Program, *, well: bool) -> list[str]:
    """Whether a program is at work and says so, or was killed, or has ended and said why in one sentence."""
    if program.is_alive:
        status, figures = await program.health()
        return [f"health is {status}: {figures.get('problems', figures)}"] if well and status != 200 else []
    code = program.process.returncode
    if code is not None and code > 0 and len(problems(program.said)[-1:]) != 1:
        return [f"{program.output.name} ended with {code} and did not say why"]
    return ["a traceback in its output"] if "Traceback" in program.said and code and code > 0 else []


def _keeps_quiet(rig: Rig, program: Program) -> list[str]:
    """Whether no secret, no name and nothing that was said stands in its log."""
    said = program.said
    names = {person.name for person in rig.sandbox.people.values()}
    texts = {
        message.text
        for chat in rig.sandbox.chats.values()
        for message in chat.messages.values()
        if not message.by_bot and len(message.text) > 12
    }
    told = [text for text in {*rig.secrets, *names, *texts} if text and text in said]
    return [f"in {program.output.name}: {told[:3]}"] if told else []
