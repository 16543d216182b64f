"""Reports that come forwarded or below a photo, and what is kept as proof: the signed paper, work that was done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.features.submissions.taps import ShowPapers
from storage import people
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.chat import Seat
from tests.e2e.town import OCTOBER, ONE_MESSAGE, Town, hears_summary, sees_summary, sends, town_on
from tests.monthly import monthly_figures
from tests.pictures import make_png

PNG = make_png()
OF_OCTOBER = "Biến động đoàn viên, tháng 10/2026"
SOMEBODY = {"type": "hidden_user", "sender_user_name": "Văn thư", "date": 1}


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


async def forwards(town: Town, seat: Seat, number: int = 900_001, **content: Any) -> None:
    """A message that somebody else wrote, forwarded to the bot."""
    sandbox = town.chat.sandbox
    message = {
        "message_id": number,
        "date": sandbox.timestamp(),
        "chat": {"id": seat.id, "type": "private", "first_name": "Hoa"},
        "from": {"id": seat.id, "is_bot": False, "first_name": "Hoa"},
        "forward_origin": SOMEBODY,
        **content,
    }
    sandbox.inject_update({"message": message})


async def test_a_forwarded_report_is_taken_like_a_typed_one(town: Town) -> None:
    hoa = await town.officer()
    await forwards(town, hoa, text=ONE_MESSAGE)
    await hears_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250")
    assert await town.current(town.may) is None
    await sends(hoa)
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.figures == monthly_figures(1320, 1250, 12, 3)


async def test_what_else_is_forwarded_answers_nothing_that_a_report_asks(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await forwards(town, hoa, text="1320")
    await town.chat.all_taken()
    draft = await town.draft(town.may)
    assert draft is not None
    assert draft.version == 1


async def test_a_report_below_the_photo_of_its_paper_keeps_the_photo(town: Town) -> None:
    hoa, lan = await town.officer(), await town.supervisor()
    photo = await hoa.sends_photo(PNG, caption=ONE_MESSAGE)
    await hears_summary(hoa, "CNVCLĐ: 1.320", "Đoàn viên: 1.250")
    await hoa.hears("giữ ảnh này làm bản ký")
    await sends(hoa)
    await hoa.sends_document("ban-ky-trang-2.pdf", b"%PDF-1.4")
    await hoa.hears("giữ tệp này làm bản ký")
    stored = await town.current(town.may)
    assert stored is not None
    assert (stored.version, stored.figures) == (1, monthly_figures(1320, 1250, 12, 3))

    await lan.says("/lichsu may hòa thọ")
    (await lan.hears("Báo cáo đã gửi")).has_buttons("Tháng 10/2026")
    await lan.taps("Tháng 10/2026")
    (await lan.hears("Kèm 2 ảnh hoặc tệp bản ký")).has_buttons("Ảnh bản ký (2)")
    await lan.taps("Ảnh bản ký (2)")
    first, second = await lan.hears("Bản ký 1/2"), await lan.hears("Bản ký 2/2")
    assert first.message.json["photo"][-1]["file_id"] == photo.json["photo"][-1]["file_id"]
    assert second.file_name == "ban-ky-trang-2.pdf"


async def test_the_paper_sent_next_day_is_asked_which_report_it_is_of(town: Town) -> None:
    await town.reported(town.may, OCTOBER, 1320, 1250, 12, 3)
    hoa = await town.officer()
    await hoa.sends_photo(PNG)
    await hoa.hears("chọn báo cáo")
    await hoa.taps(OF_OCTOBER)
    await hoa.sees_change("Đã giữ ảnh", "Số liệu không đổi")
    await hoa.taps("Bỏ ảnh này")
    await hoa.sees_change("đã bỏ")


async def test_the_paper_waits_until_the_unit_is_chosen(town: Town) -> None:
    hoa = await town.officer("Nguyễn Thị Hoa", town.may, town.giay)
    await hoa.sends_photo(PNG, caption=ONE_MESSAGE)
    choice = await hoa.hears("đơn vị nào")
    await hoa.hears("giữ ảnh này")
    await hoa.taps("CĐCS Giày Xuân An", on=choice)
    await sees_summary(hoa, "Đoàn viên: 1.250", of=choice)
    await sends(hoa)
    await hoa.says("/lichsu giày")
    await hoa.hears("Báo cáo đã gửi")
    await hoa.taps("Tháng 10/2026")
    await hoa.hears("Kèm 1 ảnh")


async def test_an_album_is_asked_about_once_and_kept_whole(town: Town) -> None:
    await town.reported(town.may, OCTOBER, 1320, 1250, 12, 3)
    hoa = await town.officer()
    for number in (1, 2, 3):
        photo = [{"file_id": f"page-{number}", "file_unique_id": f"u{number}", "width": 90, "height": 90}]
        await forwards(town, hoa, 900_000 + number, photo=photo, media_group_id="13")
    await hoa.hears("chọn báo cáo")
    await town.chat.all_taken()
    hoa.hears_nothing_more()
    await hoa.taps(OF_OCTOBER)
    await hoa.sees_change("Đã giữ các ảnh")
    await hoa.says("/lichsu")
    await hoa.hears("Báo cáo đã gửi")
    await hoa.taps("Tháng 10/2026")
    await hoa.hears("Kèm 3 ảnh")


async def test_nobody_attaches_or_sees_what_is_not_theirs(town: Town) -> None:
    await town.reported(town.may, OCTOBER, 1320, 1250, 12, 3)
    hoa, binh = await town.officer(), await town.officer("Lê Văn Bình", town.giay)
    await hoa.sends_photo(PNG)
    asked = await hoa.hears("chọn báo cáo")
    report = await town.current(town.may)
    assert report is not None
    await binh.says("/toi")
    shown = await binh.hears()
    await binh.taps_forged(shown, asked.data_of(OF_OCTOBER))
    assert "không còn được giữ" in await binh.hears_toast()
    await binh.taps_forged(shown, ShowPapers(report.id).pack())
    assert "chỉ xem được số liệu của đơn vị mình" in await binh.hears_toast()


async def test_whoever_serves_the_unit_no_more_takes_no_paper_of_it_away(town: Town) -> None:
    await town.reported(town.may, OCTOBER, 1320, 1250, 12, 3)
    hoa, lan = await town.officer(), await town.supervisor()
    await hoa.sends_photo(PNG)
    await hoa.hears("chọn báo cáo")
    await hoa.taps(OF_OCTOBER)
    await hoa.sees_change("Đã giữ ảnh")
    async with town.database.write() as db:
        who = await people.find_by_telegram(db, hoa.id)
        assert who is not None
        await people.end_role(db, who.id, town.may.id, RoleName.OFFICER, town.clock())
    await hoa.taps("Bỏ ảnh này")
    assert await hoa.hears_toast()
    await lan.says("/lichsu may hòa thọ")
    await lan.hears("Báo cáo đã gửi")
    await lan.taps("Tháng 10/2026")
    await lan.hears("Kèm 1 ảnh")


async def test_whoever_is_forgotten_takes_their_photos_along(town: Town) -> None:
    hoa, lan = await town.officer(), await town.supervisor()
    await hoa.sends_photo(PNG, caption=ONE_MESSAGE)
    await hears_summary(hoa)
    await hoa.hears("giữ ảnh này")
    await sends(hoa)
    await hoa.says("/xoadulieu")
    await hoa.hears("ảnh và tệp minh chứng")
    await hoa.taps("Xóa dữ liệu của tôi")
    await hoa.sees("Đã xóa")
    await lan.says("/lichsu may hòa thọ")
    await lan.hears("Báo cáo đã gửi")
    await lan.taps("Tháng 10/2026")
    (await lan.hears("Đoàn viên")).lacks("bản ký")
