"""What is owed is read again when a message leaves."""

from __future__ import annotations

from datetime import date

import pytest

from bot.road.reply import Reply
from bot.road.turn import Later
from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.rules import Rule
from storage import (
    chats,
    drafts,
    people,
)
from storage.people import RoleName
from tests.bot.features.reminders.world import World, set_deadline
from tests.e2e.reminders_tree import BINH, FORM, HOA, LAN, OCTOBER, at, submit


async def test_a_reader_who_is_writing_is_let_finish_for_an_hour_at_most(world: World) -> None:
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "08:29"))
    assert set(await world.morning(at("29/10"))) == {BINH, LAN}
    await world.tick(at("29/10", "08:39"))
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "08:39"))
    [(chat, said)] = await world.leaving(at("29/10", "08:39")) or [(0, None)]
    assert (chat, said) == (0, None) or isinstance(said, Later)
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "09:29"))
    assert set(await world.morning(at("29/10", "09:30"))) == {HOA}


@pytest.mark.both_engines
async def test_a_message_that_waits_while_its_reader_writes_goes_out_within_the_hour(world: World) -> None:
    await world.tick(at("29/10"))
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "08:30"))
    said = dict(await world.leaving(at("29/10", "08:31")))
    assert said[HOA] == Later(at("29/10", "08:40"))
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "09:25"))
    assert dict(await world.leaving(at("29/10", "09:26")))[HOA] == Later(at("29/10", "09:30"))
    assert isinstance(dict(await world.leaving(at("29/10", "09:30")))[HOA], Reply)


@pytest.mark.both_engines
async def test_an_unfinished_draft_is_named(world: World) -> None:
    async with world.database.write() as db:
        begun = {
            "sheet": {"step": "ask", "key": "members", "figures": {"workers": "120"}},
            "born": "a1",
            "corrects": None,
        }
        await drafts.begin(db, world.tree.may.id, FORM, OCTOBER, begun, by=None, now=at("28/10"))
    await world.tick(at("29/10"))
    said = dict(await world.leaving(at("29/10")))
    reply = said[HOA]
    assert isinstance(reply, Reply)
    assert "đang nhập dở" in reply.text
    assert reply.buttons[0][0].label == "Tiếp tục"
    other = said[BINH]
    assert isinstance(other, Reply)
    assert [button.label for row in other.buttons for button in row] == [
        "Nộp ngay",
        "Không có biến động",
        "Nhắc lại sau",
        "Xin gia hạn",
        "Đưa vào lịch (.ics)",
    ]


@pytest.mark.both_engines
async def test_one_message_for_everything_due_to_one_person(world: World) -> None:
    async with world.database.write() as db:
        await people.grant(db, world.tree.person[HOA], world.tree.truong.id, RoleName.OFFICER, at("01/10"))
        rule = parse_rule("ngày 5 hằng tháng", date(2026, 10, 1))
        assert isinstance(rule, Rule)
        await set_deadline(db, world, "Nộp danh sách khen thưởng", rule)
    words = await world.morning(at("04/11"))
    assert words[HOA].count("Đơn vị:") == 4
    assert "Nộp danh sách khen thưởng" in words[HOA]


@pytest.mark.both_engines
async def test_a_digest_is_dropped_where_all_have_come_meanwhile(world: World) -> None:
    await world.tick(at("06/11"))
    async with world.database.write() as db:
        for unit in (world.tree.may, world.tree.co_khi, world.tree.truong):
            await submit(db, unit, at("06/11", "08:30"))
    assert {said for _, said in await world.leaving(at("06/11", "08:31"))} == {None}
