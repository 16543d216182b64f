"""Storage that refuses: a small disk of the program's own, calls of the system that fail, another user's rights."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

#: The command before a program that is to run as nobody in particular.


@functools.cache
def _may_mount() -> bool:
    if shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], check=False, capture_output=True
        )
        if mounted.returncode == 0:
            subprocess.run(["umount", folder], check=True, capture_output=True)
        return mounted.returncode == 0


@functools.cache
def _is_traceable() -> bool:
    if shutil.which("strace") is None:
        return False
    command = ["strace", "-f", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO", "true"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


needs_small_disk = pytest.mark.skipif(
    not _may_mount(), reason="a small disk cannot be mounted here (a tmpfs, which takes root)"
)
needs_failing_calls = pytest.mark.skipif(
    not _is_traceable(), reason="strace is not installed, or may not make calls fail here"
)
needs_other_user = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root can run a program as another user"
)


class SmallDisk:
    """A disk of a few megabytes at `folder`, for as long as the block lasts."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._megabytes = megabytes

    def __enter__(self) -> Self:
        self.folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m", "none", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True, capture_output=True)

    def fill(self) -> None:
        """Leave no byte."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            for size in (65536, 4096, 512, 1):
                with suppress(OSError):
                    while ballast.write(b"\0" * size) == size:
                        pass

    def free(self) -> None:
        """Give the space back."""
        (self.folder / "ballast").unlink()


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
