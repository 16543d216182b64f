"""What people write is in no line of the log, at its most talkative, also where things fail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy import text

from knowledge.forms import MONTHLY_FORM
from storage import inbox
from storage.engine import Database
from tests.bot.test_logs import logged
from tests.e2e.region import Region, region_on
from tests.knowledge.spreadsheets.files import Page, xlsx

MARK: Final = "vườnhồngkín"
NUMBER: Final = "774411"


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        await region.fill()
        yield region


async def settle(region: Region) -> None:
    """Let everything that was said be handled, failed tries included."""
    await region.wait_for_errands()
    async with region.database.read() as db:
        open_ones = {state for state in await inbox.count_by_state(db) if state not in {"done", "parked"}}
    if open_ones:
        await region.chat.all_taken()


async def test_no_word_of_anybodys_is_in_the_log(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    with logged(monkeypatch) as log:
        hoa = await region.officer(region.may, f"Nguyễn {MARK}")
        boss = await region.supervisor(region.north, f"Lê {MARK}")
        guest = region.chat.person(f"Khách {MARK}", phone=f"+84{NUMBER}")
        guest.person.started = True
        for said in (f"{MARK} là gì", f"/start {MARK}-ma-moi", f"/{MARK}", f"/lienhe {MARK}"):
            await guest.says(said)
            await guest.hears()
        await guest.shares_phone()
        await guest.sends_document(f"{MARK}.xlsx", b"PK", caption=MARK)
        await hoa.says(f"báo cáo tháng 10: cnvclđ {NUMBER}, đoàn viên 1.250, tăng 12, giảm 3, lý do {MARK}")
        await hoa.hears()
        await hoa.sends_document(f"{MARK}.xlsx", xlsx({MARK: Page([[MARK, NUMBER]])}))
        await hoa.hears()
        await hoa.sends_document(f"{MARK}.csv", f"{MARK};1\n".encode() * 3)
        own = await hoa.hears()
        await hoa.taps_forged(own, f"r:n:{region.may.id}:{MONTHLY_FORM}:{MARK}")
        await hoa.hears_toast()
        for said in ("/thongbao", f"Mời họp {MARK}", "/huy", "/dathan", f"Nộp {MARK}, 20/12/2026", "/huy"):
            await boss.says(said)
            await boss.hears()
        await settle(region)
        # Whatever fails from here on fails with these words in its hands.
        async with region.database.write() as db:
            await db.execute(text("ALTER TABLE missed_questions RENAME TO missed_questions_away"))
        await guest.says(f"trồng cây {MARK} {NUMBER}")
        await guest.sees("chưa xử lý được")
    said = log.getvalue()
    assert "batch stored" in said
    assert "update failed" in said
    assert MARK not in said
    assert NUMBER not in said
