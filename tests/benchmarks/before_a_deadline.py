"""The two days before a deadline, for officers of a whole country: where the bot's limit lies, and what it is.

    python tests/benchmarks/before_a_deadline.py [--units 120000] [--officers 20000] [--speed 12]
        [--rate 20 --rate 30 …] [--engine sqlite --engine postgresql]

A running bot and a stand-in for Telegram, each a process of its own, over a database of 120,000 units of which 20,000
have an officer. Every officer says four things, each once the one before was answered: a question on the plans, their
month's figures in one message, **Gửi**, and /lichsu; every figure holds together with the month before. Pace is
switched off (`SEND_RATE=0`), and quiet hours all day keep reminders out of it.

First the knee: officers come at random times (a Poisson process), each rate for half a minute, until one answer of a
hundred takes longer than a second. Then everybody else within two days, more in the mornings and afternoons and most on
the last evening: the busiest hour as it comes, `speed` times faster than life; all other hours without their pauses, as
many officers at a time as keep the bot busy, so that nothing of two days is left out.

Printed: waits, the CPU of the bot, of the stand-in and of all else (the database) for each message, the bot's memory,
the database's growth for each officer; and whether every report is stored once and as it was said: exit 1 where not.
"""

from __future__ import annotations

import asyncio
import collections
import json
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import click
from sqlalchemy import func, select, text

sys.path.insert(0, str(Path(__file__).parents[2]))

from knowledge.calendar.working_days import VIETNAM
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import last_opened
from knowledge.model.periods import Period
from storage import chats, earlier_reports, people, schema
from storage.engine import Database
from storage.people import RoleName
from storage.rows import chunks
from tests.benchmarks.bench_totals import KINDS, fill_postgres, fill_sqlite, make_units
from tests.benchmarks.common import (
    OURS,
    QUESTIONS,
    StandIn,
    cpu_seconds,
    machine_seconds,
    memory_mb,
    postgres_at,
    running,
    standing_in,
    temporary_folder,
)

FIRST_PERSON: Final = 700_000_001
STEPS: Final = 4
SECONDS_A_RATE: Final = 30.0
KNEE_MS: Final = 1000.0
PATIENCE: Final = 300.0
AT_ONCE: Final = 64

#: How many of a day's visits begin in each of its hours; on the second day the evening weighs three times as much.
HOURS: Final = (0, 0, 0, 0, 0, 0, 1, 3, 8, 10, 9, 5, 2, 4, 8, 9, 8, 5, 3, 4, 6, 5, 2, 1)
EVENING: Final = range(19, 23)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who comes: their chat, the unit they serve, how many members it had the month before."""

    chat: int
    unit_id: int
    members: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a stretch of visits came to: waits in ms, CPU seconds, the bot's memory in MB."""

    messages: int
    seconds: float
    waits: Sequence[float]
    bot: float
    standin: float
    rest: float
    memory: float

    def wait(self, share: float) -> float:
        """The wait that `share` of the answers did not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def waited(self) -> str:
        """The waits."""
        return f"p50 {self.wait(0.5):7.0f} ms   p99 {self.wait(0.99):7.0f} ms   longest {self.wait(1):7.0f} ms"

    def __str__(self) -> str:
        each, pace = 1000 / self.messages, self.messages / self.seconds
        return (
            f"{self.messages:6} messages in {self.seconds:5.0f} s, {pace:5.1f}/s   {self.waited}   "
            f"CPU a message: bot {self.bot * each:5.1f} ms, stand-in {self.standin * each:4.1f} ms, "
            f"all else {self.rest * each:5.1f} ms   bot {self.memory:.0f} MB"
        )


class Country:
    """The bot under load, the officers who have not come yet, and what their reports must come to."""

    def __init__(self, standin: StandIn, pid: int, folder: Path, officers: Iterator[Officer], period: Period) -> None:
        self._standin = standin
        self._pid = pid
        self._file = folder / "visits.json"
        self._officers = officers
        self._period = period
        self.came: list[Officer] = []

    def _script(self, officer: Officer, place: int) -> list[tuple[str, str]]:
        figures = (
            f"báo cáo tháng {self._period.number}/{self._period.year}: {officer.members + 20} lao động, "
            f"{officer.members + 1} đoàn viên, kết nạp 2, giảm 1"
        )
        return [
            (QUESTIONS[place % 3], "Thành ủy"),
            (figures, "Gửi"),
            ("Gửi", "Đã nhận"),
            ("/lichsu", "Báo cáo đã gửi"),
        ]

    async def play(self, times: Sequence[float], at_once: int = 1_000_000) -> Figures:
        """One officer after another comes at these seconds, or when fewer than `at_once` are there."""
        visits = []
        for place, after in enumerate(times):
            officer = next(self._officers)
            self.came.append(officer)
            visits.append((after, officer.chat, self._script(officer, place)))
        self._file.write_text(json.dumps(visits), encoding="utf-8")
        bot, machine = cpu_seconds(self._pid), machine_seconds()
        found = await self._standin.tell("visit", file=str(self._file), patience=PATIENCE, at_once=at_once)
        bot, machine = cpu_seconds(self._pid) - bot, machine_seconds() - machine
        return Figures(
            found["heard"],
            found["seconds"],
            [wait for _, wait in found["waits"]],
            bot,
            found["cpu"],
            machine - bot - found["cpu"],
            memory_mb(self._pid),
        )


def draw_hours(count: int, chance: random.Random) -> list[int]:
    """In which hour of the two days each of `count` officers comes."""
    weights = [*HOURS, *(weight * 3 if hour in EVENING else weight for hour, weight in enumerate(HOURS))]
    return chance.choices(range(len(weights)), weights, k=count)


def draw_poisson(rate: float, seconds: float, chance: random.Random) -> list[float]:
    """Times of a Poisson process of `rate` a second."""
    times, at = [], 0.0
    while (at := at + chance.expovariate(rate)) < seconds:
        times.append(at)
    return times


def choose(count: int, officers: int) -> list[Officer]:
    """Officers of grassroots unions spread over the country."""
    grassroots = [unit[0] for unit in make_units(count) if unit[5] in KINDS]
    step = max(1, len(grassroots) // officers)
    return [
        Officer(FIRST_PERSON + place, unit_id, 100 + unit_id % 700)
        for place, unit_id in enumerate(grassroots[::step][:officers])
    ]


async def settle(database: Database, officers: Sequence[Officer], period: Period, now: datetime) -> None:
    """Give each unit its officer and the figures of the month before."""
    async with database.write() as db:
        for some in chunks(list(officers)):
            held = []
            for each in some:
                person = await people.add(db, f"Cán bộ {each.chat}", now, telegram_id=each.chat)
                held.append((person.id, each.unit_id, RoleName.OFFICER))
            await people.grant_all(db, held, now)
            await chats.note_heard(db, [each.chat for each in some], now)
            given = {
                (each.unit_id, period): {
                    "workers": Decimal(each.members + 20),
                    "members": Decimal(each.members),
                    "admitted": Decimal(0),
                    "lost": Decimal(0),
                    "net": Decimal(0),
                }
                for each in some
            }
            await earlier_reports.bring_in(db, MONTHLY_FORM, given, now, by=None)


async def count_bytes(database: Database) -> int:
    """How large the database is."""
    async with database.read() as db:
        if database.path is not None:
            pages = int((await db.execute(text("PRAGMA page_count"))).scalar_one())
            return pages * int((await db.execute(text("PRAGMA page_size"))).scalar_one())
        return int((await db.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())


async def check(database: Database, came: Sequence[Officer], period: Period) -> bool:
    """Whether each who got a receipt has exactly one report of the period, with the figures that were said."""
    reports, rows = schema.submissions, schema.figures
    query = (
        select(reports.c.unit_id, func.max(rows.c.value), func.count(reports.c.id))
        .join(rows, (rows.c.submission_id == reports.c.id) & (rows.c.indicator == "members"))
        .where(reports.c.form == MONTHLY_FORM, reports.c.period == period.code, reports.c.is_current)
        .group_by(reports.c.unit_id)
    )
    async with database.read() as db:
        stored = {unit_id: (value, count) for unit_id, value, count in await db.execute(query)}
    wanted = {each.unit_id: (1000 * (each.members + 1), 1) for each in came}
    click.echo(
        f"  {len(came)} officers, {len(stored)} reports stored, {'all as said' if stored == wanted else 'NOT as said'}"
    )
    return stored == wanted


async def measure(url: str, folder: Path, officers: list[Officer], rates: Sequence[float], speed: float) -> bool:
    """Fill, play and print; whether every report is there."""
    now = datetime.now(VIETNAM)
    period = last_opened(get_form(MONTHLY_FORM), now.date())
    database = await Database.open(url)
    try:
        await settle(database, officers, period.shifted(-1), now)
        chance = random.Random(2026)
        before = await count_bytes(database)
        async with (
            standing_in(0) as standin,
            running(OURS, standin, url, str(folder), QUIET_HOURS="00:00-23:59") as pid,
        ):
            country = Country(standin, pid, folder, iter(officers), period)
            await country.play([0.0] * 5)
            click.echo("  the knee, officers at random times:")
            for rate in rates:
                found = await country.play(draw_poisson(rate / STEPS, SECONDS_A_RATE, chance))
                click.echo(f"  {rate:5g}/s  {found}")
                if found.wait(0.99) > KNEE_MS:
                    break
            hours = collections.Counter(draw_hours(len(officers) - len(country.came), chance))
            busiest = max(hours.values())
            click.echo(
                f"  two days of {hours.total()} officers; busiest hour {busiest * STEPS / 3600:.2f} messages a second"
            )
            times = sorted(chance.uniform(0, 3600 / speed) for _ in range(busiest))
            click.echo(f"  the busiest hour, {speed:g} times faster than life:\n         {await country.play(times)}")
            others = await country.play([0.0] * (hours.total() - busiest), AT_ONCE)
            click.echo(f"  all other hours, {AT_ONCE} officers at a time:\n         {others}")
        grown = await count_bytes(database) - before
        each = grown / len(country.came) / 1000
        click.echo(f"  database {before / 1e6:.0f} MB, grown by {grown / 1e6:.0f} MB: {each:.1f} kB an officer")
        return await check(database, country.came, period)
    finally:
        await database.close()


@click.command()
@click.option("--units", "count", default=120_000, show_default=True)
@click.option("--officers", default=20_000, show_default=True)
@click.option("--speed", default=12.0, show_default=True, help="How many times faster the busiest hour is played.")
@click.option("--rate", "rates", multiple=True, default=(20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0), show_default=True)
@click.option("--engine", "engines", multiple=True, default=("sqlite", "postgresql"), show_default=True)
def main(count: int, officers: int, speed: float, rates: tuple[float, ...], engines: tuple[str, ...]) -> None:
    """Measure; exit 1 where a report is missing or not as it was said."""
    all_well = True
    for engine in engines:
        with temporary_folder() as name, ExitStack() as stack:
            folder = Path(name)
            if engine == "sqlite":
                url = f"sqlite:///{folder}/country.db"
                asyncio.run(_migrate(url))
                fill_sqlite(folder / "country.db", count, 0)
            else:
                url = stack.enter_context(postgres_at(folder))
                asyncio.run(_migrate(url))
                fill_postgres(url, count, 0)
            click.echo(f"{engine}: {count} units, {officers} officers")
            all_well &= asyncio.run(measure(url, folder, choose(count, officers), rates, speed))
    sys.exit(0 if all_well else 1)


async def _migrate(url: str) -> None:
    await (await Database.open(url)).close()


if __name__ == "__main__":
    main()
