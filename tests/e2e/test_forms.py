"""A form without a programmer: a workbook sent into the chat, approved, asked for, summed up, withdrawn."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from openpyxl import load_workbook

from storage import forms
from storage.engine import Database
from tests.e2e.chat import Heard, Seat
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.town import ONE_MESSAGE, Town, hears_summary, sends, town_on
from tests.knowledge.forms.workbook import made


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


@pytest.fixture
def admin(town: Town) -> Seat:
    return town.chat.person("Lê Quản Trị", person_id=ADMIN_ID)


async def test_a_monthly_form_from_its_workbook_to_the_totals_until_it_is_withdrawn(town: Town, admin: Seat) -> None:
    hoa, boss = await town.officer(), await town.supervisor()
    await admin.sends_document("nữ công.xlsx", made.women_monthly())
    shown = await admin.hears("Biểu mới: Báo cáo công tác nữ công hằng tháng", "2 ≤ 1", "2 đơn vị phải nộp")
    shown.has_buttons("Duyệt: từ tháng 10/2026", "Hủy").says("3. Số lao động nữ chưa vào công đoàn (người) = 1 − 2")
    await admin.taps("Duyệt: từ tháng 10/2026", on=shown)
    await admin.hears("Đã duyệt: Nữ công tháng", "Áp dụng từ tháng 10/2026: 2 đơn vị phải nộp")

    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("/baocao")
    await hoa.hears("1/3", "Tổng số lao động nữ (người)?")
    await hoa.says("120")
    await hoa.hears("2/3", "Số nữ đoàn viên công đoàn (người)?")
    await hoa.says("100")
    await hoa.hears("3/3", "Số tiền thăm hỏi nữ đoàn viên (triệu đồng)?")
    await hoa.says("5,5")
    await hears_summary(hoa, "Nữ công tháng – tháng 10/2026", "Chưa vào công đoàn: 20", "Tiền thăm hỏi: 5,5 triệu đồng")
    (await sends(hoa)).says("Nữ công tháng, tháng 10/2026", "CĐCS May Hòa Thọ")

    await boss.says("/tonghop")
    await boss.hears("Tổng hợp tháng 10/2026")
    await boss.taps("Chi tiết")
    await boss.sees_change("Biến động đoàn viên")
    await boss.taps("Biểu khác")
    await boss.sees_change("Tổng hợp biểu nào")
    await boss.taps("Nữ công tháng, tháng 10/2026")
    await boss.sees_change("đã nộp 1/2 (50%)", "Lao động nữ: 120 · Nữ đoàn viên: 100", "Tiền thăm hỏi: 5,5 triệu đồng")
    await boss.taps("Excel")
    sheet = load_workbook(io.BytesIO((await boss.hears("Nữ công tháng, tháng 10/2026")).file))["Theo đơn vị"]
    assert ["MAY", 120, 100, 20, 5.5] in [[row[0], *row[5:9]] for row in sheet.values]

    await withdraw_and_restore(town, admin, hoa, boss)


async def withdraw_and_restore(town: Town, admin: Seat, hoa: Seat, boss: Seat) -> None:
    await admin.says("/donvi")
    (await admin.hears("LĐLĐ tỉnh")).has_buttons("Biểu mẫu")
    await admin.taps("Biểu mẫu")
    await admin.sees_change("Nữ công tháng: nộp hằng tháng, từ tháng 10/2026")
    await admin.taps("Nữ công tháng")
    form = await admin.hears("Báo cáo công tác nữ công hằng tháng", "2 đơn vị phải nộp")
    await admin.taps("Tải tệp Excel", on=form)
    assert made.described((await admin.hears("Tệp mô tả biểu")).file).id == "nu-cong-thang"
    await admin.taps("Rút biểu này", on=form)
    gone = await admin.sees_change("Đã rút biểu Nữ công tháng", of=form)

    giang = await town.officer("Phạm Giang", town.giay)
    await giang.says("/baocao")
    (await giang.hears("1/4", "Biến động đoàn viên")).lacks("Nữ công")
    await hoa.says("/lichsu")
    await hoa.hears("Nữ công tháng: Lao động nữ", "10/2026: 120 · 100 · 5,5 triệu đồng")
    await boss.says("/tonghop")
    await boss.hears("Tổng hợp tháng 10/2026")
    await boss.taps("Chi tiết")
    assert "Biểu khác" not in (await boss.sees_change("Biến động đoàn viên")).labels
    await admin.taps("Dùng lại biểu này", on=gone)
    await admin.sees_change("lại được áp dụng", of=gone)
    await boss.says("/tonghop")
    await boss.hears("Tổng hợp tháng 10/2026")
    await boss.taps("Chi tiết")
    assert "Biểu khác" in (await boss.sees_change("Biến động đoàn viên")).labels


def doubtful() -> bytes:
    """A workbook whose kinds and subjects cannot be told, in the period that a version of it is approved from."""
    return made.simple(
        ["STT", "Nội dung", "ĐVT", "Loại", "Đo chỉ tiêu", "Cách đo"],
        [1, "Số đoàn viên kết nạp", "người", "số liệu", "Hội nghị"],
        [2, "Số thu kinh phí", "triệu đồng", "tiền"],
    )


async def test_what_is_doubtful_is_asked_one_by_one_and_a_new_version_comes_after_the_reports(
    town: Town, admin: Seat
) -> None:
    hoa = await town.officer()
    await hoa.sends_document("biểu.xlsx", made.women_monthly())
    await hoa.hears("do quản trị viên của trợ lý nhập")
    await admin.sends_document("biểu.xlsx", made.rule_over_missing_row())
    (await admin.hears("Biểu này chưa dùng được", "ô A12: không có mục 5", "Chưa có gì được ghi")).has_buttons()
    await admin.sends_document("biểu.xlsx", doubtful())
    first = await admin.hears("Báo cáo thử: tôi đọc được 2 mục", "ghi “số liệu”", "Đây là loại số gì?")
    await hoa.taps_forged(await seen_by(hoa), first.data_of("Số đếm"))
    await hoa.hears_toast()
    await admin.taps("Số đếm", on=first)
    second = await admin.hears("Đây là chỉ tiêu nào của kế hoạch?")
    await admin.taps("Số đếm", on=first)
    assert "đã được trả lời" in await admin.hears_toast()
    await admin.taps(second.labels[0], on=second)
    third = await admin.hears("đo chỉ tiêu theo cách nào?")
    await admin.taps("Cộng dồn trong năm", on=third)
    shown = await admin.hears("Biểu mới: Báo cáo thử", "cộng dồn trong năm")
    shown.has_buttons("Duyệt: từ tháng 10/2026", "Duyệt: từ tháng 11/2026", "Hủy")
    await hoa.taps_forged(await seen_by(hoa), shown.data_of("Duyệt: từ tháng 10/2026"))
    await hoa.hears_toast()
    async with town.database.read() as db:
        assert await forms.get_revision(db) == 0
    await admin.taps("Duyệt: từ tháng 10/2026", on=shown)
    await admin.hears("Đã duyệt: Báo cáo thử")
    await admin.taps("Duyệt: từ tháng 10/2026", on=shown)
    assert "không còn chờ" in await admin.hears_toast()

    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("/baocao")
    await hoa.hears("1/2", "Số đoàn viên kết nạp")
    await hoa.says("7")
    await hoa.hears("2/2")
    await hoa.says("12")
    await hears_summary(hoa, "Số đoàn viên kết nạp: 7")
    await sends(hoa)
    await admin.sends_document(
        "biểu.xlsx",
        made.simple(["STT", "Nội dung", "ĐVT"], [1, "Số thu kinh phí", "triệu đồng"], [2, "Số cuộc họp", "cuộc"]),
    )
    shown = await admin.hears("Bản mới của biểu: Báo cáo thử", "Thêm 1 mục", "Bỏ 1 mục: “Số đoàn viên kết nạp”")
    shown.has_buttons("Duyệt: từ tháng 11/2026", "Hủy")
    await admin.taps("Duyệt: từ tháng 11/2026", on=shown)
    await admin.hears("Áp dụng từ tháng 11/2026")
    await hoa.says("/lichsu")
    history = await hoa.hears("Báo cáo thử")
    await hoa.taps(history.labels[0], on=history)
    await hoa.hears("Số đoàn viên kết nạp: 7", "Số thu kinh phí: 12 triệu đồng")


async def seen_by(seat: Seat) -> Heard:
    """Any message of the bot's that the seat sees, to forge buttons on."""
    await seat.says("/toi")
    return await seat.hears("Các lệnh")
