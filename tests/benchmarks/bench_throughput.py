"""Questions a second through the whole bot, beside a bare python-telegram-bot echo bot on the same sandbox.

    python tests/benchmarks/bench_throughput.py [--people 300] [--rounds 3] [--latency 0 --latency 30]
        [--no-keep-alive]

Sandbox and bot are processes of their own. Everybody asks at once; a round's figures are answers a second from the
first question to the last answer, the wait from a question to its answer, and (on Linux) the CPU that the bot's process
spent on a question, which can be compared even where the sandbox is slower than the bots. The echo bot is the stock
library: its updater acknowledges before it handles, keeps nothing and looks nothing up. Ours stores the question,
acknowledges, answers it from the plans, writes the answer into the outbox, sends it, marks it; all on SQLite, fully
synchronised.

What holds the concurrent echo bot back is its HTTP client: with every request its pool looks through all connections
kept open, up to 256. Telegram keeps them open, so the sandbox does; `--no-keep-alive` closes each after its answer and
so shows what the echo bot makes without that cost.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx

ROOT = Path(__file__).parents[2]
QUESTIONS = (
    "chỉ tiêu TƯLĐTT 2025 TP.HCM",
    "đoàn viên 2030 TP.HCM",
    "bao loc moi nam ket nap bao nhieu doan vien",
    "hạn nộp báo cáo sơ kết",
    "còn Quảng Trị thì sao",
)
AIM = 0.8

ECHO = """
import sys
from telegram.ext import Application, MessageHandler, filters

async def echo(update, context):
    await update.message.reply_text(update.message.text)

url, token, concurrent = sys.argv[1:]
application = (
    Application.builder().token(token).base_url(url + "/bot").concurrent_updates(int(concurrent) or False).build()
)
application.add_handler(MessageHandler(filters.TEXT, echo))
application.run_polling(bootstrap_retries=3)
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """One peer at one latency: answers a second, waits and CPU a question in milliseconds (None where unknown)."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float | None


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is measured: its name, and the program's arguments for a sandbox."""

    name: str
    concurrent: int | None = None

    def command(self, url: str, token: str) -> list[str]:
        """The program."""
        if self.concurrent is None:
            return [sys.executable, "-m", "bot.cli", "run"]
        return [sys.executable, "-c", ECHO, url, token, str(self.concurrent)]


OURS = Peer("Trợ lý Công đoàn")
CONCURRENT = Peer("echo, concurrent", 256)
SEQUENTIAL = Peer("echo, one by one", 0)


@asynccontextmanager
async def sandbox_at(latency_ms: float, *, keep_alive: bool = True) -> AsyncIterator[dict[str, Any]]:
    """A sandbox process without rate limits; its address and token."""
    arguments = ["-m", "bot.sandbox", "--empty", "--no-limits", "--latency", str(latency_ms)]
    arguments += [] if keep_alive else ["--no-keep-alive"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, env=_environment()
    )
    try:
        assert process.stdout is not None
        yield json.loads(await process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


def _environment(**settings: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | settings


@asynccontextmanager
async def running(peer: Peer, sandbox: dict[str, Any], folder: str) -> AsyncIterator[int]:
    """The peer at work; its process."""
    settings = {
        "TELEGRAM_BOT_TOKEN": sandbox["token"],
        "TELEGRAM_API_URL": sandbox["url"],
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "SEND_RATE": "0",
        "LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        *peer.command(sandbox["url"], sandbox["token"]),
        cwd=folder,
        env=_environment(**settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


def cpu_seconds(pid: int) -> float | None:
    """The CPU that a process has spent so far, by Linux's own account; None elsewhere."""
    account = Path(f"/proc/{pid}/stat")
    if not account.exists():
        return None
    user, system = account.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def burst(client: httpx.AsyncClient, people: int, messages: tuple[str, ...]) -> dict[str, Any]:
    """Everybody says all of it at once; what was measured once all is answered."""
    begun = (await client.post("/sandbox/burst", json={"people": people, "messages": list(messages)})).json()
    summary: dict[str, Any] = (await client.get(f"/sandbox/burst/{begun['burst']}", params={"timeout": 120})).json()
    if summary["heard"] != summary["expected"]:
        raise click.ClickException(f"{summary['heard']} of {summary['expected']} questions were answered")
    return summary


async def measure(peer: Peer, *, latency_ms: float, people: int, rounds: int, keep_alive: bool = True) -> Figures:
    """The median of `rounds` rounds, after one to warm up."""
    with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
        async with (
            sandbox_at(latency_ms, keep_alive=keep_alive) as sandbox,
            running(peer, sandbox, folder) as pid,
            httpx.AsyncClient(base_url=sandbox["url"], timeout=150, trust_env=False) as client,
        ):
            await burst(client, 20, QUESTIONS[:1])
            before = cpu_seconds(pid)
            found = [await burst(client, people, QUESTIONS) for _ in range(rounds)]
            after = cpu_seconds(pid)
    spent = None
    if before is not None and after is not None:
        spent = (after - before) * 1000 / (rounds * people * len(QUESTIONS))
    middle = {name: statistics.median(each[name] for each in found) for name in ("per_second", "p50_ms", "p99_ms")}
    return Figures(**middle, cpu_ms=spent)


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
            waits = f"p50 {found.p50_ms:8.1f} ms   p99 {found.p99_ms:8.1f} ms"
            if found.cpu_ms is not None:
                waits += f"   cpu {found.cpu_ms:5.2f} ms"
            click.echo(f"  {peer.name:18} {found.per_second:8.1f}/s   {waits}{beside}")
        ratio = figures[OURS].per_second / figures[CONCURRENT].per_second
        ours, echo = figures[OURS].cpu_ms, figures[CONCURRENT].cpu_ms
        if ours is not None and echo:
            click.echo(f"  CPU a question: {ours / echo:.1f} times that of the concurrent echo bot")
    click.echo(f"aim: {AIM} of the concurrent echo bot at the highest latency; measured {ratio:.2f}")
    sys.exit(0 if ratio >= AIM else 1)


if __name__ == "__main__":
    main()
