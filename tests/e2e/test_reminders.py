"""A month of a small tree with a moved clock, read like chats; and everything that reminders' buttons do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import app
from bot.app import Bot
from bot.sandbox import FaultKind, MovableClock, Player
from knowledge.calendar.working_days import VIETNAM
from knowledge.forms import TERM_FORM
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import campaigns, deadlines, messages, people, requests, units
from storage.engine import Database
from storage.people import RoleName
from storage.requests import RequestKind
from storage.units import Unit
from tests.e2e.chat import PATIENCE, Chat, Seat
from tests.e2e.conftest import settings_for
from tests.e2e.reminders_tree import BINH, FORM, HOA, HUNG, LAN, OCTOBER, Tree, at, plant, submit
from tests.pictures import make_png


@dataclass
class Stage:
    """The product in a sandbox, on a clock that stands still between moves; the small tree in its database."""

    chat: Chat
    bot: Bot
    database: Database
    tree: Tree

    def __post_init__(self) -> None:
        self.hung, self.hoa, self.binh, self.lan = (self.chat.seat(each) for each in (HUNG, HOA, BINH, LAN))

    @property
    def clock(self) -> MovableClock:
        return self.chat.sandbox.clock

    async def be(self, moment: datetime) -> None:
        """Let it be that moment, and let everything that comes of it arrive."""
        self.clock.move_to(moment)
        await self.bot.tick_all()
        await self.settle()

    async def days_until(self, last: datetime) -> None:
        """Let the days pass, looking in the morning, at 08:30, in the afternoon and in the evening."""
        while self.clock() < last:
            day = self.clock().astimezone(VIETNAM).date()
            hours = (time(8), time(8, 30), time(14), time(18))
            looks = [datetime.combine(day + timedelta(days=more), hour, VIETNAM) for more in (0, 1) for hour in hours]
            await self.be(min(next(look for look in looks if look > self.clock()), last))

    async def settle(self) -> None:
        """Wait until every message that is due has arrived."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.chat.all_taken()
                async with self.database.read() as db:
                    if not await messages.count_open(db, self.clock()):
                        return
                await asyncio.sleep(0.02)

    def told(self, seat: Seat) -> list[str]:
        """When the bot said what in a chat: local moment and first line."""
        return [
            f"{datetime.fromtimestamp(message.json['date'], VIETNAM):%d/%m %H:%M} {message.text.splitlines()[0]}"
            for message in seat.room.shown
            if message.by_bot
        ]


@pytest.fixture
async def stage(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(messages, "WINDOW", 0.01)  # the clock is moved: a second between two messages is not waited
    async with Chat(clock=MovableClock(stopped_at=at("27/10", "08:00"))) as chat:
        for telegram_id, first, last in (
            (HUNG, "Lê Văn", "Hùng"),
            (HOA, "Nguyễn Thị", "Hoa"),
            (BINH, "Phạm Quốc", "Bình"),
            (LAN, "Hồ Ngọc", "Lan"),
        ):
            chat.sandbox.add_person(Player(telegram_id, first, last), started=True)
        async with sqlite_database.write() as db:
            tree = await plant(db)
        settings = settings_for(chat.sandbox)
        async with app.running(app.build(settings, sqlite_database, clock=chat.sandbox.clock)) as bot:
            yield Stage(chat, bot, sqlite_database, tree)


async def test_a_month_read_like_chats(stage: Stage) -> None:
    await stage.be(at("29/10"))
    await stage.hoa.hears("Còn 7 ngày đến hạn", "Biến động đoàn viên, tháng 10/2026", "CĐCS May Sông Xanh")
    await stage.binh.hears("Còn 7 ngày đến hạn", "thứ Năm, 05/11/2026 – còn 7 ngày")
    await stage.binh.taps("Nhắc lại sau")
    await stage.binh.hears("Tôi nhắc lại lúc nào")
    await stage.binh.taps("Chiều nay, 14:00")
    await stage.binh.sees_change("14:00 ngày 29/10/2026")
    await stage.days_until(at("29/10", "14:00"))
    async with stage.database.write() as db:
        await submit(db, stage.tree.may, at("30/10", "10:00"))
    await stage.days_until(at("02/11"))
    async with stage.database.write() as db:
        await _grant(db, stage.tree.co_khi, date(2026, 11, 10), at("02/11", "16:00"))
    await stage.days_until(at("06/11"))
    digest = await stage.hung.hears("Còn thiếu 1/3 đơn vị", "quá hạn 1 ngày", "CĐCS Trường Nguyễn Du")
    digest.lacks("May Sông Xanh", "Cơ khí")
    await stage.hung.taps("Nhắc tất cả")
    reminded = await stage.hung.sees_change("08:30, ngày 06/11/2026: Đã nhắc 1 cán bộ", of=digest)
    assert "Nhắc tất cả" not in reminded.labels
    await stage.settle()
    await stage.days_until(at("10/11", "07:00"))
    async with stage.database.write() as db:
        await submit(db, stage.tree.co_khi, at("10/11", "07:00"))
    await stage.days_until(at("28/11"))
    assert stage.told(stage.hoa) == [
        "29/10 08:30 🔔 Còn 7 ngày đến hạn",
        "27/11 08:30 🔔 Còn 8 ngày đến hạn",
    ]
    assert stage.told(stage.binh) == [
        "29/10 08:30 🔔 Còn 7 ngày đến hạn",
        "29/10 08:30 Vâng, tôi sẽ nhắc lại lúc 14:00 ngày 29/10/2026, nếu lúc đó việc vẫn chưa xong.",
        "29/10 14:00 🔔 Còn 7 ngày đến hạn",
        "02/11 08:30 🔔 Còn 3 ngày đến hạn",
        "03/11 08:30 🔔 Còn 7 ngày đến hạn",
        "06/11 08:30 🔔 Còn 4 ngày đến hạn",
        "09/11 08:30 🔔 Ngày mai đến hạn",
        "27/11 08:30 🔔 Còn 8 ngày đến hạn",
    ]
    assert stage.told(stage.lan) == [
        "29/10 08:30 🔔 Còn 7 ngày đến hạn",
        "02/11 08:30 🔔 Còn 3 ngày đến hạn",
        "04/11 08:30 🔔 Ngày mai đến hạn",
        "05/11 08:30 🔔 Hôm nay là hạn cuối",
        "06/11 08:30 ⏰ Đã quá hạn, đơn vị mình vẫn chưa xong",
        "06/11 08:30 ⏰ Đã quá hạn, đơn vị mình vẫn chưa xong",
        "09/11 08:30 ⏰ Đã quá hạn, đơn vị mình vẫn chưa xong",
        "12/11 08:30 ⏰ Đã quá hạn, đơn vị mình vẫn chưa xong",
        "27/11 08:30 🔔 Còn 8 ngày đến hạn",
    ]
    assert [line for line in stage.told(stage.hung) if "📋" in line] == [
        "06/11 08:30 📋 Còn thiếu 1/3 đơn vị",
        "09/11 08:30 📋 Còn thiếu 1/3 đơn vị",
        "12/11 08:30 📋 Còn thiếu 1/3 đơn vị",
    ]


async def _grant(db: AsyncConnection, unit: Unit, until: date, now: datetime) -> None:
    asked, _ = await requests.ask(
        db,
        unit_id=unit.id,
        form=FORM,
        period=OCTOBER,
        kind=RequestKind.EXTENSION,
        reason="Kiểm kê",
        asked_by=None,
        now=now,
    )
    await requests.decide(db, asked.id, approved=True, by=None, now=now, zone=VIETNAM, new_due_on=until)


async def test_from_a_reminder_to_a_report(stage: Stage) -> None:
    await stage.be(at("29/10"))
    reminder = await stage.hoa.hears("Còn 7 ngày")
    reminder.has_buttons("Nộp ngay", "Không có biến động", "Nhắc lại sau", "Xin gia hạn")
    await stage.hoa.taps("Nộp ngay")
    await stage.hoa.hears("tháng 10/2026")
    await stage.hoa.says("100")
    await stage.days_until(at("02/11"))
    reminder = await stage.hoa.sees("Còn 3 ngày")
    reminder.says("đang nhập dở").has_buttons("Tiếp tục")
    await stage.hoa.taps("Tiếp tục")
    await stage.hoa.hears("tháng 10/2026")
    await stage.settle()
    async with stage.database.write() as db:
        await submit(db, stage.tree.may, at("02/11", "09:00"))
    await stage.hoa.taps("Tiếp tục", on=reminder)
    await stage.hoa.hears("đã xong rồi")


async def test_whoever_only_looked_finds_the_same_buttons_under_the_next_reminder(stage: Stage) -> None:
    async with stage.database.write() as db:
        await submit(db, stage.tree.may, at("01/10"), Period.month(2026, 9))
    await stage.be(at("29/10"))
    await stage.hoa.hears("Còn 7 ngày")
    await stage.hoa.taps("Không có biến động")
    await stage.hoa.hears("Xem lại")
    await stage.days_until(at("02/11"))
    reminder = await stage.hoa.sees("Còn 3 ngày")
    reminder.has_buttons("Nộp ngay", "Không có biến động", "Có thay đổi").lacks("nhập dở")


async def test_a_month_in_four_taps_from_its_reminder(stage: Stage) -> None:
    async with stage.database.write() as db:
        await submit(db, stage.tree.may, at("01/10"), Period.month(2026, 9))
    await stage.be(at("29/10"))
    reminder = await stage.hoa.hears("Còn 7 ngày", "Kỳ trước: CNVCLĐ")
    reminder.has_buttons("Nộp ngay", "Không có biến động", "Có thay đổi")
    before = len(stage.told(stage.hoa))
    await stage.hoa.taps("Có thay đổi", on=reminder)
    asked = await stage.hoa.hears("1/2", "Kết nạp mới", "tháng 10/2026")
    await stage.hoa.taps("2", on=asked)
    await stage.hoa.sees_change("2/2", of=asked)
    await stage.hoa.taps("0", on=asked)
    await stage.hoa.sees_change("Xem lại trước khi gửi", of=asked)
    await stage.hoa.hears("bấm Gửi")
    await stage.hoa.says("Gửi")
    await stage.hoa.hears("Đã nhận")
    left = stage.chat.sandbox.wait_until(lambda: len(stage.told(stage.hoa)) - before == 2, stage.chat.patience)
    assert await left, "the question that became the summary, and the receipt"


async def test_the_date_lands_in_the_phones_calendar(stage: Stage) -> None:
    await stage.be(at("29/10"))
    await stage.hoa.hears("Còn 7 ngày")
    await stage.hoa.taps("Đưa vào lịch (.ics)")
    sent = await stage.hoa.hears("Mở tệp này")
    assert sent.file_name == "han-nop.ics"
    assert b"DTSTART;VALUE=DATE:20261105" in sent.file


async def test_a_button_is_for_whoever_it_was_sent_to(stage: Stage) -> None:
    await stage.be(at("29/10"))
    hers = await stage.hoa.hears("Còn 7 ngày")
    his = await stage.binh.hears("Còn 7 ngày")
    for data in (
        hers.data_of("Nộp ngay"),
        hers.data_of("Nhắc lại sau"),
        "m:go:999999",
        "m:all:1",
        "m:z:1:never",
        "m:go:-1",
        "m:hour:9999",
        "m:mute:999",
        "m:bc:ok:zzz",
        "m:",
    ):
        await stage.binh.taps_forged(his, data)
        assert "không còn" in await stage.binh.hears_toast()
    for data in ("m:de:1", "m:dn:1", f"m:undo:{stage.tree.may.id}:deadline:1:2026-11-05", "m:dl:ok:zzz"):
        await stage.binh.taps_forged(his, data)
        assert await stage.binh.hears_toast()
    stage.binh.hears_nothing_more()


async def test_each_sets_their_hour_and_supervisors_see_who_hears_nothing(stage: Stage) -> None:
    await stage.hoa.says("/nhac")
    await stage.hoa.hears(
        "Giờ nhắc: 08:30", "Từ 21:00 đến 07:00", "Lần nhắc tới: 08:30 ngày 29/10/2026", "tháng 10/2026"
    )
    await stage.hoa.taps("14:00")
    (await stage.hoa.sees_change("Giờ nhắc: 14:00", "Lần nhắc tới: 14:00 ngày 29/10/2026")).has_buttons(
        "✓ 14:00", "08:30"
    )
    await stage.lan.says("/nhac 9h15")
    (await stage.lan.hears("Giờ nhắc: 09:15")).has_buttons("08:30", "✓ 09:15")
    await stage.lan.says("/nhac lúc nào cũng được")
    await stage.lan.hears("chưa hiểu giờ")
    await stage.lan.says("/nhac 23h")
    await stage.lan.hears("rơi vào giờ yên lặng nên tôi nhắc lúc 07:00")
    await stage.binh.says("/nhac")
    await stage.binh.hears("Giờ nhắc")
    await stage.binh.taps("Tắt 2 tuần")
    changed = await stage.binh.sees_change("Trong thời gian này có hạn", "tháng 10/2026 vào ngày 05/11")
    changed.has_buttons("Tắt 3 ngày", "✓ Tắt 2 tuần", "Bật nhắc lại")
    await stage.binh.taps("Bật nhắc lại")
    (await stage.binh.sees_change("Giờ nhắc")).has_buttons("Tắt 2 tuần")
    await stage.binh.taps("Tắt 1 tuần")
    await stage.binh.sees_change("Đang tắt nhắc đến 08:00 ngày 03/11/2026")
    await stage.hung.says("/nhac")
    await stage.hung.hears("Đang tắt nhắc ở các đơn vị", "Phạm Quốc Bình (CĐCS Cơ khí Tân Phong), đến 03/11/2026")
    await stage.days_until(at("29/10", "18:00"))
    assert stage.told(stage.hoa)[1:] == ["29/10 14:00 🔔 Còn 7 ngày đến hạn"]
    assert stage.told(stage.lan)[3:] == ["29/10 08:00 🔔 Còn 7 ngày đến hạn"]
    assert stage.told(stage.binh)[1:] == []


async def test_what_is_ahead(stage: Stage) -> None:
    await stage.hoa.says("/han")
    await stage.hoa.hears("Việc của đơn vị chị", "05/11/2026 (còn 9 ngày)", "tháng 10/2026, CĐCS May Sông Xanh")
    await stage.hoa.taps("Đưa vào lịch (.ics)")
    assert (await stage.hoa.hears("Mở tệp này")).file.count(b"BEGIN:VEVENT") >= 2
    await stage.hung.says("/han")
    await stage.hung.hears("Hạn của các đơn vị bên dưới", "Biến động đoàn viên, tháng 10/2026")
    khoi = stage.chat.person("Đỗ Minh Khôi")
    await khoi.says("/han")
    await khoi.hears("Theo các kế hoạch", "Anh/chị chưa thuộc đơn vị nào")


async def test_a_deadline_in_one_message(stage: Stage) -> None:
    await stage.hung.says("/dathan Nộp danh sách khen thưởng: ngày 20 hằng tháng")
    shown = await stage.hung.hears(
        "Nộp danh sách khen thưởng",
        "ngày 20 hằng tháng",
        "• thứ Sáu, 20/11/2026",
        "• Chủ nhật, 20/12/2026",
        "• thứ Tư, 20/01/2027",
        "công đoàn cơ sở thuộc Công đoàn khu Bắc – 3 đơn vị",
    )
    keep = shown.data_of("Đặt hạn")
    await stage.hung.taps("Đặt hạn")
    await stage.hung.sees_change("Đã đặt hạn", "Tôi sẽ nhắc 3 đơn vị")
    await stage.hung.taps_forged(shown, keep)
    assert "không còn" in await stage.hung.hears_toast()
    await stage.hung.taps("Báo ngay cho 3 đơn vị")
    await stage.hung.hears("Đã báo cho 3 người")
    heard = await stage.lan.hears("Còn 24 ngày đến hạn", "Nộp danh sách khen thưởng", "Lê Văn Hùng nhờ nhắc")
    heard.has_buttons("Đã xong", "Nhắc lại sau")
    await stage.lan.taps("Đã xong")
    await stage.lan.hears("Đã ghi nhận: CĐCS Trường Nguyễn Du làm xong", "minh chứng thì gửi luôn vào đây")
    photo = await stage.lan.sends_photo(make_png())
    await stage.lan.hears("Đã giữ minh chứng", "Nộp danh sách khen thưởng", "chuyển cho người đặt hạn")
    passed_on = await stage.hung.hears("CĐCS Trường Nguyễn Du gửi minh chứng", "người gửi: Hồ Ngọc Lan")
    assert passed_on.message.json["photo"][-1]["file_id"] == photo.json["photo"][-1]["file_id"]
    await stage.lan.taps("Gửi ảnh minh chứng")
    await stage.lan.hears("gửi ảnh hoặc tệp minh chứng vào đây")
    await stage.lan.sends_document("danh-sach.docx", b"PK")
    await stage.lan.hears("Đã giữ minh chứng")
    await stage.lan.sends_photo(make_png(), caption="báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3")
    await stage.lan.hears("Xem lại trước khi gửi", "Đoàn viên: 1.250")
    await stage.lan.hears("bấm Gửi")
    await stage.lan.says("/huy")
    await stage.lan.hears("Đã dừng")
    await stage.lan.hears("Bản nháp")
    assert (await stage.hung.hears("gửi minh chứng")).file_name == "danh-sach.docx"
    await stage.hung.says("/han")
    ahead = await stage.hung.hears("Nộp danh sách khen thưởng")
    await stage.hung.taps("Xem minh chứng", on=ahead)
    seen = await stage.hung.hears("CĐCS Trường Nguyễn Du, việc Nộp danh sách khen thưởng – gửi 08:0")
    assert seen.message.json["photo"][-1]["file_id"] == photo.json["photo"][-1]["file_id"]
    assert (await stage.hung.hears("việc Nộp danh sách khen thưởng")).file_name == "danh-sach.docx"
    await stage.lan.taps_forged(heard, ahead.data_of("Xem minh chứng"))
    assert await stage.lan.hears_toast()
    await stage.lan.taps("Chưa xong, nhắc tiếp")
    await stage.lan.hears("vẫn tính là chưa xong")
    await stage.hung.says("/dathan")
    await stage.hung.hears("Các hạn đang đặt", "1. Nộp danh sách khen thưởng – ngày 20 hằng tháng")
    await stage.hung.hears("Các đơn vị cần làm việc gì")
    await stage.hung.says("/huy")
    await stage.hung.hears("không đặt hạn")
    async with stage.database.read() as db:
        assert len(await deadlines.list_in_force(db)) == 1


async def test_a_deadline_step_by_step(stage: Stage) -> None:
    await stage.hung.says("/dathan")
    await stage.hung.hears("Các đơn vị cần làm việc gì")
    await stage.hung.says("Nộp kinh phí công đoàn")
    await stage.hung.hears("Hạn khi nào")
    await stage.hung.says("ngày 35 hằng tháng")
    await stage.hung.hears("Ví dụ")
    await stage.hung.says("chỉ tiêu TƯLĐTT 2025 TP.HCM?")
    await stage.hung.hears("80%")
    await stage.hung.hears("Hạn khi nào")
    await stage.hung.says("thứ sáu tuần cuối quý")
    await stage.hung.hears("Tôi hiểu thế này", "Nộp kinh phí công đoàn", "25/12/2026")
    await stage.hung.says("17h ngày 20/12")
    await stage.hung.hears("17:00", "20/12/2026")
    await stage.hung.taps("Đặt hạn")
    await stage.hung.sees_change("Đã đặt hạn")
    await stage.hung.taps("Bỏ hạn này")
    await stage.hung.sees_change("Đã bỏ hạn")


async def test_a_deadline_is_set_for_the_units_that_were_named(stage: Stage) -> None:
    await stage.hung.says("/dathan Nộp quỹ: ngày 20 hằng tháng cho CĐCS May Sông Xanh")
    await stage.hung.hears("Việc: Nộp quỹ", "ngày 20 hằng tháng", "thuộc CĐCS May Sông Xanh – 1 đơn vị")
    await stage.hung.says("cho các CĐCS trực thuộc khu Bắc")
    await stage.hung.hears("Việc: Nộp quỹ", "công đoàn cơ sở thuộc Công đoàn khu Bắc – 3 đơn vị")
    await stage.hung.says("/dathan CĐCS May Sông Xanh nộp hồ sơ trước 20/12")
    shown = await stage.hung.hears("Nộp hồ sơ", "thuộc CĐCS May Sông Xanh – 1 đơn vị")
    shown.lacks("CĐCS May Sông Xanh nộp")
    await stage.hung.says("/dathan Các CĐCS nộp hồ sơ trước 20/12")
    (await stage.hung.hears("Nộp hồ sơ", "công đoàn cơ sở thuộc Công đoàn khu Bắc – 3 đơn vị")).lacks("Các CĐCS nộp")
    await stage.hung.says("/dathan CĐCS tổ chức hội nghị trước 20/12")
    await stage.hung.hears("CĐCS tổ chức hội nghị", "3 đơn vị")
    await stage.hung.says("/dathan Nộp quỹ: ngày 20 hằng tháng cho CĐCS Sao Hỏa")
    await stage.hung.hears("Tôi chưa rõ “CĐCS Sao Hỏa” là đơn vị nào", "Chọn phạm vi")
    await stage.hung.taps("CĐCS Cơ khí Tân Phong")
    await stage.hung.sees_change("Việc: Nộp quỹ", "thuộc CĐCS Cơ khí Tân Phong – 1 đơn vị")
    await stage.hung.taps("Đặt hạn")
    await stage.hung.sees_change("Đã đặt hạn Nộp quỹ", "1 đơn vị")


async def test_workplaces_that_a_deadline_is_for_are_asked_about(stage: Stage) -> None:
    await stage.hung.says("/dathan Nộp quỹ: ngày 20 hằng tháng cho các nhà máy nhé")
    await stage.hung.hears("Tôi chưa rõ “các nhà máy” là đơn vị nào", "Chọn phạm vi")
    await stage.hung.taps("Quay lại")
    await stage.hung.sees_change("Việc: Nộp quỹ", "ngày 20 hằng tháng", "3 đơn vị")
    await stage.hung.says("ngày 25/12 cho mấy phân xưởng")
    await stage.hung.hears("Tôi chưa rõ “mấy phân xưởng” là đơn vị nào", "Chọn phạm vi")
    await stage.hung.taps("CĐCS Cơ khí Tân Phong")
    await stage.hung.sees_change("25/12/2026", "thuộc CĐCS Cơ khí Tân Phong – 1 đơn vị")
    await stage.hung.says("/dathan Nộp quỹ cho các nhà máy: ngày 20 hằng tháng")
    await stage.hung.hears("Việc: Nộp quỹ cho các nhà máy", "3 đơn vị")


async def test_telling_of_a_deadline_names_whom_it_does_not_reach(stage: Stage) -> None:
    await stage.lan.blocks_bot()
    await stage.hung.hears("Tôi không gửi tin được cho Hồ Ngọc Lan")
    await stage.hung.says("/dathan Nộp quỹ: ngày 20 hằng tháng")
    await stage.hung.hears("Việc: Nộp quỹ")
    await stage.hung.taps("Đặt hạn")
    await stage.hung.sees_change("Đã đặt hạn Nộp quỹ")
    await stage.hung.taps("Báo ngay cho 3 đơn vị")
    told = await stage.hung.sees("Đã báo cho 2 người.")
    told.says("1 đơn vị không nhắn được:\n• CĐCS Trường Nguyễn Du – ")


async def test_a_date_that_is_none_is_said_at_once(stage: Stage) -> None:
    await stage.hung.says("/dathan Nộp quỹ: trước ngày 31/11 cho CĐCS May Sông Xanh")
    await stage.hung.hears("Nộp quỹ", "Lịch không có ngày 31/11.")
    await stage.hung.says("25/10")
    await stage.hung.hears("Hạn này đã qua", "25/10")
    await stage.hung.says("1/10/2026")
    await stage.hung.hears("Hạn này đã qua")


async def test_only_supervisors_set_deadlines_and_broadcast(stage: Stage) -> None:
    for command in ("/dathan Nộp: ngày 20 hằng tháng", "/thongbao Xin chào"):
        await stage.hoa.says(command)
        await stage.hoa.hears()
    async with stage.database.read() as db:
        assert await deadlines.list_in_force(db) == []
    assert stage.told(stage.binh) == []


async def test_a_broadcast_is_shown_sent_and_counted(stage: Stage) -> None:
    await stage.lan.blocks_bot()
    await stage.hung.hears("Tôi không gửi tin được cho Hồ Ngọc Lan")
    await stage.hung.says("/thongbao")
    await stage.hung.hears("gõ nội dung")
    await stage.hung.says("Họp sáng thứ hai tại <hội trường> A & B.")
    await stage.hung.hears("Xem trước", "Thông báo từ Công đoàn khu Bắc", "Gửi tới: cán bộ các đơn vị")
    await stage.hung.taps("Gửi cho 3 người")
    await stage.hung.hears("Đang gửi thông báo")
    for _ in range(3):
        await stage.settle()
        await stage.bot.tick_all()
    await stage.hoa.hears("Thông báo từ Công đoàn khu Bắc", "Họp sáng thứ hai tại <hội trường> A & B.")
    await stage.binh.hears("Họp sáng thứ hai")
    await stage.hung.sees("2 người nhận được")
    await stage.hung.sees(
        "Không gửi được tới 1 người (đã chặn trợ lý hoặc bỏ tài khoản):\n• Hồ Ngọc Lan – CĐCS Trường Nguyễn Du"
    )
    await stage.hung.sees("Đang gửi thông báo: 3/3 người")


async def test_a_broadcast_comes_from_whoever_wrote_it_and_names_whom_it_missed(stage: Stage) -> None:
    async with stage.database.write() as db:
        tree = stage.tree
        await people.grant(db, tree.person[HUNG], tree.top.id, RoleName.ADMIN, at("27/10", "08:00"))
        await units.add(
            db,
            code="GO",
            name="CĐCS Gỗ An Bình",
            kind=UnitKind.PRIVATE,
            registered_on=date(2020, 1, 1),
            parent_id=tree.upper.id,
        )
    await stage.be(at("27/10", "21:30"))
    await stage.hung.says("/thongbao Mời họp giao ban.")
    await stage.hung.hears("Thông báo từ Công đoàn Công Thương", "Sẽ gửi lúc 07:00 sáng mai")
    await stage.hung.taps("Phạm vi: Công đoàn Công Thương")
    await stage.hung.sees_change("Chọn phạm vi")
    await stage.hung.taps("Công đoàn khu Bắc")
    await stage.hung.sees_change("Thông báo từ Công đoàn Công Thương", "thuộc Công đoàn khu Bắc")
    await stage.hung.taps("Gửi cho 3 người")
    await stage.hung.hears("Thông báo tới 3 người", "Sẽ gửi lúc 07:00 sáng mai")
    await stage.be(at("28/10", "07:01"))
    await stage.hoa.hears("Thông báo từ Công đoàn Công Thương", "Mời họp giao ban.")
    await stage.bot.tick_all()
    done = await stage.hung.sees("3 người nhận được")
    done.says("1 đơn vị chưa có ai dùng trợ lý:\n• CĐCS Gỗ An Bình")


async def test_a_notice_goes_to_the_units_named_before_its_colon(stage: Stage) -> None:
    await stage.hung.says("/thongbao cho CĐCS May Sông Xanh: Mời họp lúc 8:30.")
    shown = await stage.hung.hears("Mời họp lúc 8:30.", "thuộc CĐCS May Sông Xanh – 1 người")
    shown.lacks("cho CĐCS")
    await stage.hung.says("/thongbao Cho các CĐCS thuộc khu Nam: Mời họp.")
    await stage.hung.hears("Tôi chưa rõ “các CĐCS thuộc khu Nam” là đơn vị nào", "Chọn phạm vi")
    await stage.hung.taps("CĐCS Cơ khí Tân Phong")
    await stage.hung.sees_change("Mời họp.", "thuộc CĐCS Cơ khí Tân Phong – 1 người")
    await stage.hung.says("Gửi thông báo cho CĐCS May Sông Xanh: Mời họp chiều nay.")
    asked = await stage.hung.hears("Mời họp chiều nay.", "thuộc CĐCS May Sông Xanh – 1 người")
    asked.lacks("Gửi thông báo")
    await stage.hung.says("/thongbao Gửi các đồng chí: Mời họp.")
    await stage.hung.hears("Gửi các đồng chí: Mời họp.", "thuộc Công đoàn khu Bắc – 3 người")


async def test_whoever_blocks_the_bot_is_left_alone_and_heard_of(stage: Stage) -> None:
    await stage.lan.blocks_bot()
    await stage.settle()
    await stage.hung.hears("Tôi không gửi tin được cho Hồ Ngọc Lan (CĐCS Trường Nguyễn Du)")
    await stage.days_until(at("06/11"))
    await stage.hung.hears(
        "Còn thiếu 3/3", "CĐCS Trường Nguyễn Du (không gửi tin được, có thể đã chặn trợ lý; liên hệ Hồ Ngọc Lan)"
    )
    tried = list(stage.chat.sandbox.calls("sendMessage", chat_id=LAN))
    assert tried, "a refusal holds for a day, and is then put to test"
    assert {call.status for call in tried} == {403}
    assert len({call.at.date() for call in tried}) == len(tried)
    await stage.lan.unblocks_bot()
    await stage.days_until(at("09/11"))
    assert stage.told(stage.lan) == ["09/11 08:30 ⏰ Đã quá hạn, đơn vị mình vẫn chưa xong"]


@pytest.mark.parametrize(
    ("kind", "seen", "doubted"),
    [
        (FaultKind.RETRY_AFTER, 1, False),
        (FaultKind.TOO_MANY_BARE, 1, False),
        (FaultKind.INTERNAL, 0, True),
        (FaultKind.BAD_GATEWAY, 0, True),
        (FaultKind.CUT, 1, True),
        (FaultKind.RESET, 0, True),
        (FaultKind.LOST_AFTER, 1, True),
        (FaultKind.FORBIDDEN, 0, False),
    ],
)
async def test_an_early_step_in_doubt_is_left_to_the_next(
    stage: Stage, kind: FaultKind, seen: int, *, doubted: bool
) -> None:
    stage.chat.sandbox.fault(kind, "sendMessage", chat_id=HOA, retry_after=1)
    await stage.be(at("29/10"))
    assert len(stage.told(stage.hoa)) == seen
    async with stage.database.read() as db:
        troubled = [each for each in await messages.list_troubled(db, since=at("01/10")) if each.chat_id == HOA]
    assert bool(troubled and troubled[0].doubts) is doubted
    assert len(list(stage.chat.sandbox.calls("sendMessage", chat_id=HOA))) <= 2
    await stage.days_until(at("02/11"))
    assert stage.told(stage.hoa)[seen:] == ["02/11 08:30 🔔 Còn 3 ngày đến hạn"]


@pytest.mark.parametrize("kind", [FaultKind.INTERNAL, FaultKind.CUT, FaultKind.RESET, FaultKind.LOST_AFTER])
async def test_the_last_step_in_doubt_comes_again_and_says_so(stage: Stage, kind: FaultKind) -> None:
    await stage.days_until(at("04/11", "18:00"))
    before = len(stage.told(stage.hoa))
    stage.chat.sandbox.fault(kind, "sendMessage", chat_id=HOA)
    await stage.be(at("05/11"))
    await stage.be(at("05/11", "08:35"))
    was_seen = kind in {FaultKind.CUT, FaultKind.LOST_AFTER}
    said = [message.text for message in stage.hoa.room.shown if message.by_bot][before:]
    assert len(said) == 1 + was_seen
    assert said[-1].startswith("Tin này có thể đã được gửi trước đó.")
    assert "Hôm nay là hạn cuối" in said[-1]


async def test_a_closed_campaign_is_reminded_no_more_and_its_buttons_say_so(stage: Stage) -> None:
    async with stage.database.write() as db:
        for period in (OCTOBER, OCTOBER.shifted(-1)):
            await submit(db, stage.tree.may, at("27/10", "07:00"), period)
        campaign = await campaigns.open_campaign(
            db,
            form=TERM_FORM,
            period=Period.parse("campaign:2026:Sơ kết"),
            unit_id=stage.tree.upper.id,
            opens_on=date(2026, 10, 26),
            due_on=date(2026, 11, 5),
            locks_on=date(2026, 12, 5),
            opened_by=None,
            now=at("26/10"),
        )
    await stage.be(at("29/10"))
    asked = await stage.hoa.hears("Còn 7 ngày đến hạn", "đợt Sơ kết")
    await stage.be(at("29/10", "10:00"))
    async with stage.database.write() as db:
        assert await campaigns.close_campaign(db, campaign.id, at("29/10", "10:00"))
    before = len(stage.told(stage.hoa))
    await stage.days_until(at("07/11"))
    assert stage.told(stage.hoa)[before:] == []
    await stage.hoa.taps("Nộp ngay", on=asked)
    await stage.hoa.hears("Sơ kết", "đã đóng", "không gửi", "không phải nộp nữa")
    await stage.hoa.taps("Xin gia hạn", on=asked)
    await stage.hoa.hears("đã đóng")
