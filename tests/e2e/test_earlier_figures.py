"""Beginning in mid-year: last year's and last month's figures of all units by one workbook, as chats."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.model.periods import Period
from storage import audit, submissions
from storage.engine import Database
from storage.people import RoleName
from storage.submissions import Submission
from storage.units import Unit
from tests.e2e.chat import Heard, Seat
from tests.e2e.region import OCTOBER, SEPTEMBER, Region, region_on
from tests.e2e.town import sees_summary, sends

LAST_YEAR = Period.month(2025, 10)


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        yield region


async def fetch_template(region: Region, admin: Seat, unit: Unit) -> Heard:
    await admin.says(f"/donvi {unit.code}")
    await admin.taps("Thay đổi", on=await admin.hears(unit.name))
    await admin.taps("Số liệu kỳ trước", on=await admin.sees_change("Thay đổi gì"))
    return await admin.hears("Số liệu các kỳ trước", "nhập từ trước")


def fill(template: bytes, figures: Mapping[tuple[str, str], Any]) -> bytes:
    """The workbook with cells filled in, by the unit's code and "period|figure"."""
    book = load_workbook(io.BytesIO(template))
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    heads: dict[str, int] = {}
    for row in sheet.iter_rows():
        if row[0].value == "codes":
            heads = {str(cell.value): at for at, cell in enumerate(row)}
        elif row[0].value == "unit":
            for (code, head), value in figures.items():
                if code == row[1].value:
                    row[heads[head]].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def month(code: str, period: Period, workers: Any, members: Any) -> dict[tuple[str, str], Any]:
    return {(code, f"{period.code}|workers"): workers, (code, f"{period.code}|members"): members}


async def standing(region: Region, unit: Unit, period: Period) -> Submission | None:
    async with region.database.read() as db:
        return await submissions.find_current(db, unit.id, "doan-vien-thang", period)


async def test_figures_of_before_make_no_change_and_comparisons_work(region: Region) -> None:
    mai = await region.join("Đỗ Thị Mai", (region.top, RoleName.ADMIN))
    template = (await fetch_template(region, mai, region.top)).says("4 đơn vị", "tháng 10/2025", "tháng 09/2026")
    assert template.file_name == "so-lieu-ky-truoc.xlsx"
    figures = {
        **month("MAY", SEPTEMBER, 110_000, "99.900"),
        **month("MAY", LAST_YEAR, 100_000, 90_000),
        **month("CK", SEPTEMBER, 60_000, 50_000),
    }
    filled = fill(template.file, figures)
    await mai.sends_document("so-lieu.xlsx", filled)
    await mai.hears("Đã ghi 3 số liệu kỳ trước", "Tháng 10/2025: 1 đơn vị", "Tháng 09/2026: 2 đơn vị")
    kept = await standing(region, region.may, SEPTEMBER)
    assert kept is not None
    assert kept.brought_in
    assert kept.figures == {"workers": Decimal(110_000), "members": Decimal(99_900)}

    await mai.sends_document("so-lieu.xlsx", filled)
    await mai.hears("không có gì thay đổi", "3 số liệu đã có sẵn")
    assert await standing(region, region.may, SEPTEMBER) == kept
    async with region.database.read() as db:
        noted = [each for each in await audit.list_entries(db, within=region.top) if "brought_in" in each.action]
    assert len(noted) == 1

    hoa = await region.officer(region.may)
    await hoa.says("/lichsu")
    await hoa.taps("Tháng 09/2026", on=await hoa.hears("nhập từ trước", "99.900"))
    await hoa.hears("Đỗ Thị Mai nhập lúc", "số liệu kỳ trước")
    await hoa.says("báo cáo tháng 10")
    await hoa.taps("Không có biến động", on=await hoa.hears("110.000"))
    await sees_summary(hoa, "99.900")
    await sends(hoa)
    await mai.says("/tonghop tháng 9")
    await mai.hears("tháng 09/2026", "2/4", "2 đơn vị có số nhập từ trước")
    await mai.says("/tonghop")
    totals = await mai.hears("tháng 10/2026")
    await mai.taps("Chi tiết", on=totals)
    await mai.sees_change("so với tháng 09/2026 và tháng 10/2025", "(không đổi; +9.900)", of=totals)


async def test_a_real_report_is_never_replaced_and_takes_the_place_of_what_was_brought_in(region: Region) -> None:
    mai = await region.join("Đỗ Thị Mai", (region.top, RoleName.ADMIN))
    real = await region.reported(region.cang, SEPTEMBER, 5_000, 4_880)
    template = (await fetch_template(region, mai, region.top)).file
    assert {5_000, 4_880} <= {cell.value for row in load_workbook(io.BytesIO(template)).worksheets[0] for cell in row}
    await mai.sends_document("as-it-is.xlsx", template)
    (await mai.hears("không có gì thay đổi", "1 số liệu đã có sẵn")).lacks("Giữ nguyên")
    figures = {**month("CANG", SEPTEMBER, 1, 1), **month("MAY", SEPTEMBER, 110_000, 99_000)}
    await mai.sends_document("a.xlsx", fill(template, figures))
    await mai.hears("Đã ghi 1 số liệu", "Giữ nguyên báo cáo đơn vị đã nộp: CĐCS Cảng Cửa Việt (tháng 09/2026)")
    assert await standing(region, region.cang, SEPTEMBER) == real
    await mai.sends_document("b.xlsx", fill(template, month("MAY", SEPTEMBER, 110_000, 99_900)))
    await mai.hears("Đã ghi 1 số liệu", "1 thay số nhập trước đây")
    own = await region.reported(region.may, SEPTEMBER, 110_000, 99_900, on_time=False)
    assert (own.version, own.brought_in, own.on_time) == (3, False, False)
    await mai.sends_document("c.xlsx", fill(template, month("MAY", SEPTEMBER, 1, 1)))
    await mai.hears("không có gì thay đổi", "Giữ nguyên báo cáo đơn vị đã nộp: CĐCS May Sông Xanh")


async def test_wrong_cells_are_named_and_nothing_is_kept(region: Region) -> None:
    mai = await region.join("Đỗ Thị Mai", (region.top, RoleName.ADMIN))
    template = (await fetch_template(region, mai, region.top)).file
    figures = {**month("MAY", SEPTEMBER, "khoảng trăm", -5), **month("CK", SEPTEMBER, 60_000, 50_000)}
    await mai.sends_document("a.xlsx", fill(template, figures))
    await mai.hears("Có 2 ô", "CĐCS May Sông Xanh", "không phải là số", "không được âm", "Chưa có gì được ghi nhận")
    assert await standing(region, region.co_khi, SEPTEMBER) is None
    later = {("MAY", f"{SEPTEMBER.code}|workers"): 7}
    book = load_workbook(io.BytesIO(fill(template, later)))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == f"{SEPTEMBER.code}|workers":
                cell.value = f"{OCTOBER.code}|workers"
    out = io.BytesIO()
    book.save(out)
    await mai.sends_document("b.xlsx", out.getvalue())
    await mai.hears("không có gì thay đổi", "kỳ chưa kết thúc hoặc không có: 2026-10")
    assert await standing(region, region.may, OCTOBER) is None


async def test_only_who_manages_units_brings_figures_in_and_only_for_them(region: Region) -> None:
    mai = await region.join("Đỗ Thị Mai", (region.top, RoleName.ADMIN))
    template = (await fetch_template(region, mai, region.top)).file
    filled = fill(template, {**month("MAY", SEPTEMBER, 10, 9), **month("CANG", SEPTEMBER, 10, 9)})
    hung, hoa = await region.supervisor(region.north), await region.officer(region.may)
    for seat in (hung, hoa):
        await seat.sends_document("a.xlsx", filled)
        await seat.hears("Chỉ quản trị viên")
    await hung.says("/moi")
    await hung.taps_forged(await hung.hears("Công đoàn khu Bắc"), f"sum:before:{region.north.id}")
    assert await hung.hears_toast()
    south = await region.join("Trần Nam", (region.south, RoleName.ADMIN))
    await south.sends_document("a.xlsx", filled)
    await south.hears("Đã ghi 1 số liệu", "mã không thuộc đơn vị anh/chị quản trị: MAY")
    assert await standing(region, region.may, SEPTEMBER) is None
    assert await standing(region, region.cang, SEPTEMBER) is not None


def change(content: bytes, *, code: str, to: str = "", add: tuple[str, int] | None = None) -> bytes:
    """The workbook where a unit's row has another code, or a row for another unit was typed below the last."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in list(sheet.iter_rows()):
        if row[0].value == "unit" and row[1].value == code and to:
            row[1].value = to
        if row[0].value == "codes" and add is not None:
            at, below = row[0].row, sheet.max_row + 1
            [column] = [cell.column for cell in row if cell.value == f"{SEPTEMBER.code}|workers"]
            assert at is not None
            sheet.cell(below, 2).value = add[0]
            sheet.cell(below, column).value = add[1]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_two_rows_of_one_unit_are_named_and_a_row_typed_below_is_read(region: Region) -> None:
    mai = await region.join("Đỗ Thị Mai", (region.top, RoleName.ADMIN))
    template = (await fetch_template(region, mai, region.top)).file
    filled = fill(template, {**month("MAY", SEPTEMBER, 10, 9), **month("CK", SEPTEMBER, 20, 19)})
    await mai.sends_document("a.xlsx", change(filled, code="CK", to="may"))
    await mai.hears("ô trùng nhau", "Chưa có gì được ghi nhận")
    assert await standing(region, region.may, SEPTEMBER) is None
    september = fill(change(template, code="CK", to="CK2"), month("MAY", SEPTEMBER, 10, 9))
    await mai.sends_document("b.xlsx", change(september, code="MAY", add=("CK", 30)))
    await mai.hears("Đã ghi 2 số liệu")
    kept = await standing(region, region.co_khi, SEPTEMBER)
    assert kept is not None
    assert kept.figures == {"workers": Decimal(30)}


async def test_a_cell_left_empty_takes_no_earlier_figure_away(region: Region) -> None:
    mai = await region.join("Đỗ Thị Mai", (region.top, RoleName.ADMIN))
    template = (await fetch_template(region, mai, region.top)).file
    await mai.sends_document("a.xlsx", fill(template, month("MAY", SEPTEMBER, 10, 9)))
    await mai.hears("Đã ghi 1 số liệu")
    await mai.sends_document("b.xlsx", fill(template, {("MAY", f"{SEPTEMBER.code}|members"): 8}))
    await mai.hears("1 thay số nhập trước đây")
    kept = await standing(region, region.may, SEPTEMBER)
    assert kept is not None
    assert kept.figures == {"workers": Decimal(10), "members": Decimal(8)}
