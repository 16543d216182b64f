"""Storage: locked, full, failing, damaged, swapped, half migrated; PostgreSQL that goes, comes back, and loses answers.

Rows 19, 38, 39, 41 to 49, 61 and 62. What an operator does wrong at the start is also held by
tests/e2e/test_program.py, what the engine refuses by tests/storage/test_engine.py.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.faults.disks import (
    SmallDisk,
    failing_calls,
    needs_failing_calls,
    needs_other_user,
    needs_small_disk,
)
from tests.faults.earlier import make_earlier
from tests.faults.invariants import check
from tests.faults.lost_answers import relayed
from tests.faults.office import asks, count_of, more
from tests.faults.programs import NOBODY, Program, as_user, problems, start_program
from tests.faults.questions import Questions
from tests.faults.reports import Reports
from tests.faults.rig import MARKING, SENDS, Case, Engine, Intake, Rig
from tests.faults.servers import OwnPostgres, own_postgres

NOTICED = 15.0  # seconds within which health shows what is wrong: ten, and a busy machine
LEFT = 40.0  # seconds within which a program that has to leave has left, on a busy machine


async def red(program: Program, within: float = NOTICED) -> float:
    """Wait until the health is red, or the program has left; after how many seconds it was."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        status, _ = await program.health()
        if status == 503 or not program.is_alive:
            return time.monotonic() - began
        await asyncio.sleep(0.1)
    raise AssertionError(f"health is {await program.health()} after {within:.0f} s")


async def green(program: Program, within: float = 30.0) -> None:
    """Wait until the health is good again."""
    ends = time.monotonic() + within
    while (await program.health())[0] != 200:
        assert time.monotonic() < ends, (
            f"health is {await program.health()} after {within:.0f} s\n{program.said[-1500:]}"
        )
        await asyncio.sleep(0.2)


async def leaves(rig: Rig, program: Program, within: float = LEFT) -> None:
    """The program ends by itself, with a code other than 0 and one sentence that says why."""
    code = await program.wait(within)
    assert code > 0, f"ended with {code}"
    said = problems(program.said)
    assert said, "it left without a word"
    assert said[-1].startswith("Error: "), said[-3:]
    assert "Traceback" not in program.said
    del rig


async def run_aside(rig: Rig, *arguments: str, **settings: str) -> tuple[int, str]:
    """Another `troly` command beside the program; its code and what it said."""
    process = await start_program(
        rig.folder, *arguments, settings={**rig.settings, **settings}, before=(*as_user(rig.user), *rig.before)
    )
    async with asyncio.timeout(60):
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


# A lock held by somebody else ----------------------------------------------------------------------------------------


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Hold SQLite's write lock from outside while the block lasts."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    full = metafunc.config.getoption("full", False)
    if "seconds_locked" in metafunc.fixturenames:
        metafunc.parametrize("seconds_locked", (3, 30) if full else (3,))
    if "damage" in metafunc.fixturenames:
        metafunc.parametrize("damage", DAMAGES if full else SHORT_DAMAGES)


@pytest.mark.row(39, engine=Engine.SQLITE)
async def test_another_process_holds_the_write_lock(rig: Rig, seconds_locked: int) -> None:
    """The bot waits, stays alive meanwhile, and loses nothing."""
    asked = Questions(rig, people=5)
    program = await rig.start()
    asked.feed(0.5)
    await rig.until(lambda: asked.done >= 10, "questions are not answered")
    async with locked(rig.folder / "troly.db"):
        asked.feed(1)
        ends = time.monotonic() + seconds_locked
        while time.monotonic() < ends:
            began = time.monotonic()
            assert (await program.health())[0], "the loop stands still"
            assert time.monotonic() - began < 4, "the loop stands still for long"
            await rig.pass_time(0.3)
    await rig.until(lambda: asked.done >= asked.expected, "what came under the lock is not answered")
    await green(program)
    await check(rig, asked)


# A disk that is full, fails, or refuses ------------------------------------------------------------------------------


@pytest.fixture
async def disk(rig: Rig) -> AsyncIterator[SmallDisk]:
    """A small disk with the rig's database on it."""
    with SmallDisk(rig.folder / "disk", 12) as disk:
        shutil.move(rig.folder / "troly.db", disk.folder / "troly.db")
        rig.url = rig.settings["DATABASE_URL"] = f"sqlite:///{disk.folder / 'troly.db'}"
        yield disk
        for program in rig.programs:
            await program.end()


@needs_small_disk
@pytest.mark.row(41, engine=Engine.SQLITE)
async def test_the_disk_is_full_and_then_freed(rig: Rig, disk: SmallDisk) -> None:
    """No receipt without what it says, the health red, the admins told, `doctor` warns; freed, everything goes on."""
    reports = await Reports.prepared(rig, officers=4, months=3)
    program = await rig.start()
    reports.feed(0.5)
    await rig.until(lambda: reports.done >= 3, "reports are not taken")
    disk.fill()
    reports.feed(1)
    await red(program)
    await rig.until(lambda: count_of(rig.admin, "") > 0, "no admin is told", NOTICED)
    code, said = await run_aside(rig, "doctor")
    assert code != 0, said
    assert "Traceback" not in said
    seen = reports.done
    await rig.pass_time(3)
    assert reports.done == seen, "a receipt of what cannot have been stored"
    disk.free()
    await rig.until(lambda: reports.done >= reports.expected, "it does not go on after the disk was freed")
    await green(program)
    await check(rig, reports)


@needs_small_disk
@pytest.mark.thorough
@pytest.mark.row(62, engine=Engine.SQLITE)
async def test_on_a_full_disk_it_does_not_start(rig: Rig, disk: SmallDisk) -> None:
    disk.fill()
    await leaves(rig, await rig.start(ready=False))
    disk.free()
    await rig.start()
    await asks(rig.admin)


@needs_failing_calls
@pytest.mark.row(42, engine=Engine.SQLITE)
async def test_the_disk_fails(rig: Rig) -> None:
    """fsync fails: no receipt any more, and the program leaves with one sentence; started again, all goes on."""
    reports = await Reports.prepared(rig, officers=4, months=3)
    program = await rig.start()
    reports.feed(0.5)
    await rig.until(lambda: reports.done >= 3, "reports are not taken")
    async with failing_calls(program.pid, "fdatasync,fsync", "EIO", log=rig.folder / "strace.txt"):
        reports.feed(1)
        await leaves(rig, program)
    await rig.dies(program)
    await rig.start()
    await reports.finish(rig)
    await check(rig, reports)


@needs_failing_calls
@pytest.mark.thorough
@pytest.mark.row(62, engine=Engine.SQLITE)
async def test_the_disk_turns_read_only_under_the_running_bot(rig: Rig) -> None:
    """As after a mistake of the file system: red within ten seconds, the admins told; writable again, all goes on."""
    asked = Questions(rig, people=4)
    program = await rig.start()
    asked.feed(0.5)
    await rig.until(lambda: asked.done >= 8, "questions are not answered")
    async with failing_calls(program.pid, "pwrite64", "EROFS", log=rig.folder / "strace.txt"):
        asked.feed(1)
        await rig.until(lambda: count_of(rig.admin, "") > 0 or not _runs(program), "no admin is told", NOTICED)
        if program.is_alive:
            await red(program)
    at = time.perf_counter()
    await rig.until(lambda: asked.done >= asked.expected or not _runs(program), "it does not go on", 60)
    if not program.is_alive:  # SQLite may call it a failure of the disk, after which nobody should carry on
        await leaves(rig, program)
        await rig.dies(program, at=at)
        await rig.start()
        await rig.until(lambda: asked.done >= asked.expected, "it does not go on")
    await check(rig, asked)


def _runs(program: Program) -> bool:
    return program.is_alive


@needs_other_user
@pytest.mark.row(62, engine=Engine.SQLITE)
@pytest.mark.parametrize("whose", ["file", *more("folder", "remains")])
async def test_what_belongs_to_another_user_is_refused(rig: Rig, whose: str) -> None:
    """Root ran it once: its file, its folder, or what it left beside the file cannot be written by the bot's user."""
    folder = rig.folder / "data"
    folder.mkdir()
    file = folder / "troly.db"
    shutil.move(rig.folder / "troly.db", file)
    rig.settings["DATABASE_URL"] = f"sqlite:///{file}"
    rig.user = NOBODY
    for parent in [rig.folder, *rig.folder.parents]:
        if parent.is_relative_to("/tmp") and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o055)
    if whose == "remains":
        shutil.chown(folder, 65534)
        shutil.chown(file, 65534)
        for name in ("troly.db-wal", "troly.db-shm", "troly.db.lock"):
            (folder / name).touch(mode=0o644)
    elif whose == "file":
        shutil.chown(folder, 65534)
        file.chmod(0o644)
    else:
        shutil.chown(file, 65534)
        folder.chmod(0o755)
    before = file.read_bytes()
    await leaves(rig, await rig.start(ready=False))
    code, said = await run_aside(rig, "doctor")
    assert code != 0, said
    assert "Traceback" not in said
    assert file.read_bytes() == before


# A file that is damaged, gone, or another ----------------------------------------------------------------------------


def truncate(file: Path, size: int) -> None:
    os.truncate(file, size)


def overwrite(file: Path, at: int, data: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(data)


def run_sql(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def foreign(file: Path) -> None:
    """Another program's database."""
    file.unlink()
    run_sql(file, "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT)", "INSERT INTO contacts VALUES (1, 'x')")


def gone(file: Path) -> None:
    """Moved away while its index stayed behind."""
    file.unlink()
    file.with_name("troly.db-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\0" * 28)


def gone_but_locked(file: Path) -> None:
    file.unlink()
    file.with_name("troly.db.lock").touch()


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def lock_is_a_folder(file: Path) -> None:
    file.with_name("troly.db.lock").mkdir()


_chance = random.Random(43)
DAMAGE: dict[str, Callable[[Path], None]] = {
    "empty": lambda file: truncate(file, 0),
    "header only": lambda file: truncate(file, 100),
    "half a page": lambda file: truncate(file, 2048),
    "one page": lambda file: truncate(file, 4096),
    "half": lambda file: truncate(file, file.stat().st_size // 2 // 4096 * 4096),
    "last page missing": lambda file: truncate(file, file.stat().st_size - 4096),
    "not a whole page": lambda file: truncate(file, file.stat().st_size // 2 // 4096 * 4096 + 1000),
    "no header": lambda file: overwrite(file, 0, b"\0" * 16),
    "header of text": lambda file: overwrite(file, 0, b"not a database !"),
    "first page gone": lambda file: overwrite(file, 0, b"\0" * 4096),
    "schema overwritten": lambda file: overwrite(file, 100, _chance.randbytes(3900)),
    "every page but the first": lambda file: overwrite(file, 4096, _chance.randbytes(file.stat().st_size - 4096)),
    "a page of the middle": lambda file: overwrite(file, 4096 * 20, _chance.randbytes(4096 * 4)),
    "another program's": foreign,
    "gone, its journal left": gone,
    "gone, its lock left": gone_but_locked,
    "a table missing": lambda file: run_sql(file, "DROP TABLE drafts"),
    "newer": lambda file: run_sql(file, "UPDATE alembic_version SET version_num = '9999'"),
    "no version": lambda file: run_sql(file, "DELETE FROM alembic_version"),
    "no table of versions": lambda file: run_sql(file, "DROP TABLE alembic_version"),
    "two versions": lambda file: run_sql(file, "INSERT INTO alembic_version VALUES ('0001')"),
    "a folder": folder,
    "a lock that cannot be made": lock_is_a_folder,
}
DAMAGES = tuple(DAMAGE)
SHORT_DAMAGES = ("half", "another program's", "a table missing")


@pytest.mark.row(43, engine=Engine.SQLITE)
async def test_a_damaged_database_is_refused_and_left_as_it_is(rig: Rig, damage: str) -> None:
    file = rig.folder / "troly.db"
    DAMAGE[damage](file)
    before = file.read_bytes() if file.is_file() else None
    await leaves(rig, await rig.start(ready=False))
    assert (file.read_bytes() if file.is_file() else None) == before
    assert not rig.sandbox.counts.get("getUpdates")


@pytest.mark.thorough
@pytest.mark.row(43, engine=Engine.SQLITE)
async def test_a_second_bot_on_the_same_file_by_another_name_is_refused(rig: Rig) -> None:
    program = await rig.start()
    (rig.folder / "other.db").symlink_to(rig.folder / "troly.db")
    await leaves(rig, await rig.start(ready=False, DATABASE_URL=f"sqlite:///{rig.folder / 'other.db'}"))
    assert program.is_alive
    await asks(rig.admin)


@pytest.mark.row(61, engine=Engine.SQLITE)
@pytest.mark.parametrize("act", ["rm", *more("mv", "cp", "replaced")])
async def test_the_file_is_taken_away_under_the_running_bot(rig: Rig, act: str) -> None:
    """Removed, moved, copied over, or replaced: noticed within seconds, no receipt of what is not there, and left."""
    reports = await Reports.prepared(rig, officers=6, months=4)
    rig.sandbox.latency = 0.01
    file = rig.folder / "troly.db"
    program = await rig.start()
    reports.feed(0.3)
    await rig.until(lambda: reports.done >= 3, "reports are not taken")
    code, said = await run_aside(rig, "backup", "copy.db")
    assert code == 0, said
    kept = rig.folder / "kept"
    kept.mkdir()
    reports.feed(1)
    await rig.until(lambda: reports.done >= 6, "reports are not taken")
    match act:
        case "rm":
            for each in (file, file.with_name("troly.db-wal"), file.with_name("troly.db-shm")):
                (kept / each.name).hardlink_to(each)
                each.unlink()
        case "mv":
            file.rename(kept / "troly.db")
        case "cp":
            shutil.copyfile(rig.folder / "copy.db", file)
        case "replaced":
            shutil.copy(rig.folder / "copy.db", rig.folder / "new.db")
            (kept / "troly.db").hardlink_to(file)
            (rig.folder / "new.db").replace(file)
    seen, at = reports.done, time.perf_counter()
    await leaves(rig, program)
    noticed = time.perf_counter() - at
    assert noticed < NOTICED, f"noticed after {noticed:.0f} s"
    late = reports.done - seen
    if act in ("rm", "mv"):  # what the operator still holds has every report whose receipt was shown
        for name in ("troly.db-wal", "troly.db-shm"):
            if act == "mv" and file.with_name(name).exists():
                file.with_name(name).rename(kept / name)
        for each in kept.iterdir():
            each.rename(rig.folder / each.name)
        await rig.dies(program, at=at)
        await rig.start()
        await reports.finish(rig)
        await check(rig, reports)
    assert late <= 2, f"{late} receipts after the file was gone"


# Backup and migration ------------------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.row(44)
async def test_a_backup_under_load_restores_to_every_receipt_before_it(rig: Rig) -> None:
    """The copy is whole, holds every report whose receipt was shown before it was begun, and repeats nothing."""
    early = Questions(rig, people=4)
    reports = await Reports.prepared(rig, officers=6, months=4)
    rig.sandbox.latency = 0.005
    program = await rig.start()
    early.feed(1)
    reports.feed(1)
    await rig.until(lambda: early.done >= early.expected and reports.done >= 6, "nothing is done")
    before = {seat.id: seat.transcript() for seat in early.speakers()}
    shown = {(officer.id, period) for officer in reports._by_id.values() for period in officer.receipts}
    code, said = await run_aside(rig, "backup", "copy.db")
    assert code == 0, said
    await rig.kill(program)
    with closing(sqlite3.connect(rig.folder / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        stored = copy.execute("SELECT unit_id, period FROM submissions").fetchall()
    by_unit = {officer.unit_id: officer for officer in reports._by_id.values()}
    names = {(by_unit[unit].id, f"tháng {period[5:7]}/{period[:4]}") for unit, period in stored if unit in by_unit}
    assert shown <= names, shown - names
    rig.url = rig.settings["DATABASE_URL"] = f"sqlite:///{rig.folder / 'copy.db'}"
    await rig.start()
    await rig.pass_time(3)
    assert {seat.id: seat.transcript() for seat in early.speakers()} == before, "something is sent again"
    await asks(rig.chat.seat(next(iter(before))))


@pytest.mark.thorough
@pytest.mark.row(45, seeded=True)
async def test_a_migration_killed_at_a_random_moment(rig: Rig) -> None:
    """The next start completes it, with every row that was there, or refuses; several kills in a row, too."""
    asked = Questions(rig, people=20)
    program = await rig.start()
    asked.feed(1)
    await rig.until(lambda: asked.done >= asked.expected, "questions are not answered")
    await rig.stop(program)
    rows = await count_rows(rig)
    revision = rig.chance.choice(["0001", "0002", "0003", "0004", "0005"])
    await asyncio.to_thread(make_earlier, rig.url, revision)
    for _ in range(3):
        program = await rig.start(ready=False)
        await rig.until(lambda: "asyncio" in program.said or not program.is_alive, "nothing is said")  # noqa: B023
        await rig.pass_time(rig.chance.random() * 0.6)
        await rig.kill(program)
    await rig.start()
    await asks(rig.admin)
    after = await count_rows(rig)
    assert after["inbox"] > rows["inbox"]
    assert after["outbox"] >= rows["outbox"]
    await check(rig, asked)


async def count_rows(rig: Rig) -> dict[str, int]:
    """How many rows lie in inbox and outbox."""
    from sqlalchemy import text

    async with rig.database() as database, database.read() as db:
        return {table: await db.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in ("inbox", "outbox")}


# PostgreSQL ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    """A PostgreSQL that may be stopped and killed."""
    with own_postgres() as server:
        yield server


@pytest.fixture
def address(case: Case, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; on PostgreSQL, of a server of this module's own."""
    if case.engine is Engine.SQLITE:
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "troly.db")
        yield f"sqlite:///{tmp_path / 'troly.db'}"
        return
    server: OwnPostgres = request.getfixturevalue("server")
    yield server.address(server.make_database())


@pytest.mark.thorough
@pytest.mark.row(19, engine=Engine.POSTGRESQL, intake=Intake.WEBHOOK)
async def test_the_webhook_while_the_database_is_down(rig: Rig, server: OwnPostgres) -> None:
    """Telegram is told to come again, and does; each question is answered once."""
    asked = Questions(rig, people=5)
    program = await rig.start()
    asked.feed(0.5)
    await rig.until(lambda: asked.done >= 10, "questions are not answered")
    await rig.pass_time(0.5)
    await asyncio.to_thread(server.stop)
    asked.feed(1)

    def refused() -> bool:
        webhook = rig.sandbox.webhook
        return webhook is not None and "Wrong response from the webhook: 5" in webhook.last_error

    await rig.until(refused, "Telegram is not refused while nothing can be stored")
    assert rig.sandbox.pending_updates()
    await red(program)
    await asyncio.to_thread(server.start)
    await rig.until(lambda: asked.done >= asked.expected, "what was refused is not answered afterwards")
    await green(program)
    await check(rig, asked)


@pytest.mark.row(46, engine=Engine.POSTGRESQL)
@pytest.mark.parametrize("how", ["killed", *more("restarted", "terminated")])
async def test_the_server_goes_and_comes_back_under_load(rig: Rig, server: OwnPostgres, how: str) -> None:
    reports = await Reports.prepared(rig, officers=6, months=4)
    rig.sandbox.latency = 0.01
    program = await rig.start()
    reports.feed(0.5)
    unmarked = 0
    for number in range(3):
        target = reports.done + 2
        await rig.sandbox.wait_until(lambda target=target: reports.done >= target, 10)  # type: ignore[misc]
        await rig.pass_time(rig.chance.random() * 0.05)
        at = time.perf_counter()
        if how == "terminated":
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname LIKE 'own%'"
            )
        else:
            await server.restart(killed=how == "killed", down_for=rig.chance.random() * 0.5)
        await rig.pass_time(0.2)
        unmarked += sent_since(rig, at)
        if number == 1:
            reports.feed(1)
    await rig.until(lambda: reports.done >= reports.expected, "it does not go on")
    assert program.is_alive
    await green(program)
    await check(rig, reports, doubts=unmarked)


def sent_since(rig: Rig, at: float) -> int:
    """How many messages had not been answered by the Bot API then, or a moment before: nobody can have marked them."""
    return sum(not call.answered or call.answered > at - MARKING for call in rig.sandbox.calls(*SENDS))


@pytest.mark.row(47, engine=Engine.POSTGRESQL)
async def test_the_answer_to_a_commit_is_lost(rig: Rig) -> None:
    """One in ten: what was committed is looked up by its key and not done again blindly.

    A claim that was committed and not heard of rests for some seconds, and an officer's months follow one another.
    """
    reports = await Reports.prepared(rig, officers=6, months=4 if rig.full else 2)
    rig.sandbox.latency = 0.005
    async with relayed(rig.url) as (relay, address):
        program = await rig.start(DATABASE_URL=address)
        relay.loses = lambda _said: rig.chance.random() < 0.1
        reports.feed(1)
        await rig.until(lambda: reports.done >= reports.expected, "it does not go on", 60)
        assert relay.lost >= 3, f"{relay.lost} of {relay.committed}"
        relay.loses = lambda _said: False
        await green(program)
        await check(rig, reports)
        await rig.stop(program)


@pytest.mark.thorough
@pytest.mark.row(48, engine=Engine.POSTGRESQL)
async def test_the_connection_that_holds_a_processs_locks_dies(rig: Rig, server: OwnPostgres) -> None:
    """Both processes live on; somebody takes the lead again, and nothing is done twice."""
    asked = Questions(rig, people=12)
    rig.sandbox.latency = 0.01
    programs = [await rig.start() for _ in range(2)]
    asked.feed(0.3)
    await rig.until(lambda: asked.done >= 8, "questions are not answered")
    unmarked = 0
    for _ in range(2):
        at = time.perf_counter()
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        asked.feed(0.5)
        await rig.pass_time(1)
        unmarked += sent_since(rig, at)
    asked.feed(1)
    await rig.until(lambda: asked.done >= asked.expected, "nobody takes the lead")
    assert all(program.is_alive for program in programs)
    await check(rig, asked, doubts=unmarked)


@pytest.mark.thorough
@pytest.mark.row(49, engine=Engine.POSTGRESQL)
@pytest.mark.parametrize("why", ["no such database", "nobody there", "never answers"])
async def test_a_start_without_its_database_ends_within_half_a_minute(rig: Rig, server: OwnPostgres, why: str) -> None:
    """With one sentence; what is wrong with token, settings and SQLite's file is in tests/e2e/test_program.py."""
    silent = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    address = {
        "no such database": server.address("nothing_of_that_name"),
        "nobody there": "postgresql://troly@127.0.0.1:9/troly",
        "never answers": f"postgresql://troly@127.0.0.1:{port}/troly",
    }[why]
    await leaves(rig, await rig.start(ready=False, DATABASE_URL=address), within=30)
    silent.close()
