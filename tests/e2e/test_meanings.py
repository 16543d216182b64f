"""Plain words do what commands do: for whoever may, with what is lacking said to whoever may not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest

from bot.hands import meaning as meant
from knowledge.meanings import Meaning, Understood
from storage import schema
from storage.engine import Database
from tests.e2e.town import OCTOBER, SEPTEMBER, Town, town_on

AT = "@troly_congdoan_bot"


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("tôi muốn báo cáo số liệu", "1/4"),
        ("nộp báo cáo tháng 10", "Tháng 10/2026"),
        ("bao giờ đến hạn nộp", "05/11/2026"),
        ("tôi còn nợ báo cáo nào", "05/11/2026"),
        ("tháng này tôi nộp chưa", "chưa nộp"),
        ("xin gia hạn", "lý do"),
        ("cho tôi nộp muộn vài ngày", "lý do"),
        ("đổi giờ nhắc sang buổi chiều", "nhắc"),
        ("sửa báo cáo tháng 9", "09/2026"),
        ("tôi là ai", "CĐCS May Hòa Thọ"),
        ("/toi", "CĐCS May Hòa Thọ"),
        ("xóa hết thông tin về tôi đi", "Xóa chứ ạ?"),
    ],
)
async def test_an_officers_words(town: Town, said: str, heard: str) -> None:
    hoa = await town.officer()
    await town.reported(town.may, SEPTEMBER, 1310, 1240)
    await hoa.says(said)
    (await hoa.hears(heard)).lacks("không có trong các kế hoạch", "15/01/2021", "A15/KH")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("cho tôi file excel tháng 10", "Tổng hợp tháng 10/2026"),
        ("đơn vị nào còn thiếu", "Chưa nộp"),
        ("đôn đốc các đơn vị", "Chưa nộp"),
        ("gửi thông báo tới các đơn vị", "thông báo"),
        ("lấy link mời", "LĐLĐ tỉnh"),
        ("giao việc cho các đơn vị", "hạn"),
    ],
)
async def test_a_supervisors_words(town: Town, said: str, heard: str) -> None:
    lan = await town.supervisor()
    await lan.says(said)
    (await lan.hears(heard)).lacks("không có trong các kế hoạch")


async def test_what_a_right_is_lacking_for_is_said(town: Town) -> None:
    hoa, guest = await town.officer(), await town.join("Khách")
    await hoa.says("gửi thông báo tới các đơn vị")
    await hoa.hears("dành cho cán bộ phụ trách")
    await hoa.says("cho xem nhật ký thay đổi")
    await hoa.hears("dành cho quản trị viên")
    await guest.says("tôi muốn báo cáo số liệu")
    await guest.hears("chưa gắn với đơn vị nào")
    await guest.says("tổng hợp tháng 10")
    await guest.hears("mã mời")


async def test_in_a_group_private_matters_lead_to_the_private_chat(town: Town) -> None:
    hoa = await town.officer()
    in_group = hoa.in_group(town.chat.group("Nhóm", hoa))
    await in_group.says(f"{AT} đơn vị tôi có bao nhiêu đoàn viên")
    (await in_group.hears("trò chuyện riêng")).has_buttons("Mở trò chuyện riêng")


async def test_where_two_are_near_two_buttons_name_both(town: Town) -> None:
    hoa = await town.officer()
    near = Understood(Meaning.DUE, 0.45, (Meaning.DUE, Meaning.BEGIN_REPORT))
    with patch.object(meant, "understand", return_value=near):
        await hoa.says("báo cáo kỳ này")
        asked = await hoa.hears("Chị muốn")
    asked.has_buttons("Hạn nộp sắp tới", "Nộp báo cáo")
    assert await town.draft(town.may) is None
    await hoa.taps("Nộp báo cáo", on=asked)
    await hoa.hears("1/4")


async def test_a_question_never_begins_or_changes_a_draft(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("bao loc moi nam ket nap bn dv")
    await hoa.hears("Bảo Lộc")
    assert await town.draft(town.may, OCTOBER) is None
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    before = await town.draft(town.may, OCTOBER)
    await hoa.says("bao loc moi nam ket nap bn dv?")
    await hoa.hears("Bảo Lộc")
    await hoa.hears("1/4")
    after = await town.draft(town.may, OCTOBER)
    assert before is not None
    assert after is not None
    assert (before.state, before.version) == (after.state, after.version)


@pytest.mark.parametrize(
    ("said", "button", "then"),
    [
        ("nhắc tôi lúc 9 giờ", "Đổi sang 09:00", "Giờ nhắc: 09:00"),
        ("đổi giờ nhắc sang 2 giờ chiều giúp em", "Đổi sang 14:00", "Giờ nhắc: 14:00"),
        ("nhac toi luc 9h15", "Đổi sang 09:15", "Giờ nhắc: 09:15"),
        ("tắt nhắc 2 tuần giúp tôi", "Tắt nhắc 14 ngày", "Đang tắt nhắc đến"),
    ],
)
async def test_plain_words_open_the_settings_with_what_they_wish_to_be_confirmed(
    town: Town, said: str, button: str, then: str
) -> None:
    hoa = await town.officer()
    await hoa.says(said)
    asked = (await hoa.hears("Giờ nhắc: 08:30")).has_buttons(button)
    await hoa.taps(button, on=asked)
    (await hoa.sees_change(then)).lacks("Bấm nút đầu tiên")


async def test_no_hour_is_taken_from_words_that_name_none(town: Town) -> None:
    hoa = await town.officer()
    for said in ("đổi giờ nhắc sang buổi chiều", "nhắc tôi trước hạn 2 ngày", "mỗi sáng 8 rưỡi nhắc tôi"):
        await hoa.says(said)
        assert not [label for label in (await hoa.hears("Giờ nhắc")).labels if label.startswith("Đổi sang")]


@pytest.mark.parametrize(
    "said", ["phần của đơn vị tôi", "chỉ tiêu của đơn vị tôi", "cty tui bị giao nhiêu người vậy, có cao quá hông"]
)
async def test_ones_own_share_is_progress_or_its_lack_and_never_another_plans_figure(town: Town, said: str) -> None:
    hoa = await town.officer()
    await town.reported(town.may, SEPTEMBER, 1310, 1240, 12, 2)
    await hoa.says(said)
    (await hoa.hears("chưa gắn với kế hoạch nào")).lacks("📄", "không có trong các kế hoạch")
    async with town.database.write() as db:
        await db.execute(schema.units.update().values(plan="quangtri-nq02-2021"))
    await hoa.says(said)
    (await hoa.hears("CĐCS May Hòa Thọ", "Quảng Trị")).lacks("không có trong các kế hoạch")


async def test_shares_that_somebody_hands_down_are_not_taken_for_a_question(town: Town) -> None:
    lan = await town.supervisor()
    await lan.says("giao chỉ tiêu kết nạp năm 2026: may 40, giày 20")
    await lan.hears("Kết nạp mới, năm 2026", "Giày Xuân An: 20", "May Hòa Thọ: 40", "xem lại rồi bấm nút bên dưới")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("cảm ơn nhé", "không có gì ạ, chị Hoa"),
        ("cam on em nhieu", "không có gì ạ, chị Hoa"),
        ("chào em", "Chào chị Hoa ạ"),
        ("tạm biệt em nhé", "Tạm biệt chị Hoa"),
        ("vâng ạ", "Vâng ạ, chị Hoa"),
    ],
)
async def test_courtesy_is_answered_with_courtesy_by_name(town: Town, said: str, heard: str) -> None:
    hoa = await town.officer()
    await hoa.says(said)
    await hoa.hears(heard)
    hoa.hears_nothing_more()
