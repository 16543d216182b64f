"""January: the year is told once, to the unit's officer and to the supervisor, and not to who muted reminders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.forms import MONTHLY_FORM
from knowledge.model.periods import Period
from storage import earlier_reports, people, reminders
from storage.engine import Database
from storage.reminders import Preferences
from tests.e2e.chat import Seat
from tests.e2e.region import Region, region_on
from tests.monthly import monthly_figures

#: The 5th of January 2027, a Tuesday, is the due date; this is the next morning, half past eight in Vietnam.
MORNING = datetime(2027, 1, 6, 2, 0, tzinfo=UTC)


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        yield region


async def _report_the_year(region: Region) -> None:
    """MAY from December to December but for March, late in July; CANG in December alone; some of the year before."""
    await region.reported(region.may, Period.month(2025, 11), 1_000, 790, 5, 1)
    await region.reported(region.may, Period.month(2025, 12), 1_000, 800, 10, 0)
    members = 800
    for number in (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12):
        members += 8
        await region.reported(region.may, Period.month(2026, number), 1_000, members, 10, 2, on_time=number != 7)
    await region.reported(region.cang, Period.month(2026, 12), 5_000, 4_000)


async def _mute(region: Region, seat: Seat, until: datetime) -> None:
    async with region.database.write() as db:
        person = await people.find_by_telegram(db, seat.id)
        assert person is not None
        await reminders.keep_preferences(db, person.id, Preferences(muted_until=until), region.clock())


async def _be(region: Region, moment: datetime) -> None:
    """Let it be that moment, and everything be done that comes with it."""
    region.clock.move_to(moment)
    for _ in range(3):
        await region.bot.tick_all()


async def test_the_year_is_told_once_on_the_first_working_morning_after_december_was_due(region: Region) -> None:
    hoa = await region.officer(region.may)
    silent = await region.officer(region.cang, "Phạm Thị Lan")
    muted = await region.officer(region.may, "Trần Văn Bình")
    boss = await region.supervisor(region.top)
    await _report_the_year(region)
    await _mute(region, muted, MORNING + timedelta(days=20))
    for early in (MORNING - timedelta(days=1), MORNING - timedelta(hours=1), MORNING - timedelta(minutes=25)):
        await _be(region, early)
        assert "Năm 2026" not in hoa.transcript() + boss.transcript()
    await boss.sees("Kết quả tháng 12/2026 – Công đoàn Công Thương")

    await _be(region, MORNING)
    heard = await hoa.sees("Năm 2026 của CĐCS May Sông Xanh")
    heard.says(
        "Đã gửi 11/12 báo cáo tháng, đúng hạn 10.",
        "Đoàn viên: 800 (tháng 12/2025) → 888 (tháng 12/2026), +88",
        "Cả năm: kết nạp mới 110, giảm 22 (cộng từ 11 báo cáo đã nộp)",
        "Cảm ơn chị Nguyễn Thị Hoa",
    ).has_buttons("Excel 12 tháng")
    (await silent.sees("Năm 2026 của CĐCS Cảng Cửa Việt")).says("1/12").lacks("→")
    (await boss.sees("Năm 2026 – Công đoàn Công Thương và các đơn vị bên dưới")).says(
        "đã nộp 12/48 (25%), đúng hạn 11",
        "Đoàn viên cuối năm: 4.888, theo báo cáo gần nhất của 2 đơn vị",
        "Riêng 1 đơn vị có báo cáo cả hai kỳ: 800 (tháng 12/2025) → 888 (tháng 12/2026), +88",
        "So với năm 2025, chỉ tính 2 báo cáo có cùng tháng ở cả hai năm: kết nạp mới 20 (+5), giảm 4 (+3).",
        "Cảm ơn anh Lê Văn Hùng",
    ).has_buttons("Xem tổng hợp", "Excel 12 tháng")

    await region.reported(region.may, Period.month(2026, 12), 1_000, 900, 22, 2)
    for later in (1, 24, 48, 24 * 20):
        await _be(region, MORNING + timedelta(hours=later))
    assert hoa.transcript().count("Năm 2026 của") == 1
    assert boss.transcript().count("Năm 2026 –") == 1
    assert "Năm 2026" not in muted.transcript()


async def test_nothing_is_told_of_a_year_in_which_nothing_came(region: Region) -> None:
    hoa, boss = await region.officer(region.may), await region.supervisor(region.north)
    await _be(region, MORNING)
    assert "Năm 2026" not in hoa.transcript() + boss.transcript()


async def test_what_was_brought_in_is_summed_and_counted_as_nobodys_report(region: Region) -> None:
    hoa, boss = await region.officer(region.may), await region.supervisor(region.top)
    given = monthly_figures(1_000, 800, 7, 1)
    earlier = {(region.may.id, Period.month(2026, number)): given for number in range(1, 12)}
    async with region.database.write() as db:
        await earlier_reports.bring_in(db, MONTHLY_FORM, earlier, region.clock(), by=None)
    await region.reported(region.may, Period.month(2026, 12), 1_000, 810, 10, 2, on_time=False)
    await _be(region, MORNING)
    (await hoa.sees("Năm 2026 của")).says("1/1 báo cáo tháng, đúng hạn 0", "kết nạp mới 87, giảm 13")
    (await boss.sees("Năm 2026 –")).says("đã nộp 1/37", "đúng hạn 0", "(cộng từ 12 báo cáo đã nộp)")
