"""A form is withdrawn or replaced while somebody fills it in: a clear sentence each time, and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook

from storage.engine import Database
from tests.e2e.chat import Heard, Seat
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.test_page import PageTown, page_town
from tests.e2e.town import OCTOBER, ONE_MESSAGE, Town, hears_summary, sends, town_on
from tests.knowledge.forms.workbook import made

COLUMNS = ["STT", "Nội dung", "ĐVT"]
WORKERS: made.Line = [1, "Lao động nữ", "người"]
MEETINGS: made.Line = [2, "Cuộc họp", "cuộc"]
TALKS: made.Line = [3, "Đối thoại", "cuộc"]
FORM = "bao-cao-thu"


@dataclass
class Office:
    """The admin who makes and changes forms."""

    admin: Seat

    async def puts(self, *lines: made.Line, head: Sequence[made.Line] = made.HEAD) -> None:
        """A version of the form with these rows is in force from October on."""
        await self.admin.sends_document("biểu.xlsx", made.simple(COLUMNS, *lines, head=head))
        shown = await self.admin.hears("Báo cáo thử")
        await self.admin.taps("Duyệt: từ tháng 10/2026", on=shown)
        await self.admin.hears("Đã duyệt: Báo cáo thử")

    async def finds(self) -> Heard:
        await self.admin.says("/donvi")
        await self.admin.hears("LĐLĐ tỉnh")
        await self.admin.taps("Biểu mẫu")
        await self.admin.sees_change("Báo cáo thử")
        await self.admin.taps("Báo cáo thử")
        return await self.admin.hears("Báo cáo thử", "mã bao-cao-thu")

    async def withdraws(self) -> Heard:
        found = await self.finds()
        await self.admin.taps("Rút biểu này", on=found)
        return await self.admin.sees_change("Đã rút biểu Báo cáo thử", of=found)

    async def restores(self, gone: Heard) -> None:
        await self.admin.taps("Dùng lại biểu này", on=gone)
        await self.admin.sees_change("lại được áp dụng", of=gone)


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


def office_of(town: Town) -> Office:
    return Office(town.chat.person("Lê Quản Trị", person_id=ADMIN_ID))


@pytest.fixture
def office(town: Town) -> Office:
    return office_of(town)


async def begins(seat: Seat) -> Heard:
    """Sends the monthly report, so that only the made form is owed, and opens that."""
    await seat.says(ONE_MESSAGE)
    await hears_summary(seat)
    await sends(seat)
    await seat.says("/baocao")
    return await seat.hears("1/2", "Lao động nữ")


async def test_a_draft_of_a_withdrawn_form_is_kept_and_goes_on_once_it_is_restored(town: Town, office: Office) -> None:
    await office.puts(WORKERS, MEETINGS)
    hoa = await town.officer()
    await begins(hoa)
    await hoa.says("120")
    second = await hoa.hears("2/2", "Cuộc họp")
    gone = await office.withdraws()

    await hoa.says("4")
    await hoa.hears("Biểu Báo cáo thử đã rút từ 28/10/2026", "không gửi và không sửa được nữa")
    (await hoa.hears("không mất", "Lao động nữ: 120")).has_buttons("Xóa bản nháp")
    await hoa.taps("1", on=second)
    await hoa.hears("đã rút từ 28/10/2026")
    await hoa.hears("Lao động nữ: 120")
    await hoa.says("/lichsu")
    history = await hoa.hears("Báo cáo thử, tháng 10/2026: điền dở, biểu đã rút nên chưa gửi.")
    await hoa.taps("Xem bản nháp tháng 10/2026", on=history)
    await hoa.hears("đã rút từ 28/10/2026")
    await hoa.hears("Lao động nữ: 120")
    assert await town.current(town.may, OCTOBER, FORM) is None

    await office.restores(gone)
    giang = await town.officer("Phạm Giang", town.may)
    await giang.says("/baocao")
    await giang.hears("2/2", "Cuộc họp")
    await giang.says("4")
    await hears_summary(giang, "Lao động nữ: 120", "Cuộc họp: 4")
    await sends(giang)


async def test_what_was_looked_over_is_not_sent_by_a_version_that_asks_something_else(
    town: Town, office: Office
) -> None:
    await office.puts(WORKERS, MEETINGS)
    hoa = await town.officer()
    await begins(hoa)
    await hoa.says("lao động nữ 120, cuộc họp 4")
    await hears_summary(hoa)
    await office.puts(WORKERS, TALKS)
    await hoa.says("Gửi")
    await hoa.hears("vừa có bản mới", "Thêm mục: “Đối thoại”.", "Bỏ mục: “Cuộc họp (đã ghi 4)”.", "2/2")
    await hoa.says("3")
    await hears_summary(hoa, "Lao động nữ: 120", "Đối thoại: 3")
    await sends(hoa)
    sent = await town.current(town.may, OCTOBER, FORM)
    assert sent is not None
    assert sent.figures == {"i1": 120, "i3": 3}


async def test_an_answer_to_a_row_that_is_gone_is_no_answer_to_the_next(town: Town, office: Office) -> None:
    await office.puts(WORKERS, MEETINGS)
    hoa = await town.officer()
    await begins(hoa)
    await hoa.says("120")
    asked = await hoa.hears("2/2", "Cuộc họp")
    await office.puts(WORKERS, TALKS)
    await hoa.taps("1", on=asked)
    await hoa.sees_change("vừa có bản mới", "Bỏ mục: “Cuộc họp”.", "2/2", "Đối thoại")
    await office.puts(WORKERS, MEETINGS)
    await hoa.says("5")
    await hoa.hears("vừa có bản mới", "Bỏ mục: “Đối thoại”.", "2/2", "Cuộc họp")
    # Another row is added at the end: the answer to the one that stays is taken.
    await office.puts(WORKERS, MEETINGS, TALKS)
    await hoa.says("6")
    await hoa.hears("vừa có bản mới", "Thêm mục: “Đối thoại”.", "3/3", "Đối thoại")
    draft = await town.draft(town.may, OCTOBER, FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"i1": "120", "i2": "6"}


async def test_a_unit_that_owes_it_no_more_is_told_so(town: Town, office: Office) -> None:
    await office.puts(WORKERS, MEETINGS)
    hoa = await town.officer()
    await begins(hoa)
    await hoa.says("lao động nữ 120, cuộc họp 4")
    await hears_summary(hoa)
    await office.puts(WORKERS, MEETINGS, head=[*made.HEAD[:5], ["Đơn vị phải nộp", "FDI"]])
    await hoa.says("Gửi")
    await hoa.hears("Theo bản mới của biểu, CĐCS May Hòa Thọ không phải nộp Báo cáo thử, tháng 10/2026.")
    await hoa.hears("không mất", "Lao động nữ: 120", "Cuộc họp: 4")
    assert await town.current(town.may, OCTOBER, FORM) is None


async def test_a_report_whose_form_opens_later_now_waits(town: Town, office: Office) -> None:
    await office.puts(WORKERS, MEETINGS)
    hoa = await town.officer()
    await begins(hoa)
    await hoa.says("lao động nữ 120, cuộc họp 4")
    await hears_summary(hoa)
    head = [*made.HEAD[:3], ["Mở từ", "ngày 31"], *made.HEAD[4:]]
    await office.puts(WORKERS, MEETINGS, head=head)
    await hoa.says("Gửi")
    await hoa.hears("chưa mở", "đến 31/10/2026 mới gửi được")
    await hoa.hears("không mất", "Cuộc họp: 4")
    await town.move_to(2026, 10, 31)
    await hoa.says("/baocao")
    await hears_summary(hoa, "Lao động nữ: 120")
    await sends(hoa)


async def test_a_workbook_fetched_before_says_which_cells_are_of_rows_that_are_gone(town: Town, office: Office) -> None:
    await office.puts(WORKERS, MEETINGS)
    boss = await town.supervisor()
    await boss.says("/tonghop")
    await boss.hears("Tổng hợp tháng 10/2026")
    await boss.taps("Chi tiết")
    await boss.sees_change("Biến động đoàn viên")
    await boss.taps("Biểu khác")
    await boss.sees_change("Tổng hợp biểu nào")
    await boss.taps("Báo cáo thử, tháng 10/2026")
    await boss.sees_change("đã nộp 0/2")
    await boss.taps("Excel")
    book = load_workbook(io.BytesIO((await boss.hears("Báo cáo thử, tháng 10/2026")).file))
    sheet = book.worksheets[0]
    codes = next(row for row in sheet.iter_rows() if row[0].value == "codes")
    place = next(cell.column for cell in codes if cell.value == "MAY")
    for row in sheet.iter_rows():
        if row[0].value in {"i1", "i2"}:
            row[place - 1].value = 7
    filled = io.BytesIO()
    book.save(filled)
    await office.puts(WORKERS, TALKS)
    hoa = await town.officer()
    await hoa.sends_document("báo cáo.xlsx", filled.getvalue())
    await hoa.hears("1 báo cáo", "số ở các mục không còn trong biểu tôi không lấy: ô ")
    draft = await town.draft(town.may, OCTOBER, FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"i1": "7"}


@pytest.fixture
async def paged(sqlite_database: Database) -> AsyncIterator[PageTown]:
    async with page_town(sqlite_database) as town:
        yield town


async def test_an_open_page_shows_the_rows_of_the_new_version_and_is_over_once_the_form_is_withdrawn(
    paged: PageTown,
) -> None:
    office, part = office_of(paged), [None, "I. Phần một"]
    await office.puts(part, WORKERS, MEETINGS)
    hoa = await paged.officer()
    await hoa.says("/baocao báo cáo thử")
    opened = await hoa.hears("Báo cáo thử")
    buttons = [button for row in opened.message.buttons for button in row]
    address = next(str(button["web_app"]["url"]) for button in buttons if "web_app" in button)
    report = (await paged.asks("open", hoa, address)).json()["report"]
    rows = {"i1": "120", "i2": "4"}
    saved = (await paged.asks("save", hoa, address, version=report["version"], rows=rows)).json()["report"]
    assert saved["ready"]
    await office.puts(part, WORKERS, TALKS)
    refused = await paged.asks("send", hoa, address, version=saved["version"])
    assert refused.status_code == 409
    assert "bản mới" in refused.json()["said"]
    renewed = refused.json()["report"]
    assert [row["key"] for row in renewed["parts"][0]["rows"]] == ["i1", "i3"]
    assert not renewed["ready"]
    assert await paged.current(paged.may, OCTOBER, FORM) is None
    again = await paged.asks("save", hoa, address, version=renewed["version"], rows={"i3": "2"})
    version = again.json()["report"]["version"]
    gone = await office.withdraws()
    late = await paged.asks("send", hoa, address, version=version)
    assert (late.status_code, "biểu đã rút" in late.json()["said"]) == (404, True)
    await office.restores(gone)
    assert (await paged.asks("send", hoa, address, version=version)).status_code == 200
    sent = await paged.current(paged.may, OCTOBER, FORM)
    assert sent is not None
    assert sent.figures == {"i1": 120, "i3": 2}
