"""Inviting forty units at once, watching them join, and handing over: as chats."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pdfplumber
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.features.people.sheets import make_qr_picture
from knowledge.model.units import UnitKind
from storage import people, units
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.chat import Heard, Seat
from tests.e2e.region import Region, region_on
from tests.e2e.town import OPENING_DAY

FORTY = 40


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        async with region.database.write() as db:
            for number in range(FORTY - 3):
                await units.add(
                    db,
                    code=f"=B{number:02}",
                    name=f"CĐCS Công ty Cổ phần Dệt sợi số {number:02}",
                    kind=UnitKind.PRIVATE,
                    registered_on=OPENING_DAY.date(),
                    parent_id=region.north.id,
                )
            lan = await people.add(db, "Hồ Ngọc Lan", region.clock(), phone="+84901000005")
            await people.grant(db, lan.id, region.truong.id, RoleName.OFFICER, region.clock())
        yield region


def updates_of(region: Region, seat: Seat) -> int:
    """How many messages and taps of somebody Telegram has handed over."""
    sandbox = region.chat.sandbox
    return sum(
        update.json[update.kind]["from"]["id"] == seat.id
        for update in (*sandbox.updates, *sandbox.past_updates)
        if update.kind in {"message", "callback_query"}
    )


def codes_in(file: Heard) -> dict[str, str]:
    """The codes of a workbook, by the code of the unit."""
    sheet = load_workbook(io.BytesIO(file.file)).active
    assert isinstance(sheet, Worksheet)
    rows = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).isdecimal()]
    return {str(row[2]): str(row[6]) for row in rows}


async def test_forty_units_are_invited_in_two_taps_and_watched_joining(region: Region) -> None:
    hung = await region.supervisor(region.north)
    before = updates_of(region, hung)
    await hung.says("/moi")
    await hung.hears("Công đoàn khu Bắc", "40")
    await hung.taps("Mời cả loạt")
    await hung.hears("đang làm tệp mã mời")
    await region.wait_for_errands()
    table = await hung.hears("Mã mời cho 40 đơn vị", "một lần", "đúng đơn vị")
    printed = await hung.hears("cắt rời")
    assert updates_of(region, hung) - before <= 4

    assert table.file_name == "ma-moi_BAC.xlsx"
    codes = codes_in(table)
    assert len(set(codes.values())) == FORTY
    sheet = load_workbook(io.BytesIO(table.file)).active
    assert isinstance(sheet, Worksheet)
    (row,) = [row for row in sheet.iter_rows(values_only=True) if row[2] == "TR"]
    link = f"https://t.me/troly_congdoan_bot?start={codes['TR']}"
    assert row[3:8] == ("Cán bộ nhập liệu", "Hồ Ngọc Lan", "0901 000 005", codes["TR"], link)
    with zipfile.ZipFile(io.BytesIO(table.file)) as parts:
        pictures = [parts.read(name) for name in parts.namelist() if name.startswith("xl/media/")]
    assert len(pictures) == FORTY
    assert make_qr_picture(link) in pictures
    with pdfplumber.open(io.BytesIO(printed.file)) as pdf:
        assert len(pdf.pages) == FORTY // 8
        text = "\n".join(page.extract_text() for page in pdf.pages)
    assert all(f"/start {code}" in text for code in codes.values())
    assert "CĐCS Trường Nguyễn Du" in text

    await hung.taps("Ai đã tham gia")
    watched = await hung.hears("Đã tham gia 0/40", "CĐCS Cơ khí Tân Phong – đã có mã mời")
    await hung.taps("Trang sau ›", on=watched)
    await hung.sees_change("CĐCS Trường Nguyễn Du – đã có mã mời; Hồ Ngọc Lan, 0901 000 005", of=watched)
    minh = region.chat.person("Võ Minh")
    await minh.starts(codes["TR"])
    await minh.hears("đã tham gia", "CĐCS Trường Nguyễn Du")
    await hung.sees_change("Đã tham gia 1/40", "✅ CĐCS Trường Nguyễn Du", of=watched)
    await hung.hears("Võ Minh", "đã dùng mã mời")


async def test_codes_given_out_before_go_on_and_the_next_files_leave_out_who_joined(region: Region) -> None:
    hung = await region.supervisor(region.north)

    async def invite_all() -> Heard:
        await hung.says("/moi")
        await hung.hears("Công đoàn khu Bắc")
        await hung.taps("Mời cả loạt")
        await hung.hears("đang làm")
        await region.wait_for_errands()
        heard = await hung.hears("Mã mời cho")
        await hung.hears("cắt rời")
        return heard

    first = codes_in(await invite_all())
    may = region.chat.person("Võ Minh")
    await may.starts(first["MAY"])
    await may.hears("đã tham gia")
    await hung.hears("đã dùng mã mời")
    again = (await invite_all()).says("39 đơn vị đã có mã phát trước đây: mã cũ vẫn dùng được")
    assert "MAY" not in codes_in(again)
    truong = region.chat.person("Hồ Ngọc Lan")
    await truong.starts(first["TR"])
    await truong.hears("đã tham gia", "CĐCS Trường Nguyễn Du")
    region.clock.move_to(region.clock() + timedelta(days=8))
    late = region.chat.person("Đến muộn")
    await late.starts(codes_in(again)["CK"])
    await late.hears("không dùng được")


async def test_an_invitation_is_shared_by_a_button(region: Region) -> None:
    hung = await region.supervisor(region.north)
    await hung.says("/moi CK")
    await hung.hears("CĐCS Cơ khí Tân Phong")
    await hung.taps("Mời cán bộ")
    await hung.sees_change("Mời ai vào")
    await hung.taps("Cán bộ nhập liệu")
    invitation = await hung.sees_change("dùng được một lần")
    (share,) = [button for row in invitation.message.buttons for button in row if button["text"] == "Chia sẻ"]
    asked = urlsplit(share["url"])
    assert (asked.netloc, asked.path) == ("t.me", "/share/url")
    shared = parse_qs(asked.query)
    assert shared["url"][0] in invitation.text
    assert "CĐCS Cơ khí Tân Phong" in shared["text"][0]


async def test_nobody_invites_all_or_watches_where_they_do_not_supervise(region: Region) -> None:
    hung, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await hung.says("/moi")
    page = await hung.hears("Công đoàn khu Bắc")
    for data in (f"u:all:{region.south.id}", f"u:w:{region.south.id}", f"u:j:{region.cang.id}"):
        await hung.taps_forged(page, data)
        assert await hung.hears_toast()
    await hoa.says("/toi")
    page = await hoa.hears("CĐCS May Sông Xanh")
    for data in (f"u:all:{region.north.id}", f"u:wp:{region.north.id}:1"):
        await hoa.taps_forged(page, data)
        assert await hoa.hears_toast()
    await region.wait_for_errands()
    hung.hears_nothing_more()
    hoa.hears_nothing_more()


async def test_units_out_of_reach_are_named_with_whom_to_call_and_invited_from_there(region: Region) -> None:
    hung, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await hung.says("/chuanop")
    page = await hung.hears("Chưa nộp tháng 10/2026")
    await hung.taps("Nhắc tất cả", on=page)
    assert "Đã nhắc 1 cán bộ; 39 đơn vị chưa có cán bộ tham gia" in await hung.hears_toast()
    answer = await hung.sees_change(
        "Đã nhắc 1 đơn vị",
        "Còn 39 đơn vị không nhắn được.",
        "CĐCS Trường Nguyễn Du – chưa có cán bộ tham gia; liên hệ Hồ Ngọc Lan, 0901 000 005",
        of=page,
    )
    await hoa.hears("Biến động đoàn viên")
    await hung.taps("Mời cán bộ: CĐCS Trường Nguyễn Du", on=answer)
    await hung.hears("Mã mời làm cán bộ nhập liệu của CĐCS Trường Nguyễn Du", "dùng được một lần")
    await region.move_to_digest()
    digest = (await hung.sees("Kết quả tháng 10/2026")).says("đơn vị không nhắn được:", "chưa có cán bộ tham gia")
    assert any(label.startswith("Mời cán bộ: ") for label in digest.labels)
