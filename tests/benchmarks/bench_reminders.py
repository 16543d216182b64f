"""Reminders through the whole dispatch: the share of Telegram's pace that is reached, and what the library alone does.

    python tests/benchmarks/bench_reminders.py [--reminders 2000] [--rounds 3]

First 2,000 reminders to 2,000 people at SEND_RATE 30 against the sandbox's 30-a-second limit: the share of the limit
that is reached (aim: 93 %) and the 429s (aim: 0). Then the same without any limit, beside a bare loop that sends the
same words with python-telegram-bot to the same sandbox, one after the other: it keeps nothing and reads nothing. Ours
claims each reminder in the database, reads again what is owed, makes the words, sends and marks; on SQLite, fully
synchronised. Bot and bare loop are processes of their own; figures are messages a second from the first to the last.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.features.reminders.sweep import tick
from bot.sandbox import NO_LIMITS, Limits, Player, Sandbox, SandboxServer
from storage.engine import Database
from tests.faults.programs import environment, start_program
from tests.faults.reminders import FIRST, SETTINGS, make_rules, plant_many

LIMIT = 30.0  # messages a second
AIM_SHARE = 0.93

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
    """Messages a second from the first to the last, how many arrived, how many calls were refused with 429."""

    per_second: float
    arrived: int
    refused: int


def _figures(sandbox: Sandbox) -> Figures:
    sent = [call for call in sandbox.calls("sendMessage") if call.ok]
    span = max(call.arrived for call in sent) - min(call.arrived for call in sent)
    return Figures((len(sent) - 1) / span, len(sent), sandbox.limiter.refused)


async def measure_ours(count: int, *, limits: Limits, rate: float, patience: float) -> tuple[Figures, str]:
    """`count` reminders sent by `troly run`; also the words of one."""
    with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
        file = Path(folder) / "bench.db"
        database = await Database.open(f"sqlite:///{file}")
        await plant_many(database, count, datetime.now(UTC))
        written = await tick(database, make_rules(), datetime.now(UTC))
        await database.close()
        if written.reminders != count:
            raise click.ClickException(f"{written.reminders} of {count} reminders were due")
        async with SandboxServer(limits=limits) as sandbox:
            _seat(sandbox, count)
            settings = SETTINGS | {
                "SEND_RATE": f"{rate:g}",
                "TELEGRAM_BOT_TOKEN": sandbox.token,
                "TELEGRAM_API_URL": sandbox.url,
                "DATABASE_URL": f"sqlite:///{file}",
            }
            program = await start_program(Path(folder), "run", settings=settings, quiet=True)
            try:
                await sandbox.wait_until(lambda: sandbox.bot_messages >= count, patience)
            finally:
                with suppress(ProcessLookupError):
                    program.terminate()
                await program.wait()
            words = next(message.text for message in sandbox.chats[FIRST].shown if message.by_bot)
            return _figures(sandbox), words


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


@click.command()
@click.option("--reminders", default=2000, show_default=True)
@click.option("--rounds", default=3, show_default=True, help="Of the run without a limit; the median counts.")
def main(reminders: int, rounds: int) -> None:
    """Measure; exit 1 where the share of the limit misses its aim, or a call was refused."""
    limited, _ = asyncio.run(measure_ours(reminders, limits=Limits(), rate=LIMIT, patience=10 + reminders / 20))
    share = limited.per_second / LIMIT
    click.echo(
        f"at {LIMIT:g} a second: {limited.arrived} of {reminders} arrived, {limited.per_second:.2f}/s, "
        f"{share:.1%} of the limit (aim {AIM_SHARE:.0%}), {limited.refused} refused with 429 (aim 0)"
    )
    ours, bare = [], []
    for _ in range(rounds):
        figures, words = asyncio.run(measure_ours(reminders, limits=NO_LIMITS, rate=0, patience=120))
        ours.append(figures)
        bare.append(asyncio.run(measure_bare(reminders, words)))
    own, alone = _middle(ours, lambda each: each.per_second), _middle(bare, lambda each: each.per_second)
    click.echo(f"no limit: ours {own:.0f}/s, bare loop {alone:.0f}/s: {own / alone:.2f} of it")
    well = share >= AIM_SHARE and not limited.refused and limited.arrived == reminders
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
