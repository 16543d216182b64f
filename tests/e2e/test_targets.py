"""/chitieu: how far one's unit is from what its plan sets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.engine import Database
from storage.people import RoleName
from tests.e2e.region import Region, region_on


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        await region.fill()
        yield region


async def test_an_officer_reads_the_own_units_part(region: Region) -> None:
    hoa = await region.officer(region.may)
    await hoa.says("/chitieu")
    told = await hoa.hears("CĐCS May Sông Xanh", "A15/KH-CĐCT", "chưa giao riêng cho CĐCS May Sông Xanh", "100.000")
    told.lacks("154.880", "158.000")


async def test_a_supervisor_reads_the_whole_or_the_unit_that_is_named(region: Region) -> None:
    boss = await region.supervisor(region.top)
    await boss.says("/chitieu 2030")
    await boss.hears("Công đoàn Công Thương", "154.880/158.000", "còn thiếu 3.120")
    await boss.says("/chitieu cảng cửa việt")
    (await boss.hears("CĐCS Cảng Cửa Việt", "Tổng số đoàn viên đến tháng 10/2026: 4.880")).lacks("158.000")
    await boss.says("/chitieu 2027")
    await boss.hears("không đặt chỉ tiêu nào cho năm 2027")


async def test_it_stands_in_the_menu_of_whoever_has_a_unit(region: Region) -> None:
    boss, guest = await region.supervisor(region.north), await region.join("Người lạ")
    for seat, sees in ((boss, True), (guest, False)):
        await seat.says("/help")
        told = await seat.hears("/kehoach")
        assert ("/chitieu – Chỉ tiêu của đơn vị, đã đạt đến đâu" in told.text) is sees
    await guest.says("/chitieu")
    await guest.hears("mã mời")


async def test_nothing_is_shown_from_outside_the_own_subtree(region: Region) -> None:
    boss = await region.join("Lê Văn Hùng", (region.north, RoleName.SUPERVISOR))
    await boss.says("/chitieu cảng cửa việt")
    (await boss.hears("không thấy đơn vị nào")).lacks("4.880")
