"""The rig: one installation of the bot on one engine with one way of intake, beside a stand-in for the Bot API.

    async with Rig(case, folder, url) as rig:
        program = await rig.start()                     # `troly run`, ready to take updates
        hoa = rig.chat.person("Nguyễn Thị Hoa")
        await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
        await rig.kill(program)                         # SIGKILL; what was on the wire is counted
        await rig.start()
        await hoa.hears("80%")

The program runs on the machine's clock, or with `rig.be(moment)` on one that is moved from outside (libfaketime).
"""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.sandbox import FaultKind
from bot.sandbox.faults import Fault
from bot.sandbox.model import Call
from storage.engine import Database
from tests.e2e.chat import Chat, Seat
from tests.faults.clocks import clock_of, show
from tests.faults.figures import Figures
from tests.faults.nursery import Nursery
from tests.faults.programs import PATIENCE, Process, Program, as_user, start_program

ADMIN = 4999
SENDS = frozenset({"sendMessage", "sendPhoto", "sendDocument", "editMessageText"})
MARKING = 0.3  # seconds after its answer in which a message may not have been marked as sent yet
STEPS = 3
"""Messages since whose arrival it may not have been marked either: a claim marks what was answered before it, and on a
busy machine three claims take longer than `MARKING`."""


class Engine(StrEnum):
    """The database's engine."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Intake(StrEnum):
    """The way updates come in."""

    POLLING = "polling"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Case:
    """One run of a row of the matrix; the same case with the same seed does the same."""

    row: int
    engine: Engine = Engine.SQLITE
    intake: Intake = Intake.POLLING
    seed: int = 1

    @property
    def id(self) -> str:
        """row58-sqlite-polling-seed1"""
        return f"row{self.row}-{self.engine}-{self.intake}-seed{self.seed}"


class Rig:
    """An installation under test.

    Attributes:
        chat: the people at it, and `sandbox` the stand-in for Telegram behind them; `admin` sits in it.
        chance: the case's own source of chance.
        figures: what the case has put through so far.
        full: whether there is time for waits as long as in life.
        settings: the environment of the programs that are started next.
        before: the words of a command that runs those programs in turn, if any.
        user: as whom they run, if not as whoever runs the tests.
        programs: all that were started.
        secrets: texts that must never stand in a log.
    """

    def __init__(
        self,
        case: Case,
        folder: Path,
        url: str,
        *,
        full: bool = False,
        nursery: Nursery | None = None,
        **options: Any,
    ) -> None:
        """`folder` is the working folder, `url` the address of a migrated database, `nursery` where programs come from
        that need no start of their own; `options` are the sandbox's."""
        self.full = full
        self._nursery = nursery
        self.case = case
        self.folder = folder
        self.url = url
        self.chance = random.Random(f"{case.row} {case.seed}")
        self.figures = Figures(case.row)
        self.chat = Chat(patience=PATIENCE, **{"webhook_pause": 0.2, **options})
        self.sandbox = self.chat.sandbox
        self.programs: list[Program] = []
        self.settings: dict[str, str] = {}
        self.before: tuple[str, ...] = ()
        self.user: int | None = None
        self.secrets: list[str] = []
        self._wire_from = self._unused_from = 0
        self._faults: list[Fault] = []
        self.admin: Seat

    async def __aenter__(self) -> Self:
        await self.chat.__aenter__()
        self.admin = self.chat.person("Quản trị viên", person_id=ADMIN)
        self.admin.person.started = True
        self.secrets += [self.sandbox.token, self.sandbox.token.partition(":")[2]]
        self.settings = {
            "TELEGRAM_BOT_TOKEN": self.sandbox.token,
            "TELEGRAM_API_URL": self.sandbox.url,
            "DATABASE_URL": self.url,
            "ADMIN_IDS": str(ADMIN),
            "QUIET_HOURS": "00:00-00:00",
            "SEND_RATE": "0",
            "LOG_LEVEL": "DEBUG",
        }
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for program in self.programs:
            await program.end()
        await self.chat.__aexit__(kind, error, trace)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file."""
        return self.case.engine is Engine.SQLITE

    @property
    def by_webhook(self) -> bool:
        """Whether updates come by webhook."""
        return self.case.intake is Intake.WEBHOOK

    # Programs

    async def start(
        self, *, ready: bool = True, module: str = "bot.cli", arguments: tuple[str, ...] = ("run",), **settings: str
    ) -> Program:
        """Start `troly run` with `settings` of its own; unless `ready` is False, wait until it takes updates.

        `module` and `arguments` are those of another program.
        """
        port = free_port()
        own = {"LISTEN": f"127.0.0.1:{port}"}
        if self.by_webhook:
            own["WEBHOOK_URL"] = f"http://127.0.0.1:{port}/telegram"
        taking = "setWebhook" if self.by_webhook else "getUpdates"
        before = self.sandbox.counts.get(taking, 0)
        output = self.folder / f"output-{len(self.programs) + 1}.txt"
        with output.open("wb") as file:
            given = {**self.settings, **own, **settings}
            process: Process
            nursery = self._nursery.find(given) if self._nursery is not None and not self.before else None
            if nursery is not None:
                process = await nursery.start(
                    self.folder, *arguments, settings=given, output=file, module=module, user=self.user
                )
            else:
                process = await start_program(
                    self.folder,
                    *arguments,
                    settings=given,
                    output=file,
                    module=module,
                    before=(*as_user(self.user), *self.before),
                )
        program = Program(process, output, port)
        self.programs.append(program)
        if ready:
            await self.until(
                lambda: self.sandbox.counts.get(taking, 0) > before or not _runs(program), "the program does not start"
            )
            assert program.is_alive, program.said
        return program

    async def kill(self, *programs: Program) -> None:
        """SIGKILL these at this moment, all at once."""
        at = time.perf_counter()
        for program in programs:
            program.signal(signal.SIGKILL)
        for program in programs:
            await self.dies(program, at=at)

    async def dies(self, program: Program, *, within: float = PATIENCE, at: float | None = None) -> None:
        """Wait for the death that a fault brings, and count what was on the wire then.

        On the wire is what the Bot API had received or was receiving and had not answered: requests that a dead
        process had written still arrive.
        """
        await program.wait(within)
        if at is None:
            at = max((fault.fired for fault in self._faults if fault.pid == program.pid), default=0.0)
            at = at or time.perf_counter()
        await self._let_arrive()
        self.figures.kills += 1
        sent = [call for call in self.sandbox.history[self._wire_from :] if call.method in SENDS]
        self.figures.on_wire += sum(not call.answered or call.answered > at for call in sent)
        begun = sorted(call.arrived for call in sent if call.arrived <= at)[-STEPS:]
        unmarked_from = min([at - MARKING, *begun[:1]])
        self.figures.answered += sum(unmarked_from < call.answered <= at for call in sent)
        self.figures.opening += self.sandbox.unused_connections - self._unused_from
        self._unused_from = self.sandbox.unused_connections
        self._wire_from = len(self.sandbox.history)

    def fault(self, kind: FaultKind, method: str, **given: Any) -> Fault:
        """Schedule a fault; see `Fault` for what can be given."""
        fault = Fault(kind, method, **given)
        self.sandbox.faults.add(fault)
        self._faults.append(fault)
        return fault

    async def stop(self, program: Program, *, within: float = PATIENCE) -> None:
        """SIGTERM, and wait for its orderly end."""
        program.signal(signal.SIGTERM)
        code = await program.wait(within)
        assert code == 0, program.said[-2000:]

    # Waiting

    async def until(self, condition: Callable[[], bool], complaint: str, within: float = PATIENCE) -> None:
        """Wait until something holds, looking after each change at the Bot API and now and then; fail after `within`
        seconds."""
        __tracebackhide__ = True
        ends = time.monotonic() + within
        while not condition():
            left = ends - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{complaint} (waited {within:.0f} s)\n{self.story}")
            await self.sandbox.wait_until(condition, min(0.25, left))

    async def _let_arrive(self) -> None:
        """Let what dead programs had written arrive."""
        for _ in range(5):
            await asyncio.sleep(0.01)

    async def pass_time(self, seconds: float) -> None:
        """Let real time pass: for what must not happen within it."""
        await self.sandbox.wait_until(lambda: False, seconds)

    @property
    def story(self) -> str:
        """The last calls and the last lines of each program, for whoever looks into a failure."""
        calls = [_told(call) for call in self.sandbox.history[-12:]]
        said = [f"--- {program.output.name}\n{program.said[-1500:]}" for program in self.programs[-2:]]
        return "\n".join([f"--- {self.case.id}", *calls, *said])

    # The database

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The database, opened beside whatever runs."""
        database = await Database.open(self.url)
        try:
            yield database
        finally:
            await database.close()

    # The clock

    def be(self, moment: datetime) -> None:
        """Let the clock of the programs show that moment and run on; before the first start, or while one runs that
        was started on such a clock."""
        file = self.folder / "clock"
        self.settings |= clock_of(file)
        show(file, moment)

    def pass_in_sandbox(self, **span: float) -> None:
        """Let time pass for everyone while no program runs: `minutes=10`; on a clock that was set with `be`."""
        self.sandbox.clock.move(timedelta(**span))
        self.be(self.sandbox.clock())


def now() -> datetime:
    """The machine's time, which the programs run on."""
    return datetime.now(UTC)


def _runs(program: Program) -> bool:
    return program.is_alive


def _told(call: Call) -> str:
    return f"{call.method} chat={call.chat_id} status={call.status} fault={call.fault} {call.description}"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
