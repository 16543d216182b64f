"""Reports sent in a chat: the guided way, the one-message way, corrections, and everything in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from storage import people
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.town import NOVEMBER, OCTOBER, ONE_MESSAGE, SEPTEMBER, Town, hears_summary, sends, town_on


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


def figures(*values: int) -> dict[str, Decimal]:
    keys = ("workers", "members", "admitted", "lost", "net")
    whole = (*values, values[2] - values[3])
    return {key: Decimal(value) for key, value in zip(keys, whole, strict=True)}


# The guided way ----------------------------------------------------------------------------------------------------


async def test_the_guided_way(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await town.officer()
    await hoa.says("/baocao")
    question = await hoa.hears("tháng 10/2026", "May Hòa Thọ", "1/4", "Kỳ trước: 1.310", "hạn 05/11/2026")
    question.has_buttons("Giữ nguyên", "Không có biến động", "Xin gia hạn", "Hủy")
    await hoa.says("1.320")
    (await hoa.hears("2/4", "Kỳ trước: 1.241")).has_buttons("Giữ nguyên", "Quay lại", "Hủy")
    await hoa.says("1 250")
    (await hoa.hears("3/4", "Kỳ trước: 5")).has_buttons("Quay lại", "Hủy")
    await hoa.says("12")
    await hoa.hears("4/4")
    await hoa.says("3")
    summary = await hears_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250", "Kết nạp mới: 12", "Giảm: 3", "+9")
    summary.has_buttons("Sửa", "Quay lại", "Hủy")
    receipt = await sends(hoa)
    receipt.says("CĐCS May Hòa Thọ", "tháng 10/2026", "09:0", "28/10/2026", "đúng hạn", "1.250")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.figures == figures(1320, 1250, 12, 3)
    assert (stored.version, stored.on_time, stored.entered_for) == (1, True, False)
    assert await town.draft(town.may) is None


async def test_send_pressed_again_repeats_the_receipt_of_the_same_submission(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await hoa.says("Gửi")
    await hoa.says("Gửi")
    first = await hoa.hears("Đã nhận", "Số biên nhận: 1")
    again = await hoa.hears("đã gửi rồi", "Đã nhận", "Số biên nhận: 1")
    assert first.text.splitlines()[1:4] == again.text.splitlines()[2:5]
    assert len(await town.versions(town.may)) == 1


async def test_going_back_and_keeping(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Giữ nguyên")
    await hoa.hears("2/4")
    await hoa.taps("Quay lại")
    await hoa.hears("1/4", "Đang ghi: 1.310")
    await hoa.says("1305")
    await hoa.hears("2/4")
    await hoa.taps("Giữ nguyên")
    await hoa.hears("3/4")
    await hoa.says("không")
    await hoa.hears("4/4")
    await hoa.says("không có ai")
    await hears_summary(hoa, "CNVCLĐ: 1.305", "Đoàn viên: 1.241", "Kết nạp mới: 0")


async def test_bad_input_is_explained_with_an_example(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    for said, explained in [
        ("nhiều lắm", "chưa đọc được “nhiều lắm”"),
        ("-5", "không thể là số âm"),
        ("99999999999", "lớn quá mức"),
        ("15%", "không phải phần trăm"),
        ("chưa có số", "khi có số"),
    ]:
        await hoa.says(said)
        await hoa.hears(explained, "1/4")
    await hoa.says("1.320")
    await hoa.hears("2/4")


async def test_a_number_with_two_readings_is_asked_back(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("1,32")
    (await hoa.hears("hai cách")).has_buttons("1.320", "132", "Không phải")
    await hoa.taps("1.320")
    await hoa.hears("2/4")
    draft = await town.draft(town.may)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"workers": "1320"}


async def test_a_question_in_the_middle_is_answered_and_the_dialog_goes_on(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("1320")
    await hoa.hears("2/4")
    await hoa.says("chỉ tiêu tưlđtt tphcm 2025?")
    await hoa.hears("80%")
    await hoa.hears("Trở lại báo cáo", "2/4")
    await hoa.says("1250")
    await hoa.hears("3/4")


async def test_commands_in_the_middle_leave_the_draft_where_it_was(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("1320")
    await hoa.hears("2/4")
    await hoa.says("/kehoach")
    await hoa.hears("25-CTr/TU")
    await hoa.says("/baocao")
    await hoa.hears("anh/chị điền tiếp", "2/4")


async def test_cancel_keeps_the_draft_until_it_is_thrown_away(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("1320")
    await hoa.hears("2/4")
    await hoa.taps("Hủy")
    await hoa.hears("Đã dừng")
    (await hoa.hears("Bản nháp vẫn được giữ")).has_buttons("Xóa bản nháp")
    await hoa.says("/baocao")
    await hoa.hears("anh/chị điền tiếp", "2/4")
    await hoa.says("/huy")
    await hoa.hears("Đã dừng")
    await hoa.hears("Bản nháp")
    await hoa.taps("Xóa bản nháp")
    await hoa.hears("Đã xóa bản nháp")
    assert await town.draft(town.may) is None
    await hoa.says("/baocao")
    await hoa.hears("1/4")


# One message -------------------------------------------------------------------------------------------------------


async def test_an_ordinary_month_takes_two_messages(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250", "Kết nạp mới: 12", "Giảm: 3")
    await hoa.says("Gửi")
    await hoa.hears("Đã nhận")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.figures == figures(1320, 1250, 12, 3)


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
    await hoa.hears("số chính xác", "1.250")
    await hoa.taps("1.250")
    await hears_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250")


async def test_no_change_is_a_report_of_its_own(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Không có biến động")
    await hears_summary(hoa, "CNVCLĐ: 1.310", "Đoàn viên: 1.241", "Không có biến động")
    (await sends(hoa)).says("Không có biến động")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.no_change
    assert stored.figures == figures(1310, 1241, 0, 0)


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


async def test_with_two_months_owed_a_message_without_a_month_is_asked_about(town: Town) -> None:
    await town.move_to(2026, 11, 26)
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("tháng 10/2026", "quá hạn")  # the one due first
    await hoa.taps("Hủy")
    await hoa.hears("Đã dừng")
    await hoa.says("cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3")
    choice = await hoa.hears("kỳ nào")
    assert [label.split(" –")[0] for label in choice.labels] == ["Tháng 10/2026", "Tháng 11/2026", "Hủy"]
    await hoa.taps(choice.labels[1])
    await hears_summary(hoa, "tháng 11/2026", "Đoàn viên: 1.250")
    await sends(hoa)
    assert await town.current(town.may, NOVEMBER) is not None
    assert await town.current(town.may, OCTOBER) is None


# Rules, lateness, corrections --------------------------------------------------------------------------------------


async def test_a_broken_rule_is_confirmed_with_a_reason_that_the_supervisor_sees(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.270, mới 12, giảm 3")
    summary = await hoa.hears("⚠️", "tổng số phải là 1.250", "gõ lý do")
    summary.lacks("bấm Gửi")
    await hoa.says("Gửi")
    await hoa.hears("Chưa gửi", "giải thích")
    await hoa.says("tháng trước bỏ sót tổ cắt 20 người")
    await hears_summary(hoa, "Đã ghi lý do", "bỏ sót tổ cắt")
    await sends(hoa)
    told = await lan.hears("May Hòa Thọ", "tổng số phải là 1.250", "bỏ sót tổ cắt 20 người", "Nguyễn Thị Hoa")
    told.has_buttons("Xem báo cáo", "Gửi trả")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.reasons == {"members-carry-over": "tháng trước bỏ sót tổ cắt 20 người"}


async def test_a_question_where_a_reason_is_asked_for_is_answered_and_is_no_reason(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await town.officer()
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.300, mới 12, giảm 3")
    await hoa.hears("lý do")
    await hoa.says("tưlđtt 2025 bảo lộc đặt bao nhiêu")
    await hoa.hears("không đặt chỉ tiêu")
    await hoa.hears("gõ lý do")
    await hoa.says("tưlđtt 2025 quảng trị")
    await hoa.hears("80%", "Quảng Trị")
    await hoa.hears("gõ lý do")
    draft = await town.draft(town.may)
    assert draft is not None
    assert "quảng trị" not in str(draft)


async def test_a_late_report_is_taken_and_marked(town: Town) -> None:
    await town.move_to(2026, 11, 6)
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa, "nộp muộn")
    (await sends(hoa)).says("nộp muộn")
    stored = await town.current(town.may)
    assert stored is not None
    assert not stored.on_time


async def test_timeliness_is_judged_by_the_date_of_the_message(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await town.move_to(2026, 11, 5, 23)
    await hoa.taps("Gửi")
    await hoa.hears("Đã nhận", "đúng hạn")


async def test_a_correction_keeps_every_version(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("/lichsu")
    history = await hoa.hears("May Hòa Thọ", "CNVCLĐ 1.320", "Đoàn viên 1.250", "Kết nạp mới 12", "đúng hạn")
    await hoa.taps("Tháng 10/2026", on=history)
    (await hoa.hears("Đoàn viên: 1.250", "Nguyễn Thị Hoa", "đến hết 30/11/2026")).has_buttons("Sửa")
    await hoa.taps("Sửa")
    choice = await hoa.hears("Sửa số nào?")
    await hoa.taps("Đoàn viên: 1.250", on=choice)
    await hoa.hears("Đang ghi: 1.250")
    await hoa.says("1.255")
    await hears_summary(hoa, "Sửa bản đã gửi", "Đoàn viên: 1.255")
    (await sends(hoa)).says("bản sửa lần 1", "1.255")
    versions = await town.versions(town.may)
    assert [v.figures["members"] for v in versions] == [1250, 1255]
    await hoa.says("/lichsu")
    history = await hoa.hears("1.255")
    await hoa.taps("Tháng 10/2026", on=history)
    await hoa.hears("Các bản trước", "Lần 1", "Đoàn viên 1.250")


async def test_figures_named_after_sending_correct_the_report(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("báo cáo tháng 10 sửa lại: đoàn viên 1.251, mới 13")
    await hears_summary(hoa, "Sửa bản đã gửi", "Đoàn viên: 1.251", "Kết nạp mới: 13", "CNVCLĐ: 1.320")
    await sends(hoa)
    assert [v.version for v in await town.versions(town.may)] == [1, 2]


async def test_a_correction_that_changes_nothing_is_no_new_version(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    (await sends(hoa)).says("không có gì khác")
    assert len(await town.versions(town.may)) == 1


async def test_when_all_is_sent_baocao_says_so(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("/baocao")
    (await hoa.hears("đã nộp đủ", "25/11/2026")).has_buttons("Sửa", "Kỳ khác")
    await hoa.taps("Kỳ khác")
    choice = await hoa.hears("kỳ nào")
    assert any(label.startswith("✓ Tháng 10/2026") for label in choice.labels)


# Messages and taps that come twice, late or changed ----------------------------------------------------------------


async def test_a_message_edited_after_it_was_taken_changes_nothing_and_says_so(town: Town) -> None:
    hoa = await town.officer()
    message = await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await hoa.edits(message, ONE_MESSAGE.replace("1.250", "9.250"))
    await hoa.hears("không đổi", "Sửa")
    await sends(hoa)
    await hoa.edits(message, ONE_MESSAGE.replace("1.250", "8.250"))
    await hoa.hears("không đổi", "/lichsu")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.figures["members"] == 1250


async def test_a_double_tap_moves_one_step(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    hoa = await town.officer()
    await hoa.says("/baocao")
    question = await hoa.hears("1/4")
    await hoa.taps("Giữ nguyên", on=question)
    await hoa.taps("Giữ nguyên", on=question)
    assert "Bước này đã xong" in await hoa.hears_toast()
    await hoa.hears("2/4")
    await town.chat.all_taken()
    hoa.hears_nothing_more()


async def test_the_same_tap_under_a_new_update_id_does_nothing_twice(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Giữ nguyên")
    await hoa.hears("2/4")
    tapped = town.chat.sandbox.past_updates[-1]
    assert tapped.kind == "callback_query"
    town.chat.sandbox.redeliver(tapped.id, under_new_id=True)
    await town.chat.all_taken()
    await hoa.says("1250")
    await hoa.hears("3/4")
    hoa.hears_nothing_more()


async def test_the_same_send_delivered_twice_is_one_submission(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    sent = town.chat.sandbox.past_updates[-1]
    town.chat.sandbox.redeliver(sent.id, under_new_id=True)
    await town.chat.all_taken()
    assert len(await town.versions(town.may)) == 1


async def test_buttons_of_last_month_say_that_they_are_over(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    old = await hoa.hears("1/4")
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await town.move_to(2026, 11, 26)
    await hoa.taps("Không có biến động", on=old)
    assert "đã gửi" in await hoa.hears_toast()
    assert len(await town.versions(town.may)) == 1
    await hoa.says("/baocao")
    await hoa.hears("tháng 11/2026", "1/4")


async def test_send_with_nothing_waiting_says_so(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("Gửi")
    await hoa.hears("Không có báo cáo nào")


# Several people, several units -------------------------------------------------------------------------------------


async def test_a_colleague_goes_on_where_the_draft_was_left_and_a_stale_step_is_told(town: Town) -> None:
    hoa, minh = await town.officer(), await town.officer("Lê Văn Minh")
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("1320")
    await hoa.hears("2/4")
    await minh.says("/baocao")
    await minh.hears("Nguyễn Thị Hoa", "2/4")
    await minh.says("1250")
    await minh.hears("3/4")
    await hoa.says("1111")
    await hoa.hears("Lê Văn Minh", "chưa được ghi", "3/4")
    await hoa.says("12")
    await hoa.hears("4/4")
    await minh.says("99")
    await minh.hears("chưa được ghi", "4/4")
    await minh.says("3")
    await hears_summary(minh, "CNVCLĐ: 1.320", "Đoàn viên: 1.250", "Kết nạp mới: 12", "Giảm: 3")
    await sends(minh)
    await hoa.says("Gửi")
    await hoa.hears("Lê Văn Minh đã gửi", "Đã nhận")
    assert len(await town.versions(town.may)) == 1


async def test_several_units_are_chosen_first(town: Town) -> None:
    hoa = await town.officer("Nguyễn Thị Hoa", town.may, town.giay)
    await hoa.says("/baocao")
    (await hoa.hears("đơn vị nào")).has_buttons("CĐCS May Hòa Thọ", "CĐCS Giày Xuân An")
    await hoa.taps("CĐCS Giày Xuân An")
    await hoa.hears("Giày Xuân An", "1/4")
    await hoa.taps("Quay lại")
    await hoa.hears("đơn vị nào")
    await hoa.says(ONE_MESSAGE)
    await hoa.hears("đơn vị nào")
    await hoa.taps("CĐCS May Hòa Thọ")
    await hears_summary(hoa, "May Hòa Thọ", "Đoàn viên: 1.250")
    await sends(hoa)
    assert await town.current(town.may) is not None
    assert await town.current(town.giay) is None


async def test_entering_for_a_unit_below_is_marked_and_told(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await lan.says("/baocao")
    await lan.hears("Nhập thay", "gõ tên hay mã")
    await lan.says("may hoà thọ")
    await lan.hears("CĐCS May Hòa Thọ (nhập thay)", "1/4")
    await lan.says(ONE_MESSAGE)
    await hears_summary(lan, "nhập thay")
    (await sends(lan)).says("nhập thay")
    await hoa.hears("Trần Văn Lan", "nhập thay", "Đoàn viên: 1.250")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.entered_for


# No rights ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["/baocao", "/lichsu", ONE_MESSAGE, "/baocao MAY", "không có biến động"])
async def test_without_a_role_nothing_is_taken_or_shown(town: Town, said: str) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    stranger = town.chat.person("Người Lạ")
    await stranger.says(said)
    (await stranger.hears("chưa gắn với đơn vị")).lacks("1.241", "May")
    assert await town.draft(town.may) is None


async def test_forged_buttons_reach_no_unit_of_others(town: Town) -> None:
    sent = await town.reported(town.giay, OCTOBER, 777, 666)
    hoa = await town.officer()
    quang = await town.officer("Phạm Quang", town.giay)
    await quang.says("báo cáo tháng 9: cnvclđ 777, đoàn viên 660, mới 0, giảm 0")
    await quang.hears("Xem lại")
    draft = await town.draft(town.giay, SEPTEMBER)
    assert draft is not None
    born = draft.state["born"]
    await hoa.says("/baocao")
    own = await hoa.hears("1/4")
    for data in [
        f"r:u:{town.giay.id}:r",
        f"r:u:{town.giay.id}:h",
        f"r:n:{town.giay.id}:doan-vien-thang:2026-09",
        f"r:v:{sent.id}",
        f"r:f:{sent.id}",
        f"r:b:{sent.id}",
        f"r:o:{sent.id}",
        f"r:p:{town.giay.id}",
        f"r:d:{draft.id}.{born}.{draft.version}:f",
        f"r:x:{draft.id}:{born}",
        "r:q:1:1",
        "r:m:start",
        "r:m:go",
        f"r:u:{town.tinh.id}:c",
        "r:v:999999999999999999999",
        "r:d:a.b.c:k",
        "r:d:1",
        "r:",
        "r:n:1:khong-co:2026-13",
        "r:c:1:1",
    ]:
        await hoa.taps_forged(own, data)
        toast = await hoa.hears_toast()
        if not toast:
            (await hoa.hears()).lacks("777", "666", "660", "Giày")
    assert len(await town.versions(town.giay)) == 1
    again = await town.draft(town.giay, SEPTEMBER)
    assert again == draft


async def test_a_role_that_ended_in_the_middle_ends_the_dialog(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    async with town.database.write() as db:
        person = await people.find_by_telegram(db, hoa.id)
        assert person is not None
        await people.end_role(db, person.id, town.may.id, RoleName.OFFICER, town.clock())
    await hoa.says("Gửi")
    (await hoa.hears()).lacks("Đã nhận")
    assert await town.current(town.may) is None
