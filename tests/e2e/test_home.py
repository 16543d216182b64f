"""The card that stands pinned on top of the chat: what is on one's plate, kept as things are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot import app
from bot.app import Bot
from bot.features.home.keeping import Keeper
from bot.sandbox import FaultKind, MovableClock
from bot.sandbox.faults import Fault
from storage import audit, people
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.chat import PATIENCE, Chat, Heard, Seat
from tests.e2e.conftest import settings_for
from tests.e2e.town import ONE_MESSAGE, OPENING_DAY, SEPTEMBER, Town, build_town, hears_summary, sends


@dataclass
class Home:
    """The town, and the bot whose looks at its cards the test calls for."""

    town: Town
    bot: Bot

    async def card(self, seat: Seat) -> Heard:
        """What /start brings, sent and pinned."""
        await seat.starts()
        card = await seat.hears("Chào")
        async with asyncio.timeout(PATIENCE):
            while seat.room.pinned != card.id:
                await self.looks()
        return card

    async def looks(self) -> None:
        """Let the bot look at its cards."""
        await self.town.chat.all_taken()
        await self.bot.tick_all()


@pytest.fixture
async def home(sqlite_database: Database) -> AsyncIterator[Home]:
    clock = MovableClock(start_at=OPENING_DAY)
    async with Chat(clock=clock) as chat:
        town = await build_town(chat, sqlite_database, clock)
        bot = app.build(settings_for(chat.sandbox, f"sqlite:///{sqlite_database.path}"), sqlite_database, clock=clock)
        async with app.running(bot):
            yield Home(town, bot)


async def test_an_officer_sees_what_is_missing_and_sends_a_month_that_changed_nothing(home: Home) -> None:
    hoa = await home.town.officer()
    await home.town.reported(home.town.may, SEPTEMBER, 1310, 1240, 5, 2)
    card = await home.card(hoa)
    card.says("Chào chị Hoa.", "Tháng 10/2026: chưa nộp, còn 8 ngày (hạn thứ Năm, 05/11/2026)", "CĐCS May Hòa Thọ")
    card.has_buttons("Nộp ngay", "Không có biến động", "Có thay đổi", "Việc đến hạn")
    await hoa.taps("Không có biến động", on=card)
    await hears_summary(hoa)
    await sends(hoa)
    await home.looks()
    changed = await hoa.sees_change("đã nộp ngày 28/10/2026", of=card)
    assert changed.labels == ["Việc đến hạn"]
    assert hoa.room.pinned == card.id


async def test_nothing_is_changed_while_nothing_has_changed(home: Home) -> None:
    hoa = await home.town.officer()
    card = await home.card(hoa)
    await home.looks()
    await home.looks()
    assert card.message.edits == 0
    await home.town.move_to(2026, 10, 29, 4)
    await home.looks()
    assert card.message.edits == 0
    await home.town.move_to(2026, 10, 29, 5)
    await home.looks()
    await hoa.sees_change("còn 7 ngày", of=card)
    await home.town.move_to(2026, 11, 6)
    await home.looks()
    await hoa.sees_change("⚠️", "quá hạn 1 ngày", of=card)


async def test_a_report_that_was_sent_back_shows_on_the_card(home: Home) -> None:
    hoa, lan = await home.town.officer(), await home.town.supervisor()
    card = await home.card(hoa)
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await home.looks()
    await hoa.sees_change("đã nộp", of=card)
    await lan.says("/tonghop CĐCS May Hòa Thọ")
    await lan.hears("CĐCS May Hòa Thọ")
    submission = await home.town.current(home.town.may)
    assert submission is not None
    await lan.taps_forged(await lan.sees("CĐCS May Hòa Thọ"), f"r:b:{submission.id}")
    await lan.hears("Gửi trả báo cáo")
    await lan.says("xem lại số đoàn viên")
    await lan.hears("Đã gửi trả")
    await hoa.hears("gửi trả")
    await home.looks()
    (await hoa.sees_change("gửi trả để sửa", of=card)).has_buttons("Sửa rồi nộp lại")


async def test_a_supervisor_sees_how_many_have_come_in(home: Home) -> None:
    lan, hoa = await home.town.supervisor(), await home.town.officer()
    card = await home.card(lan)
    card.says("Chào anh Lan.", "Tháng 10/2026: đã nộp 0/2, chưa nộp 2, còn 8 ngày (hạn 05/11/2026) – LĐLĐ tỉnh")
    await lan.taps("Ai chưa nộp", on=card)
    (await lan.hears("Chưa nộp", "CĐCS Giày Xuân An")).has_buttons("Nhắc tất cả")
    await lan.taps("Tổng hợp", on=card)
    await lan.hears("LĐLĐ tỉnh")
    assert card.message.edits == 0
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await home.town.reported(home.town.giay, SEPTEMBER.shifted(1), 500, 480)
    await home.looks()
    (await lan.sees_change("cả 2 đơn vị đã nộp", of=card)).has_buttons("Tổng hợp", "Việc đến hạn")


async def test_whoever_reminds_from_the_card_sees_on_it_who_was_reached_and_who_was_not(home: Home) -> None:
    hoa, lan = await home.town.officer(), await home.town.supervisor()
    await home.town.move_to(2026, 11, 3)
    card = await home.card(lan)
    card.says("chưa nộp 2").has_buttons("Nhắc 2 đơn vị")
    await lan.taps("Nhắc 2 đơn vị", on=card)
    assert await lan.hears_toast() == "Đã nhắc 1 cán bộ; 1 đơn vị chưa có cán bộ tham gia."
    await hoa.hears("tháng 10/2026")
    await home.looks()
    changed = await lan.sees_change("🔔 Đã nhắc 1 đơn vị, lần cuối", "Không nhắn được: CĐCS Giày Xuân An.", of=card)
    changed.has_buttons("Ai chưa nộp")
    await lan.taps("Nhắc 2 đơn vị", on=changed)
    assert "vừa được nhắc trong 12 giờ qua" in await lan.hears_toast()
    lan.hears_nothing_more()


async def test_several_units_each_have_their_button(home: Home) -> None:
    hoa = await home.town.officer("Nguyễn Thị Hoa", home.town.may, home.town.giay)
    card = await home.card(hoa)
    card.says("Biến động đoàn viên, CĐCS May Hòa Thọ", "Biến động đoàn viên, CĐCS Giày Xuân An")
    assert card.labels == ["Nộp ngay: CĐCS Giày Xuân An", "Nộp ngay: CĐCS May Hòa Thọ", "Việc đến hạn"]
    await hoa.taps("Nộp ngay: CĐCS May Hòa Thọ", on=card)
    await hoa.hears("CĐCS May Hòa Thọ", "1/4")
    await hoa.taps("Việc đến hạn", on=card)
    await hoa.hears("Việc của đơn vị chị")


async def test_the_card_and_the_command_begin_with_the_same_month(home: Home) -> None:
    await home.town.move_to(2026, 11, 26)
    hoa = await home.town.officer()
    card = await home.card(hoa)
    card.says("Tháng 11/2026: chưa nộp, còn 9 ngày", "Còn thiếu từ trước: tháng 10.")
    assert card.labels == ["Nộp ngay", "Không có biến động", "Nộp bù tháng 10", "Việc đến hạn"]
    await hoa.says("/baocao")
    await hoa.hears("tháng 11/2026", "Còn thiếu từ trước: tháng 10.")
    await hoa.taps("Nộp bù tháng 10", on=card)
    await hoa.hears("tháng 10/2026", "quá hạn")
    await hoa.taps("Nộp ngay", on=card)
    await hoa.hears("tháng 11/2026", "1/4")


async def test_months_that_the_card_does_not_name_are_counted_and_found(home: Home) -> None:
    await home.town.move_to(2027, 9, 26)
    hoa = await home.town.officer()
    card = await home.card(hoa)
    card.says("Còn thiếu từ trước: tháng 6, quý II/2027, tháng 7, tháng 8 và 10 kỳ trước nữa.")
    await hoa.taps("Các kỳ trước nữa", on=card)
    assert "Tháng 04/2027" in (await hoa.hears("báo cáo nào, kỳ nào?")).labels[7]
    await hoa.taps("Kỳ xa hơn")
    further = (await hoa.sees_change("báo cáo nào, kỳ nào?")).has_buttons("Kỳ gần hơn")
    assert "Tháng 10/2026" in further.labels[7]
    await hoa.taps(further.labels[7])
    await hoa.sees_change("tháng 10/2026", "1/4")
    await hoa.says("/huy")
    await hoa.hears("Đã dừng")
    await hoa.says("/baocao")
    (await hoa.hears("báo cáo nào, kỳ nào?")).has_buttons("Kỳ khác")
    await hoa.says("/baocao biến động đoàn viên")
    (await hoa.hears("tháng 09/2027", "và 8 tháng trước nữa")).has_buttons("Các kỳ trước nữa")


async def test_a_card_that_its_reader_deleted_does_not_come_back(home: Home) -> None:
    hoa = await home.town.officer()
    card = await home.card(hoa)
    card.message.deleted = True
    await home.town.move_to(2026, 10, 30)
    await home.looks()
    await home.looks()
    hoa.hears_nothing_more()
    again = await home.card(hoa)
    again.says("còn 6 ngày")


@pytest.mark.parametrize("kind", [FaultKind.UNAUTHORIZED, FaultKind.RETRY_AFTER, FaultKind.BAD_GATEWAY])
async def test_a_card_outlives_what_is_wrong_with_all_calls(home: Home, kind: FaultKind) -> None:
    hoa = await home.town.officer()
    card = await home.card(hoa)
    await home.town.move_to(2026, 10, 30)
    home.town.chat.sandbox.faults.add(Fault(kind, "editMessageText"))
    await home.looks()
    assert card.message.edits == 0
    await home.looks()
    await hoa.sees_change("còn 6 ngày", of=card)


async def test_a_second_card_takes_the_place_of_the_first(home: Home) -> None:
    hoa = await home.town.officer()
    first, second = await home.card(hoa), await home.card(hoa)
    assert first.message.deleted
    await home.town.move_to(2026, 10, 30)
    await home.looks()
    await hoa.sees_change("còn 6 ngày", of=second)
    assert first.message.edits == 0


async def test_who_serves_no_unit_any_more_is_told_so_once(home: Home) -> None:
    hoa = await home.town.officer()
    card = await home.card(hoa)
    async with home.town.database.write() as db:
        person = await people.find_by_telegram(db, hoa.id)
        assert person is not None
        await people.end_role(db, person.id, home.town.may.id, RoleName.OFFICER, home.town.clock(), by=None)
        await audit.note(db, "role.ended", home.town.clock(), by=None, unit_id=home.town.may.id)
    await home.town.move_to(2026, 10, 30)
    await home.looks()
    assert (await hoa.sees_change("không giữ vai trò nào", of=card)).labels == []
    await home.town.move_to(2026, 10, 31)
    await home.looks()
    assert card.message.edits == 1


async def test_a_stranger_is_welcomed_with_examples(home: Home) -> None:
    await home.town.officer()
    khoi = home.town.chat.person("Khôi")
    await khoi.starts()
    (await khoi.hears("Trợ lý Công đoàn")).lacks("Chào anh/chị")
    await khoi.hears("Chia sẻ số điện thoại")
    await home.looks()
    assert khoi.room.pinned == 0


async def test_after_a_start_every_card_is_looked_at(home: Home) -> None:
    hoa = await home.town.officer()
    card = await home.card(hoa)
    await home.town.reported(home.town.may, SEPTEMBER.shifted(1), 1310, 1240)
    home.town.clock.move(timedelta(minutes=1))
    await Keeper(home.bot.application.bot_data["around"]).tick(home.town.database, home.town.clock())
    await hoa.sees_change("đã nộp", of=card)
