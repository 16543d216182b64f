"""Questions a second through the whole bot, beside a bare python-telegram-bot echo bot on the same stand-in.

    python tests/benchmarks/bench_throughput.py [--people 300] [--rounds 3] [--latency 0 --latency 30]
        [--no-keep-alive]

Stand-in and bot are processes of their own. Everybody asks at once; a round's figures are answers a second from the
first question to the last answer, the wait from a question to its answer, and (on Linux) the CPU that the bot's process
spent on a question, which can be compared even where the stand-in is slower than the bots. The echo bot is the stock
library: its updater acknowledges before it handles, keeps nothing and looks nothing up. Ours stores the question,
acknowledges, answers it from the plans, writes the answer into the outbox, sends it, marks it; all on SQLite, fully
synchronised.

What holds the concurrent echo bot back is its HTTP client: with every request its pool looks through all connections
kept open, up to 256. Telegram keeps them open, so the stand-in does; `--no-keep-alive` closes each after its answer and
so shows what the echo bot makes without that cost.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import (
    CONCURRENT,
    OURS,
    QUESTIONS,
    SEQUENTIAL,
    Peer,
    cpu_seconds,
    running,
    standing_in,
    temporary_folder,
)

AIM = 0.5


@dataclass(frozen=True, slots=True)
class Figures:
    """One peer at one latency: answers a second, waits and CPU a question in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


async def measure(peer: Peer, *, latency_ms: float, people: int, rounds: int, keep_alive: bool = True) -> Figures:
    """The median of `rounds` rounds, after one to warm up."""
    with temporary_folder() as folder:
        async with (
            standing_in(latency_ms, keep_alive=keep_alive) as standin,
            running(peer, standin, f"sqlite:///{folder}/bench.db", folder) as pid,
        ):
            await standin.tell("burst", people=20, questions=QUESTIONS[:1])
            before = cpu_seconds(pid)
            found = [await standin.tell("burst", people=people, questions=QUESTIONS) for _ in range(rounds)]
            after = cpu_seconds(pid)
    middle = {name: statistics.median(each[name] for each in found) for name in ("per_second", "p50_ms", "p99_ms")}
    return Figures(**middle, cpu_ms=(after - before) * 1000 / (rounds * people * len(QUESTIONS)))


@click.command()
@click.option("--people", default=300, show_default=True, help="Each asks five questions.")
@click.option("--rounds", default=3, show_default=True)
@click.option(
    "--latency", multiple=True, default=(0.0, 30.0), show_default=True, help="Of the Bot API, in milliseconds."
)
@click.option("--keep-alive/--no-keep-alive", default=True, show_default=True, help="As Telegram does, or not.")
def main(people: int, rounds: int, latency: tuple[float, ...], keep_alive: bool) -> None:
    """Measure all peers at each latency; exit 1 where ours misses its aim at the last one."""
    ratio = 0.0
    for each in latency:
        click.echo(f"Bot API latency {each:g} ms, {people * len(QUESTIONS)} questions of {people} people at once")
        figures = {
            peer: asyncio.run(measure(peer, latency_ms=each, people=people, rounds=rounds, keep_alive=keep_alive))
            for peer in (OURS, CONCURRENT, SEQUENTIAL)
        }
        for peer, found in figures.items():
            ratio = figures[OURS].per_second / found.per_second
            beside = "" if peer is OURS else f"   ours: {ratio:.2f} of it"
            waits = f"p50 {found.p50_ms:8.1f} ms   p99 {found.p99_ms:8.1f} ms   cpu {found.cpu_ms:5.2f} ms"
            click.echo(f"  {peer.name:18} {found.per_second:8.1f}/s   {waits}{beside}")
        ratio = figures[OURS].per_second / figures[CONCURRENT].per_second
        times = figures[OURS].cpu_ms / figures[CONCURRENT].cpu_ms
        click.echo(f"  CPU a question: {times:.1f} times that of the concurrent echo bot")
    click.echo(f"aim: {AIM} of the concurrent echo bot at the highest latency; measured {ratio:.2f}")
    sys.exit(0 if ratio >= AIM else 1)


if __name__ == "__main__":
    main()
