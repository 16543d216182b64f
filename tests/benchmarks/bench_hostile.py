"""Hostile workbooks beside officers who ask: how long the others wait, and what a file costs.

    python tests/benchmarks/bench_hostile.py

A running bot on SQLite, a process of its own, and the sandbox beside its people. Three officers ask, each again as soon
as they were answered and have looked at it for a second: first alone, then while a supervisor sends every hostile file
of `tests/knowledge/spreadsheets/test_hostile.py`, the next one once the bot has answered the one before.

Printed: the waits of the officers alone and beside the files, and the file that took longest.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from storage.engine import Database
from tests.benchmarks.common import temporary_folder
from tests.e2e.chat import Seat
from tests.faults.office import asks, count_of, open_office
from tests.faults.rig import Case, Rig
from tests.knowledge.spreadsheets.test_hostile import FILES

ALONE: Final = 30.0
LOOKS: Final = 1.0
PATIENCE: Final = 60.0


@asynccontextmanager
async def asking(people: list[Seat]) -> AsyncIterator[list[float]]:
    """Everybody asks one question after another while the block lasts; how long each waited, in ms."""
    waits: list[float] = []

    async def ask(person: Seat, first: int) -> None:
        number = first
        while True:
            before = time.perf_counter()
            await asks(person, number, within=PATIENCE)
            waits.append(1000 * (time.perf_counter() - before))
            number += 1
            await asyncio.sleep(LOOKS)

    tasks = [asyncio.create_task(ask(person, first)) for first, person in enumerate(people)]
    try:
        yield waits
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def told(waits: list[float]) -> str:
    """The waits in one line."""
    ordered = sorted(waits)
    return (
        f"{len(ordered)} answers, p50 {ordered[len(ordered) // 2]:.0f} ms, "
        f"p99 {ordered[int(0.99 * len(ordered))]:.0f} ms, longest {ordered[-1]:.0f} ms"
    )


async def measure(folder: Path) -> None:
    """Play both and print."""
    url = f"sqlite:///{folder}/hostile.db"
    await (await Database.open(url)).close()
    async with Rig(Case(54), folder, url, full=True) as rig:
        office = await open_office(rig, 3)
        await rig.start()
        for officer in office.officers:
            await asks(officer, 0, within=PATIENCE)
        async with asking(office.officers) as alone:
            await asyncio.sleep(ALONE)
        took: dict[str, float] = {}
        async with asking(office.officers) as beside:
            for kind, (make, _) in FILES.items():
                content = await asyncio.to_thread(make)
                before, began = count_of(office.boss, ""), time.perf_counter()
                await office.boss.sends_document("danh-sach.xlsx", content)
                await rig.until(lambda before=before: count_of(office.boss, "") > before, kind, PATIENCE)  # type: ignore[misc]
                took[kind] = time.perf_counter() - began
        slowest = max(took, key=lambda kind: took[kind])
        click.echo(f"alone:           {told(alone)}")
        click.echo(f"beside {len(took)} files: {told(beside)}")
        click.echo(f"slowest file: {slowest}, {took[slowest]:.1f} s until it was answered")


@click.command()
def main() -> None:
    """Measure."""
    with temporary_folder() as name:
        asyncio.run(measure(Path(name)))


if __name__ == "__main__":
    main()
