"""What needs the supervisor: more time, reopening, sending back; and a restart in the middle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot import app
from bot.sandbox import MovableClock
from knowledge.forms import MONTHLY_FORM, get_form
from storage import requests
from storage.engine import Database
from storage.submissions import State
from tests.e2e.chat import Chat
from tests.e2e.conftest import settings_for
from tests.e2e.town import OCTOBER, ONE_MESSAGE, OPENING_DAY, Town, build_town, hears_summary, sends, town_on


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


async def due_on(town: Town) -> date:
    async with town.database.read() as db:
        return (await requests.get_dates(db, town.may.id, get_form(MONTHLY_FORM), OCTOBER))[0]


# More time ---------------------------------------------------------------------------------------------------------


async def test_more_time_is_asked_for_and_granted(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Xin gia hạn")
    await hoa.hears("lý do", "hạn 05/11/2026", "10/11/2026")
    await hoa.says("kế toán nghỉ ốm, xin đến 12/11")
    await hoa.hears("Đã gửi yêu cầu gia hạn", "12/11/2026")
    asked = await lan.hears("CĐCS May Hòa Thọ", "xin gia hạn", "12/11/2026", "kế toán nghỉ ốm", "Nguyễn Thị Hoa")
    asked.has_buttons("Đồng ý", "Từ chối")
    await lan.taps("Đồng ý")
    await lan.sees_change("đã đồng ý", "12/11/2026", of=asked)
    (await hoa.hears("đồng ý gia hạn", "12/11/2026")).has_buttons("Nộp ngay")
    assert await due_on(town) == date(2026, 11, 12)
    await town.move_to(2026, 11, 11)
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    (await sends(hoa)).says("đúng hạn", "12/11/2026")


async def test_a_day_named_with_the_wish_is_the_one_asked_for(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("cho em xin gia hạn báo cáo tháng 10 thêm 1 tuần ạ")
    await hoa.hears("Xin gia hạn", "hạn 05/11/2026", "xin đến hết 12/11/2026")
    await hoa.says("kế toán nghỉ ốm")
    await hoa.hears("Đã gửi yêu cầu gia hạn", "12/11/2026")
    await lan.hears("xin gia hạn", "12/11/2026", "kế toán nghỉ ốm")


async def test_more_time_granted_after_sending_late_makes_it_timely(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Xin gia hạn")
    await hoa.hears("lý do")
    await hoa.says("mất điện cả tuần")
    await hoa.hears("Đã gửi yêu cầu")
    await lan.hears("mất điện cả tuần")
    await town.move_to(2026, 11, 7)
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    (await sends(hoa)).says("nộp muộn")
    await lan.taps("Đồng ý")
    await hoa.hears("đồng ý gia hạn")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.on_time


async def test_a_refused_request_changes_nothing_and_is_decided_once(town: Town) -> None:
    lan, tam = await town.supervisor(), await town.supervisor("Đỗ Thị Tâm")
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Xin gia hạn")
    await hoa.hears("lý do")
    await hoa.says("?!")
    await hoa.hears("rõ lý do hơn")
    await hoa.says("chưa tổng hợp xong, xin đến 01/11")
    await hoa.hears("phải sau 05/11/2026")
    await hoa.says("chưa tổng hợp xong")
    await hoa.hears("Đã gửi yêu cầu")
    await lan.hears("chưa tổng hợp xong")
    second = await tam.hears("chưa tổng hợp xong")
    data = second.data_of("Đồng ý")
    await lan.taps("Từ chối")
    (await lan.hears("chọn một lý do")).has_buttons("Không nêu lý do", "Hủy")
    await lan.taps("Phải tổng hợp đúng hạn")
    told = await hoa.hears("không đồng ý", "Cấp trên phải tổng hợp đúng hạn", "Hạn vẫn là thứ Năm, 05/11/2026")
    told.has_buttons("Nộp ngay")
    await tam.sees_change("Trần Văn Lan đã từ chối", of=second)
    await tam.taps_forged(second, data)
    assert "từ chối" in await tam.hears_toast()
    assert await due_on(town) == date(2026, 11, 5)
    await hoa.says("/baocao")
    await hoa.hears("1/4")


async def test_a_refusal_carries_the_reason_that_was_typed(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Xin gia hạn")
    await hoa.hears("lý do")
    await hoa.says("mất điện, xin lùi 3 ngày")
    await hoa.hears("Đã gửi yêu cầu", "Chủ nhật, 08/11/2026")
    asked = await lan.hears("mất điện")
    await lan.taps("Từ chối")
    await lan.hears("chọn một lý do")
    await lan.says("ngày 6 tỉnh họp rồi, cố giúp nhé")
    await lan.sees_change("đã từ chối", "ngày 6 tỉnh họp", of=asked)
    await lan.hears("Đã từ chối")
    await hoa.hears("không đồng ý", "ngày 6 tỉnh họp rồi", "Hạn vẫn là")


async def test_asking_twice_is_one_request(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    for _ in range(2):
        await hoa.says("/baocao")
        await hoa.hears("1/4")
        await hoa.taps("Xin gia hạn")
        await hoa.hears("lý do")
        await hoa.says("đơn vị đang kiểm kê")
        await hoa.hears("cấp trên")
    await lan.hears("kiểm kê")
    await town.chat.all_taken()
    lan.hears_nothing_more()


async def test_an_officer_cannot_decide(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("/baocao")
    question = await hoa.hears("1/4")
    await hoa.taps("Xin gia hạn")
    await hoa.hears("lý do")
    await hoa.says("đơn vị đang kiểm kê")
    await hoa.hears("Đã gửi")
    asked = await lan.hears("kiểm kê")
    await hoa.taps_forged(question, asked.data_of("Đồng ý"))
    assert "không thuộc quyền" in await hoa.hears_toast()
    assert await due_on(town) == date(2026, 11, 5)


# The lock ----------------------------------------------------------------------------------------------------------


async def test_after_the_lock_a_correction_needs_the_supervisor(town: Town) -> None:
    await town.reported(town.may, OCTOBER, 1320, 1250, 12, 3)
    lan, hoa = await town.supervisor(), await town.officer()
    await town.move_to(2026, 12, 1)
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.260, mới 22, giảm 3")
    (await hoa.hears("đã khóa", "30/11/2026")).has_buttons("Xin mở lại")
    await hoa.taps("Xin mở lại")
    await hoa.hears("lý do", "06/12/2026")
    await hoa.says("ghi nhầm số kết nạp")
    await hoa.hears("Đã gửi yêu cầu mở lại")
    await lan.hears("xin mở lại", "ghi nhầm số kết nạp", "06/12/2026")
    await lan.taps("Đồng ý")
    await hoa.hears("đồng ý mở lại")
    await hoa.taps("Sửa")
    await hoa.hears("Sửa số nào?")
    await hoa.says("đoàn viên 1.260, mới 22")
    await hears_summary(hoa, "1.260")
    await sends(hoa)
    assert [v.figures["members"] for v in await town.versions(town.may)] == [1250, 1260]
    await town.move_to(2026, 12, 7)
    await hoa.says("/lichsu")
    await hoa.hears("1.260")
    await hoa.taps("Tháng 10/2026")
    (await hoa.hears("Đã khóa")).has_buttons("Xin mở lại")


async def test_a_first_report_is_taken_however_late(town: Town) -> None:
    hoa = await town.officer()
    await town.move_to(2027, 2, 1)
    await hoa.says("báo cáo tháng 10/2026: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3")
    await hears_summary(hoa, "tháng 10/2026")
    (await sends(hoa)).says("nộp muộn")


async def test_a_draft_that_outlived_the_lock_is_not_sent(town: Town) -> None:
    await town.reported(town.may, OCTOBER, 1320, 1250, 12, 3)
    hoa = await town.officer()
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.260, mới 22, giảm 3")
    await hears_summary(hoa)
    await town.move_to(2026, 12, 1)
    await hoa.says("Gửi")
    await hoa.hears("đã khóa")
    assert len(await town.versions(town.may)) == 1


# Sending back ------------------------------------------------------------------------------------------------------


async def test_a_report_is_sent_back_with_a_remark_and_corrected(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await lan.says("/lichsu may")
    await lan.hears("CĐCS May Hòa Thọ", "10/2026: 1.320 · 1.250")
    await lan.taps("Tháng 10/2026")
    (await lan.hears("Nguyễn Thị Hoa")).has_buttons("Gửi trả")
    await lan.taps("Gửi trả")
    await lan.hears("cần sửa gì")
    await lan.says("Số CNVCLĐ thiếu xưởng 3, kiểm tra lại giúp")
    await lan.hears("Đã gửi trả")
    (await hoa.hears("Trần Văn Lan", "gửi trả", "thiếu xưởng 3")).has_buttons("Sửa")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.state is State.RETURNED
    await town.move_to(2026, 12, 5)  # sent back, it may be corrected whenever
    await hoa.taps("Sửa")
    await hoa.hears("thiếu xưởng 3", "Sửa số nào?")
    await hoa.says("cnvclđ 1.400")
    await hears_summary(hoa, "1.400")
    (await sends(hoa)).says("nộp lần đầu 28/10, đúng hạn", "bản sửa lần 1")
    (await lan.hears("CĐCS May Hòa Thọ", "nộp lại", "Nguyễn Thị Hoa")).has_buttons("Xem báo cáo")
    await lan.taps("Xem báo cáo")
    await lan.hears("1.400")
    corrected = await town.current(town.may)
    assert corrected is not None
    assert (corrected.state, corrected.version, corrected.on_time) == (State.SENT, 2, True)


async def test_what_was_corrected_meanwhile_is_not_sent_back(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await lan.says("/lichsu MAY")
    await lan.hears("1.250")
    await lan.taps("Tháng 10/2026")
    await lan.hears("Nguyễn Thị Hoa")
    await lan.taps("Gửi trả")
    await lan.hears("cần sửa gì")
    await hoa.says("báo cáo tháng 10: đoàn viên 1.251, mới 13")
    await hears_summary(hoa)
    await sends(hoa)
    await lan.says("xem lại số đoàn viên")
    await lan.hears("vừa được sửa")


# Restarts ----------------------------------------------------------------------------------------------------------


async def test_the_dialog_goes_on_after_a_restart(sqlite_database: Database) -> None:
    clock = MovableClock(start_at=OPENING_DAY)
    url = f"sqlite:///{sqlite_database.path}"
    async with Chat(clock=clock) as chat:
        town = await build_town(chat, sqlite_database, clock)
        hoa = await town.officer()
        settings = settings_for(chat.sandbox, url)
        async with app.running(app.build(settings, sqlite_database, clock=clock)):
            await hoa.says("/baocao")
            await hoa.hears("1/4")
            await hoa.says("1320")
            await hoa.hears("2/4")
        await hoa.says("1250")  # said while the program is down
        await town.move_to(2026, 10, 29, 8)  # before the hour of reminders
        async with app.running(app.build(settings, sqlite_database, clock=clock)):
            await hoa.hears("3/4")
            await hoa.says("12")
            await hoa.hears("4/4")
            await hoa.says("3")
            await hears_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250")
        await hoa.taps("Gửi")
        async with app.running(app.build(settings, sqlite_database, clock=clock)):
            await hoa.hears("Đã nhận", "29/10/2026")
        assert len(await town.versions(town.may)) == 1
