"""A supervisor of one subtree sees nothing of another: by no button, word, inline query or file."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from openpyxl import load_workbook

from knowledge.forms import MONTHLY_FORM
from storage import errands, people, submissions
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.region import OCTOBER, Region, region_on

REPORT = f"n.{MONTHLY_FORM}.2026-10"
FOREIGN = ("Cảng Cửa Việt", "khu Nam", "4.880", "5.100")


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        await region.fill()
        yield region


async def test_a_forged_button_shows_nothing_of_another_subtree(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await boss.says("/tonghop")
    own = await boss.hears("Công đoàn khu Bắc")
    for action in "vmefonxytg":
        for unit in (region.south, region.cang, region.top):
            await boss.taps_forged(own, f"sum:{action}:{unit.id}:{REPORT}:0")
            assert "đơn vị mình" in await boss.hears_toast()
    await region.wait_for_errands()
    boss.hears_nothing_more()
    assert not any(piece in boss.transcript() for piece in FOREIGN)


BROKEN = (
    "sum:v:999999:n.doan-vien-thang.2026-10:0",
    "sum:v:x:n.doan-vien-thang.2026-10:0",
    "sum:v:{north}:n.doan-vien-thang.2099-10:0",
    "sum:v:{north}:n.không-có.2026-10:0",
    "sum:v:{north}:c.1:0",
    "sum:v:{north}",
    "sum:v",
    "sum:",
    "sum:zz:{north}:n.doan-vien-thang.2026-10",
    "sum:w:1",
    "sum:w:999999999999",
    "sum:j:{south}:0",
    "sum:j:0:0",
    "up:r:1",
    "up:a:AAAAAAAAAAAAAAAA",
    "up:",
)


async def test_broken_data_is_answered_alike_and_does_nothing(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await boss.says("/tonghop")
    own = await boss.hears("Công đoàn khu Bắc")
    for data in BROKEN:
        await boss.taps_forged(own, data.format(north=region.north.id, south=region.south.id))
        assert await boss.hears_toast(), data
    boss.hears_nothing_more()


async def test_words_find_nothing_outside_the_subtree(region: Region) -> None:
    boss = await region.supervisor(region.north)
    for said in ("/tonghop cảng cửa việt", "/chuanop khu nam", "/tonghop CANG", "cảng cửa việt nộp tháng 10 chưa"):
        await boss.says(said)
        (await boss.hears("không thấy đơn vị nào")).lacks("CĐCS Cảng Cửa Việt", "4.880")
    await boss.says("những đơn vị nào chưa báo cáo")
    (await boss.hears("Công đoàn khu Bắc")).lacks("Cảng Cửa Việt")


async def test_an_officer_sees_the_own_unit_only_and_reminds_nobody(region: Region) -> None:
    hoa = await region.officer(region.may)
    await hoa.says("/tonghop")
    own = await hoa.hears("CĐCS May Sông Xanh", "Đoàn viên: 100.000")
    assert not {"↑ Cấp trên", "Chưa nộp (1)"} & set(own.labels)
    for data in (f"sum:n:{region.may.id}:{REPORT}", f"sum:v:{region.north.id}:{REPORT}:0"):
        await hoa.taps_forged(own, data)
        assert await hoa.hears_toast()
    hoa.hears_nothing_more()
    await hoa.says("/nhatky")
    await hoa.hears("quản trị viên")


async def test_inline_queries_never_show_figures(region: Region) -> None:
    boss = await region.supervisor(region.top)
    for asked in ("còn thiếu bao nhiêu đoàn viên so với chỉ tiêu 2030?", "những đơn vị nào chưa báo cáo", "tổng hợp"):
        for card in await boss.asks_inline(asked):
            assert not any(
                piece in card.text for piece in ("154.880", "3.120", "104.880", "May Sông Xanh", "Tân Phong")
            )


async def test_a_group_hears_no_figures(region: Region) -> None:
    boss = await region.supervisor(region.north)
    group = region.chat.group("Nhóm cán bộ", boss)
    there = boss.in_group(group)
    await there.says("/tonghop@" + str(region.chat.sandbox.bot["username"]))
    (await there.hears("trò chuyện riêng")).lacks("100.000")


async def test_a_file_fills_in_nothing_of_another_subtree(region: Region) -> None:
    top = await region.supervisor(region.top, "Trần Văn Lan")
    await top.says("/tonghop khu nam")
    await top.hears("khu Nam")
    await top.taps("Excel")
    await region.wait_for_errands()
    book = load_workbook(io.BytesIO((await top.hears("tháng 10/2026")).file))
    rows = {row[0].value: row for row in book.worksheets[0].iter_rows() if row[0].value}
    for key in ("workers", "members", "admitted", "lost"):
        rows[key][5].value = 1
    changed = io.BytesIO()
    book.save(changed)
    boss = await region.supervisor(region.north)
    await boss.sends_document("khu-nam.xlsx", changed.getvalue())
    (await boss.hears("1 cột không thuộc đơn vị anh")).lacks("Cảng", "4.880")
    async with region.database.read() as db:
        stands = await submissions.find_current(db, region.cang.id, MONTHLY_FORM, OCTOBER)
    assert stands is not None
    assert stands.version == 1
    guest = region.chat.person("Khách Lạ")
    guest.person.started = True
    await guest.sends_document("khu-nam.xlsx", changed.getvalue())
    (await guest.hears("chưa nhận vai trò")).lacks("Cảng")


async def test_a_file_asked_for_is_not_made_once_the_role_has_ended(region: Region) -> None:
    boss = await region.supervisor(region.north)
    async with region.database.write() as db:
        person = await people.find_by_telegram(db, boss.id)
        assert person is not None
        details = {"person": boss.id, "unit": region.north.id, "report": REPORT}
        await people.end_role(db, person.id, region.north.id, RoleName.SUPERVISOR, region.clock())
        await errands.add(db, "workbook", boss.id, details, region.clock(), key="test")
    await region.wait_for_errands()
    (await boss.hears("đơn vị mình")).lacks("100.000")
    assert "[document]" not in boss.transcript()


async def test_the_digest_of_each_supervisor_is_about_the_own_subtree(region: Region) -> None:
    north = await region.supervisor(region.north)
    south = await region.supervisor(region.south, "Người Phía Nam")
    await region.move_to_digest()
    await north.sees("Kết quả tháng 10/2026 – Công đoàn khu Bắc")
    await south.sees("Kết quả tháng 10/2026 – Công đoàn khu Nam")
    assert "khu Nam" not in north.transcript()
    assert "khu Bắc" not in south.transcript()
