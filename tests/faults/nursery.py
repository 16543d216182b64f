"""A nursery: a process that has read the program's libraries once and forks a program under test from there.

Reading them, and the plans and forms that come with them, is nearly all of what a start costs, and the suite starts a
program more than a hundred times. A program from the nursery is a process of its own like any other: its own memory,
folder, environment, user, output and end, and `__main__` is run in it from its first line. A clock that is set from
outside is there from the first line too; programs on one come from a nursery beside it. What is about the very start
(another interpreter's settings) is started anew, and so is everything with `--full`.

`Nursery.start()`, of the fixture `nursery`, is the side of the tests. `python -m tests.faults.nursery FD` is the
nursery, which ends, and its programs with it, when the other end of the socket FD is closed.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from tests.faults.clocks import FILE, clock_of, move, wait_until_shown
from tests.faults.programs import ROOT, environment

MOST = 65536  # bytes of a request
READ = (
    *("bot.app", "bot.logs", "alembic.command", "alembic.runtime.migration", "uvicorn.protocols.http.h11_impl"),
    "anyio._backends._asyncio",
)
OWN_STARTS = ("PYTHON", "LD_", "TZ")
"""Settings that begin so work on an interpreter at its start: such a program cannot come from here."""


class Nursling:
    """A forked program, as `asyncio.subprocess.Process` shows one."""

    def __init__(self, line: socket.socket, said: IO[bytes] | None) -> None:
        """`line` is where the nursery tells first its process id, then its exit code; `said` is the file to which its
        output goes, if it is to be read by `communicate`."""
        self.pid = 0
        self.returncode: int | None = None
        self._line = line
        self._file = said
        self._said = b""
        self._handle = -1
        self._began, self._ended = asyncio.Event(), asyncio.Event()
        asyncio.get_running_loop().add_reader(line, self._hear)

    def _hear(self) -> None:
        told, handles, _, _ = socket.recv_fds(self._line, MOST, 1)
        if handles:
            self.pid, [self._handle] = int(told), handles
            self._began.set()
            return
        asyncio.get_running_loop().remove_reader(self._line)
        self._line.close()
        os.close(self._handle)
        if self._file is not None:
            with self._file as file:
                file.seek(0)
                self._said = file.read()
        self.returncode = int(told or -signal.SIGKILL)
        self._ended.set()

    async def begin(self) -> None:
        """Wait until it has been forked."""
        await self._began.wait()

    def send_signal(self, number: int) -> None:
        """Send a signal to it, and to nobody who got its number afterwards."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    async def communicate(self) -> tuple[bytes, None]:
        """What it said, once it has ended, where its output was not given a file."""
        await self.wait()
        return self._said, None

    async def wait(self) -> int:
        """Its exit code, minus the signal that killed it, once it has ended."""
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode


class Nursery:
    """The side of the tests: `start()` as often as wanted, then `close()`."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        """`settings` are more of the environment in which it reads the libraries."""
        self._own = {name: value for name, value in (settings or {}).items() if name.startswith(OWN_STARTS)}
        self._on_moved_clock: Nursery | None = None
        self._clock: Path | None = None
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __spec__.name, str(other.fileno())],
                cwd=ROOT,
                env=environment({"OPENBLAS_NUM_THREADS": "1", **(settings or {})}),
                stdin=subprocess.DEVNULL,
                pass_fds=[other.fileno()],
            )

    def find(self, settings: Mapping[str, str]) -> Nursery | None:
        """Where a program with these settings can come from: here, from the nursery on a clock that is moved, or from
        none."""
        own = {name: value for name, value in settings.items() if name.startswith(OWN_STARTS)}
        if own == self._own:
            return self
        if FILE not in settings or own != {"LD_PRELOAD": clock_of(Path())["LD_PRELOAD"]}:
            return None
        if self._on_moved_clock is None:
            self._clock = Path(tempfile.mkdtemp(prefix="troly-clock-")) / "clock"
            move(self._clock, 0)
            self._on_moved_clock = Nursery(clock_of(self._clock))
        return self._on_moved_clock

    async def start(
        self,
        folder: Path,
        *arguments: str,
        settings: Mapping[str, str],
        output: IO[bytes] | None = None,
        module: str = "bot.cli",
        user: int | None = None,
    ) -> Nursling:
        """`python -m MODULE ARGUMENTS` in `folder`, as `user` where one is named; stdout and stderr go to `output`, or
        are kept for `communicate`."""
        asked = {
            "folder": str(folder),
            "env": environment(settings),
            "module": module,
            "arguments": arguments,
            "user": user,
        }
        kept = tempfile.TemporaryFile() if output is None else None  # noqa: SIM115  (closed at the program's end)
        writing = output or kept
        assert writing is not None
        line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            socket.send_fds(self._socket, [json.dumps(asked).encode()], [writing.fileno(), other.fileno()])
        program = Nursling(line, kept)
        await program.begin()
        return program

    def close(self) -> None:
        """End it, and with it what it has started."""
        self._socket.close()
        self._process.wait()
        if self._on_moved_clock is not None and self._clock is not None:
            self._on_moved_clock.close()
            shutil.rmtree(self._clock.parent)


# The nursery ---------------------------------------------------------------------------------------------------------


def serve(asked: socket.socket, machines_clock: float) -> tuple[str, list[str]] | None:
    """Fork what is asked for: in a forked program, its module and arguments; None in the nursery, at its end."""
    woken, waking = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.set_wakeup_fd(waking)
    lines: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([asked.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, MOST)
            _tell_ends(lines)
        if asked.fileno() not in ready:
            continue
        said, files, _, _ = socket.recv_fds(asked, MOST, 2)
        if not said:
            for pid in lines:
                os.kill(pid, signal.SIGKILL)
            return None
        output, line = files[0], socket.socket(fileno=files[1])
        pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for other in (asked, line, *lines.values()):
                other.close()
            os.close(woken)
            os.close(waking)
            return _become(json.loads(said), output, machines_clock)
        os.close(output)
        lines[pid] = line
        handle = os.pidfd_open(pid)
        with suppress(BrokenPipeError):
            socket.send_fds(line, [str(pid).encode()], [handle])
        os.close(handle)


def _tell_ends(lines: dict[int, socket.socket]) -> None:
    while lines:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with lines.pop(pid) as line, suppress(BrokenPipeError):
            line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(asked: dict[str, object], output: int, machines_clock: float) -> tuple[str, list[str]]:
    """Take on the folder, the environment, the clock, the user and the output of a program."""
    env, arguments = asked["env"], asked["arguments"]
    assert isinstance(env, dict)
    assert isinstance(arguments, list)
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    sys.path[0] = str(asked["folder"])
    if FILE in env:
        wait_until_shown(Path(env[FILE]), machines_clock)
    if isinstance(asked["user"], int):
        os.setgroups([])
        os.setgid(asked["user"])
        os.setuid(asked["user"])
    return str(asked["module"]), arguments


def _know() -> None:
    """Build what each program builds and none changes: the adviser of today, the labels, what words mean."""
    from bot.labels import load_labels
    from bot.road.clock import system_clock
    from bot.road.lanes import tls_context
    from knowledge.answer import build_adviser
    from knowledge.calendar.working_days import VIETNAM
    from knowledge.catalogue import make_catalogue
    from knowledge.meanings import AskerRole, Situation, understand
    from knowledge.plans import load_plans
    from storage.migrating import read_revisions

    today = system_clock().astimezone(VIETNAM).date()
    adviser = build_adviser(make_catalogue(load_plans(), (), today), ())
    adviser.ask("chỉ tiêu TƯLĐTT 2030")
    understand("báo cáo tháng 10: cnvclđ 1320", Situation(AskerRole.OFFICER, today), load_labels())
    tls_context()
    read_revisions()


def main() -> None:
    """Serve; a forked program goes on as the module it was asked for."""
    machines_clock = time.time() - time.monotonic()
    for name in READ:
        __import__(name)
    _know()
    gc.collect()
    gc.freeze()
    wanted = serve(socket.socket(fileno=int(sys.argv[1])), machines_clock)
    if wanted is not None:
        module, arguments = wanted
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
