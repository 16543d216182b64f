"""Everything that can happen to a call on its way to Telegram, and what the officer has in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import Bot
from bot.sandbox import FaultKind
from bot.sandbox.faults import Fault
from storage import chats, messages
from storage.messages import Delivery, MessageState
from tests.e2e.chat import Chat, Seat

QUESTION = "chỉ tiêu TƯLĐTT 2025 TP.HCM"


@dataclass(frozen=True)
class Case:
    """A fault of one sendMessage, how often the answer is seen in the end, and how its row stands."""

    kind: FaultKind
    seen: int
    state: MessageState
    doubted: bool = False


CASES = [
    Case(FaultKind.RETRY_AFTER, 1, MessageState.SENT),
    Case(FaultKind.TOO_MANY_BARE, 1, MessageState.SENT),
    Case(FaultKind.INTERNAL, 1, MessageState.SENT, doubted=True),
    Case(FaultKind.BAD_GATEWAY, 1, MessageState.SENT, doubted=True),
    Case(FaultKind.OK_FALSE, 1, MessageState.SENT, doubted=True),
    Case(FaultKind.NOT_JSON, 1, MessageState.SENT),
    Case(FaultKind.RESET, 1, MessageState.SENT, doubted=True),
    Case(FaultKind.HANG, 1, MessageState.SENT, doubted=True),
    Case(FaultKind.CUT, 2, MessageState.SENT, doubted=True),
    Case(FaultKind.LOST_AFTER, 2, MessageState.SENT, doubted=True),
    Case(FaultKind.HANG_AFTER, 2, MessageState.SENT, doubted=True),
    Case(FaultKind.DELAY, 1, MessageState.SENT),
    Case(FaultKind.FORBIDDEN, 0, MessageState.DEAD),
    Case(FaultKind.BAD_REQUEST, 0, MessageState.DEAD),
]


async def settled(bot: Bot, chat: Chat, seat: Seat) -> Delivery:
    """How the only answer to a person stands, once it stands for good."""
    key = f"answer:{seat.room.id}:1"
    for _ in range(600):
        async with bot.database.read() as db:
            found = await messages.find_delivery(db, key)
        if found is not None and found.state.is_final:
            return found
        await chat.sandbox.wait_until(lambda: False, 0.02)
    raise AssertionError(f"the answer never settled: {found}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind.value)
async def test_an_answer_meets_a_fault(chat: Chat, bot: Bot, case: Case) -> None:
    hoa, binh = chat.person("Nguyễn Thị Hoa"), chat.person("Phạm Quốc Bình")
    chat.sandbox.faults.add(Fault(case.kind, method="sendMessage", chat_id=hoa.id, seconds=0.2))
    await hoa.says(QUESTION)
    delivery = await settled(bot, chat, hoa)
    assert (delivery.state, delivery.doubted_at is not None) == (case.state, case.doubted)
    assert len([message for message in hoa.room.shown if message.by_bot]) == case.seen
    async with bot.database.read() as db:
        troubled = await messages.list_troubled(db, since=datetime(2020, 1, 1, tzinfo=UTC))
    assert (delivery.key in {each.key for each in troubled}) == (case.doubted or case.state is MessageState.DEAD)
    await binh.says(QUESTION)
    await binh.hears("80%")
    await hoa.says("/huy")
    await hoa.sees("câu mới")


async def test_telegrams_silence_is_kept_to_the_second(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    chat.sandbox.faults.add(Fault(FaultKind.RETRY_AFTER, method="sendMessage", retry_after=2))
    await hoa.says(QUESTION)
    await hoa.hears("80%")
    refused, sent = chat.sandbox.calls("sendMessage")
    assert sent.arrived - refused.arrived >= 2


async def test_a_moved_group_gets_its_answer_under_its_new_number(chat: Chat, bot: Bot) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    old, new = chat.group("Nhóm cũ", hoa), chat.group("Nhóm mới", hoa)
    chat.sandbox.faults.add(Fault(FaultKind.MIGRATE, method="sendMessage", chat_id=old.id, migrate_to=new.id))
    await hoa.in_group(old).says(f"@troly_congdoan_bot {QUESTION}")
    await hoa.in_group(new).sees("80%")
    assert [message for message in old.shown if message.by_bot] == []


async def test_whoever_blocks_the_bot_is_not_written_to_until_they_come_back(chat: Chat, bot: Bot) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says(QUESTION)
    await hoa.hears("80%")
    await hoa.blocks_bot()
    for _ in range(100):
        async with bot.database.read() as db:
            known = await chats.find_chat(db, hoa.id)
        if known is not None and not known.is_reachable:
            break
        await chat.sandbox.wait_until(lambda: False, 0.02)
    assert known is not None
    assert not known.is_reachable
    await hoa.unblocks_bot()
    for _ in range(100):
        async with bot.database.read() as db:
            known = await chats.find_chat(db, hoa.id)
        if known is not None and known.is_reachable:
            break
        await chat.sandbox.wait_until(lambda: False, 0.02)
    assert known is not None
    assert known.is_reachable
    await hoa.says("còn 2030?")
    await hoa.hears("85%")


@pytest.mark.parametrize(
    "kind", [FaultKind.UNAUTHORIZED, FaultKind.BAD_GATEWAY, FaultKind.CUT, FaultKind.RESET, FaultKind.LOST_AFTER]
)
async def test_getupdates_meets_a_fault(chat: Chat, bot: Bot, kind: FaultKind) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    chat.sandbox.faults.add(Fault(kind, method="getUpdates"))
    await hoa.says(QUESTION)
    await hoa.hears("80%")
    await hoa.says("còn 2030?")
    await hoa.hears("85%")
    await chat.all_taken()
    hoa.hears_nothing_more()


@pytest.mark.parametrize(
    "description", ["query is too old and response timeout expired or query ID is invalid", "message is not modified"]
)
async def test_a_tap_that_telegram_has_forgotten_still_has_its_effect(chat: Chat, description: str) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says(QUESTION)
    await hoa.hears("80%")
    chat.sandbox.faults.add(Fault(FaultKind.BAD_REQUEST, method="answerCallbackQuery", description=description))
    await hoa.taps("Năm 2030")
    await hoa.hears("85%")


@pytest.mark.parametrize(
    ("description", "seen"),
    [("message is not modified", 1), ("message to edit not found", 2), ("message can't be edited", 2)],
)
async def test_an_edit_that_telegram_refuses(chat: Chat, bot: Bot, description: str, seen: int) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    asked = await hoa.says(QUESTION)
    await hoa.hears("80%")
    fault = Fault(FaultKind.BAD_REQUEST, method="editMessageText", description=f"Bad Request: {description}")
    chat.sandbox.faults.add(fault)
    await hoa.edits(asked, "đoàn viên 2025 TP.HCM")
    await hoa.says("/help")
    await hoa.sees("Hỏi được những gì")
    assert len([message for message in hoa.room.shown if message.by_bot]) == seen + 1


async def test_the_same_message_and_the_same_tap_again_have_one_effect(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says(QUESTION)
    await hoa.hears("80%")
    await hoa.taps("Năm 2030")
    await hoa.hears("85%")
    await chat.all_taken()
    for update in list(chat.sandbox.past_updates):
        chat.sandbox.redeliver(update.id)
        chat.sandbox.redeliver(update.id, under_new_id=True)
    await chat.all_taken()
    await hoa.says("đoàn viên 2025 TP.HCM")
    await hoa.hears("1.580.000")
    hoa.hears_nothing_more()


async def test_malformed_updates_stop_nobody(chat: Chat, bot: Bot) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    chat.sandbox.inject_update({"message": {"message_id": "x", "chat": 5}})
    chat.sandbox.inject_update({"message": None})
    chat.sandbox.inject_update({"something_new": {"chat": {"id": hoa.id}}})
    chat.sandbox.inject_update({"callback_query": {"id": "1", "from": {"id": 1}}})
    await hoa.says(QUESTION)
    await hoa.hears("80%")


async def test_a_question_asked_while_the_bot_was_away_is_answered_a_day_later(chat: Chat, bot: Bot) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    chat.sandbox.faults.add(Fault(FaultKind.BAD_GATEWAY, method="getUpdates"))
    await hoa.says(QUESTION)
    chat.sandbox.clock.move(timedelta(hours=23))
    await hoa.hears("80%")
