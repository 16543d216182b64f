"""Reminders through the whole dispatch: the share of Telegram's pace that is reached, and what the library alone does.

    python tests/benchmarks/bench_reminders.py [--due 300] [--reminders 2000] [--rounds 3] [--no-postgres]

First 300 reminders to 300 people, all due at once, at SEND_RATE 30 against the sandbox's limit of 30 in any second,
counted where they arrive: by one process on SQLite, by one and by three on PostgreSQL. The share of the limit that is
reached (aim: 93 %), the 429s (aim: 0), and that each came once. Then 2,000 without any limit, beside a bare loop that
sends the same words with python-telegram-bot to the same sandbox, one after the other: it keeps nothing and reads
nothing. Ours claims each reminder in the database, reads again what is owed, makes the words, sends and marks; on
SQLite, fully synchronised. Bot and bare loop are processes of their own; figures are messages a second from the first
to the last.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.features.reminders.sweep import tick
from bot.sandbox import NO_LIMITS, Limits, Player, Sandbox, SandboxServer
from storage.engine import Database
from tests.benchmarks.common import postgres_at, temporary_folder
from tests.faults.programs import environment, start_program
from tests.faults.reminders import FIRST, SETTINGS, make_rules, plant_many

LIMIT = 30.0  # messages a second
AIM_SHARE = 0.93
DOUBLES_SECONDS = 3.0  # how long is waited, once all have come, for what comes twice

BARE = """
import asyncio, sys
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

async def main(url, token, first, count, words):
    buttons = [[InlineKeyboardButton(label, callback_data="x")] for label in ("Đã xong", "Nhắc lại sau")]
    async with Bot(token, base_url=url + "/bot") as bot:
        for chat in range(int(first), int(first) + int(count)):
            await bot.send_message(
                chat, words, parse_mode="HTML", reply_markup=InlineKeyboardMarkup(buttons),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Messages a second from the first to the last; people who got one, more than one; calls refused with 429."""

    per_second: float
    reached: int
    doubled: int
    refused: int


def _figures(sandbox: Sandbox) -> Figures:
    sent = [call for call in sandbox.calls("sendMessage") if call.ok]
    span = max(call.arrived for call in sent) - min(call.arrived for call in sent)
    got = Counter({chat_id: sum(message.by_bot for message in chat.shown) for chat_id, chat in sandbox.chats.items()})
    doubled = sum(count > 1 for count in got.values())
    return Figures((len(sent) - 1) / span, len(+got), doubled, sandbox.limiter.refused)


async def measure_ours(
    count: int, *, limits: Limits, rate: float, patience: float, url: str = "", processes: int = 1
) -> tuple[Figures, str]:
    """`count` reminders sent by so many `troly run`, on SQLite or at `url`; also the words of one."""
    with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
        url = url or f"sqlite:///{folder}/bench.db"
        database = await Database.open(url)
        await plant_many(database, count, datetime.now(UTC))
        written = await tick(database, make_rules(), datetime.now(UTC))
        await database.close()
        if written.reminders != count:
            raise click.ClickException(f"{written.reminders} of {count} reminders were due")
        async with SandboxServer(limits=limits) as sandbox, AsyncExitStack() as stack:
            _seat(sandbox, count)
            settings = SETTINGS | {
                "SEND_RATE": f"{rate:g}",
                "TELEGRAM_BOT_TOKEN": sandbox.token,
                "TELEGRAM_API_URL": sandbox.url,
                "DATABASE_URL": url,
            }
            for _ in range(processes):
                program = await start_program(Path(folder), "run", settings=settings, quiet=True)
                stack.push_async_callback(_end, program)
            await sandbox.wait_until(lambda: sandbox.bot_messages >= count, patience)
            await asyncio.sleep(DOUBLES_SECONDS if limits != NO_LIMITS else 0)
            words = next(message.text for message in sandbox.chats[FIRST].shown if message.by_bot)
            return _figures(sandbox), words


async def _end(program: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        program.terminate()
    await program.wait()


async def measure_bare(count: int, words: str) -> Figures:
    """The same words to the same people by the library alone."""
    async with SandboxServer(limits=NO_LIMITS) as sandbox:
        _seat(sandbox, count)
        loop = await asyncio.create_subprocess_exec(
            sys.executable, "-c", BARE, sandbox.url, sandbox.token, str(FIRST), str(count), words, env=environment({})
        )
        await loop.wait()
        return _figures(sandbox)


def _seat(sandbox: Sandbox, count: int) -> None:
    for number in range(count):
        sandbox.add_person(Player(FIRST + number, f"Cán bộ {number}"), started=True)


def _middle(found: list[Figures], figure: Callable[[Figures], float]) -> float:
    return statistics.median(figure(each) for each in found)


def measure_limited(count: int, *, url: str = "", processes: int = 1) -> bool:
    """All due at once under Telegram's limit, printed; whether the aims were kept."""
    figures, _ = asyncio.run(
        measure_ours(count, limits=Limits(), rate=LIMIT, patience=60 + count / 20, url=url, processes=processes)
    )
    share = figures.per_second / LIMIT
    click.echo(
        f"{processes} on {'PostgreSQL' if url else 'SQLite'}: {figures.reached} of {count} reached, "
        f"{figures.doubled} twice, {figures.per_second:.2f}/s, {share:.1%} of the limit (aim {AIM_SHARE:.0%}), "
        f"{figures.refused} refused with 429 (aim 0)"
    )
    return share >= AIM_SHARE and not figures.refused and not figures.doubled and figures.reached == count


@click.command()
@click.option("--due", default=300, show_default=True, help="At once, under the limit.")
@click.option("--reminders", default=2000, show_default=True, help="In the run without a limit; 0 leaves it out.")
@click.option("--rounds", default=3, show_default=True, help="Of the run without a limit; the median counts.")
@click.option("--postgres/--no-postgres", default=True, show_default=True)
def main(due: int, reminders: int, rounds: int, postgres: bool) -> None:
    """Measure; exit 1 where the share of the limit misses its aim, a call was refused, or one came not once."""
    well = measure_limited(due)
    for processes in (1, 3) if postgres else ():
        with temporary_folder() as folder, postgres_at(Path(folder)) as url:
            well = measure_limited(due, url=url, processes=processes) and well
    ours, bare = [], []
    for _ in range(rounds if reminders else 0):
        figures, words = asyncio.run(measure_ours(reminders, limits=NO_LIMITS, rate=0, patience=120))
        ours.append(figures)
        bare.append(asyncio.run(measure_bare(reminders, words)))
    if ours:
        own, alone = _middle(ours, lambda each: each.per_second), _middle(bare, lambda each: each.per_second)
        click.echo(f"no limit: ours {own:.0f}/s, bare loop {alone:.0f}/s: {own / alone:.2f} of it")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
