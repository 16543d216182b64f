"""The stories of one process, told to three: on one PostgreSQL, behind a balancer that knows nothing of them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest

from bot.app import Bot
from bot.sandbox import MovableClock, Player, Sandbox
from storage.engine import Database
from tests.e2e import test_reminders, test_submissions_guided, test_submissions_in_one_message, test_submissions_shared
from tests.e2e.chat import PATIENCE, Chat, Seat
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.reminders_tree import BINH, HOA, HUNG, LAN, at, plant, submit
from tests.e2e.test_reminders import Stage
from tests.e2e.town import OPENING_DAY, Town, build_town
from tests.faults.balancer import Balancer
from tests.faults.nursery import Nursery
from tests.faults.programs import Program
from tests.faults.rig import free_port

PROCESSES = 3
TOWN_STORIES: tuple[Callable[[Town], Awaitable[None]], ...] = (
    test_submissions_guided.test_the_guided_way,
    test_submissions_guided.test_two_taps_make_a_report_and_the_totals_follow,
    test_submissions_guided.test_going_back_and_keeping,
    test_submissions_in_one_message.test_an_ordinary_month_takes_two_messages,
    test_submissions_in_one_message.test_what_is_unclear_in_the_message_is_asked_back,
    test_submissions_shared.test_a_colleague_goes_on_where_the_draft_was_left_and_a_stale_step_is_told,
)


class Three:
    """The processes, as the stories ask for a bot."""

    def __init__(self, clock: MovableClock, programs: list[Program]) -> None:
        self._clock = clock
        self.programs = programs

    async def tick_all(self) -> None:
        """Let it be the stage's moment for all of them at once, and have each do all that comes by the clock."""
        moment = self._clock().isoformat()
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            posts = (client.post(f"http://127.0.0.1:{each.port}/moment", content=moment) for each in self.programs)
            assert [answer.status_code for answer in await asyncio.gather(*posts)] == [200] * len(self.programs)


@asynccontextmanager
async def three(nursery: Nursery, sandbox: Sandbox, url: str, folder: Path) -> AsyncIterator[Three]:
    """Three processes on the sandbox's clock; stopped in order afterwards."""
    clock = sandbox.clock
    async with Balancer() as balancer, AsyncExitStack() as ending:
        settings = {
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "DATABASE_URL": url,
            "ADMIN_IDS": str(ADMIN_ID),
            "SEND_RATE": "0",
            "BOT_NAME": "keep",
            "WEBHOOK_URL": f"{balancer.url}/telegram",
        }
        programs = []
        for number in range(PROCESSES):
            port, output = free_port(), folder / f"process-{number}.txt"
            arguments = (clock().isoformat(), *(() if clock.is_running else ("still",)))
            with output.open("wb") as file:
                process = await nursery.start(
                    folder,
                    *arguments,
                    settings=settings | {"LISTEN": f"127.0.0.1:{port}"},
                    output=file,
                    module="tests.e2e.moved_program",
                )
            program = Program(process, output, port)
            ending.push_async_callback(program.end)
            programs.append(program)
        for program in programs:
            async with asyncio.timeout(PATIENCE):
                while (await program.health())[0] != 200:
                    assert program.is_alive, program.said
                    await asyncio.sleep(0.05)
        balancer.ports = [program.port for program in programs]
        yield Three(clock, programs)
        assert min(balancer.passed_on[port] for port in balancer.ports) > 0, "not all took part"
        for program in programs:
            program.signal(signal.SIGTERM)
        assert [await program.wait(within=10) for program in programs] == [0] * PROCESSES
        assert not [line for program in programs for line in program.said.splitlines() if " ERROR " in line]


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    """What the tests themselves look into."""
    opened = await Database.open(postgres_url)
    yield opened
    await opened.close()


@pytest.fixture
async def stage(nursery: Nursery, database: Database, postgres_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The small tree of the reminders, with three processes at work; the clock stands still between moves."""
    async with Chat(clock=MovableClock(stopped_at=at("27/10", "08:00"))) as chat:
        names = {HUNG: "Lê Văn Hùng", HOA: "Nguyễn Thị Hoa", BINH: "Phạm Quốc Bình", LAN: "Hồ Ngọc Lan"}
        for telegram_id, name in names.items():
            first, _, last = name.rpartition(" ")
            chat.sandbox.add_person(Player(telegram_id, first, last), started=True)
        async with database.write() as db:
            tree = await plant(db)
        async with three(nursery, chat.sandbox, postgres_url, tmp_path) as processes:
            yield Stage(chat, cast(Bot, processes), database, tree)


@pytest.mark.long
async def test_a_broadcast_reports_reminders_and_a_nudge(stage: Stage) -> None:
    await test_reminders.test_a_broadcast_is_shown_sent_and_counted(stage)
    await stage.be(OPENING_DAY)
    for number, story in enumerate(TOWN_STORIES):
        await story(await build_town(stage.chat, stage.database, stage.clock, codes_end=f"-{number}"))
    await are_reminded_once(stage)


async def are_reminded_once(stage: Stage) -> None:
    """All three look at the same moments; whoever blocks the bot is left alone."""
    before = {seat.id: len(stage.told(seat)) for seat in (stage.hoa, stage.binh, stage.lan)}

    def told(seat: Seat) -> list[str]:
        return stage.told(seat)[before[seat.id] :]

    for hour in ("08:30", "08:31", "14:00"):
        await stage.be(at("29/10", hour))
    early, late = "29/10 08:30 🔔 Còn 7 ngày đến hạn", "06/11 08:30 ⏰ Đã quá hạn, đơn vị mình vẫn chưa xong"
    assert (told(stage.hoa), told(stage.binh)) == ([early], [early])
    async with stage.database.write() as db:
        await submit(db, stage.tree.may, at("30/10", "10:00"))
    await stage.be(at("06/11"))
    assert told(stage.binh) == [early, late]
    await stage.hung.sees("Còn thiếu 2/3 đơn vị")
    await stage.hung.taps("Nhắc tất cả")
    await stage.hung.sees("Đã nhắc 1 cán bộ")
    await stage.settle()
    assert told(stage.binh) == [early, late, late], "the nudge"
    assert told(stage.hoa) == [early]
    assert told(stage.lan) == []
