"""Storage that refuses: a small disk of the program's own, calls of the system that fail, another user's rights."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@functools.cache
def _namespace() -> tuple[str, ...]:
    """The command before a program that gives it mounts of its own; empty where this machine allows none."""
    for command in (("unshare", "-m"), ("unshare", "-r", "-m")):
        if shutil.which(command[0]) is None:
            return ()
        mount = [*command, "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]
        if subprocess.run(mount, check=False, capture_output=True).returncode == 0:
            return command
    return ()


@functools.cache
def _is_traceable() -> bool:
    if shutil.which("strace") is None:
        return False
    command = ["strace", "-f", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO", "true"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


needs_own_disk = pytest.mark.skipif(
    not _namespace(), reason="this machine gives no program a disk of its own (unshare -m and a tmpfs)"
)
needs_failing_calls = pytest.mark.skipif(
    not _is_traceable(), reason="strace is not installed, or may not make calls fail here"
)
needs_other_user = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can run a program as another user"
)


class OwnDisk:
    """A small disk that exists for one program and whatever is started beside it.

    `prefix` goes before the program's command; it copies `seed` onto the disk as `troly.db`.
    """

    def __init__(self, folder: Path, megabytes: float, seed: Path) -> None:
        self._folder = folder / "disk"
        self._folder.mkdir()
        self._pid = 0
        size = int(megabytes * 1024)
        script = f'mount -t tmpfs -o size={size}k none "$0" && cp "$1" "$0/troly.db" && shift && exec "$@"'
        self.prefix = (*_namespace(), "sh", "-c", script, str(self._folder), str(seed))

    @property
    def file(self) -> Path:
        """The database as the program names it."""
        return self._folder / "troly.db"

    def belongs_to(self, pid: int) -> None:
        """Tell which program runs on it, so that others can look in."""
        self._pid = pid

    @property
    def beside(self) -> tuple[str, ...]:
        """The command before another program that is to see this disk."""
        return ("nsenter", "-t", str(self._pid), "-U", "-m") if "-r" in _namespace() else (
            "nsenter", "-t", str(self._pid), "-m"
        )  # fmt: skip

    @property
    def inside(self) -> Path:
        """The disk's folder, seen from here while the program runs."""
        return Path(f"/proc/{self._pid}/root{self._folder}")

    def fill(self) -> None:
        """Leave no byte."""
        with (self.inside / "ballast").open("wb", buffering=0) as ballast:
            for size in (65536, 4096, 512, 1):
                while True:
                    try:
                        if ballast.write(b"\0" * size) < size:
                            break
                    except OSError:
                        break

    def free(self) -> None:
        """Give the space back."""
        (self.inside / "ballast").unlink()


@asynccontextmanager
async def failing_calls(pid: int, calls: str, error: str, *, log: Path) -> AsyncIterator[None]:
    """Let these system calls (`fdatasync`, `pwrite64,fdatasync`) of a running program fail while the block lasts.

    `error` is the system's name of the failure, such as EIO. Raises RuntimeError where the program cannot be traced.
    """
    tracer = await asyncio.create_subprocess_exec(
        "strace", "-f", "-p", str(pid), "-o", str(log), "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert tracer.stdout is not None
    async with asyncio.timeout(10):
        said = await tracer.stdout.readline()
    if b"attached" not in said:
        raise RuntimeError(said.decode(errors="replace"))
    try:
        yield
    finally:
        if tracer.returncode is None:
            tracer.send_signal(signal.SIGINT)
        await tracer.wait()
