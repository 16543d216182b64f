"""Memory over 20,000 questions in a row, and how long the writer was held meanwhile.

    python tests/benchmarks/memory.py [--questions 20000] [--at-once 8]

A running bot on SQLite is asked by a few people at a time, each asking again once answered; its memory (RSS) after
2,000 questions and at the end is compared: it may differ by a tenth. Meanwhile another connection asks for the write
lock of the database every few milliseconds, so the longest time it had to wait is an upper bound of how long any
transaction held the only writer, the hourly purge among them where it falls into the run.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import OURS, QUESTIONS, memory_mb, running, standing_in, temporary_folder

WARM = 2000
AIM = 0.10
LOOK_EVERY = 0.02


class LockWatch(threading.Thread):
    """Asks for the write lock again and again; `longest` is the longest wait for it so far, in seconds."""

    def __init__(self, file: str) -> None:
        super().__init__(daemon=True)
        self._file = file
        self._stopping = threading.Event()
        self.longest = 0.0

    def run(self) -> None:
        with closing(sqlite3.connect(self._file, timeout=60, isolation_level=None)) as database:
            while not self._stopping.wait(LOOK_EVERY):
                begun = time.perf_counter()
                database.execute("BEGIN IMMEDIATE")
                self.longest = max(self.longest, time.perf_counter() - begun)
                database.execute("ROLLBACK")

    def stop(self) -> None:
        """End; returns once it has."""
        self._stopping.set()
        self.join()


async def measure(questions: int, at_once: int) -> bool:
    """Ask, and print; whether the memory stayed."""
    with temporary_folder() as folder:
        file = f"{folder}/bench.db"
        async with standing_in(0) as standin, running(OURS, standin, f"sqlite:///{file}", folder) as pid:
            watch: LockWatch | None = None
            asked, warm, most = 0, 0.0, 0.0
            begun = time.perf_counter()
            while asked < questions:
                count = min(WARM, questions - asked)
                await standin.tell("chain", people=at_once, each=count // at_once, questions=QUESTIONS)
                asked += count // at_once * at_once
                held = memory_mb(pid)
                most = max(most, held)
                if asked <= WARM:
                    warm = held
                    watch = LockWatch(file)
                    watch.start()
                click.echo(f"{asked:6} questions  {held:6.1f} MB")
            spent = time.perf_counter() - begun
            if watch is not None:
                await asyncio.to_thread(watch.stop)
                click.echo(f"longest wait for the write lock: {1000 * watch.longest:.0f} ms")
    grown = held / warm - 1
    click.echo(f"{asked / spent:.0f} questions a second; at most {most:.1f} MB")
    click.echo(f"{warm:.1f} MB after {WARM}, {held:.1f} MB at the end: {grown:+.1%} (aim: within {AIM:.0%})")
    return abs(grown) <= AIM


@click.command()
@click.option("--questions", default=20_000, show_default=True)
@click.option("--at-once", default=8, show_default=True, help="People who wait for an answer at any moment.")
def main(questions: int, at_once: int) -> None:
    """Measure; exit 1 where memory left its bounds."""
    sys.exit(0 if asyncio.run(measure(questions, at_once)) else 1)


if __name__ == "__main__":
    main()
