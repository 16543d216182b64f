"""Submissions a second through the whole bot on both engines, beside a bare echo bot on the same sandbox.

    python tests/benchmarks/bench_submissions.py [--officers 200] [--months 3] [--latency 30]

As on the evening of a deadline: everybody sends a whole report at once, and when all have their summaries, everybody
presses **Gửi** at once. A submission is measured from **Gửi** to its receipt: the stored draft read, judged and turned
into the report that stands, committed and synchronised, and the receipt sent. A month is both messages. The echo bot is
the stock library with concurrent updates, everybody writing at once; it keeps nothing and looks nothing up. The sandbox
runs in this process, each bot in its own.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.sandbox import NO_LIMITS, Player, Sandbox, SandboxServer
from bot.sandbox.model import Chat, Message
from tests.benchmarks.common import CONCURRENT
from tests.conftest import _start_postgres
from tests.faults.programs import environment
from tests.faults.reports import prepare

AIM = 0.5


@asynccontextmanager
async def program(sandbox: Sandbox, folder: str, *arguments: str, url: str = "") -> AsyncIterator[None]:
    """A bot at work in a process of its own: ours by default, or the program in `arguments`."""
    settings = {
        "TELEGRAM_BOT_TOKEN": sandbox.token,
        "TELEGRAM_API_URL": sandbox.url,
        "DATABASE_URL": url,
        "SEND_RATE": "0",
        "LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        *(arguments or (sys.executable, "-m", "bot.cli", "run")),
        cwd=folder,
        env=environment(settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


@dataclass(frozen=True, slots=True)
class Figures:
    """What a bot did in a second: submissions alone, and whole months of two messages."""

    submissions: float
    months: float


async def measure(url: str, *, officers: int, months: int, latency: float) -> Figures:
    """One round on a fresh database."""
    everyone = await prepare(url, officers, months)
    reporting = sending = 0.0
    with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
        async with SandboxServer(limits=NO_LIMITS) as sandbox:
            sandbox.latency = latency
            for officer in everyone:
                officer.guided = False
                sandbox.add_person(Player(officer.id, f"Cán bộ {officer.id}"), started=True)
            heard: Counter[str] = Counter()

            def on_bot_message(_chat: Chat, message: Message) -> None:
                heard["Gửi"] += "bấm Gửi" in message.text
                heard["receipt"] += "Đã nhận" in message.text

            async with program(sandbox, folder, url=url):
                await _warm_up(sandbox, everyone[0].id)
                sandbox.on_bot_message.append(on_bot_message)
                for month in range(months):
                    reporting += await _all_say(
                        sandbox, [(each.id, each.report(month)) for each in everyone], heard, "Gửi"
                    )
                    sending += await _all_say(sandbox, [(each.id, "Gửi") for each in everyone], heard, "receipt")
    count = officers * months
    return Figures(count / sending, count / (reporting + sending))


async def _all_say(sandbox: Sandbox, said: list[tuple[int, str]], heard: Counter[str], what: str) -> float:
    """Seconds until everybody has heard `what`."""
    wanted = heard[what] + len(said)
    begun = time.perf_counter()
    for person, words in said:
        sandbox.say(person, words)
    if not await sandbox.wait_until(lambda: heard[what] >= wanted, 300):
        raise click.ClickException(f"{wanted - heard[what]} of {len(said)} people heard nothing")
    return time.perf_counter() - begun


async def _warm_up(sandbox: Sandbox, person: int) -> None:
    sandbox.say(person, "chỉ tiêu tưlđtt 2025")
    await sandbox.wait_until(lambda: sandbox.bot_messages > 0, 30)


async def echoes_a_second(*, people: int, rounds: int, latency: float) -> float:
    """The stock library at its best: nothing kept, nothing looked up, all updates at once."""
    seconds = 0.0
    with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
        async with SandboxServer(limits=NO_LIMITS) as sandbox:
            sandbox.latency = latency
            everyone = [
                sandbox.add_person(Player(number + 1, f"Người {number}"), started=True) for number in range(people)
            ]
            heard: Counter[str] = Counter()
            async with program(sandbox, folder, *CONCURRENT.command(sandbox.url, sandbox.token)):
                await _warm_up(sandbox, 1)
                sandbox.on_bot_message.append(lambda _chat, _message: heard.update(["echo"]))
                for _ in range(rounds):
                    seconds += await _all_say(sandbox, [(each.id, "Gửi") for each in everyone], heard, "echo")
    return people * rounds / seconds


@click.command()
@click.option("--officers", default=200, show_default=True)
@click.option("--months", default=3, show_default=True, help="Reports of each officer.")
@click.option("--latency", default=30.0, show_default=True, help="Of the Bot API, in milliseconds.")
@click.option("--engine", multiple=True, default=("sqlite", "postgresql"), show_default=True)
def main(officers: int, months: int, latency: float, engine: tuple[str, ...]) -> None:
    """Measure; exit 1 where an engine misses half of the echo bot's figure."""
    folder = Path(tempfile.mkdtemp(prefix="troly-bench-db-"))
    folder.chmod(0o755)
    server = None
    well = True
    try:
        click.echo(f"Bot API latency {latency:g} ms, {officers * months} reports of {officers} officers")
        echo = asyncio.run(echoes_a_second(people=officers, rounds=2 * months, latency=latency / 1000))
        click.echo(f"  echo, concurrent  {echo:8.1f} echoes/s")
        for name in engine:
            url = f"sqlite:///{folder}/bench.db"
            if name == "postgresql":
                postgres, server = _start_postgres(folder)
                postgres.execute("CREATE DATABASE bench")
                url = postgres.address("bench")
            found = asyncio.run(measure(url, officers=officers, months=months, latency=latency / 1000))
            well = well and found.submissions >= AIM * echo
            click.echo(
                f"  {name:16}  {found.submissions:8.1f} submissions/s   {found.submissions / echo:.2f} of the echo bot"
                f"   {found.months:8.1f} whole months/s ({2 * found.months / echo:.2f} of it in messages)"
            )
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    click.echo(f"aim: {AIM} of the concurrent echo bot")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
