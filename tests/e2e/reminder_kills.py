"""The kill test of reminders: many are due at once, the program is killed again and again, and what arrived is
counted beside what the outbox says.

Half are early steps, which are left to the next one where they are in doubt; half are the last before a deadline, which
come again and say so. Used by a small round in the suite and by the full one in `tests/benchmarks/kills_reminders.py`.
"""

from __future__ import annotations

import asyncio
import random
import time as clock
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.features.reminders.sweep import tick
from bot.rules import Rules
from bot.sandbox import NO_LIMITS, FaultKind, Player, Sandbox, SandboxServer
from knowledge.calendar.rules import Frequency, Rule
from knowledge.calendar.working_days import VIETNAM
from knowledge.model.obligations import QuietHours, Snooze, Step
from knowledge.model.owing import Audience
from knowledge.model.units import UnitKind
from storage import deadlines, messages, people, reminders, units
from storage.engine import Database
from storage.messages import MessageState
from storage.people import RoleName
from storage.reminders import Preferences
from storage.units import Unit
from tests.e2e.killing import start_program

FIRST = 7001
LAST_SAYS_SO = "Tin này có thể đã được gửi trước đó."
SETTINGS = {"LOG_LEVEL": "WARNING", "QUIET_HOURS": "00:00-00:00"}


@dataclass(frozen=True, slots=True)
class Count:
    """What came of it: `lost` arrived nowhere though nothing says so, `doubled` came twice without saying so."""

    reminders: int
    kills: int
    lost: int
    doubled: int
    repeated: int
    in_doubt: int
    arrived: int
    seconds: float

    @property
    def line(self) -> str:
        """One line for people."""
        return (
            f"{self.kills} kills, {self.reminders} reminders: {self.lost} lost, {self.doubled} doubled, "
            f"{self.repeated} last ones repeated and saying so, {self.in_doubt} in doubt "
            f"({self.arrived} of {self.reminders} arrived), {self.seconds:.1f} s"
        )


async def plant_many(database: Database, count: int, now: datetime, *, first: int = FIRST) -> dict[int, bool]:
    """Units with one officer each to whom a reminder is due now; by Telegram id, whether it is the last one."""
    long_ago = now - timedelta(days=13)
    today = now.astimezone(VIETNAM).date()
    async with database.write() as db:
        tops = {}
        for is_last, name in ((False, "Nhánh sớm"), (True, "Nhánh cuối")):
            tops[is_last] = await units.add(
                db, code=name, name=name, kind=UnitKind.UPPER, registered_on=date(2020, 1, 1)
            )
        ids = await units.take_ids(db, count)
        below = {unit_id: tops[bool(place % 2)] for place, unit_id in enumerate(ids)}
        await units.insert_all(
            db,
            (
                Unit(
                    unit_id,
                    f"U{unit_id}",
                    f"Công đoàn xã số {unit_id}",
                    UnitKind.COMMUNE,  # owes no form: nothing but what is planted here is due
                    top.id,
                    None,
                    f"{top.path}{unit_id}/",
                    date(2020, 1, 1),
                )
                for unit_id, top in below.items()
            ),
        )
        kinds: dict[int, bool] = {}
        early = await _set(db, tops[False], today + timedelta(days=10), long_ago)
        await _set(db, tops[True], today, long_ago)
        wishes = []
        for place, unit_id in enumerate(ids):
            person = await people.add(db, f"Cán bộ {place}", long_ago, telegram_id=first + place)
            await people.grant(db, person.id, unit_id, RoleName.OFFICER, long_ago)
            await reminders.keep_preferences(db, person.id, Preferences(time(0)), long_ago)
            kinds[first + place] = bool(place % 2)
            if not place % 2:
                due_on = today + timedelta(days=10)
                wish = Snooze(f"deadline:{early}:{due_on}:{unit_id}", due_on, person.id, now.replace(microsecond=0))
                wishes.append((wish, Step(0, wish.at).code))
        await reminders.add_wishes(db, wishes, now)
    return kinds


async def _set(db: object, top: Unit, day: date, set_at: datetime) -> int:
    deadline = await deadlines.add(
        db,  # type: ignore[arg-type]
        unit_id=top.id,
        what=f"Việc của {top.name}",
        rule=Rule(Frequency.ONCE, dates=(day,)).code,
        wording="",
        audience=Audience.ALL,
        set_by=None,
        now=set_at,
    )
    return deadline.id


def make_rules() -> Rules:
    """No quiet hours and no forms: nothing but what was planted is due."""
    return Rules(quiet=QuietHours(time(0), time(0)), forms=())


async def kill_round(
    folder: Path, *, count: int, kills: int, seed: int, rate: int = 30, latency: float = 0.005
) -> Count:
    """Have `count` reminders sent by `troly run` on SQLite while it is killed `kills` times: at random, or by the Bot
    API on receiving a call, before or after carrying it out. `rate` is SEND_RATE, `latency` the Bot API's in seconds.
    """
    chance = random.Random(seed)
    begun = clock.monotonic()
    file = folder / "killed.db"
    now = datetime.now(UTC)
    database = await Database.open(f"sqlite:///{file}")
    kinds = await plant_many(database, count, now)
    await tick(database, make_rules(), datetime.now(UTC))
    await database.close()
    async with SandboxServer(limits=NO_LIMITS) as sandbox:
        sandbox.latency = latency
        for telegram_id in kinds:
            sandbox.add_person(Player(telegram_id, f"Cán bộ {telegram_id}"), started=True)
        settings = SETTINGS | {
            "SEND_RATE": str(rate),
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "DATABASE_URL": f"sqlite:///{file}",
        }
        for number in range(kills):
            program = await start_program(folder, "run", settings=settings, quiet=True)
            share = max(1, 2 * (count - sandbox.bot_messages) // (kills - number + 1))
            way = chance.choice(("random", FaultKind.KILL_BEFORE, FaultKind.KILL_AFTER))
            some = chance.randint(0, share)
            if way == "random":
                target = min(count, sandbox.bot_messages + some)
                await sandbox.wait_until(lambda target=target: sandbox.bot_messages >= target, 10)  # type: ignore[misc]
                program.kill()
            else:
                sandbox.fault(way, "sendMessage", pid=program.pid, skip=some)
                with suppress(TimeoutError):
                    await asyncio.wait_for(program.wait(), 5)
                sandbox.faults.clear()
                if program.returncode is None:
                    program.kill()
            await program.wait()
        program = await start_program(folder, "run", settings=settings, quiet=True)
        try:
            await _drained(sandbox, file)
        finally:
            program.terminate()
            await program.wait()
        return await _count(sandbox, file, kinds, kills=kills, seconds=clock.monotonic() - begun)


async def _drained(sandbox: Sandbox, file: Path) -> None:
    """Wait until nothing is due any more."""
    database = await Database.open(f"sqlite:///{file}")
    try:
        for _ in range(1000):
            seen = sandbox.bot_messages
            await sandbox.wait_until(lambda seen=seen: sandbox.bot_messages > seen, 0.3)  # type: ignore[misc]
            async with database.read() as db:
                if not await messages.count_open(db, datetime.now(UTC) + timedelta(minutes=5)):
                    return
    finally:
        await database.close()


async def _count(sandbox: Sandbox, file: Path, kinds: dict[int, bool], *, kills: int, seconds: float) -> Count:
    database = await Database.open(f"sqlite:///{file}")
    try:
        async with database.read() as db:
            troubled = await messages.list_troubled(db, since=datetime(2020, 1, 1, tzinfo=UTC), most=1_000_000)
            states = await messages.count_by_state(db)
    finally:
        await database.close()
    assert states.get(MessageState.DUE, 0) == states.get(MessageState.SENDING, 0) == 0
    doubts = Counter({each.chat_id: each.doubts for each in troubled})
    lost = doubled = repeated = arrived = 0
    for telegram_id, is_last in kinds.items():
        texts = [message.text for message in sandbox.chats[telegram_id].shown if message.by_bot]
        says_so = [text.startswith(LAST_SAYS_SO) for text in texts]
        arrived += bool(texts)
        lost += not texts and doubts[telegram_id] < (2 if is_last else 1)
        repeated += is_last and any(says_so) and len(texts) == 2
        doubled += max(0, len(texts) - 1) if not is_last else sum(1 for said in says_so[1:] if not said)
    return Count(len(kinds), kills, lost, doubled, repeated, sum(doubts.values()), arrived, seconds)
