"""Reports filled in step by step: the guided way, back and forth, left and taken up again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.engine import Database
from tests.e2e.town import ONE_MESSAGE, SEPTEMBER, Town, hears_summary, sends, town_on
from tests.monthly import monthly_figures


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


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
    assert stored.figures == monthly_figures(1320, 1250, 12, 3)
    assert (stored.version, stored.on_time, stored.entered_for) == (1, True, False)
    assert await town.draft(town.may) is None


async def test_two_taps_make_a_report_and_the_totals_follow(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await town.officer()
    await hoa.says("/baocao")
    question = (await hoa.hears("1/4")).has_buttons("Không có biến động", "Có thay đổi")
    await hoa.taps("Có thay đổi", on=question)
    joined = await hoa.sees_change("1/2", "Kết nạp mới", "CNVCLĐ 1.310, Đoàn viên 1.241", of=question)
    joined.has_buttons("0", "1", "2", "3", "5", "Số khác", "Quay lại", "Hủy")
    await hoa.taps("Số khác", on=question)
    assert "gõ con số" in await hoa.hears_toast()
    await hoa.taps("3", on=question)
    await hoa.sees_change("2/2", "Giảm", of=question)
    await hoa.taps("1", on=question)
    summary = await hoa.sees_change("Xem lại", "Kết nạp mới: 3", "1.241 + 3 − 1 = 1.243", of=question)
    summary.says("CNVCLĐ: 1.310", "giữ như kỳ trước")
    await hoa.hears("Gửi")
    (await sends(hoa)).says("1.243", "đúng hạn")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.figures == monthly_figures(1310, 1243, 3, 1)


async def test_two_typed_answers_do_as_well(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("có thay đổi")
    await hoa.hears("1/2", "Kết nạp mới")
    await hoa.says("12")
    await hoa.hears("2/2", "Giảm")
    await hoa.says("4")
    await hears_summary(hoa, "1.241 + 12 − 4 = 1.249")
    await hoa.says("giảm 3")
    await hears_summary(hoa, "1.241 + 12 − 3 = 1.250", "Giảm: 3")
    await hoa.says("đoàn viên 1.251")
    (await hoa.hears("Đoàn viên: 1.251")).says("tổng số phải là 1.250").lacks("+ 12 −")


async def test_without_an_earlier_report_all_is_asked(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    question = await hoa.hears("1/4")
    assert "Có thay đổi" not in question.labels
    await hoa.says("có thay đổi")
    await hoa.hears("1/4", "không dùng được ở bước này")


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
    await hoa.sees_change("2/4")
    await hoa.taps("Quay lại")
    await hoa.sees_change("1/4", "Đang ghi: 1.310")
    await hoa.says("1305")
    await hoa.hears("2/4")
    await hoa.taps("Giữ nguyên")
    await hoa.sees_change("3/4")
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
    await hoa.says("1320,5 người")
    (await hoa.hears("số nguyên, không lẻ như “1320,5 người”")).has_buttons("1.320", "1.321", "Không phải")
    await hoa.says("1,32")
    (await hoa.hears("là số nguyên", "hai cách")).has_buttons("1.320", "132", "Không phải")
    await hoa.taps("1.320")
    await hoa.sees_change("2/4")
    draft = await town.draft(town.may)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"workers": "1320"}


async def test_one_figure_in_doubt_is_a_yes_or_no(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("khoảng 1.300")
    (await hoa.hears("1.300?")).has_buttons("Đúng", "Không phải")
    await hoa.says("không")
    await hoa.hears("1/4")
    await hoa.says("khoảng 1.300")
    await hoa.hears("1.300?")
    await hoa.says("đúng rồi")
    await hoa.hears("2/4")
    await hoa.says("khoảng 1.200")
    await hoa.hears("1.200?")
    await hoa.taps("Đúng")
    await hoa.sees_change("3/4")
    draft = await town.draft(town.may)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"workers": "1300", "members": "1200"}


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
    await hoa.hears("điền tiếp", "2/4")


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
    await hoa.hears("điền tiếp", "2/4")
    await hoa.says("/huy")
    await hoa.hears("Đã dừng")
    await hoa.hears("Bản nháp")
    await hoa.taps("Xóa bản nháp")
    await hoa.hears("Đã xóa bản nháp")
    assert await town.draft(town.may) is None
    await hoa.says("/baocao")
    await hoa.hears("1/4")
