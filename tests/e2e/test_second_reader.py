"""A chat with a second reader beside the bot: what it understands is answered as ever, what it breaks is not seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from storage.engine import Database
from tests.bot.reader.stand_in import HANGS, StandIn, completion, frame, from_recording, response, standing_in
from tests.bot.reader.test_client import FAULTS
from tests.e2e.town import SEPTEMBER, Town, town_on

AT = "@troly_congdoan_bot"
HEAD = "Tôi hiểu là:"
ROOMS = "mái che mưa che nắng cho thợ Sài Gòn thì ai lo cái chi"
MEET = "hú mấy đứa dưới mai nghỉ"
SIGNER = "ai chấp bút ký cái văn bản ở thành phố mang tên Bác"


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with standing_in() as served:
        yield served


@pytest.fixture
async def town(sqlite_database: Database, stand_in: StandIn) -> AsyncIterator[Town]:
    own = {"reader_url": stand_in.url, "reader_key": "a-secret-key", "reader_model": "a-model"}
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}", **own) as town:
        yield town


async def test_a_question_in_everyday_words_is_answered_by_the_catalogue(town: Town, stand_in: StandIn) -> None:
    hoa = await town.officer()
    await hoa.says(ROOMS)
    answer = await hoa.hears(HEAD, "thiết chế", "25-CTr/TU")
    answer.has_buttons("Đúng", "Chưa đúng")
    await hoa.says(ROOMS.upper())
    await hoa.hears(HEAD, "25-CTr/TU")
    assert stand_in.shown == [ROOMS]
    await hoa.says("còn chỉ tiêu đối thoại của Bảo Lộc?")
    (await hoa.hears("Bảo Lộc")).lacks(HEAD)
    await hoa.says(SIGNER)
    (await hoa.hears("25-CTr/TU", "Nguyễn Hồ Hải")).lacks(HEAD)
    assert stand_in.shown == [ROOMS], "what the catalogue finds by itself is asked of nobody"


async def test_what_the_own_reading_is_sure_of_goes_nowhere(town: Town, stand_in: StandIn) -> None:
    hoa = await town.officer()
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM?")
    (await hoa.hears("80%")).lacks(HEAD)
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3")
    await hoa.hears("1.320")
    await hoa.says(ROOMS)
    (await hoa.hears()).lacks(HEAD)
    assert stand_in.bodies == [], "nor does what is said in the middle of a report"


async def test_names_and_numbers_stay_in_the_house(town: Town, stand_in: StandIn) -> None:
    hoa = await town.officer()
    await town.supervisor()
    await hoa.says(f"{ROOMS}, anh Trần Văn Lan ở Giày Xuân An số 0901000009 hỏi em Hoa")
    await hoa.hears()
    sent = str(stand_in.bodies) + "".join(stand_in.heads)
    assert len(stand_in.bodies) == 1
    assert not [word for word in ("Lan", "Xuân An", "0901", "Hoa", "Nguyễn") if word in stand_in.shown[0]]
    assert "a-secret-key" in sent


async def test_work_is_shown_and_what_would_begin_something_is_offered(town: Town, stand_in: StandIn) -> None:
    lan = await town.supervisor()
    stand_in.behaviour = lambda _body: frame("broadcast")
    await lan.says(MEET)
    offer = await lan.hears(HEAD, "Gửi thông báo", "bấm")
    await lan.taps("Gửi thông báo", on=offer)
    (await lan.hears("thông báo")).lacks(HEAD)
    await lan.says("hủy")
    await lan.hears()
    hoa = await town.officer()
    await town.reported(town.may, SEPTEMBER, 1310, 1240)
    stand_in.behaviour = from_recording
    await hoa.says("bữa mô tui phải đưa số liệu rứa bot")
    await hoa.hears(HEAD, "Hạn nộp sắp tới")
    await hoa.hears("05/11/2026")
    stand_in.behaviour = lambda _body: frame("report")
    await hoa.says("ủa rồi tui đứng chỗ nào trong cái hệ thống ni")
    offer = await hoa.hears(HEAD, "bấm")
    offer.has_buttons("Nộp báo cáo trong tin này").lacks("1/4")


async def test_in_a_group_only_questions_are_read_and_only_when_it_is_named(town: Town, stand_in: StandIn) -> None:
    hoa = await town.officer()
    group = town.chat.group("Nhóm cán bộ", hoa)
    there = hoa.in_group(group)
    await there.says(ROOMS)
    await there.says(f"{AT} {ROOMS}")
    await there.hears(HEAD, "25-CTr/TU")
    assert stand_in.shown == [ROOMS]
    await there.says(f"{AT} bữa mô tui phải đưa số liệu rứa bot")
    (await there.hears()).lacks(HEAD, "05/11/2026")


async def test_help_says_what_leaves_the_house(town: Town, stand_in: StandIn) -> None:
    hoa = await town.officer()
    await hoa.says("/help")
    await hoa.hears("máy đọc", stand_in.url.split("/")[2], "che số điện thoại, tên người, tên đơn vị")


async def test_without_a_reader_help_says_nothing_of_one(sqlite_database: Database) -> None:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        hoa = await town.officer()
        await hoa.says("/help")
        (await hoa.hears("Các lệnh")).lacks("máy đọc")


HOSTILE = {
    **FAULTS,
    "made-up facts": lambda _body: frame("plan_question", "a/target/b", "c/task/d"),
    "no such meaning": lambda _body: frame("transfer_money"),
    "prose": lambda _body: completion("Chỉ tiêu là 99,9%, <a href='http://x.vn'>xem</a>"),
    "made-up words": lambda _body: completion('{"means": "plan_question", "facts": [], "text": "Chỉ tiêu là 99,9%"}'),
}


async def test_whatever_it_does_the_own_reading_stands_in_time(
    town: Town, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.reader.bounds.FAILURES", 1000)
    alone = to_plain(answers.answer(load_adviser().ask(ROOMS)))
    for name, behaviour in HOSTILE.items():
        stand_in.behaviour = behaviour
        guest = town.chat.person(name)
        guest.person.started = True
        await guest.says(ROOMS)
        async with asyncio.timeout(HANGS / 2):
            assert (await guest.hears()).text == alone, name
    assert len(stand_in.bodies) >= len(HOSTILE)


async def test_a_crowd_does_not_wait_for_one_that_hangs(town: Town, stand_in: StandIn) -> None:
    stand_in.behaviour = lambda _body: None
    guests = [town.chat.person(f"Người {number}") for number in range(20)]
    for number, guest in enumerate(guests):
        guest.person.started = True
        await guest.says(f"{ROOMS} {number}")
    async with asyncio.timeout(HANGS / 2):
        await asyncio.gather(*(guest.hears() for guest in guests))
    assert len(stand_in.bodies) <= 3
    stand_in.behaviour = lambda _body: response(b"", "500 Internal Server Error")
    for _ in range(2):
        await guests[0].says(f"{ROOMS} nữa")
        await guests[0].hears()
    assert len(stand_in.bodies) <= 3, "after failures it is left alone"
