"""What the watch of a running bot notices, and whom it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import watch
from bot.road.carrier import CarrierError, NotSentError
from bot.road.clock import Clock
from bot.watch import ClockWatch, StorageWatch, Watch, describe_jump, prove_writable
from storage import messages, notes
from storage.engine import Database
from storage.messages import Claim
from storage.notes import NoteKey
from storage.refused import DatabaseRefusedError
from tests.conftest import Postgres

ADMINS = (99, 98)


class TwoClocks:
    """A clock on the wall and one that cannot be set."""

    def __init__(self) -> None:
        self.wall, self.monotonic = 1_700_000_000.0, 50.0

    def pass_time(self, seconds: float, *, jump: float = 0.0) -> None:
        self.wall += seconds + jump
        self.monotonic += seconds


@pytest.fixture
def clocks() -> TwoClocks:
    return TwoClocks()


@pytest.fixture
def watched(clocks: TwoClocks) -> ClockWatch:
    return ClockWatch(wall=lambda: clocks.wall, monotonic=lambda: clocks.monotonic)


@pytest.mark.parametrize(("jump", "says"), [(7200.0, "ahead by 7200 s"), (-30.0, "back by 30 s")])
def test_a_jump_is_noticed_once_and_known_for_ten_minutes(
    clocks: TwoClocks, watched: ClockWatch, jump: float, says: str
) -> None:
    heard: list[float] = []
    watched.on_jump.append(heard.append)
    clocks.pass_time(2)
    assert watched.look() is None
    clocks.pass_time(2, jump=jump)
    assert watched.look() == pytest.approx(jump)
    assert watched.look() is None
    assert heard == [pytest.approx(jump)]
    assert says in (watched.problem or "")
    assert says in describe_jump(jump)
    clocks.pass_time(601)
    assert watched.problem is None


def test_a_clock_that_is_slewed_does_not_jump(clocks: TwoClocks, watched: ClockWatch) -> None:
    for _ in range(100):
        clocks.pass_time(2, jump=0.2)
        assert watched.look() is None
    assert watched.problem is None


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything ten times as often as in earnest."""
    for name in ("LOOK_EVERY", "PROBE_EVERY", "PROBE_SECONDS", "CALM", "LASTS"):
        monkeypatch.setattr(watch, name, getattr(watch, name) / (4 if name == "PROBE_SECONDS" else 10))


class Notices:
    """In the place of a carrier: keeps what is sent, or fails."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.fails: CarrierError | None = None
        self.tried = 0

    async def call(self, _method: str, parameters: dict[str, Any], **_: object) -> dict[str, int]:
        self.tried += 1
        if self.fails is not None:
            raise self.fails
        self.sent.append((parameters["chat_id"], parameters["text"]))
        return {"message_id": 1}


def watch_of(database: Database, notices: Notices, clock: Clock) -> Watch:
    return Watch(database, notices, None, clock=clock, admins=ADMINS)  # type: ignore[arg-type]


async def until(holds: Callable[[], object], *, looking: StorageWatch | None = None) -> None:
    """Come back as soon as something is true, having `looking` look meanwhile."""
    async with asyncio.timeout(60):
        while not holds():
            if looking is not None:
                looking.look()
            await asyncio.sleep(0.02)


def problem_of(watching: Watch) -> str | None:
    return watching.storage.problem


async def noted(database: Database) -> dict[NoteKey, notes.Note]:
    async with database.read() as db:
        return {note.key: note for note in await notes.list_all(db)}


async def until_noted(database: Database, key: NoteKey) -> str:
    async with asyncio.timeout(60):
        while key not in (found := await noted(database)):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found[key].words


class Broken:
    """A database that refuses every write while `why` says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.why: str | None = None
        self.failures = 0
        put = notes.put

        async def put_or_fail(*arguments: Any, **named: Any) -> None:
            if self.why is not None:
                self.failures += 1
                raise OperationalError("INSERT", {}, Exception(self.why))
            await put(*arguments, **named)

        monkeypatch.setattr(notes, "put", put_or_fail)


@pytest.mark.usefixtures("hurried")
async def test_trouble_is_told_once_to_each_admin_past_the_outbox_and_its_end_through_it(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, notices = Broken(monkeypatch), Notices()
    watching = watch_of(database, notices, lambda: now)
    task = asyncio.create_task(watching.run())
    await until_noted(database, NoteKey.ALIVE)
    assert problem_of(watching) is None
    broken.why, notices.fails = "no room & no rights", NotSentError()
    await until(lambda: notices.tried >= 3)
    assert problem_of(watching) == "no room & no rights"
    notices.fails = None
    await until(lambda: len(notices.sent) == 2)
    failures = broken.failures
    await until(lambda: broken.failures >= failures + 5)
    assert sorted(chat_id for chat_id, _ in notices.sent) == sorted(ADMINS)
    assert all("no room &amp; no rights" in said for _, said in notices.sent)
    broken.why = None
    assert "no room & no rights" in await until_noted(database, NoteKey.STORAGE)
    assert problem_of(watching) is None
    async with database.write() as db:
        queued = await messages.claim(db, now, Claim(1, timedelta(seconds=1), 0.0), most=9, bulk=False)
    assert sorted(message.chat_id for message in queued) == sorted(ADMINS)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.usefixtures("hurried")
async def test_a_jump_is_noted_for_the_doctor(sqlite_database: Database, now: datetime, clocks: TwoClocks) -> None:
    watching = watch_of(sqlite_database, Notices(), lambda: now)
    watching.time = ClockWatch(wall=lambda: clocks.wall, monotonic=lambda: clocks.monotonic)
    task = asyncio.create_task(watching.run())
    await until_noted(sqlite_database, NoteKey.ALIVE)
    clocks.pass_time(1, jump=7 * 3600)
    assert "25200 s" in await until_noted(sqlite_database, NoteKey.CLOCK)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.usefixtures("hurried")
async def test_a_write_that_never_ends_is_trouble_and_over_when_it_does(
    sqlite_database: Database, now: datetime
) -> None:
    storage = StorageWatch(sqlite_database, lambda: now)
    async with sqlite_database.write():
        storage.look()
        await until(lambda: "no write has come to its end" in (storage.problem or ""))
    await until(lambda: storage.problem is None, looking=storage)
    await storage.stop()


@pytest.mark.usefixtures("hurried")
async def test_a_server_out_of_reach_is_trouble_until_it_is_back(postgres: Postgres, now: datetime) -> None:
    postgres.execute("CREATE DATABASE apart")
    database = await Database.open(postgres.address("apart"))
    storage = StorageWatch(database, lambda: now)

    storage.look()
    await until_noted(database, NoteKey.ALIVE)
    assert storage.problem is None
    postgres.execute("ALTER DATABASE apart WITH ALLOW_CONNECTIONS false")
    postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'apart'")
    await until(lambda: storage.is_lasting, looking=storage)
    postgres.execute("ALTER DATABASE apart WITH ALLOW_CONNECTIONS true")
    await until(lambda: storage.problem is None, looking=storage)
    await storage.stop()
    await database.close()


async def test_no_start_where_nothing_can_be_written(
    sqlite_database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken(monkeypatch)
    await prove_writable(sqlite_database, lambda: now)
    broken.why = "database or disk is full"
    with pytest.raises(DatabaseRefusedError, match=r"troly\.db cannot be written \(database or disk is full\)"):
        await prove_writable(sqlite_database, lambda: now)
