"""The mid-term form by workbook: one tap brings it, the file sent back is checked, one more tap opens it for Gửi."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openpyxl import load_workbook

from knowledge.forms import TERM_FORM
from storage.engine import Database
from tests.e2e.chat import Heard, Seat
from tests.e2e.test_page import PERIOD, PageTown, page_town
from tests.e2e.town import hears_summary, sends
from tests.knowledge.spreadsheets.files import Page, xlsx


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[PageTown]:
    async with page_town(sqlite_database) as town:
        yield town


async def fetches(town: PageTown, seat: Seat, parts: Heard) -> bytes:
    await seat.taps("Điền bằng Excel", on=parts)
    got: Heard = await seat.hears("CĐCS May Hòa Thọ", "gửi lại tệp")
    return town.chat.sandbox.files[got.message.json["document"]["file_id"]].data


def filled(workbook: bytes, figures: dict[str, int | str]) -> bytes:
    """The workbook with these figures in its own column."""
    book = load_workbook(io.BytesIO(workbook))
    sheet = book.worksheets[0]
    for row in range(1, sheet.max_row + 1):
        key = sheet.cell(row, 1).value
        if key in figures:
            sheet.cell(row, 6).value = figures[str(key)]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_the_workbook_brings_what_was_typed_already_and_is_sent_in_two_taps(town: PageTown) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    parts = await hoa.hears("0/55")
    await hoa.says("25: 900; 26: 30")
    await hoa.hears("25. ", "900", "Có thể trả lời nhiều mục một lần")
    workbook = await fetches(town, hoa, parts)

    await hoa.sends_document("bieu.xlsx", filled(workbook, {"i36": "một ít"}))
    await hoa.hears("Ô F", "một ít", "Chưa có gì được ghi nhận")
    await hoa.sends_document("bieu.xlsx", filled(workbook, {"i36": 1200}))
    found = await hoa.hears("1 báo cáo")
    await hoa.taps(found.labels[0])
    await hears_summary(hoa, "900", "1.200")
    await sends(hoa)
    stored = await town.current(town.may, PERIOD, TERM_FORM)
    assert stored is not None
    assert stored.figures == {"i25": 900, "i26": 30, "i36": 1200}


async def test_what_was_typed_after_the_workbook_was_fetched_stays_where_its_cell_is_empty(town: PageTown) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    parts = await hoa.hears("0/55")
    await hoa.says("25: 900")
    await hoa.hears("900")
    workbook = await fetches(town, hoa, parts)
    await hoa.says("26: 30; 38: 4")
    await hoa.hears("30")
    await hoa.sends_document("bieu.xlsx", filled(workbook, {"i25": 950, "i36": 1200}))
    found = await hoa.hears("1 báo cáo", "Ô để trống không xóa số đã có: 2 số")
    await hoa.taps(found.labels[0])
    await hears_summary(hoa, "950", "1.200", "30")
    await sends(hoa)
    stored = await town.current(town.may, PERIOD, TERM_FORM)
    assert stored is not None
    assert stored.figures == {"i25": 950, "i26": 30, "i36": 1200, "i38": 4}


OWN_TABLE: list[list[Any]] = [
    ["CĐCS MAY HÒA THỌ"],
    ["BÁO CÁO SỐ LIỆU SƠ KẾT GIỮA NHIỆM KỲ"],
    ["STT", "Nội dung", "ĐVT", "Kết quả"],
    ["I", "Chăm lo đời sống"],
    [1, "ĐV, NLĐ hoàn cảnh khó khăn được CĐ thăm hỏi, hỗ trợ", "lượt người", 900],
    [None, "Số tiền", "đồng", 450_500_000],
    [2, "Quỹ trợ vốn"],
    [None, "- Số người được vay", "người", 20],
    ["II", "Tuyên truyền, tổ chức"],
    [3, "NLĐ được học tập nâng cao tay nghề", "lượt người", 210],
    [4, "Tổng số CNVCLĐ", "người", 1320],
    [None, "Trong đó: nữ", "người", 700],
    [5, "Tổng số đoàn viên", "người", 1250],
    [None, "Kết nạp mới", "người", 120],
    [None, "Giảm", "người", 30],
    [6, "ĐV ưu tú giới thiệu cho Đảng", "người", 25],
]


async def test_her_own_table_fills_in_what_it_tells_and_the_rest_is_asked(town: PageTown) -> None:
    hoa = await town.officer()
    await hoa.sends_document("so-ket.xlsx", xlsx({"A": Page(OWN_TABLE)}))
    read = await hoa.hears("Tôi đọc được 8/55 mục", "1 chỗ tôi hỏi lại", "“D12: Trong đó: nữ 700”")
    asked = await hoa.hears(
        "NLĐ được học tập nâng cao tay nghề 210", "Nâng cao trình độ, kỹ năng nghề là 210, đúng không?"
    )
    await hoa.taps("Đúng", on=asked)
    await hoa.sees_change("Đã điền 9/55 mục", of=asked)
    assert read.labels == []
    draft = await town.draft(town.may, PERIOD, TERM_FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {
        "i25": "900", "i25_tien": "450.5", "i28_nguoi": "20", "i38": "210",
        "i45": "1320", "i46": "1250", "i46_moi": "120", "i46_giam": "30", "i52": "25",
    }  # fmt: skip


async def test_a_table_that_names_another_unit_or_has_several_columns_is_asked_about(town: PageTown) -> None:
    hoa = await town.officer()
    other: list[list[Any]] = [["CĐCS DỆT PHƯƠNG NAM"], *OWN_TABLE[1:]]
    await hoa.sends_document("so-ket.xlsx", xlsx({"A": Page(other)}))
    asked = await hoa.hears("Số liệu trong tệp là của đơn vị nào?")
    await hoa.taps("CĐCS May Hòa Thọ", on=asked)
    await hoa.hears("Tôi đọc được 8/55 mục")
    await hoa.hears("đúng không?")
    several: list[list[Any]] = [[*row, None if len(row) < 4 else row[3]] for row in OWN_TABLE]
    several[2][3:] = ["Khối A", "Khối B"]
    await hoa.sends_document("hai-cot.xlsx", xlsx({"A": Page(several)}))
    asked = await hoa.hears("Số của báo cáo nằm ở cột nào?")
    await hoa.taps("Cột E: Khối B", on=asked)
    asked = await hoa.hears("Số liệu trong tệp là của đơn vị nào?")
    await hoa.taps("CĐCS May Hòa Thọ", on=asked)
    await hoa.hears("Tôi đọc được 8/55 mục")


async def test_the_workbook_of_what_is_owed_comes_for_the_asking_and_is_filled_in(town: PageTown) -> None:
    hoa = await town.officer()
    await hoa.says("cho tôi xin biểu mẫu excel")
    choice = await hoa.hears("tệp Excel của báo cáo nào")
    await hoa.taps(next(label for label in choice.labels if "Sơ kết" in label), on=choice)
    got = await hoa.hears("CĐCS May Hòa Thọ", "gửi lại tệp")
    await hoa.sends_document("bieu.xlsx", filled(got.file, {"i36": 1200}))
    await hoa.taps((await hoa.hears("1 báo cáo")).labels[0])
    await hears_summary(hoa, "1.200")


async def test_of_several_units_the_workbook_is_chosen_and_a_month_may_be_named(town: PageTown) -> None:
    hoa = await town.officer("Nguyễn Thị Hoa", town.may, town.giay)
    await hoa.says("lấy form nộp")
    choice = await hoa.hears("tệp Excel của báo cáo nào")
    assert len(choice.labels) > 1
    await hoa.taps(next(label for label in choice.labels if "Giày" in label), on=choice)
    assert await hoa.hears_toast() or True
    await hoa.hears("CĐCS Giày Xuân An", "gửi lại tệp")
    quang = await town.officer("Phạm Quang", town.giay)
    await quang.says("xin mẫu 10")
    await quang.hears("Tôi đang làm")
    await quang.hears("CĐCS Giày Xuân An", "tháng 10/2026")


async def test_whoever_sums_up_is_led_to_the_workbook_for_all_below(town: PageTown) -> None:
    lan = await town.supervisor()
    await lan.says("gửi file mẫu báo cáo cho anh với")
    choice = (await lan.hears("Excel", "bảng tổng hợp")).has_buttons("Tổng hợp: LĐLĐ tỉnh")
    await lan.taps("Tổng hợp: LĐLĐ tỉnh", on=choice)
    await lan.hears("LĐLĐ tỉnh")
