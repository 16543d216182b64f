"""The supervisor's morning in the chat: totals, targets, the missing, files, pictures, the journal, the digest."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from bot.features.summaries import service
from bot.services import nudging, places
from knowledge.forms import MONTHLY_FORM
from knowledge.model.units import UnitKind
from storage import submissions, units
from storage.engine import Database
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.region import OCTOBER, TODAY, Region, region_on
from tests.e2e.town import hears_summary, sends


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        await region.fill()
        yield region


# /tonghop ------------------------------------------------------------------------------------------------------------


async def test_the_summary_is_one_screen_and_the_rest_a_tap_away(region: Region) -> None:
    boss = await region.supervisor(region.top)
    await boss.says("/tonghop")
    heard = await boss.hears(
        "Tổng hợp tháng 10/2026 – Công đoàn Công Thương",
        "▓▓▓▓▓░░░░░ đã nộp 2/4 (50%)",
        "Chưa nộp 2, nộp muộn 1; hạn ngày mai, 05/11/2026",
        "CNVCLĐ: 116.100 · Đoàn viên: 104.880",
        "Kết nạp mới: 75 · Giảm: 25",
        "Chỉ tiêu 2030: 154.880/158.000 (98%), gồm số cũ của 1 đơn vị chưa nộp",
        "A15/KH-CĐCT (Công đoàn Công Thương Việt Nam), mục",
    )
    assert heard.text.count("\n") == 5
    assert heard.labels == ["Các đơn vị (2)", "Chưa nộp (2)", "Chi tiết", "Excel"]
    await boss.taps("Chi tiết")
    whole = await boss.sees_change(
        "đúng hạn 1 (25%), muộn 1",
        "Đoàn viên: 104.880",
        "154.880/158.000",
        "còn thiếu 3.120 đoàn viên, khoảng 63 mỗi tháng đến 31/12/2030",
        "1 đơn vị chưa nộp tháng 10/2026: lấy số gần nhất",
    )
    whole.has_buttons("Excel", "Excel 12 tháng", "CSV", "Biểu đồ", "Giải trình (1)", "‹ Tháng 09/2026")
    await boss.taps("‹ Tổng hợp")
    await boss.sees_change("▓▓▓▓▓░░░░░")
    await boss.taps("Các đơn vị (2)")
    units_of = await boss.sees_change("Tổng hợp tháng 10/2026", "2 đơn vị bên dưới. Bấm để xem từng nơi.")
    units_of.has_buttons("Công đoàn khu Bắc · 1/3", "Công đoàn khu Nam · ✓", "‹ Tổng hợp")


async def test_units_stand_on_pages_of_their_own(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "CHILDREN_SHOWN", 1)
    boss = await region.supervisor(region.top)
    await boss.says("/tonghop")
    await boss.hears()
    await boss.taps("Các đơn vị (2)")
    (await boss.sees_change("trang 1/2")).has_buttons("Công đoàn khu Bắc · 1/3", "Trang sau ›")
    await boss.taps("Trang sau ›")
    (await boss.sees_change("trang 2/2")).has_buttons("Công đoàn khu Nam · ✓", "‹ Trang trước")


async def test_where_a_units_plan_is_gone_the_level_above_speaks(region: Region) -> None:
    async with region.database.write() as db:
        await units.change(db, region.north.id, plan="withdrawn-2026")
    boss = await region.supervisor(region.top)
    await boss.says("/tonghop tháng 10 khu bắc")
    await boss.hears("Tổng hợp tháng 10/2026 – Công đoàn khu Bắc")
    await boss.taps("Chi tiết")
    await boss.sees_change("A15/KH-CĐCT")


async def test_drilling_down_and_up_again_changes_the_message(region: Region) -> None:
    boss = await region.supervisor(region.top)
    await boss.says("tổng hợp")
    await boss.hears("Công đoàn Công Thương")
    await boss.taps("Các đơn vị (2)")
    await boss.sees_change()
    await boss.taps("Công đoàn khu Bắc · 1/3")
    below = await boss.sees_change("Công đoàn khu Bắc", "▓▓▓░░░░░░░ đã nộp 1/3")
    assert below.labels == ["Các đơn vị (3)", "Chưa nộp (2)", "Chi tiết", "↑ Cấp trên"]
    await boss.taps("Các đơn vị (3)")
    (await boss.sees_change()).has_buttons("CĐCS May Sông Xanh · ✓")
    await boss.taps("CĐCS May Sông Xanh · ✓")
    await boss.sees_change("▓▓▓▓▓▓▓▓▓▓ đã nộp 1/1", "Đã nộp đủ, đều đúng hạn")
    await boss.taps("↑ Cấp trên")
    await boss.sees_change("Công đoàn khu Bắc")
    await boss.taps("↑ Cấp trên")
    await boss.sees_change("Công đoàn Công Thương", "đã nộp 2/4")
    await boss.taps("Chi tiết")
    await boss.sees_change()
    await boss.taps("‹ Tháng 09/2026")
    await boss.sees_change("Tổng hợp tháng 09/2026", "đã nộp 3/4")


async def test_a_target_stands_with_the_totals_of_whom_it_is_set_for(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await boss.says("/tonghop")
    (await boss.hears("Công đoàn khu Bắc", "Đoàn viên: 100.000")).lacks("158.000", "A15/KH-CĐCT")
    await boss.taps("Chi tiết")
    part = await boss.sees_change(
        "Chỉ tiêu về số lượng là của toàn Công đoàn Công Thương, chưa giao riêng cho Công đoàn khu Bắc",
        "Tổng số đoàn viên đến tháng 10/2026: 150.000 đoàn viên",
    )
    part.lacks("158.000", "còn thiếu")
    async with region.database.write() as db:
        await units.change(db, region.north.id, plan="vuit-nq02-2021")
        await units.change(db, region.top.id, plan="")
    await boss.says("/tonghop may sông xanh")
    (await boss.hears("CĐCS May Sông Xanh", "Đoàn viên: 100.000")).lacks("158.000")
    await boss.says("/tonghop")
    (await boss.hears("Công đoàn khu Bắc")).lacks("158.000")


async def test_a_plan_set_for_two_is_the_target_of_neither(region: Region) -> None:
    async with region.database.write() as db:
        other = await units.add(
            db, code="KH2", name="Công đoàn ngành Khác", kind=UnitKind.SECTOR, registered_on=date(2020, 1, 1)
        )
        await units.change(db, other.id, plan="vuit-nq02-2021")
    boss = await region.supervisor(region.top)
    await boss.says("/tonghop")
    (await boss.hears("Công đoàn Công Thương")).lacks("158.000")
    async with region.database.write() as db:
        await units.dissolve(db, other.id, date(2026, 10, 1))
    await boss.says("/tonghop")
    await boss.hears("154.880/158.000")


async def test_a_month_and_a_unit_can_be_named(region: Region) -> None:
    boss = await region.supervisor(region.top)
    await boss.says("/tonghop tháng 9 khu nam")
    await boss.hears("Tổng hợp tháng 09/2026 – Công đoàn khu Nam", "Đoàn viên: 4.880")
    for month in ("t9", "T9", "thg 9", "9/2026"):
        await boss.says(f"/tonghop {month} khu nam")
        await boss.hears("Tổng hợp tháng 09/2026 – Công đoàn khu Nam", "Đoàn viên: 4.880")
    await boss.says("/tonghop tháng 12/2026")
    await boss.hears("chưa mở")
    await boss.says("/tonghop không có đâu")
    await boss.hears("không thấy đơn vị nào")


async def test_explanations_show_rule_and_reason(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await boss.says("/tonghop")
    await boss.hears()
    await boss.taps("Chi tiết")
    await boss.sees_change()
    await boss.taps("Giải trình (1)")
    await boss.hears("CĐCS May Sông Xanh", "Kỳ trước có 99.900", "đếm lại sau sáp nhập")


# /chuanop ------------------------------------------------------------------------------------------------------------


async def test_the_missing_are_listed_and_reminded(region: Region) -> None:
    boss = await region.supervisor(region.north)
    binh = await region.officer(region.co_khi, "Phạm Quốc Bình")
    await boss.says("/chuanop")
    heard = await boss.hears(
        "Chưa nộp tháng 10/2026", "CĐCS Cơ khí Tân Phong", "CĐCS Trường Nguyễn Du", "chưa có cán bộ nào"
    )
    heard.has_buttons("Nhắc tất cả", "Nhắc CĐCS Cơ khí Tân Phong")
    assert "Nhắc CĐCS Trường Nguyễn Du" not in heard.labels
    before = heard.labels
    await boss.taps("Nhắc tất cả")
    assert (await boss.hears_toast()).startswith("Đã nhắc 1 cán bộ; 1 đơn vị chưa có cán bộ")
    shown = await boss.sees_change(
        "🔔 Đã nhắc 1 đơn vị, lần cuối 09:0",
        "Còn 1 đơn vị không nhắn được.",
        "CĐCS Cơ khí Tân Phong – đã nhắc lúc 09:0",
        of=heard,
    )
    assert [label for label in before if label not in shown.labels] == ["Nhắc CĐCS Cơ khí Tân Phong", "Nhắc tất cả"]
    await binh.hears("tháng 10/2026")
    await boss.taps_forged(heard, f"sum:n:{region.north.id}:n.doan-vien-thang.2026-10:0")
    assert "không nhắc lại" in await boss.hears_toast()
    await boss.taps_forged(heard, f"sum:o:{region.co_khi.id}:n.doan-vien-thang.2026-10:0:{region.north.id}")
    assert "không nhắc lại" in await boss.hears_toast()
    binh.hears_nothing_more()
    await boss.says("những đơn vị nào chưa báo cáo")
    await boss.hears("CĐCS Cơ khí Tân Phong – đã nhắc lúc 09:0")


async def test_units_that_came_in_too_late_to_owe_it_are_told_apart(region: Region) -> None:
    boss = await region.supervisor(region.north)
    async with region.database.write() as db:
        await units.add(
            db, code="MOI", name="CĐCS Mới Vào", kind=UnitKind.PRIVATE, registered_on=date(2026, 11, 2),
            parent_id=region.north.id,
        )  # fmt: skip
    await boss.says("/chuanop")
    heard = await boss.hears("Chưa nộp tháng 10/2026", "1 đơn vị mới vào danh sách, kỳ này chưa phải nộp.")
    heard.lacks("Mới Vào")


async def test_in_quiet_hours_the_list_says_when_they_are_reminded(region: Region) -> None:
    boss = await region.supervisor(region.north)
    binh = await region.officer(region.co_khi, "Phạm Quốc Bình")
    region.clock.move_to(TODAY.replace(hour=15))
    await boss.says("/chuanop")
    heard = await boss.hears("CĐCS Cơ khí Tân Phong – chưa được nhắc")
    await boss.taps("Nhắc tất cả")
    assert "Sẽ gửi lúc 07:00 sáng mai" in await boss.hears_toast()
    shown = await boss.sees_change("Sẽ nhắc 1 đơn vị lúc 07:00 ngày", "giờ yên lặng", "– sẽ nhắc lúc 07:00", of=heard)
    shown.lacks("Đã nhắc")
    assert "Nhắc tất cả" not in shown.labels
    binh.hears_nothing_more()
    region.clock.move_to(TODAY.replace(hour=0) + timedelta(days=1))
    await binh.hears("tháng 10/2026", "nhờ nhắc")


async def test_one_unit_is_reminded_by_its_button(region: Region) -> None:
    boss = await region.supervisor(region.north)
    binh = await region.officer(region.co_khi, "Phạm Quốc Bình")
    await boss.says("chưa nộp")
    listed = await boss.hears("CĐCS Cơ khí Tân Phong – chưa được nhắc")
    await boss.taps("Nhắc CĐCS Cơ khí Tân Phong")
    assert "Đã nhắc 1 cán bộ" in await boss.hears_toast()
    await boss.sees_change("CĐCS Cơ khí Tân Phong – đã nhắc lúc 09:0", of=listed)
    await binh.hears("tháng 10/2026")


async def test_whoever_is_writing_is_reminded_some_minutes_later(region: Region) -> None:
    boss = await region.supervisor(region.north)
    binh = await region.officer(region.co_khi, "Phạm Quốc Bình")
    await binh.says("chỉ tiêu thỏa ước")
    await binh.hears("thỏa ước")
    await boss.says("chưa nộp")
    await boss.hears("CĐCS Cơ khí Tân Phong – chưa được nhắc")
    await boss.taps("Nhắc CĐCS Cơ khí Tân Phong")
    assert "Sẽ nhắc 1 cán bộ sau ít phút, khi họ nhắn xong với tôi" in await boss.hears_toast()
    binh.hears_nothing_more()
    region.clock.move_to(region.clock() + timedelta(minutes=11))
    await binh.hears("tháng 10/2026", "nhờ nhắc")


# Words ---------------------------------------------------------------------------------------------------------------


async def test_figures_are_asked_for_in_words(region: Region) -> None:
    boss = await region.supervisor(region.top)
    await boss.says("còn thiếu bao nhiêu đoàn viên so với chỉ tiêu 2030?")
    await boss.hears("còn thiếu 3.120 đoàn viên", "31/12/2030", "A15/KH-CĐCT", "mục")
    await boss.says("còn thiếu bao nhiêu đoàn viên so với chỉ tiêu 2027")
    await boss.hears("không đặt chỉ tiêu", "2027")
    await boss.says("hiện nay có bao nhiêu đoàn viên")
    await boss.hears("Đoàn viên: 104.880")
    await boss.says("may sông xanh nộp tháng 10 chưa")
    await boss.hears("CĐCS May Sông Xanh đã nộp", "đúng hạn")


async def test_an_officer_asks_whether_the_own_unit_has_reported(region: Region) -> None:
    binh = await region.officer(region.co_khi)
    await binh.says("đơn vị tôi nộp tháng 10 chưa")
    await binh.hears("CĐCS Cơ khí Tân Phong chưa nộp", "hạn ngày mai, 05/11/2026")
    await binh.says("don vi toi nop thang 9 chua")
    await binh.hears("đã nộp", "đúng hạn")


async def test_the_plans_own_questions_still_go_to_the_plans(region: Region) -> None:
    boss = await region.supervisor(region.top)
    await boss.says("chỉ tiêu đoàn viên 2030")
    await boss.hears("158.000")
    guest = region.chat.person("Khách Lạ")
    guest.person.started = True
    await guest.says("những đơn vị nào chưa nộp")
    await guest.hears("mã mời")


# Files ---------------------------------------------------------------------------------------------------------------


async def test_the_workbook_goes_out_is_changed_and_comes_back(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await boss.says("/tonghop")
    await boss.hears()
    await boss.taps("Excel")
    assert "Excel" in await boss.hears_toast()
    await region.wait_for_errands()
    file = await boss.hears("Biến động đoàn viên, tháng 10/2026", "Đã nộp 1/3")
    assert file.file_name == "doan-vien-thang_BAC_2026-10.xlsx"
    await boss.sends_document("tổng hợp.xlsx", file.file)
    await boss.hears("không có số nào khác")

    book = load_workbook(io.BytesIO(file.file))
    sheet = book.worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    column = next(cell.column - 1 for cell in rows["codes"] if cell.value == "CK")
    for key, value in {"workers": 60_100, "members": 50_010, "admitted": 12, "lost": 2}.items():
        rows[key][column].value = value
    changed = io.BytesIO()
    book.save(changed)
    await boss.sends_document("sửa.xlsx", changed.getvalue())
    offered = await boss.hears("1 báo cáo", "điền sẵn")
    assert await _current(region, region.co_khi.id) is None
    await boss.taps("CĐCS Cơ khí Tân Phong, tháng 10/2026", on=offered)
    await hears_summary(boss, "50.010")
    await sends(boss)
    stored = await _current(region, region.co_khi.id)
    assert stored is not None
    assert stored.figures["members"] == Decimal(50_010)
    assert stored.entered_for
    await boss.sends_document("sửa.xlsx", changed.getvalue())
    await boss.hears("không có số nào khác")


async def _current(region: Region, unit_id: int) -> submissions.Submission | None:
    async with region.database.read() as db:
        return await submissions.find_current(db, unit_id, MONTHLY_FORM, OCTOBER)


async def test_wrong_cells_are_named_and_nothing_is_taken(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await boss.says("/tonghop")
    await boss.hears()
    await boss.taps("Excel")
    await region.wait_for_errands()
    book = load_workbook(io.BytesIO((await boss.hears("tháng 10/2026")).file))
    sheet = book.worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    column = next(cell.column - 1 for cell in rows["codes"] if cell.value == "TR")
    rows["workers"][column].value = "khoảng trăm người"
    rows["members"][column].value = 80.5
    rows["lost"][column].value = -3
    changed = io.BytesIO()
    book.save(changed)
    await boss.sends_document("sai.xlsx", changed.getvalue())
    await boss.hears("3 ô", "CĐCS Trường Nguyễn Du", "số nguyên", "không được âm", "Chưa có gì được ghi nhận")


async def test_a_file_that_is_no_workbook_of_ours_is_refused_politely(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await boss.sends_document("bậy.xlsx", b"not a workbook at all")
    await boss.hears("không mở được tệp")
    await boss.sends_document("to.xlsx", b"x", declared_size=19_000_000)
    await boss.hears("Tệp lớn quá")


async def test_csv_and_pictures(region: Region) -> None:
    boss = await region.supervisor(region.top)
    await boss.says("/tonghop")
    await boss.hears()
    await boss.taps("Chi tiết")
    await boss.sees_change()
    await boss.taps("CSV")
    await region.wait_for_errands()
    csv = await boss.hears("tháng 10/2026")
    assert csv.file_name.endswith(".csv")
    assert "BAC,Công đoàn khu Bắc,111000,100000,70,20,50" in csv.file.decode("utf-8-sig")
    await boss.taps("Biểu đồ")
    await region.wait_for_errands()
    pictures = await boss.hears_all(3)
    assert all(each.file.startswith(b"\x89PNG") for each in pictures)


async def test_large_trees_are_summed_aside(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LARGE", 2)
    boss = await region.supervisor(region.top)
    await boss.says("/tonghop")
    await boss.hears("đang làm phần cộng số liệu")
    await region.wait_for_errands()
    await boss.hears("Tổng hợp tháng 10/2026", "đã nộp 2/4")
    await boss.taps("Các đơn vị (2)")
    assert "tổng hợp từng đơn vị" in await boss.hears_toast()
    await region.wait_for_errands()
    (await boss.hears("2 đơn vị bên dưới")).has_buttons("Công đoàn khu Bắc · 1/3")
    await boss.says("còn thiếu bao nhiêu đoàn viên so với chỉ tiêu 2030?")
    await boss.hears("đang làm phần so với chỉ tiêu")
    await region.wait_for_errands()
    await boss.hears("còn thiếu 3.120 đoàn viên")


async def test_many_are_reminded_aside(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudging, "NUDGED_AT_ONCE", 1)
    boss = await region.supervisor(region.north)
    binh = await region.officer(region.co_khi, "Phạm Quốc Bình")
    lan = await region.officer(region.truong, "Hồ Ngọc Lan")
    await boss.says("/chuanop")
    listed = await boss.hears()
    await boss.taps("Nhắc tất cả")
    await region.wait_for_errands()
    shown = await boss.sees_change("Đã nhắc 2 cán bộ", "CĐCS Cơ khí Tân Phong – đã nhắc lúc", of=listed)
    assert "Nhắc tất cả" not in shown.labels
    await binh.hears("tháng 10/2026")
    await lan.hears("tháng 10/2026")


# The journal and the digest ------------------------------------------------------------------------------------------


async def test_the_journal_is_for_admins(region: Region) -> None:
    admin = region.chat.person("Trần Thị Mai", person_id=ADMIN_ID)
    admin.person.started = True
    await admin.says("/nhatky")
    await admin.hears("Nhật ký", "nộp báo cáo", "CĐCS May Sông Xanh")
    boss = await region.supervisor(region.top)
    await boss.says("/nhatky")
    await boss.hears("quản trị viên")


async def test_the_journal_says_what_was_changed_from_what_to_what(region: Region) -> None:
    admin = region.chat.person("Trần Thị Mai", person_id=ADMIN_ID)
    admin.person.started = True
    hoa, boss = await region.officer(region.co_khi), await region.supervisor(region.north)
    await hoa.says("báo cáo tháng 10: cnvclđ 60000, đoàn viên 50.000, mới 0, giảm 0")
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("/lichsu")
    await hoa.taps("Tháng 10/2026", on=await hoa.hears("✓ 10/2026: 60.000 · 50.000 · 0 · 0"))
    await hoa.hears()
    await hoa.taps("Sửa")
    await hoa.taps("CNVCLĐ: 60.000", on=await hoa.hears("Sửa số nào?"))
    await hoa.sees_change()
    await hoa.says("60.010")
    await hears_summary(hoa)
    await sends(hoa)
    await admin.says("/nhatky")
    await admin.hears(
        "Nguyễn Thị Hoa sửa báo cáo · CĐCS Cơ khí Tân Phong\n"
        "  Biến động đoàn viên, tháng 10/2026; CNVCLĐ: 60.000 → 60.010"
    )
    lan = await region.officer(region.truong, "Hồ Ngọc Lan")
    await lan.says("xin gia hạn báo cáo tháng 10")
    await lan.hears()
    await lan.says("đang kiểm kê lại")
    await lan.hears()
    await boss.taps("Đồng ý", on=await boss.hears("gia hạn"))
    await region.chat.all_taken()
    await admin.says("/nhatky")
    await admin.hears("đồng ý yêu cầu · CĐCS Trường Nguyễn Du", "Hạn nộp: 05/11 → 10/11")


async def test_the_digest_comes_once_on_the_morning_after_the_due_date(region: Region) -> None:
    boss = await region.supervisor(region.north)
    region.clock.move_to(datetime(2026, 11, 6, 0, 30, tzinfo=UTC))
    await region.bot.tick_all()
    region.clock.move_to(datetime(2026, 11, 6, 1, 30, tzinfo=UTC))
    for _ in range(3):
        await region.bot.tick_all()
    said = [await boss.hears()]
    while "Sửa số trong tệp" not in said[-1].text:
        said.append(await boss.hears())
    at = next(number for number, each in enumerate(said) if "Kết quả tháng 10/2026 – Công đoàn khu Bắc" in each.text)
    said[at].has_buttons("Xem tổng hợp", "Chưa nộp (2)")
    assert said[at].file.startswith(b"\x89PNG")
    assert "Chưa có báo cáo của: " in said[at].text
    file = said[-1]
    assert file.file_name.endswith(".xlsx")
    region.clock.move_to(datetime(2026, 11, 6, 3, 0, tzinfo=UTC))
    await region.bot.tick_all()
    assert boss.transcript().count("Kết quả tháng 10/2026") == 1


async def test_the_digest_of_a_due_date_at_the_weekend_waits_for_monday(region: Region) -> None:
    boss = await region.supervisor(region.north)
    told = []
    for day in (6, 7, 8):  # the 5th of December 2026 is a Saturday
        region.clock.move_to(datetime(2026, 12, day, 1, 30, tzinfo=UTC))
        for _ in range(3):
            await region.bot.tick_all()
        if day == 7:
            while "Kết quả tháng 11/2026" not in (heard := await boss.hears()).text:
                pass
            heard.says("Chưa có báo cáo của: ", "CĐCS May Sông Xanh")
        told.append(boss.transcript().count("Kết quả tháng 11/2026"))
    assert told == [0, 1, 1]


# Asking upward -------------------------------------------------------------------------------------------------------


async def test_a_question_goes_up_and_the_answer_comes_back(region: Region) -> None:
    boss = await region.supervisor(region.north)
    hoa = await region.officer(region.may)
    await hoa.says("giá vé xe buýt ở Hà Nội")
    (await hoa.hears("không có trong các kế hoạch")).has_buttons("Hỏi cấp trên")
    await hoa.taps("Hỏi cấp trên")
    await hoa.hears("Đã chuyển câu hỏi")
    (await boss.hears("Nguyễn Thị Hoa", "CĐCS May Sông Xanh", "giá vé xe buýt")).has_buttons("Trả lời")
    await boss.taps("Trả lời")
    await boss.hears("gõ câu trả lời")
    await boss.says("Bảy nghìn một lượt <nhé>")
    await boss.hears("Đã chuyển câu trả lời đến Nguyễn Thị Hoa")
    await hoa.hears("Lê Văn Hùng", "Bảy nghìn một lượt <nhé>", "không phải trích từ kế hoạch")
    await hoa.says("giá vé xe buýt ở Hà Nội")
    (await hoa.hears("không có trong các kế hoạch")).lacks("Bảy nghìn")


async def test_what_the_plans_may_not_hold_can_be_asked_upward_too(region: Region) -> None:
    boss = await region.supervisor(region.north)
    hoa = await region.officer(region.may)
    await hoa.says("bên Bảo Lộc có nói gì về nuôi tằm không")
    (await hoa.hears("có thể nội dung đó không có", "Thành ủy Bảo Lộc")).has_buttons("Đúng", "Hỏi cấp trên")
    await hoa.taps("Hỏi cấp trên")
    await hoa.hears("Đã chuyển câu hỏi")
    await boss.hears("nuôi tằm")


async def test_only_the_supervisor_answers_and_only_once(region: Region) -> None:
    boss = await region.supervisor(region.north)
    other = await region.supervisor(region.south, "Người Khác")
    second = await region.supervisor(region.north, "Người Thứ Hai")
    hoa = await region.officer(region.may)
    await hoa.says("giá vé xe buýt ở Hà Nội")
    await hoa.hears()
    await hoa.taps("Hỏi cấp trên")
    await hoa.hears("2 cán bộ")
    first = await boss.hears("giá vé xe buýt")
    also = await second.hears("giá vé xe buýt")
    await other.says("/tonghop")
    await other.taps_forged(await other.hears(), first.data_of("Trả lời"))
    assert "không còn dùng được" in await other.hears_toast()
    await boss.taps("Trả lời")
    await boss.hears("gõ câu trả lời")
    await boss.says("Không rõ")
    await hoa.hears("Không rõ")
    await second.taps("Trả lời", on=also)
    assert "đã có người trả lời" in await second.hears_toast()


async def test_a_guest_is_not_offered_to_ask_upward(region: Region) -> None:
    guest = region.chat.person("Khách Lạ")
    guest.person.started = True
    await guest.says("giá vé xe buýt ở Hà Nội")
    assert "Hỏi cấp trên" not in (await guest.hears("không có trong các kế hoạch")).labels
