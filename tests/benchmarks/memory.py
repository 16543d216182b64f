"""Memory over 20,000 questions in a row, and the longest silence meanwhile.

    python tests/benchmarks/memory.py [--questions 20000] [--at-once 8]

A running bot on SQLite is asked by a few people at a time, each asking again once answered; its memory (RSS) after
2,000 questions and at the end is compared: it may differ by a tenth. Everybody waits for the one writer, so the longest
time in which nobody was answered bounds how long any transaction held it, the hourly purge too where it falls into the
run.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import OURS, QUESTIONS, memory_mb, running, standing_in, temporary_folder

WARM = 2000
AIM = 0.10


async def measure(questions: int, at_once: int) -> bool:
    """Ask, and print; whether the memory stayed."""
    asked, warm, held, silence = 0, 0.0, 0.0, 0.0
    with temporary_folder() as folder:
        url = f"sqlite:///{folder}/bench.db"
        async with standing_in(0) as standin, running(OURS, standin, url, folder) as pid:
            begun = time.perf_counter()
            while asked + at_once <= questions:
                each = min(WARM, questions - asked) // at_once
                found = await standin.tell("chain", people=at_once, each=each, questions=QUESTIONS)
                asked += each * at_once
                held = memory_mb(pid)
                if warm:
                    silence = max(silence, found["silence_ms"])
                warm = warm or held
                click.echo(f"{asked:6} questions  {held:6.1f} MB  longest silence {found['silence_ms']:.0f} ms")
            spent = time.perf_counter() - begun
    grown = held / warm - 1
    click.echo(f"{asked / spent:.0f} questions a second; longest silence {silence:.0f} ms")
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
