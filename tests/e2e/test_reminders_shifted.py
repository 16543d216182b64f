"""The real program, by itself, on a shifted system clock: reminders come on their days, and once after an outage."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bot.sandbox import Player, Sandbox
from storage.engine import Database
from tests.e2e.chat import Chat
from tests.e2e.reminders_tree import BINH, HOA, HUNG, LAN, Tree, at, plant, submit
from tests.faults.clocks import LIBRARIES, clock_of, show
from tests.faults.nursery import Nursery, Nursling

pytestmark = pytest.mark.skipif(
    not LIBRARIES or sys.platform != "linux", reason="libfaketime is not installed (Debian package faketime)"
)


class Shifted:
    """A program whose clock can be moved while it runs."""

    def __init__(self, nursery: Nursery, folder: Path, sandbox: Sandbox) -> None:
        self._nursery = nursery
        self._folder = folder
        self._sandbox = sandbox
        self._file = folder / "clock"

    def be(self, moment: datetime) -> None:
        """Let the program's clock show that moment and run on."""
        show(self._file, moment)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Nursling]:
        """`troly run`, killed at the end."""
        settings = {
            **clock_of(self._file),
            "TELEGRAM_BOT_TOKEN": self._sandbox.token,
            "TELEGRAM_API_URL": self._sandbox.url,
            "DATABASE_URL": f"sqlite:///{self._folder / 'shifted.db'}",
            "SEND_RATE": "0",
            "LOG_LEVEL": "INFO",
        }
        with (self._folder / "output.txt").open("ab") as output:
            nursery = self._nursery.find(settings)
            assert nursery is not None
            program = await nursery.start(self._folder, "run", settings=settings, output=output)
        try:
            yield program
        finally:
            if program.returncode is None:
                program.kill()
            await program.wait()


async def _database(folder: Path) -> Database:
    return await Database.open(f"sqlite:///{folder / 'shifted.db'}")


async def _plant(folder: Path) -> Tree:
    database = await _database(folder)
    async with database.write() as db:
        tree = await plant(db)
    await database.close()
    return tree


@pytest.mark.long
async def test_the_program_itself_reminds_on_the_right_days(nursery: Nursery, tmp_path: Path) -> None:
    tree = await _plant(tmp_path)
    async with Chat() as chat:
        sandbox = chat.sandbox
        for telegram_id, first, last in (
            (HUNG, "Lê Văn", "Hùng"),
            (HOA, "Nguyễn Thị", "Hoa"),
            (BINH, "Phạm Quốc", "Bình"),
            (LAN, "Hồ Ngọc", "Lan"),
        ):
            sandbox.add_person(Player(telegram_id, first, last), started=True)
        hoa, binh, hung = chat.seat(HOA), chat.seat(BINH), chat.seat(HUNG)
        program = Shifted(nursery, tmp_path, sandbox)
        program.be(at("29/10", "08:29"))
        async with program.running():
            await sandbox.wait_until(lambda: any(True for _ in sandbox.calls("getUpdates")), 15)
            program.be(at("29/10", "08:31"))
            await hoa.hears("Còn 7 ngày đến hạn")
            await binh.hears("Còn 7 ngày đến hạn")
            program.be(at("02/11", "08:31"))
            await hoa.hears("Còn 3 ngày đến hạn")
            await binh.hears("Còn 3 ngày đến hạn")
        database = await _database(tmp_path)
        async with database.write() as db:
            await submit(db, tree.may, at("02/11", "20:00"))
        await database.close()
        program.be(at("06/11", "10:00"))
        async with program.running():
            await binh.hears("Đã quá hạn", "quá hạn 1 ngày")
            await hung.hears("Còn thiếu 2/3 đơn vị")
        assert len([message for message in binh.room.shown if message.by_bot]) == 3
        assert len([message for message in hoa.room.shown if message.by_bot]) == 2
