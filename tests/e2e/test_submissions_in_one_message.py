"""Reports in one message, pasted tables and "no change" among them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.engine import Database
from tests.e2e.town import NOVEMBER, OCTOBER, ONE_MESSAGE, SEPTEMBER, Town, hears_summary, sees_summary, sends, town_on
from tests.monthly import monthly_figures


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


async def test_an_ordinary_month_takes_two_messages(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250", "Kết nạp mới: 12", "Giảm: 3")
    await hoa.says("Gửi")
    await hoa.hears("Đã nhận")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.figures == monthly_figures(1320, 1250, 12, 3)


async def test_a_pasted_table_goes_to_the_summary(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("Báo cáo T10/2026\nTổng số CNVCLĐ\t1320\nTổng số đoàn viên\t1250\nKết nạp mới\t12\nGiảm\t3")
    await hears_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250")


async def test_what_is_missing_in_the_message_is_asked_and_never_zero(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, mới 12, giảm 3")
    await hoa.hears("2/4", "đoàn viên công đoàn")
    await hoa.says("1250")
    await hears_summary(hoa, "Đoàn viên: 1.250")


async def test_what_is_unclear_in_the_message_is_asked_back(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("báo cáo tháng 10: cnvclđ 1,32, đoàn viên khoảng 1250, mới 12, giảm 3")
    await hoa.hears("hai cách", "CNVCLĐ")
    await hoa.taps("1.320")
    await hoa.sees_change("số chính xác", "1.250")
    await hoa.taps("Đúng")
    await sees_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250")


async def test_no_change_is_a_report_of_its_own(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Không có biến động")
    await sees_summary(hoa, "CNVCLĐ: 1.310", "Đoàn viên: 1.241", "Không có biến động")
    (await sends(hoa)).says("Không có biến động")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.no_change
    assert stored.figures == monthly_figures(1310, 1241, 0, 0)


async def test_no_change_in_words_takes_two_messages(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    hoa = await town.officer()
    await hoa.says("tháng 10 không có biến động")
    await hears_summary(hoa, "Không có biến động")
    await sends(hoa)
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.no_change


async def test_a_period_that_is_still_to_come_is_refused(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("báo cáo tháng 11/2026: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3")
    await hoa.hears("chưa mở", "25/11/2026")
    assert await town.draft(town.may, NOVEMBER) is None


async def test_this_month_said_while_the_month_before_is_due_is_asked_about(town: Town) -> None:
    await town.move_to(2026, 11, 3)
    hoa = await town.officer()
    await hoa.says("tháng này vào 12, ra 3, cnvclđ 1320, đoàn viên 1.250")
    choice = await hoa.hears("kỳ nào")
    assert [label.split(" (")[0] for label in choice.labels] == ["Tháng 10/2026", "Hủy"]
    await hoa.taps(choice.labels[0])
    await sees_summary(hoa, "Đoàn viên: 1.250", "Kết nạp mới: 12")


async def test_with_two_months_owed_a_message_without_a_month_is_asked_about(town: Town) -> None:
    await town.move_to(2026, 11, 26)
    hoa = await town.officer()
    await hoa.says("/baocao")
    opened = await hoa.hears("tháng 11/2026", "Còn thiếu từ trước: tháng 10.")
    await hoa.taps("Nộp bù tháng 10", on=opened)
    (await hoa.sees_change("tháng 10/2026", "quá hạn", of=opened)).lacks("Còn thiếu")
    await hoa.says("Nộp bù tháng 10")
    await hoa.hears("tháng 10/2026", "quá hạn")
    await hoa.taps("Hủy")
    await hoa.hears("Đã dừng")
    await hoa.says("cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3")
    choice = await hoa.hears("kỳ nào")
    assert [label.split(" (")[0] for label in choice.labels] == ["Tháng 11/2026", "Tháng 10/2026", "Hủy"]
    await hoa.taps(choice.labels[0])
    await sees_summary(hoa, "tháng 11/2026", "Đoàn viên: 1.250")
    await sends(hoa)
    assert await town.current(town.may, NOVEMBER) is not None
    assert await town.current(town.may, OCTOBER) is None
