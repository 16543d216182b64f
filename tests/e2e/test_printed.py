"""The printed report: below a receipt, in the list of reports, below the totals; and locked reports opened again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from docx import Document

from storage.engine import Database
from tests.e2e.chat import Heard
from tests.e2e.town import OCTOBER, ONE_MESSAGE, Town, hears_summary, sends, town_on


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


def figures_in(heard: Heard) -> list[str]:
    """The column of figures."""
    return [row.cells[3].text for row in Document(BytesIO(heard.file)).tables[1].rows[1:]]


async def test_a_sent_report_is_printed_from_its_receipt_and_from_the_list(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    (await sends(hoa)).has_buttons("Bản in để ký")
    await hoa.taps("Bản in để ký")
    assert "đang làm bản in" in await hoa.hears_toast()
    file = await hoa.hears("tháng 10/2026", "CĐCS May Hòa Thọ", "ký và đóng dấu")
    assert file.file_name == "bao-cao_doan-vien-thang_MAY_2026-10.docx"
    assert figures_in(file) == ["1.320", "1.250", "12", "3", "+9"]
    await hoa.says("/lichsu")
    await hoa.hears("Báo cáo đã gửi")
    await hoa.taps("Tháng 10/2026")
    shown = await hoa.hears("Đoàn viên")
    await hoa.taps("Bản in để ký", on=shown)
    assert "đang làm bản in" in await hoa.hears_toast()
    assert figures_in(await hoa.hears("ký và đóng dấu")) == ["1.320", "1.250", "12", "3", "+9"]


async def test_a_supervisor_prints_the_sum_with_what_is_missing(town: Town) -> None:
    await town.reported(town.may, OCTOBER, 1320, 1250, 12, 3)
    lan = await town.supervisor()
    await lan.says("/tonghop tháng 10")
    totals = await lan.hears("Tổng hợp tháng 10/2026")
    await lan.taps("Chi tiết", on=totals)
    (await lan.sees_change(of=totals)).has_buttons("Bản in tổng hợp")
    await lan.taps("Bản in tổng hợp")
    file = await lan.hears("LĐLĐ tỉnh", "ghi số văn bản")
    assert figures_in(file) == ["1.320", "1.250", "12", "3", "+9"]
    said = "\n".join(paragraph.text for paragraph in Document(BytesIO(file.file)).paragraphs)
    assert "chưa nộp: CĐCS Giày Xuân An" in said


async def test_nothing_is_printed_where_nothing_was_sent(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("Bản in để ký")
    await hoa.hears("Chưa có báo cáo nào đã gửi để in")


async def test_a_locked_report_offers_to_be_opened_again_wherever_it_is_shown(town: Town) -> None:
    await town.reported(town.may, OCTOBER, 1320, 1250, 12, 3)
    hoa = await town.officer()
    await hoa.says("/baocao")
    (await hoa.hears("đã nộp đủ")).has_buttons("Sửa")
    await town.move_to(2026, 12, 8)
    await hoa.says("/lichsu")
    (await hoa.hears("Báo cáo đã gửi")).has_buttons("Xin mở lại: tháng 10/2026")
    await hoa.taps("Tháng 10/2026")
    (await hoa.hears("Đã khóa")).has_buttons("Xin mở lại")
    await hoa.says(ONE_MESSAGE)
    (await hoa.hears("đã khóa")).has_buttons("Xin mở lại")


async def test_what_is_sent_after_the_lock_says_so_and_is_opened_again_from_there(town: Town) -> None:
    await town.move_to(2026, 12, 8)
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    (await sends(hoa)).has_buttons("Bản in để ký", "Xin mở lại").says("Đã khóa").lacks("Sửa được")
    await hoa.taps("Xin mở lại")
    await hoa.hears("mở lại", "lý do")
