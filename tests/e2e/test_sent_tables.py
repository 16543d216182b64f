"""Tables sent into the chat: lists of units, workbooks of figures, in any format, wherever they are sent."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from openpyxl import load_workbook
from telegram.ext import ExtBot

from bot.sandbox.files import document_json
from storage import units
from storage.engine import Database
from storage.people import RoleName
from storage.schema import roles
from tests.e2e.chat import Heard, Seat
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.region import Region, region_on
from tests.knowledge.spreadsheets.files import Page, ods, xls, xlsx

HEAD: list[Any] = ["Mã", "Cấp trên", "Tên đơn vị", "Loại hình", "Cán bộ", "Điện thoại", "Vai trò"]
NEW: list[Any] = ["XA1", "BAC", "CĐCS Xã Một", "HCSN", "Trần Văn Mẫu", "0901000077", "Cán bộ"]
FIGURES = {"workers": 400, "members": 350, "admitted": 5, "lost": 1}


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        await region.fill()
        yield region


@pytest.fixture
def admin(region: Region) -> Seat:
    return region.chat.person("Lê Quản Trị", person_id=ADMIN_ID)


async def codes(region: Region) -> set[str]:
    async with region.database.read() as db:
        return {unit.code for unit in await units.list_all(db)}


async def forwards(region: Region, seat: Seat, name: str, content: bytes) -> None:
    """Send on a file that somebody else wrote."""
    stored = region.chat.sandbox.store_file(name, content, "")
    region.chat.sandbox.inject_update(
        {
            "message": {
                "message_id": 900_001,
                "date": region.chat.sandbox.timestamp(),
                "chat": {"id": seat.id, "type": "private", "first_name": "Hùng"},
                "from": {"id": seat.id, "is_bot": False, "first_name": "Hùng"},
                "forward_origin": {"type": "hidden_user", "sender_user_name": "Văn thư", "date": 1},
                "document": document_json(stored),
            }
        }
    )


# Lists of units ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ending", "make"), [("xlsx", xlsx), ("xls", xls), ("ods", ods)])
async def test_a_list_is_shown_and_taken_in_by_a_button(region: Region, admin: Seat, ending: str, make: Any) -> None:
    hidden = Page([HEAD, ["CU", None, "LĐLĐ tỉnh Cũ", "LĐLĐ tỉnh"]], hidden=True)
    await admin.sends_document(f"don-vi.{ending}", make({"Cũ": hidden, "Nay": Page([HEAD, NEW])}))
    shown = await admin.hears("1 đơn vị mới", "1 dòng cán bộ", "Trang “Cũ” đang ẩn", "Chưa có gì được ghi nhận")
    assert "XA1" not in await codes(region)
    await admin.taps("Nhập danh sách", on=shown)
    (await admin.sees_change("Đã nhập", "1 đơn vị mới", "1 vai trò", "1 cán bộ mới", of=shown)).has_buttons()
    assert "XA1" in await codes(region)
    assert "CU" not in await codes(region)


async def test_what_is_wrong_with_a_list_is_told_and_the_rest_is_taken(region: Region, admin: Seat) -> None:
    rows = [
        HEAD,
        NEW,
        ["XA2", "KHONG", "CĐCS <Hai>", "HCSN"],
        ["XA3", None, "CĐCS & Ba", "HCSN"],
        ["'XA4", "BAC", "Bốn", "FDI"],
    ]
    await admin.sends_document(
        "don-vi.csv", "\n".join(";".join(map(str, row)) for row in rows).replace("None", "").encode()
    )
    shown = await admin.hears(
        "2 đơn vị mới",
        "Đơn vị đứng đầu, không có cấp trên: CĐCS & Ba (XA3)",
        "2 dòng chưa dùng được",
        "Dòng 3, cột Cấp trên: không có đơn vị cấp trên KHONG",
        "Dòng 5, cột Mã: ô A5 có dấu nháy ở đầu “'XA4”; gõ lại là “XA4”",
    )
    await admin.taps("Nhập các dòng đúng", on=shown)
    await admin.sees_change("2 đơn vị mới", "2 dòng chưa nhập", of=shown)
    assert {"XA1", "XA3"} <= await codes(region)
    assert not {"XA2", "XA4"} & await codes(region)


async def test_a_list_may_be_left_alone(region: Region, admin: Seat) -> None:
    before = await codes(region)
    await admin.sends_document("don-vi.xlsx", xlsx({"A": Page([HEAD, NEW])}))
    shown = await admin.hears("1 đơn vị mới")
    await admin.taps("Hủy", on=shown)
    await admin.sees_change("không nhập gì", of=shown)
    assert await codes(region) == before


async def test_an_admin_of_a_unit_takes_in_a_list_for_what_lies_below_it(region: Region) -> None:
    lan = await region.join("Trần Thị Lan", (region.north, RoleName.ADMIN))
    rows = [
        HEAD,
        ["XA1", region.north.code, "CĐCS Xã Một", "HCSN", "Trần Văn Mẫu", "0901000077", "Cán bộ"],
        ["XA2", region.south.code, "CĐCS Xã Hai", "HCSN"],
        [region.cang.code, region.north.code, "CĐCS Cảng", "HCSN"],
    ]
    await lan.sends_document("don-vi.xlsx", xlsx({"A": Page(rows)}))
    shown = await lan.hears(
        "1 đơn vị mới",
        f"Dòng 3, cột Cấp trên: không có đơn vị cấp trên {region.south.code}",
        f"Dòng 4, cột Mã: đơn vị {region.cang.code} không thuộc phạm vi",
    )
    await lan.taps("Nhập các dòng đúng", on=shown)
    await lan.sees_change("1 đơn vị mới", "2 dòng chưa nhập", of=shown)
    assert "XA1" in await codes(region)
    assert "XA2" not in await codes(region)


async def test_only_admins_take_lists_in_whatever_they_forge(region: Region, admin: Seat) -> None:
    before = await codes(region)
    content = xlsx({"A": Page([HEAD, NEW])})
    await admin.sends_document("don-vi.xlsx", content)
    data = (await admin.hears("1 đơn vị mới")).data_of("Nhập danh sách")
    boss = await region.supervisor(region.north)
    await boss.sends_document("don-vi.xlsx", content)
    heard = await boss.hears("do quản trị viên nhập")
    await boss.taps_forged(heard, data)
    await boss.hears_toast()
    await admin.says("/toi")
    await admin.taps_forged(await admin.hears(), data)
    assert "gửi lại tệp" in await admin.hears_toast()
    assert await codes(region) == before


async def test_a_table_of_units_with_figures_asks_which_it_is(region: Region, admin: Seat) -> None:
    rows: list[list[Any]] = [["Mã", "Tên", "Loại hình", "CNVCLĐ", "Đoàn viên"], ["XA1", "CĐCS Xã Một", "HCSN", 40, 35]]
    await admin.sends_document("bang.xlsx", xlsx({"A": Page(rows)}))
    asked = (await admin.hears("vừa có đơn vị vừa có số liệu")).has_buttons("Danh sách đơn vị", "Số liệu báo cáo")
    await admin.taps("Danh sách đơn vị", on=asked)
    shown = await admin.sees_change("1 đơn vị mới", "Đơn vị đứng đầu", of=asked)
    await admin.taps("Nhập danh sách", on=shown)
    await admin.sees_change("Đã nhập", of=shown)
    assert "XA1" in await codes(region)
    await admin.sends_document("bang.xlsx", xlsx({"A": Page(rows)}))
    await admin.taps("Số liệu báo cáo", on=await admin.hears("vừa có đơn vị"))
    await admin.hears("CĐCS Xã Một", "CNVCLĐ 40, Đoàn viên 35", "kết nạp mới")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([HEAD], "chưa có đơn vị nào"),
        ([["Mã", "Tên", "Tên đơn vị"], ["A", "B", "C"]], "hai cột cùng là “Tên”"),
        ([["TT", "Chỉ tiêu", "2030"], [1, "Phát triển đoàn viên", 5000]], "phụ lục của kế hoạch"),
    ],
)
async def test_what_is_no_list_is_told_in_a_line(
    region: Region, admin: Seat, rows: Sequence[Sequence[Any]], says: str
) -> None:
    await admin.sends_document("x.xlsx", xlsx({"A": Page(rows)}))
    await admin.hears(says)


def as_csv(pages: dict[str, Page]) -> bytes:
    rows = next(iter(pages.values())).rows
    return "\r\n".join(",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in rows).encode(
        "utf-8-sig"
    )


@pytest.mark.parametrize(("name", "make"), [("phu-luc.xlsx", xlsx), ("phu-luc.csv", as_csv)])
async def test_a_table_may_be_the_annex_of_a_plan(
    region: Region, admin: Seat, name: str, make: Callable[[dict[str, Page]], bytes]
) -> None:
    rows: list[list[Any]] = [
        ["PHỤ LỤC CHỈ TIÊU GIAI ĐOẠN 2026 - 2030"],
        ["TT", "Chỉ tiêu", "ĐVT", "2026", "2030"],
        [1, "Phát triển đoàn viên", "người", 5000, 30000],
        [2, "Thành lập công đoàn cơ sở", "CĐCS", 20, 120],
    ]
    await admin.sends_document(name, make({"A": Page(rows)}))
    told = await admin.hears("phụ lục của kế hoạch")
    await admin.taps("Đọc làm phụ lục kế hoạch", on=told)
    await admin.hears(name)
    await region.wait_for_errands()
    await admin.hears("4 chỉ tiêu")


# Workbooks of figures ------------------------------------------------------------------------------------------------


async def fetches_workbook(region: Region, seat: Seat) -> bytes:
    await seat.says("/tonghop")
    await seat.hears()
    await seat.taps("Excel")
    await region.wait_for_errands()
    return (await seat.hears("tháng 10/2026")).file


def filled(content: bytes, code: str, figures: dict[str, Any], *, copied_to: int | None = None) -> Any:
    """Our workbook with figures for a unit, perhaps its column copied to the right."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    rows = {row[0].value: row[0].row for row in sheet.iter_rows() if row[0].value}
    column = next(cell.column for cell in sheet[rows["codes"]] if cell.value == code)
    for at in [column] if copied_to is None else [column, copied_to]:
        sheet.cell(rows["codes"], at, code)
        for key, value in figures.items():
            sheet.cell(rows[key], at, value)
    return book


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def pages_of(book: Any) -> dict[str, Page]:
    return {sheet.title: Page([[cell.value for cell in row] for row in sheet.iter_rows()]) for sheet in book.worksheets}


@pytest.mark.parametrize(("ending", "make"), [("xls", xls), ("ods", ods), ("csv", as_csv)])
async def test_a_workbook_saved_as_something_else_comes_back(region: Region, ending: str, make: Any) -> None:
    boss = await region.supervisor(region.north)
    book = filled(await fetches_workbook(region, boss), "CK", FIGURES)
    await boss.sends_document(f"bieu.{ending}", make(pages_of(book)))
    offered = await boss.hears("1 báo cáo", "tháng 10/2026", "điền sẵn")
    await boss.taps("CĐCS Cơ khí Tân Phong, tháng 10/2026", on=offered)
    await boss.hears("350")


async def test_it_is_taken_forwarded_with_a_caption_and_in_any_dialog(region: Region) -> None:
    boss = await region.supervisor(region.north)
    content = saved(filled(await fetches_workbook(region, boss), "CK", FIGURES))
    await forwards(region, boss, "bieu.xlsx", content)
    await boss.hears("1 báo cáo", "tháng 10/2026")
    for caption in ("em gửi số liệu tháng này ạ", "/baocao", "chỉ tiêu tưlđtt 2025?"):
        await boss.sends_document("bieu.xlsx", content, caption=caption)
        await boss.hears("1 báo cáo", "tháng 10/2026")
    for command in ("/baocao", "/thongbao", "/dathan"):
        await boss.says(command)
        await boss.hears()
        await boss.sends_document("bieu.xlsx", content)
        await boss.hears("1 báo cáo", "tháng 10/2026")


async def test_a_column_copied_to_the_right_is_refused_with_both_cells(region: Region) -> None:
    boss = await region.supervisor(region.north)
    book = filled(await fetches_workbook(region, boss), "CK", FIGURES, copied_to=9)
    place = next(cell.coordinate for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "CK")
    await boss.sends_document("bieu.xlsx", saved(book))
    heard = await boss.hears("trùng nhau", "Mã CK", f"ô {place}", "Chưa có gì được ghi nhận")
    assert heard.text.count("ô I") == 1


async def test_figures_without_a_code_are_told(region: Region) -> None:
    boss = await region.supervisor(region.north)
    book = filled(await fetches_workbook(region, boss), "CK", FIGURES, copied_to=9)
    sheet = book.worksheets[0]
    row = next(row[0].row for row in sheet.iter_rows() if row[0].value == "codes")
    sheet.cell(row, 9).value = None
    await boss.sends_document("bieu.xlsx", saved(book))
    await boss.hears("1 báo cáo", "không có mã", f"I{row + 2}")


async def test_odd_cells_are_named_as_they_were_typed(region: Region) -> None:
    boss = await region.supervisor(region.north)
    odd = {"workers": "１３２", "members": "'125", "admitted": "+2", "lost": "<-1>"}
    await boss.sends_document("bieu.xlsx", saved(filled(await fetches_workbook(region, boss), "CK", odd)))
    await boss.hears("4 ô", "“１３２”", "“'125”", "“+2”", "“<-1>”", "Chưa có gì được ghi nhận")


async def test_a_hidden_sheet_of_figures_is_not_read(region: Region) -> None:
    boss = await region.supervisor(region.north)
    book = filled(await fetches_workbook(region, boss), "CK", FIGURES)
    copy = book.copy_worksheet(book.worksheets[0])
    copy.title = "Tháng trước"
    copy.sheet_state = "hidden"
    await boss.sends_document("bieu.xlsx", saved(book))
    await boss.hears("1 báo cáo", "Trang đang ẩn tôi không đọc: Tháng trước")
    copy.sheet_state = "visible"
    await boss.sends_document("bieu.xlsx", saved(book))
    await boss.hears("trùng nhau", "Tháng trước!")
    copy.cell(1, 1).value = str(copy.cell(1, 1).value).replace("2026-10", "2026-09")
    await boss.sends_document("bieu.xlsx", saved(book))
    await boss.hears("nhiều biểu khác nhau")
    book.remove(copy)
    book.worksheets[0].sheet_state = "hidden"
    await boss.sends_document("bieu.xlsx", saved(book))
    await boss.hears("đang ẩn", "Unhide")


async def test_a_title_that_was_typed_over_is_told_instead_of_believed(region: Region) -> None:
    boss = await region.supervisor(region.north)
    book = filled(await fetches_workbook(region, boss), "CK", FIGURES)
    sheet = book.worksheets[0]
    title = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Tháng 10/2026")
    title.value = "Tháng 11/2026"
    await boss.sends_document("bieu.xlsx", saved(book))
    await boss.hears("Tiêu đề trong tệp ghi tháng 11/2026", "tệp được làm cho tháng 10/2026", "chưa ghi nhận gì")


# Tables of somebody's own layout --------------------------------------------------------------------------------------


async def test_an_officers_own_table_goes_the_way_of_a_typed_report(region: Region) -> None:
    hoa = await region.officer(region.co_khi)
    rows: list[list[Any]] = [
        ["CĐCS CƠ KHÍ TÂN PHONG"],
        ["BÁO CÁO THÁNG 10 NĂM 2026"],
        ["TT", "Nội dung", "ĐVT", "Số liệu"],
        [1, "Tổng số CNVCLĐ", "người", "60.010"],
        [2, "Trong đó: nữ", "người", 700],
        [3, "Tổng số đoàn viên", "người", "khoảng 50.005"],
        [4, "Kết nạp mới", "người", 7],
        [5, "Giảm", "người", 2],
    ]
    await hoa.sends_document("bieu.xlsx", xlsx({"A": Page(rows)}))
    asked = await hoa.hears("D6: khoảng 50.005”", "Đoàn viên đúng là 50.005")
    await hoa.taps("Đúng", on=asked)
    await hoa.sees_change("Xem lại trước khi gửi", "tháng 10/2026", "60.010", "“D5: Trong đó: nữ 700”", of=asked)
    await hoa.hears("bấm Gửi")
    await hoa.taps("Gửi")
    await hoa.hears("Đã nhận", "50.005")


async def test_sheets_that_may_contradict_each_other_are_asked_about(region: Region) -> None:
    hoa = await region.officer(region.co_khi)
    heads: list[list[Any]] = [["Tháng 10/2026"], ["Mã", "CNVCLĐ", "Đoàn viên", "Kết nạp mới", "Giảm"]]
    pages = {"Gửi": Page([*heads, ["CK", 400, 450, 5, 1]]), "Sửa": Page([*heads, ["CK", 400, 350, 5, 1]])}
    await hoa.sends_document("bieu.xlsx", xlsx(pages))
    asked = (await hoa.hears("2 trang: “Gửi”, “Sửa”")).has_buttons("Trang Gửi: 1 báo cáo")
    await hoa.taps("Trang Sửa: 1 báo cáo", on=asked)
    await hoa.sees("350")


async def test_a_table_without_figures_fills_in_nothing(region: Region) -> None:
    hoa = await region.officer(region.co_khi)
    heads: list[Any] = ["Mã", "CNVCLĐ", "Đoàn viên", "Kết nạp mới", "Giảm", "Tăng giảm"]
    await hoa.sends_document("bieu.xlsx", xlsx({"T10": Page([heads, ["CK", None, None, None, None, 0]])}))
    await hoa.hears("Bảng ở trang “T10” chưa có số nào: ô A2 “CK”", "chưa ghi nhận gì")


async def test_a_supervisors_table_of_units_fills_in_a_report_of_each(region: Region) -> None:
    boss = await region.supervisor(region.north)
    rows: list[list[Any]] = [
        ["STT", "Đơn vị", "CNVCLĐ", "Đoàn viên", "Tăng", "Giảm"],
        [1, "CĐCS Cơ khí Tân Phong", 60_000, 50_000, 0, 0],
        [2, region.truong.name, 90, 80, 1, 0],
        [3, region.cang.name, 5, 4, 0, 0],
        [None, "Tổng cộng", 60_095, 50_084, 1, 0],
    ]
    await boss.sends_document("t10.ods", ods({"A": Page(rows)}))
    shown = await boss.hears("2 báo cáo", "tháng 10/2026", f"ô B4 “{region.cang.name}”")
    await boss.taps("CĐCS Cơ khí Tân Phong", on=shown)
    await boss.hears("Xem lại trước khi gửi", "60.000", "50.000")


async def test_figures_in_several_columns_are_asked_about_and_a_table_of_nobodys_is_told(region: Region) -> None:
    hoa = await region.officer(region.co_khi)
    rows: list[list[Any]] = [["Nội dung", "Sổ tay", "Kiểm tra"], ["CNVCLĐ", 10, 60_000], ["Đoàn viên", 9, 50_000]]
    await hoa.sends_document("bieu-t10.csv", "\n".join(";".join(map(str, row)) for row in rows).encode())
    asked = (await hoa.hears("nhiều cột")).has_buttons("Cột B: Sổ tay", "Cột C: Kiểm tra")
    await hoa.taps("Cột C: Kiểm tra", on=asked)
    await hoa.hears("CNVCLĐ 60.000, Đoàn viên 50.000", "kết nạp mới")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xls", b"<html><table><tr><td>1</td></tr></table>", "Lưu thành"),
        ("a.xlsx", b"%PDF-1.7", "Lưu thành"),
        ("a.csv", b"xin\x00\x81\xff\xfechao", "lưu lại dạng .xlsx"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        ("a.ods", b"PK\x03\x04 cut", "Lưu thành"),
        ("a.csv", b"a,b\n1,2\n", "không có mã biểu"),
    ],
)
async def test_what_cannot_be_read_is_told_in_a_line(region: Region, name: str, content: bytes, says: str) -> None:
    boss = await region.supervisor(region.north)
    await boss.sends_document(name, content)
    heard: Heard = await boss.hears(says)
    assert "\n" not in heard.text


# Whoever holds no role ----------------------------------------------------------------------------------------------


async def test_a_strangers_file_is_not_even_fetched(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    async def get_file(_bot: ExtBot[None], file_id: str) -> None:
        fetched.append(file_id)

    monkeypatch.setattr(ExtBot, "get_file", get_file)
    guest = region.chat.person("Khách Lạ")
    guest.person.started = True
    for name in ("don-vi.xlsx", "so-lieu.csv", "cu.xls"):
        await guest.sends_document(name, xlsx({"A": Page([HEAD, NEW])}))
        await guest.hears("không mở tệp này", "chưa nhận vai trò", "đường dẫn mời")
    await guest.sends_document("ke-hoach.docx", b"PK")
    await guest.hears("chưa đọc được tệp này")
    assert not fetched


async def test_whose_role_has_ended_is_a_stranger(region: Region) -> None:
    hoa = await region.officer(region.may)
    async with region.database.write() as db:
        await db.execute(roles.update().values(ended_at=region.clock()))
    await hoa.sends_document("don-vi.xlsx", xlsx({"A": Page([HEAD, NEW])}))
    await hoa.hears("không mở tệp này")


async def test_a_file_of_too_many_cells_is_told_so(region: Region) -> None:
    hoa = await region.officer(region.may)
    await hoa.sends_document("so-lieu.csv", b"1,2,3,4,5,6,7,8,9,10,11,12\n" * 11_000)
    await hoa.hears("quá nhiều ô")
