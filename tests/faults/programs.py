"""Programs under test: `troly` as a process of its own, with nothing of ours in its environment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import httpx

ROOT = Path(__file__).parents[2]
NOBODY = 65534  # a user who owns nothing
PATIENCE = 60.0  # seconds for what a program does in one or two; a net for busy machines


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program under test: nothing of ours but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}


async def start_program(
    folder: Path,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    quiet: bool = False,
    output: IO[bytes] | None = None,
    module: str = "bot.cli",
    before: Sequence[str] = (),
) -> asyncio.subprocess.Process:
    """`troly ARGUMENTS` in `folder`, stdout and stderr in one pipe, in `output`, or nowhere; `module` for another.

    `before` are the words of a command that runs it in turn, as another user or with other limits.
    """
    pipe = output or (asyncio.subprocess.DEVNULL if quiet else asyncio.subprocess.PIPE)
    return await asyncio.create_subprocess_exec(
        *before,
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=folder,
        env=environment(settings or {}),
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
    )


def as_user(user: int | None) -> tuple[str, ...]:
    """The words of a command that runs another one as that user; none where nobody else is meant."""
    return () if user is None else ("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups")


def problems(output: str) -> list[str]:
    """Lines that are no log of ordinary progress."""
    return [line for line in output.splitlines() if line.strip() and " INFO " not in line and " DEBUG " not in line]


class Process(Protocol):
    """What is asked of a running process."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, signal: int) -> None: ...

    async def wait(self) -> int: ...


@dataclass
class Program:
    """A running `troly run`: its process, where its output goes, and the port of its health."""

    process: Process
    output: Path
    port: int

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it runs (or stands still)."""
        return self.process.returncode is None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.is_alive:
            self.process.send_signal(number)

    def pause(self) -> None:
        """Let it stand still (SIGSTOP)."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after a pause."""
        self.signal(signal.SIGCONT)

    async def wait(self, within: float = PATIENCE) -> int:
        """Wait until it has ended; the exit code. Fails with what it said after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                return await self.process.wait()
        except TimeoutError:
            raise AssertionError(f"still running after {within} s; it said last:\n{self.said[-2000:]}") from None

    async def end(self) -> None:
        """Kill it, if it still runs, and take its leave."""
        self.resume()
        self.signal(signal.SIGKILL)
        await self.process.wait()

    @property
    def said(self) -> str:
        """What it wrote so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    async def health(self) -> tuple[int, dict[str, Any]]:
        """Status and figures of /healthz; status 0 where nobody answers."""
        try:
            async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
                response = await client.get(f"http://127.0.0.1:{self.port}/healthz")
                return response.status_code, response.json()
        except (httpx.HTTPError, ValueError):
            return 0, {}
