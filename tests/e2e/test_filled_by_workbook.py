"""The mid-term form by workbook: one tap brings it, the file sent back is checked, one more tap opens it for Gửi."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from openpyxl import load_workbook

from knowledge.forms import TERM_FORM
from storage.engine import Database
from tests.e2e.chat import Heard, Seat
from tests.e2e.test_page import PERIOD, PageTown, page_town
from tests.e2e.town import hears_summary, sends


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
