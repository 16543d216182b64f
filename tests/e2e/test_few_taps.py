"""How little a month takes: interactions and messages left standing, counted from Telegram's side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Message
from storage import messages
from storage.engine import Database
from tests.e2e.chat import Heard, Seat
from tests.e2e.town import SEPTEMBER, Town, sends, town_on


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


class Unhurried(Seat):
    """Somebody who acts once the bot has noted what it has sent: only what it knows to have arrived is taken away."""

    def __init__(self, town: Town, seat: Seat) -> None:
        super().__init__(town.chat, seat.person, seat.room)
        self._town = town

    async def says(self, text: str, *, reply_to: Heard | Message | None = None) -> Message:
        await self._all_noted()
        return await super().says(text, reply_to=reply_to)

    async def taps(self, label: str, *, on: Heard | None = None) -> None:
        await self._all_noted()
        await super().taps(label, on=on)

    async def _all_noted(self) -> None:
        async with asyncio.timeout(self._town.chat.patience):
            while True:
                async with self._town.database.read() as db:
                    if not await messages.count_open(db, self._town.clock()):
                        return
                await asyncio.sleep(0.01)


async def officer(town: Town) -> Unhurried:
    return Unhurried(town, await town.officer())


class Count:
    """What one person has done since, and what of the bot stands in the chat that was not there before."""

    def __init__(self, town: Town, seat: Seat) -> None:
        self._town, self._seat = town, seat
        self._updates = len(town.chat.sandbox.past_updates)
        self._before = {message.id for message in seat.room.shown}

    async def done(self) -> int:
        await self._town.chat.all_taken()
        return len(self._town.chat.sandbox.past_updates) - self._updates

    def standing(self) -> list[Message]:
        return [each for each in self._seat.room.shown if each.by_bot and each.id not in self._before]

    async def goes_down_to(self, most: int) -> bool:
        """Whether so many are left once what was taken away is gone."""
        chat = self._town.chat
        return await chat.sandbox.wait_until(lambda: len(self.standing()) <= most, chat.patience)

    def live(self) -> list[Message]:
        """Those of them whose buttons fill in a report."""
        return [
            each
            for each in self.standing()
            if any(str(button.get("callback_data", "")).startswith("r:d") for row in each.buttons for button in row)
        ]


async def card_of(town: Town, seat: Seat) -> Count:
    await seat.starts()
    await seat.hears("Chào", "chưa nộp")
    await town.chat.all_taken()
    return Count(town, seat)


async def test_a_month_without_change_takes_a_tap_and_gui(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await officer(town)
    count = await card_of(town, hoa)
    await hoa.taps("Không có biến động")
    await hoa.hears("Xem lại")
    await hoa.hears("bấm Gửi")
    await sends(hoa)
    assert await count.done() == 2
    assert await count.goes_down_to(2)


async def test_a_month_with_changes_takes_four_interactions_and_leaves_two_messages(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await officer(town)
    count = await card_of(town, hoa)
    await hoa.taps("Có thay đổi")
    await hoa.hears("1/2")
    await hoa.taps("3")
    await hoa.sees_change("2/2")
    await hoa.taps("1")
    await hoa.sees_change("1.241 + 3 − 1 = 1.243")
    await hoa.hears("bấm Gửi")
    await sends(hoa)
    assert await count.done() == 4
    assert await count.goes_down_to(2)
    assert not count.live()


async def test_figures_that_are_typed_take_as_many(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await officer(town)
    count = await card_of(town, hoa)
    await hoa.taps("Có thay đổi")
    await hoa.hears("1/2")
    await hoa.says("12")
    await hoa.hears("2/2", "Đã ghi: Kết nạp mới 12")
    await hoa.says("4")
    await hoa.hears("1.241 + 12 − 4 = 1.249")
    await hoa.hears("bấm Gửi")
    await sends(hoa)
    assert await count.done() == 4
    assert await count.goes_down_to(2)
    assert not count.live()


async def test_one_step_has_live_buttons_however_it_was_answered(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await officer(town)
    count = Count(town, hoa)
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("1.320")
    await hoa.hears("2/4", "Đã ghi: CNVCLĐ 1.320")
    await hoa.taps("Giữ nguyên")
    await hoa.sees_change("3/4", "Đã ghi: CNVCLĐ 1.320, Đoàn viên 1.241")
    await hoa.says("nhiều lắm")
    await hoa.hears("chưa đọc được", "3/4")
    await hoa.says("12")
    await hoa.hears("4/4")
    await hoa.says("12")
    await hoa.hears("Xem lại")
    await hoa.hears("bấm Gửi")
    assert await count.goes_down_to(2)
    assert len(count.live()) == 1


async def test_the_review_changes_in_place_beside_the_line_that_carries_gui(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await officer(town)
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    count = Count(town, hoa)
    await hoa.taps("Không có biến động")
    await hoa.sees_change("Xem lại")
    review = hoa.last
    await hoa.hears("bấm Gửi")
    await hoa.taps("Sửa", on=review)
    await hoa.sees_change("Sửa số nào?", of=review)
    await hoa.taps("Quay lại", on=review)
    await hoa.sees_change("Xem lại", of=review)
    await town.chat.all_taken()
    hoa.hears_nothing_more()
    assert await count.goes_down_to(1)
    await hoa.says("đoàn viên 1.240, giảm 1")
    await hoa.hears("Đoàn viên: 1.240")
    await hoa.hears("bấm Gửi")
    assert await count.goes_down_to(2)
    (await sends(hoa)).says("1.240")


async def test_whoever_only_looked_finds_the_buttons_where_they_were(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await officer(town)
    await hoa.starts()
    card = await hoa.hears("Chào", "chưa nộp")
    await hoa.taps("Không có biến động", on=card)
    await hoa.hears("Xem lại")
    await hoa.hears("bấm Gửi")
    await hoa.says("/lienhe")
    await hoa.hears()
    await hoa.taps("Có thay đổi", on=card)
    await hoa.hears("1/2", "Kết nạp mới")


async def test_those_late_below_are_reminded_by_one_tap_on_the_card(town: Town) -> None:
    hoa = await town.officer()
    lan = await town.supervisor()
    await lan.starts()
    (await lan.hears("chưa nộp 2")).lacks("Nhắc 2 đơn vị")
    await town.move_to(2026, 11, 3)
    await lan.starts()
    (await lan.hears("chưa nộp 2")).has_buttons("Nhắc 2 đơn vị", "Ai chưa nộp", "Tổng hợp")
    await town.chat.all_taken()
    count = Count(town, lan)
    await lan.taps("Nhắc 2 đơn vị")
    assert await lan.hears_toast() == "Đã nhắc 1 cán bộ; 1 đơn vị chưa có cán bộ tham gia."
    await hoa.hears("tháng 10/2026")
    assert await count.done() == 1


async def test_the_example_is_the_officers_own_month_and_can_be_sent_as_it_stands(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await officer(town)
    await hoa.says("/baocao")
    question = await hoa.hears("1/4", "ví dụ “báo cáo tháng 10/2026: CNVCLĐ 1.310, đoàn viên 1.241,")
    await hoa.says(question.text.split("“")[1].split("”")[0])
    (await hoa.hears("Xem lại", "CNVCLĐ: 1.310", "Kết nạp mới: 0")).lacks("⚠️")
