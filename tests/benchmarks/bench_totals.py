"""National sums beside the same SQL through the bare driver, and how soon a workbook of 2,000 units begins to arrive.

    python tests/benchmarks/bench_totals.py [--units 120000] [--months 12] [--engine sqlite --engine postgresql]

One month's totals of eight indicators and its completeness over all units, with all months in the database; each figure
is the best of several rounds, ours and the hand-written one in turn. The hand-written SQL is what somebody would type
for just that question; ours also looks whether anything lies outside and works derived figures out.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.access import Asker  # noqa: E402
from bot.features.summaries.reports import AskedReport, UnitReport  # noqa: E402
from bot.features.summaries.service import read_table  # noqa: E402
from bot.features.summaries.workbook.words import table_book  # noqa: E402
from bot.features.summaries.workbook.writing import make_workbook  # noqa: E402
from bot.hands.asking import Asking  # noqa: E402
from bot.rules import Rules  # noqa: E402
from knowledge.calendar.working_days import VIETNAM  # noqa: E402
from knowledge.forms import MONTHLY_FORM, get_form, load_book  # noqa: E402
from knowledge.model.order import order_key  # noqa: E402
from knowledge.model.owing import AskedUnits  # noqa: E402
from knowledge.model.periods import Period  # noqa: E402
from storage import summaries as totals  # noqa: E402
from storage import units  # noqa: E402
from storage.engine import Database  # noqa: E402
from storage.summaries import ReportsBelow  # noqa: E402
from tests.benchmarks.common import postgres_at  # noqa: E402

KEYS = ("workers", "members", "admitted", "lost", "net", "extra1", "extra2", "extra3")
KINDS = ("hcsn", "dnnn", "ngoai_nha_nuoc", "fdi")
NOW = Period.month(2026, 10)
REPORTED = 0.93
AIM = 1.3
ROUNDS = 5

SUMS = """
SELECT f.indicator, SUM(f.value), COUNT(*) FROM submissions s JOIN figures f ON f.submission_id = s.id
WHERE s.form = 'doan-vien-thang' AND s.period = '2026-10' AND s.is_current AND s.state = 'sent' GROUP BY f.indicator
"""
COMPLETENESS = """
SELECT COUNT(*), COUNT(CASE WHEN s.state = 'sent' THEN 1 END),
COUNT(CASE WHEN s.state = 'sent' AND s.on_time THEN 1 END)
FROM units u LEFT JOIN submissions s
ON s.unit_id = u.id AND s.form = 'doan-vien-thang' AND s.period = '2026-10' AND s.is_current
WHERE u.kind IN ('hcsn', 'dnnn', 'ngoai_nha_nuoc', 'fdi', 'nghiep_doan') AND u.registered_on <= '2026-10-31'
AND (u.dissolved_on IS NULL OR u.dissolved_on > '2026-10-31')
"""


TOP_KEY = order_key("Tổng Liên đoàn", "TLD")


def make_units(count: int) -> Iterator[tuple[Any, ...]]:
    """One root, provinces of about 2,000 units, upper levels of about 100, grassroots unions below."""
    yield (
        1,
        "TLD",
        "TLD",
        "Tổng Liên đoàn",
        "tong lien doan",
        "tong_lien_doan",
        None,
        "/1/",
        "2020-01-01",
        TOP_KEY,
    )
    number, province, upper = 1, (1, "/1/"), (1, "/1/")
    while number < count:
        number += 1
        at = number % 2_000
        if at == 2:
            kind, above = "lien_doan_tinh", (1, "/1/")
            province = upper = (number, f"/1/{number}/")
        elif at % 100 == 3:
            kind, above = "cap_tren", province
            upper = (number, f"{province[1]}{number}/")
        else:
            kind, above = KINDS[number % 4], upper
        path = f"{above[1]}{number}/"
        yield (
            number,
            f"U{number}",
            f"U{number}",
            f"Đơn vị {number}",
            f"don vi {number}",
            kind,
            above[0],
            path,
            "2020-01-01",
            order_key(f"Đơn vị {number}", f"U{number}"),
        )


def make_reports(known: list[tuple[Any, ...]], months: int) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """For every grassroots union and month, in nine cases of ten, a report with its figures."""
    draw = random.Random(20261103)
    number = 0
    for step in range(months):
        period = NOW.shifted(step - months + 1).code
        for unit in known:
            if unit[5] not in KINDS or draw.random() > REPORTED:
                continue
            number += 1
            sent = "2026-11-03 02:00:00.000000"
            row = (
                number,
                unit[0],
                MONTHLY_FORM,
                period,
                1,
                True,
                False,
                "{}",
                sent,
                sent,
                False,
                draw.random() < 0.8,
                "sent",
            )
            yield row, [(number, key, draw.randrange(2_000_000) // 1000 * 1000) for key in KEYS]


UNIT_COLUMNS = "id, code, code_key, name, folded, kind, parent_id, path, registered_on, sort_key"
REPORT_COLUMNS = (
    "id, unit_id, form, period, version, is_current, no_change, reasons, sent_at, first_sent_at, entered_for, "
    "on_time, state"
)


def fill_sqlite(path: Path, count: int, months: int) -> None:
    """Fill a migrated SQLite file."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA synchronous=OFF")
        known = list(make_units(count))
        db.executemany(f"INSERT INTO units ({UNIT_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", known)
        reports: list[tuple[Any, ...]] = []
        figures: list[tuple[Any, ...]] = []

        def flush() -> None:
            db.executemany(f"INSERT INTO submissions ({REPORT_COLUMNS}) VALUES ({','.join('?' * 13)})", reports)
            db.executemany("INSERT INTO figures VALUES (?,?,?)", figures)
            reports.clear()
            figures.clear()

        for report, own in make_reports(known, months):
            reports.append(report)
            figures += own
            if len(reports) >= 50_000:
                flush()
        flush()
        db.execute("ANALYZE")
    db.close()


def fill_postgres(address: str, count: int, months: int) -> None:
    """Fill a migrated PostgreSQL database."""
    import psycopg

    with psycopg.connect(address) as db, db.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        known = list(make_units(count))
        with cursor.copy(f"COPY units ({UNIT_COLUMNS}) FROM STDIN") as copy:
            for unit in known:
                copy.write_row(unit)
        with cursor.copy(f"COPY submissions ({REPORT_COLUMNS}) FROM STDIN") as copy:
            for report, _ in make_reports(known, months):
                copy.write_row(report)
        with cursor.copy("COPY figures FROM STDIN") as copy:
            for _, own in make_reports(known, months):
                copy.write("".join(f"{row[0]}\t{row[1]}\t{row[2]}\n" for row in own))
        db.commit()
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("VACUUM ANALYZE")


def best(work: Callable[[], object]) -> float:
    """Seconds of the quickest of some rounds."""
    return min(_timed(work) for _ in range(ROUNDS))


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


async def best_of(work: Callable[[], Any]) -> float:
    """The same for ours."""
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await work()
        found.append(time.perf_counter() - begun)
    return min(found)


async def measure(database: Database, bare: Callable[[str], list[Any]]) -> dict[str, tuple[float, float]]:
    """Seconds of ours and of the hand-written SQL, and that both say the same."""
    form = get_form(MONTHLY_FORM)
    results: dict[str, tuple[float, float]] = {}
    async with database.read() as db:
        root = await units.get_unit(db, 1)
        scope = ReportsBelow(root, form, NOW, AskedUnits.of_period(form, NOW))
        ours, theirs = await totals.sum_figures(db, scope), {row[0]: row for row in bare(SUMS)}
        for key in KEYS:
            if ours.figures[key] * 1000 != Decimal(int(theirs[key][1])):
                raise SystemExit(f"the sums of {key} differ")
        count, hand = await totals.count_received(db, scope), bare(COMPLETENESS)[0]
        if (count.expected, count.received, count.on_time) != tuple(hand):
            raise SystemExit("the counts differ")
        results["totals"] = (await best_of(lambda: totals.sum_figures(db, scope)), best(lambda: bare(SUMS)))
        results["completeness"] = (
            await best_of(lambda: totals.count_received(db, scope)),
            best(lambda: bare(COMPLETENESS)),
        )
    return results


async def time_workbook(database: Database) -> tuple[float, float, int]:
    """Seconds until the first byte of a province's workbook could leave: reading, then writing; and its size."""
    form = get_form(MONTHLY_FORM)
    asked = AskedReport.of_calendar(form, NOW)
    begun = time.perf_counter()
    async with database.read() as db:
        province = await units.get_unit(db, 2)
        asking = Asking(db, Asker(0, ""), 0, datetime(2026, 11, 6, 2, tzinfo=UTC), VIETNAM, load_book())
        table = await read_table(UnitReport(asking, Rules(), province, asked))
    read = time.perf_counter() - begun
    begun = time.perf_counter()
    content = await asyncio.to_thread(make_workbook, table_book(table, today=date(2026, 11, 6), zone=VIETNAM))
    return read, time.perf_counter() - begun, len(content)


async def on_sqlite(folder: Path, count: int, months: int) -> bool:
    """Fill and measure a SQLite file."""
    path = folder / "totals.db"
    await (await Database.open(f"sqlite:///{path}")).close()
    fill_sqlite(path, count, months)
    database = await Database.open(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    try:
        return await report("SQLite", database, lambda statement: connection.execute(statement).fetchall())
    finally:
        connection.close()
        await database.close()


async def on_postgresql(folder: Path, count: int, months: int) -> bool:
    """Fill and measure a PostgreSQL database of its own."""
    import psycopg

    with postgres_at(folder) as address:
        await (await Database.open(address)).close()
        fill_postgres(address, count, months)
        database = await Database.open(address)
        with psycopg.connect(address, autocommit=True) as connection:
            done = await report(
                "PostgreSQL", database, lambda statement: connection.execute(statement.encode()).fetchall()
            )
        await database.close()
        return done


async def report(engine: str, database: Database, bare: Callable[[str], list[Any]]) -> bool:
    """Measure and print; whether the aim was met."""
    met = True
    for name, (ours, theirs) in (await measure(database, bare)).items():
        met = met and ours / theirs <= AIM
        click.echo(
            f"{engine:<11} {name:<13} ours {ours * 1000:8.0f} ms   bare SQL {theirs * 1000:8.0f} ms   "
            f"ratio {ours / theirs:.2f} (aim {AIM})"
        )
    read, written, size = await time_workbook(database)
    times = f"read {read * 1000:8.0f} ms   written {written * 1000:9.0f} ms   {size / 1000:.0f} kB"
    click.echo(f"{engine:<11} workbook      {times}")
    return met


@click.command(help=__doc__)
@click.option("--units", "count", default=120_000, show_default=True)
@click.option("--months", default=12, show_default=True)
@click.option("--engine", "engines", multiple=True, type=click.Choice(["sqlite", "postgresql"]))
def main(count: int, months: int, engines: tuple[str, ...]) -> None:
    """Fill, measure, compare."""
    click.echo(f"{count:,} units, {months} months, {len(KEYS)} indicators; best of {ROUNDS}")
    met = True
    for engine in engines or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
            run = on_sqlite if engine == "sqlite" else on_postgresql
            met = asyncio.run(run(Path(folder), count, months)) and met
    if not met:
        raise SystemExit("slower than the aim")


if __name__ == "__main__":
    main()
