"""The progress of a whole tree in which every unit holds a share, beside the same SQL through the bare driver.

    python tests/benchmarks/bench_share_progress.py [--units 120000] [--months 12] [--engine sqlite --engine postgresql]

One goal, handed down to every unit: what the whole country and each province have reached in the year so far, how many
reports are missing, the provinces by how far they are behind. The hand-written SQL sums and counts the same, mergers
included; ours also makes progress of it and ranks it. Each figure is the best of several rounds, in turn.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from knowledge.forms import MONTHLY_FORM, load_forms  # noqa: E402
from knowledge.model.reached import Followed, Reached  # noqa: E402
from knowledge.model.shares import Goal  # noqa: E402
from knowledge.share_progress import find_followed, measure_share, rank  # noqa: E402
from storage import share_progress, shares, units  # noqa: E402
from storage.engine import Database  # noqa: E402
from tests.benchmarks.bench_totals import AIM, ROUNDS, best, best_of, fill_postgres, fill_sqlite  # noqa: E402
from tests.benchmarks.common import postgres_at  # noqa: E402

TODAY = date(2026, 11, 6)
GOAL = Goal(1, 1, 2026, "Kết nạp mới", "đoàn viên", "new_members")

GOAL_ROW = (
    "INSERT INTO goals (id, unit_id, year, name, measured_in, indicator, created_at) "
    "VALUES (1, 1, 2026, 'Kết nạp mới', 'đoàn viên', 'new_members', '2026-01-05 02:00:00.000000')"
)
SHARE_ROWS = (
    "INSERT INTO shares (goal_id, unit_id, given_by, number, value, is_current, set_at) "
    "SELECT 1, id, parent_id, 1, CASE WHEN parent_id IS NULL THEN 2000000000 ELSE 20000 END, {true}, "
    "'2026-01-05 02:00:00.000000' FROM units"
)

_PLACED = """
WITH RECURSIVE steps (unit_id, at_id) AS (
  SELECT id, merged_into FROM units WHERE merged_into IS NOT NULL AND dissolved_on <= '2026-11-06'
  UNION
  SELECT s.unit_id, u.merged_into FROM steps s JOIN units u ON u.id = s.at_id
  WHERE u.merged_into IS NOT NULL AND u.dissolved_on <= '2026-11-06'
), merged AS (
  SELECT s.unit_id, u.id AS at_id, u.path FROM steps s JOIN units u ON u.id = s.at_id
  WHERE NOT (u.merged_into IS NOT NULL AND u.dissolved_on <= '2026-11-06')
), placed AS (
  SELECT a.id AS part, u.id AS unit_id FROM units a
  JOIN units u ON u.path >= a.path AND u.path < substr(a.path, 1, length(a.path) - 1) || '0'
  WHERE a.parent_id = 1 AND NOT (u.merged_into IS NOT NULL AND u.dissolved_on <= '2026-11-06')
  UNION ALL
  SELECT a.id, m.unit_id FROM merged m
  JOIN units a ON m.path >= a.path AND m.path < substr(a.path, 1, length(a.path) - 1) || '0' WHERE a.parent_id = 1
  UNION ALL
  SELECT 1, id FROM units WHERE id = 1
  UNION ALL
  SELECT 1, unit_id FROM merged WHERE at_id = 1
)
"""
_OWES = (
    "u.registered_on <= '{end}' AND (u.dissolved_on IS NULL OR u.dissolved_on > '{due}') "
    "AND u.kind IN ('hcsn', 'dnnn', 'ngoai_nha_nuoc', 'fdi', 'nghiep_doan')"
)
SHARES = "SELECT unit_id, value FROM shares WHERE goal_id = 1 AND given_by = 1 AND is_current"


def owed(how: Followed) -> list[tuple[str, str]]:
    """The periods that are due, each with the condition that a unit owes it."""
    found = []
    for period in how.due:
        assert how.form.calendar is not None
        found.append((period.code, _OWES.format(end=period.end, due=how.form.calendar.due.after(period))))
    return found


def make_sums(how: Followed) -> str:
    """The sums by province and period, with how many of the reports were due."""
    due = " OR ".join(f"(s.period = '{code}' AND {owes})" for code, owes in owed(how))
    codes = ", ".join(f"'{period.code}'" for period in how.counted)
    return (
        f"{_PLACED} SELECT p.part, s.period, COUNT(*), SUM(CASE WHEN {due} THEN 1 ELSE 0 END), SUM(f.value), "
        "COUNT(f.value) FROM placed p JOIN units u ON u.id = p.unit_id JOIN submissions s ON s.unit_id = p.unit_id "
        f"LEFT JOIN figures f ON f.submission_id = s.id AND f.indicator = 'admitted' WHERE s.form = '{MONTHLY_FORM}' "
        f"AND s.period IN ({codes}) AND s.is_current AND s.state = 'sent' GROUP BY p.part, s.period"
    )


def make_due(how: Followed) -> str:
    """How many reports should be in, by province."""
    each = " + ".join(f"CASE WHEN {owes} THEN 1 ELSE 0 END" for _, owes in owed(how))
    return f"{_PLACED} SELECT p.part, SUM({each}) FROM placed p JOIN units u ON u.id = p.unit_id GROUP BY p.part"


async def measure(database: Database, bare: Callable[[str], list[Any]]) -> tuple[float, float]:
    """Seconds of ours and of the hand-written SQL, and that both say the same."""
    how = find_followed(GOAL, load_forms(), TODAY)
    assert how is not None
    sums, due = make_sums(how), make_due(how)
    async with database.read() as db:
        root = await units.get_unit(db, 1)

        async def ours() -> tuple[Reached, list[int]]:
            children = await units.list_children(db, root.id, active_on=TODAY)
            given = await shares.list_shares(db, GOAL.id, [child.id for child in children])
            whole, below = await share_progress.read_below(db, root, how, TODAY)
            found = [
                (child.order, measure_share(GOAL, value, how, below.get(child.id, Reached()), TODAY))
                for child in children
                if (value := given[child.id].value) is not None
            ]
            return whole, rank(found)

        def by_hand() -> tuple[int, int, int]:
            bare(SHARES)
            rows, expected = bare(sums), sum(int(row[1]) for row in bare(due))
            return sum(int(row[4]) for row in rows), expected, expected - sum(int(row[3]) for row in rows)

        whole, _ = await ours()
        if (int(whole.sums["admitted"] * 1000), whole.due, whole.missing) != by_hand():
            raise SystemExit("the sums differ")
        return await best_of(ours), best(by_hand)


def report(engine: str, found: tuple[float, float]) -> bool:
    """Print; whether the aim was met."""
    ours, theirs = found
    click.echo(
        f"{engine:<11} ours {ours * 1000:8.0f} ms   bare SQL {theirs * 1000:8.0f} ms   "
        f"ratio {ours / theirs:.2f} (aim {AIM})"
    )
    return ours / theirs <= AIM


async def on_sqlite(folder: Path, count: int, months: int) -> bool:
    """Fill and measure a SQLite file."""
    path = folder / "shares.db"
    await (await Database.open(f"sqlite:///{path}")).close()
    fill_sqlite(path, count, months)
    connection = sqlite3.connect(path)
    connection.execute(GOAL_ROW)
    connection.execute(SHARE_ROWS.format(true="1"))
    connection.commit()
    connection.execute("ANALYZE")
    database = await Database.open(f"sqlite:///{path}")
    try:
        return report("SQLite", await measure(database, lambda said: connection.execute(said).fetchall()))
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
            connection.execute(GOAL_ROW)
            connection.execute(SHARE_ROWS.format(true="true").encode())
            connection.execute("VACUUM ANALYZE")
            found = await measure(database, lambda said: connection.execute(said.encode()).fetchall())
        await database.close()
        return report("PostgreSQL", found)


@click.command(help=__doc__)
@click.option("--units", "count", default=120_000, show_default=True)
@click.option("--months", default=12, show_default=True)
@click.option("--engine", "engines", multiple=True, type=click.Choice(["sqlite", "postgresql"]))
def main(count: int, months: int, engines: tuple[str, ...]) -> None:
    """Fill, measure, compare."""
    click.echo(f"{count:,} units with shares, {months} months; best of {ROUNDS}")
    met = True
    for engine in engines or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
            run = on_sqlite if engine == "sqlite" else on_postgresql
            met = asyncio.run(run(Path(folder), count, months)) and met
    if not met:
        raise SystemExit("slower than the aim")


if __name__ == "__main__":
    main()
