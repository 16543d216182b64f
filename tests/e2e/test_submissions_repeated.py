"""Messages and taps of reports that come twice, late or changed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.engine import Database
from tests.e2e.town import ONE_MESSAGE, SEPTEMBER, Town, hears_summary, sends, town_on


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


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
    await hoa.sees_change("2/4", of=question)
    await town.chat.all_taken()
    hoa.hears_nothing_more()


async def test_the_same_tap_under_a_new_update_id_does_nothing_twice(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    hoa = await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Giữ nguyên")
    await hoa.sees_change("2/4")
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
