"""What is forged, or stale: buttons with made-up data, and words for something that is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from knowledge.forms import MONTHLY_FORM, TERM_FORM
from storage import inbox, units
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.chat import Seat
from tests.e2e.town import ONE_MESSAGE, SEPTEMBER, Town, sends, town_on

FORGED = (
    f"r:n:{{unit}}:{MONTHLY_FORM}:1900-01",
    f"r:n:{{unit}}:{MONTHLY_FORM}:9999-12",
    "r:n:{unit}:x:2026-10",
    "r:c:{unit}:99999999999999999999",
    "r:m:f:00001",
    "r:m:f:0009",
    "r:m:go",
    "r:m:u:{unit}",
    "r:m:leave",
    "r:m:end:999999999999999999",
    "r:m:close:999999999999999999",
    "r:q:leave",
    f"r:same:{{unit}}:{MONTHLY_FORM}:2026-Q1",
    "r:same:{unit}:x:2026-10",
    f"r:more:{{unit}}:{MONTHLY_FORM}:9999-12",
    f"r:more:{{unit}}:{TERM_FORM}:campaign:2026:Không có đợt này",
    f"r:n:{{unit}}:{TERM_FORM}:campaign:2026:x",
    "r:d:1.a.1:n",
    "r:v:999999999999999999",
    "r:q:1:1",
    f"sum:v:{{unit}}:n.{MONTHLY_FORM}.1900-01:0",
    f"sum:g:{{unit}}:n.{MONTHLY_FORM}.1900-01:0",
    "u:v:{unit}:999999",
    "u:y:mg:{unit}:{unit}",
    "m:go:99999999999999999999",
    "m:undo:99999999999999999999:x",
    "m:undo:{unit}:deadline:1:9999-12-31",
    "up:r:999999999999999999",
)


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


@pytest.mark.parametrize("role", [RoleName.OFFICER, RoleName.ADMIN])
async def test_no_made_up_button_makes_a_handler_fail(town: Town, role: RoleName) -> None:
    seat = await town.join("Nguyễn Thị Hoa", (town.may, role))
    await seat.says("/help")
    own = await seat.hears()
    for data in FORGED:
        await seat.taps_forged(own, data.format(unit=town.may.id))
        await seat.hears_toast()
    await town.chat.all_taken()
    async with town.database.read() as db:
        assert set(await inbox.count_by_state(db)) == {"done"}


async def test_a_figure_for_a_draft_that_is_gone_goes_into_no_other(town: Town) -> None:
    hoa, ba = await town.officer("Nguyễn Thị Hoa"), await town.officer("Lê Văn Ba")
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await ba.says(ONE_MESSAGE)
    await ba.sees("bấm Gửi")
    await sends(ba)
    await ba.says("/lichsu")
    history = await ba.hears()
    await ba.taps_forged(history, f"r:n:{town.may.id}:{MONTHLY_FORM}:{SEPTEMBER.code}")
    await ba.hears("Tháng 09/2026")
    await hoa.says("1320")
    await hoa.hears("Lê Văn Ba đã gửi", "tháng 10/2026")
    draft = await town.draft(town.may, SEPTEMBER)
    assert draft is not None
    assert "figures" not in draft.state["sheet"]


# Words for something else ------------------------------------------------------------------------------------------


async def ask_upward(town: Town, hoa: Seat, boss: Seat) -> None:
    """Hoa's question has come, and the supervisor was asked for the answer."""
    await hoa.says("giá vé xe buýt")
    await hoa.hears()
    await hoa.taps("Hỏi cấp trên")
    await hoa.hears("Đã chuyển câu hỏi")
    await boss.hears("giá vé xe buýt")
    await boss.taps("Trả lời")
    await boss.hears("gõ câu trả lời")


async def test_words_for_leaving_are_never_taken_as_an_answer(town: Town) -> None:
    boss = await town.join("Trần Văn Lan", (town.tinh, RoleName.ADMIN))
    hoa = await town.officer()
    await ask_upward(town, hoa, boss)
    await boss.says("Hủy")
    await boss.hears("chưa chuyển gì")
    await boss.says("/donvi MAY")
    page = await boss.hears("CĐCS May Hòa Thọ")
    await boss.taps_forged(page, f"u:rn:{town.may.id}")
    await boss.hears("gõ tên mới")
    await boss.says("thôi")
    await boss.hears()
    for command in ("/dathan", "/thongbao"):
        await boss.says(command)
        await boss.hears()
        await boss.says("hủy bỏ")
        (await boss.hears()).lacks("hủy bỏ")
    await town.chat.all_taken()
    hoa.hears_nothing_more()
    async with town.database.read() as db:
        assert (await units.get_unit(db, town.may.id)).name == "CĐCS May Hòa Thọ"


async def test_an_earlier_button_for_leaving_leaves_a_reason_that_is_asked_for(town: Town) -> None:
    boss, hoa = await town.supervisor(), await town.officer()
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.taps("Xin gia hạn")
    asked = await hoa.hears("lý do")
    await hoa.taps_forged(asked, "r:leave")
    await hoa.hears("Đã dừng")
    await hoa.says("chờ số liệu từ phân xưởng")
    await hoa.hears()
    await town.chat.all_taken()
    boss.hears_nothing_more()


async def test_what_is_said_a_day_later_is_no_answer(town: Town) -> None:
    boss = await town.supervisor()
    hoa = await town.officer()
    await ask_upward(town, hoa, boss)
    town.clock.move_to(town.clock() + timedelta(hours=13))
    await boss.says("chỉ tiêu kết nạp đoàn viên năm 2026")
    (await boss.hears()).lacks("Đã chuyển câu trả lời")
    sent = await town.reported(town.may, SEPTEMBER, 10, 5)
    await boss.says("/lichsu MAY")
    await boss.taps_forged(await boss.hears("CĐCS May Hòa Thọ"), f"r:b:{sent.id}")
    await boss.hears("tháng 09/2026")
    town.clock.move_to(town.clock() + timedelta(hours=13))
    await boss.says("chào buổi sáng")
    await boss.hears()
    await town.chat.all_taken()
    assert (await town.versions(town.may, SEPTEMBER))[0].remark is None
    assert not any("trả lời câu hỏi" in line for line in hoa.transcript().splitlines())


async def test_a_long_answer_arrives_whole(town: Town) -> None:
    boss, hoa = await town.supervisor(), await town.officer()
    await ask_upward(town, hoa, boss)
    await boss.says("Từng việc một. " * 200 + "Hết.")
    await boss.hears("Đã chuyển câu trả lời")
    await hoa.sees("Hết.")
