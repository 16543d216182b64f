"""The database under the running program: taken away, overwritten, full, not ours; with the real `troly run`.

Programs come from the nursery, where nothing is asked of their start.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.chat import Chat, Seat
from tests.e2e.test_program import output_of, settings_of
from tests.faults.nursery import Nursery, Nursling
from tests.faults.programs import NOBODY, as_user, environment, problems

QUESTION = "chỉ tiêu TƯLĐTT 2025 TP.HCM"
LAST_ALIVE = "SELECT noted_at FROM notes WHERE key = 'alive'"
NOTICED_WITHIN = 20.0  # seconds, of which a look is two; the rest is for a busy machine


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def program(nursery: Nursery, stage: Chat, folder: Path, **more: str) -> AsyncIterator[Nursling]:
    """`troly run` on `troly.db` in `folder`, killed at the end if it still runs."""
    process = await nursery.start(folder, "run", settings=settings_of(stage, folder, LOG_LEVEL="INFO", **more))
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def answered(hoa: Seat) -> None:
    await hoa.says(QUESTION)
    await hoa.hears("80%")


async def has_looked(database: sqlite3.Connection) -> None:
    """Waits until the program has tried twice whether it can write; it has looked at the file meanwhile."""
    for _ in range(2):
        before = database.execute(LAST_ALIVE).fetchone()
        async with asyncio.timeout(30):
            while database.execute(LAST_ALIVE).fetchone() == before:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


def problems_but_ticks(output: str) -> list[str]:
    """What it said in the end, without ticks and looks into inbox and outbox that met the wrong file, half copied
    perhaps, before it was noticed, or were late."""
    ticks = (
        "ERROR bot.app tick failed",
        "ERROR bot.road.dispatch outbox out of reach error=DatabaseError",
        "ERROR bot.road.worker inbox out of reach error=DatabaseError",
        "WARNING apscheduler.scheduler Execution of job",
    )
    return [line for line in problems(output) if not any(tick in line for tick in ticks)]


def copy_backup_over(database: Path) -> None:
    subprocess.run(["cp", database.with_name("backup.db"), database], check=True)


def copy_larger_over(database: Path) -> None:
    larger = database.with_name("larger.db")
    shutil.copy(database.with_name("backup.db"), larger)
    with sqlite3.connect(larger) as other:
        other.executemany(
            "INSERT INTO files (sha256, content, created_at) VALUES (?, ?, '2026-01-01')",
            [(f"{number:064}", os.urandom(10_000)) for number in range(500)],
        )
    other.close()
    subprocess.run(["cp", larger, database], check=True)


def copy_text_over(database: Path) -> None:
    database.write_bytes(b"no database")


def move_backup_over(database: Path) -> None:
    database.with_name("backup.db").replace(database)


def move_away(database: Path) -> None:
    database.rename(database.with_name("elsewhere.db"))


def remove_log(database: Path) -> None:
    database.with_name("troly.db-wal").unlink()


FATES: dict[Callable[[Path], Any], str] = {
    Path.unlink: "removed or moved",
    move_away: "removed or moved",
    move_backup_over: "replaced",
    copy_backup_over: "overwritten",
    copy_larger_over: "overwritten",
    copy_text_over: "overwritten",
}


@pytest.mark.parametrize("happens", FATES)
async def test_nothing_is_said_any_more_once_the_file_is_another(
    nursery: Nursery, stage: Chat, tmp_path: Path, happens: Callable[[Path], Any]
) -> None:
    database = tmp_path / "troly.db"
    hoa = stage.person("Nguyễn Thị Hoa")
    async with program(nursery, stage, tmp_path) as running:
        await answered(hoa)
        backup = await nursery.start(tmp_path, "backup", "backup.db", settings=settings_of(stage, tmp_path))
        assert (await output_of(backup))[0] == 0
        await answered(hoa)
        before = stage.sandbox.bot_messages
        happens(database)
        await hoa.says(QUESTION)
        code, output = await output_of(running, within=NOTICED_WITHIN)
    said = problems_but_ticks(output)
    assert code == 1, output
    assert len(said) == 1, output
    assert FATES[happens] in said[0]
    assert "Traceback" not in output
    assert stage.sandbox.bot_messages == before


async def test_it_leaves_without_being_asked_anything_too(nursery: Nursery, stage: Chat, tmp_path: Path) -> None:
    hoa = stage.person("Nguyễn Thị Hoa")
    async with program(nursery, stage, tmp_path) as running:
        await answered(hoa)
        remove_log(tmp_path / "troly.db")
        code, output = await output_of(running, within=NOTICED_WITHIN)
    assert (code, len(problems(output))) == (1, 1), output
    assert "troly.db-wal" in output


async def test_what_was_copied_over_is_left_as_it_is_and_opens(nursery: Nursery, stage: Chat, tmp_path: Path) -> None:
    database, backup = tmp_path / "troly.db", tmp_path / "backup.db"
    hoa = stage.person("Nguyễn Thị Hoa")
    async with program(nursery, stage, tmp_path) as running:
        await answered(hoa)
        copying = await nursery.start(tmp_path, "backup", "backup.db", settings=settings_of(stage, tmp_path))
        assert (await output_of(copying))[0] == 0
        for _ in range(5):
            await answered(hoa)
        copy_backup_over(database)
        await output_of(running)
    assert database.read_bytes() == backup.read_bytes()
    assert len(list(tmp_path.glob("troly.db-wal.left-*"))) == 1  # noqa: ASYNC240
    async with program(nursery, stage, tmp_path) as running:
        await answered(hoa)
        running.send_signal(signal.SIGTERM)
        assert (await output_of(running))[0] == 0


async def test_checkpoints_and_touches_and_other_commands_are_no_reason_to_leave(
    nursery: Nursery, stage: Chat, tmp_path: Path
) -> None:
    database = tmp_path / "troly.db"
    hoa = stage.person("Nguyễn Thị Hoa")
    async with program(nursery, stage, tmp_path) as running:
        await answered(hoa)
        other = sqlite3.connect(database)
        for number in range(6):
            other.execute("INSERT INTO files VALUES (?, ?, '2026-01-01')", (f"{number:064}", os.urandom(3_000_000)))
            other.commit()
            if number % 2:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            await answered(hoa)
        other.execute("VACUUM")
        await has_looked(other)
        os.utime(database)
        await has_looked(other)
        other.close()
        await answered(hoa)
        running.send_signal(signal.SIGTERM)
        code, output = await output_of(running)
    assert (code, problems(output)) == (0, [])


@pytest.fixture
def may_mount() -> None:
    tried = subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip("no file system can be mounted here")


async def start_on_small_disk(stage: Chat, folder: Path, megabytes: int, **more: str) -> asyncio.subprocess.Process:
    """`troly run` with its database on a disk of its own, which `disk_of` shows."""
    settings = settings_of(stage, folder / "disk", LOG_LEVEL="INFO", **more)
    (folder / "disk").mkdir(exist_ok=True)
    mounted = f"mount -t tmpfs -o size={megabytes}m none disk && exec {sys.executable} -m bot.cli run"
    return await asyncio.create_subprocess_exec(
        *("unshare", "-m", "sh", "-c", mounted),
        cwd=folder,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def disk_of(process: asyncio.subprocess.Process, folder: Path) -> Path:
    return Path(f"/proc/{process.pid}/root{folder / 'disk'}")


async def health_of(port: int) -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False) as client:
        found = await client.get(f"http://127.0.0.1:{port}/healthz")
    figures: dict[str, Any] = found.json()
    assert (found.status_code == 200) == (figures["status"] == "ok")
    return figures


async def becomes(port: int, status: str, *, within: float) -> dict[str, Any]:
    async with asyncio.timeout(within):
        while True:
            figures = await health_of(port)
            if figures["status"] == status:
                return figures
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("may_mount")
async def test_a_full_disk_is_red_in_ten_seconds_told_once_and_over_once_there_is_room(
    stage: Chat, tmp_path: Path
) -> None:
    hoa, admin = stage.person("Nguyễn Thị Hoa"), stage.person("Lê Văn Nam")
    admin.person.started = True
    port = free_port()
    more = {"LISTEN": f"127.0.0.1:{port}", "ADMIN_IDS": str(admin.id)}
    running = await start_on_small_disk(stage, tmp_path, 8, **more)
    try:
        await answered(hoa)
        await becomes(port, "ok", within=10)
        filler = disk_of(running, tmp_path) / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        asked = 0
        async with asyncio.timeout(
            60
        ):  # until the log has filled what it had taken before; at the first failure, at once
            while (figures := await health_of(port))["status"] == "ok":
                await hoa.says(QUESTION)
                asked += 1
                await asyncio.sleep(0.05)
        assert "full" in str(figures["problems"])
        await admin.hears("Không ghi được", "full")
        filler.unlink()
        await becomes(port, "ok", within=20)
        await admin.hears("ghi lại được")
        for _ in range(asked):
            await hoa.hears("80%")
        running.send_signal(signal.SIGTERM)
        code, output = await output_of(running)
    finally:
        with suppress(ProcessLookupError):
            running.kill()
    assert code == 0, output
    assert "Traceback" not in output
    assert len([message for message in admin.room.shown if message.by_bot]) == 2


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace puts the faults in")
async def test_a_failing_disk_is_left_with_one_sentence(nursery: Nursery, stage: Chat, tmp_path: Path) -> None:
    hoa = stage.person("Nguyễn Thị Hoa")
    async with program(nursery, stage, tmp_path) as running:
        await answered(hoa)
        faults = await asyncio.create_subprocess_exec(
            *("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync"),
            *("-e", "inject=fdatasync,fsync:error=EIO", "-p", str(running.pid)),
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            before = stage.sandbox.bot_messages
            await hoa.says(QUESTION)
            code, output = await output_of(running, within=30)
        finally:
            with suppress(ProcessLookupError):
                faults.kill()
            await faults.wait()
    assert code == 1, output
    assert "Traceback" not in output
    assert "disk I/O error" in output.splitlines()[-1]
    assert stage.sandbox.bot_messages <= before + 1  # strace may have come a moment too late for the first commit


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may walk into."""
    folder = Path(tempfile.mkdtemp(prefix="troly-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


async def run_as_nobody(nursery: Nursery, stage: Chat, folder: Path, *arguments: str) -> tuple[int, str]:
    settings = settings_of(stage, folder, LOG_LEVEL="INFO") | {"HOME": str(folder)}
    return await output_of(await nursery.start(folder, *arguments, settings=settings, user=NOBODY))


@pytest.fixture(scope="session")
def _nobody_can_run() -> None:
    command = [*as_user(NOBODY), sys.executable, "-c", "import sqlalchemy"]
    if (
        os.geteuid()
        or not shutil.which(command[0])
        or subprocess.run(command, check=False, capture_output=True).returncode
    ):
        pytest.skip("needs root, setpriv and a Python that others may run")


@pytest.mark.usefixtures("_nobody_can_run")
@pytest.mark.parametrize("wrong", ["file of another", "folder of another", "lock of another", "log of another"])
async def test_no_start_on_what_cannot_be_written(
    nursery: Nursery, stage: Chat, open_folder: Path, sqlite_template: Path, wrong: str
) -> None:
    database, lock = open_folder / "troly.db", open_folder / "troly.db.lock"
    shutil.copy(sqlite_template, database)
    database.chmod(0o644)
    if wrong != "folder of another":
        os.chown(open_folder, 65534, 65534)
    if wrong != "file of another":
        os.chown(database, 65534, 65534)
    if wrong == "lock of another":
        lock.touch()
        lock.chmod(0)
    if wrong == "log of another":
        (open_folder / "troly.db-wal").touch(0o644)
    code, output = await run_as_nobody(nursery, stage, open_folder, "run")
    said = problems(output)
    assert (code, len(said)) == (1, 1), output
    assert "troly.db" in said[0]
    assert "user" in said[0]
    if wrong != "lock of another":
        code, output = await run_as_nobody(nursery, stage, open_folder, "doctor")
        assert (code, "Traceback" in output, "FAIL  database" in output) == (1, False, True), output


async def test_a_file_is_opened_once_whatever_name_it_goes_by(nursery: Nursery, stage: Chat, tmp_path: Path) -> None:
    database = tmp_path / "troly.db"
    hoa = stage.person("Nguyễn Thị Hoa")
    async with program(nursery, stage, tmp_path) as running:
        await answered(hoa)
        (tmp_path / "other.db").symlink_to(database)
        (tmp_path / "same.db").hardlink_to(database)
        for name, why in (("same.db", "hard link"), ("other.db", "hard link"), ("other.db", "already using")):
            if why == "already using":
                (tmp_path / "same.db").unlink()
            settings = settings_of(stage, tmp_path) | {"DATABASE_URL": f"sqlite:///{tmp_path / name}"}
            code, output = await output_of(await nursery.start(tmp_path, "run", settings=settings))
            assert (code, len(problems(output))) == (1, 1), output
            assert why in output
        await answered(hoa)
        running.send_signal(signal.SIGTERM)
        assert (await output_of(running))[0] == 0


async def test_the_database_of_another_program_is_left_alone(nursery: Nursery, stage: Chat, tmp_path: Path) -> None:
    database = tmp_path / "troly.db"
    with sqlite3.connect(database) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    before = database.read_bytes()
    for command in ("run", "doctor"):
        process = await nursery.start(tmp_path, command, settings=settings_of(stage, tmp_path))
        code, output = await output_of(process)
        assert (code, "another program" in output, "Traceback" in output) == (1, True, False), output
    assert database.read_bytes() == before
    assert os.listdir(tmp_path) == ["troly.db"]  # noqa: PTH208
