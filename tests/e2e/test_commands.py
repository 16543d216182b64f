"""Commands, plain words that mean them, and everything that is no question."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.app import Bot
from storage import conversations
from tests.e2e.chat import Chat

HOA: dict[str, Any] = {"id": 5001, "is_bot": False, "first_name": "Hoa"}
OF_MENUS = {"getMyCommands", "setMyCommands"}
"""Asked at the start for chats that are not there yet."""
SOMEBODY = {"type": "hidden_user", "sender_user_name": "Ai đó", "date": 1}


async def test_start_says_hello_and_offers_three_examples_that_can_be_tapped(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.starts()
    greeting = await hoa.hears("Xin chào", "Trợ lý Công đoàn")
    assert len(greeting.labels) == 3
    for label in greeting.labels:
        await hoa.taps(label, on=greeting)
        (await hoa.hears()).lacks("không có trong các kế hoạch", "Tôi tra chỉ tiêu")


async def test_a_code_that_opens_nothing_gets_a_polite_line(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.starts("khong-co-ma-nay")
    await hoa.hears("không dùng được")
    await hoa.hears("Xin chào")


async def test_help_lists_the_commands_and_examples(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("/help")
    reply = await hoa.hears("/kehoach", "/huy", "/xoadulieu", "@troly_congdoan_bot")
    await hoa.taps(reply.labels[0], on=reply)
    await hoa.hears("80%")
    await hoa.says("còn 2030?")
    await hoa.hears("85%")


async def test_plans_are_listed_and_shown(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("/kehoach")
    plans = await hoa.hears("25-CTr/TU", "A15/KH-CĐCT", "Bảo Lộc", "Quảng Trị")
    assert len(plans.labels) == 5
    await hoa.taps("Thành ủy TP.HCM", on=plans)
    await hoa.hears("25-CTr/TU", "31/12/2022", "1.580.000")


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("trợ giúp", "Hỏi được những gì"),
        ("cho em hướng dẫn với ạ", "Hỏi được những gì"),
        ("Các kế hoạch", "Các kế hoạch tôi biết"),
        ("hủy", "Không có việc gì đang dở"),
        ("HỦY!", "Không có việc gì đang dở"),
        ("/HELP", "Hỏi được những gì"),
    ],
)
async def test_plain_words_do_what_commands_do(chat: Chat, words: str, heard: str) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says(words)
    await hoa.hears(heard)


async def test_an_unknown_command_is_met_with_what_may_be_meant(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("/kehoac")
    await hoa.hears("không có lệnh /kehoac", "/kehoach")
    await hoa.says("/<b>x")
    await hoa.hears()


async def test_to_be_forgotten_is_asked_back_and_done(chat: Chat, bot: Bot) -> None:
    hoa, since = chat.person("Nguyễn Thị Hoa"), bot.clock() - timedelta(hours=1)
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    await hoa.says("/xoadulieu")
    await hoa.hears("Xóa chứ ạ?")
    await hoa.taps("Giữ lại")
    await hoa.sees_change("giữ nguyên")
    async with bot.database.read() as db:
        assert await conversations.find_context(db, hoa.id, hoa.id, since=since) is not None
    await hoa.says("xóa dữ liệu của tôi")
    await hoa.hears("Xóa chứ ạ?")
    await hoa.taps("Xóa dữ liệu của tôi")
    await hoa.sees_change("Đã xóa")
    async with bot.database.read() as db:
        assert await conversations.find_context(db, hoa.id, hoa.id, since=since) is None


async def test_voice_pictures_stickers_files_and_contacts_get_a_friendly_sentence(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa", phone="+84901234567")
    await hoa.sends_voice()
    await hoa.hears("tin thoại", "micro trên bàn phím")
    await hoa.sends_sticker()
    await hoa.hears("Cảm ơn")
    await hoa.sends_photo(b"\x89PNG")
    await hoa.hears("ảnh")
    await hoa.sends_document("ke-hoach.bin", b"PK")
    await hoa.hears("tệp")
    await hoa.shares_phone()
    await hoa.hears()
    await hoa.sends_photo(b"\x89PNG", caption="chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")


@pytest.mark.parametrize(
    ("content", "heard"),
    [
        ({"location": {"latitude": 10.7, "longitude": 106.6}}, "vị trí"),
        ({"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
                   "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                   "allows_revoting": False, "members_only": False}}, "bỏ phiếu"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "không biết chơi"),
        ({"video": {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1, "duration": 1}}, "video"),
        ({"a_thing_of_the_future": {"x": 1}}, "chỉ đọc được chữ"),
        ({"forward_origin": SOMEBODY, "text": "xem kế hoạch"}, "Tôi tra"),
        ({"forward_origin": SOMEBODY, "text": "chỉ tiêu TƯLĐTT 2025 TP.HCM"}, "80%"),
    ],
)  # fmt: skip
async def test_other_things_are_met_kindly(chat: Chat, content: dict[str, Any], heard: str) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.starts()
    await hoa.hears("Xin chào")
    _inject(chat, hoa.id, content)
    await hoa.hears(heard)


def _inject(chat: Chat, person: int, content: dict[str, Any]) -> None:
    message = {
        "message_id": 900_001,
        "date": chat.sandbox.timestamp(),
        "chat": {"id": person, "type": "private", "first_name": "Hoa"},
        "from": {**HOA, "id": person},
        **content,
    }
    chat.sandbox.inject_update({"message": message})


async def test_what_the_chat_reports_by_itself_is_not_answered(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    _inject(chat, hoa.id, {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": hoa.id, "type": "private"}}})
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    hoa.hears_nothing_more()


BAD_TEXTS = {
    "an emoji": "😀",
    "many emoji": "👨‍👩‍👧‍👦🇻🇳" * 40,
    "signs": "?!…—–",
    "4,096 letters": "chỉ tiêu " * 455,
    "4,096 of one letter": "a" * 4096,
    "emoji of two units": "😀" * 2048,
    "right to left": "\u202eكم عدد الأعضاء\u202c",
    "zero width": "\u200b\u200b\u200d",
    "html": "<b>chỉ tiêu</b> <script>alert(1)</script> &lt;i&gt; </b><a href='x'>",
    "sql": "'; DROP TABLE inbox; -- chỉ tiêu",
    "control": "chỉ\x00tiêu\x07\x1b[31m",
    "combining": "e" + "\u0301" * 500,
    "format": "%s %n {0} {__class__} ${x}",
    "path": "../../../../etc/passwd",
    "numbers": "9" * 400,
    "json": json.dumps({"a": [1, 2, {"b": None}]}),
    "newlines": "\n\n\nchỉ\n\n\ntiêu\n" * 20,
    "old letters": "CHƢƠNG TRÌNH HÀNH ĐỘNG",
}


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
async def test_whatever_is_typed_there_is_one_answer_and_no_refused_call(chat: Chat, bot: Bot, text: str) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says(text)
    await hoa.hears()
    assert bot.worker.failed == 0
    refused = [call for call in chat.sandbox.history if not call.ok and call.status and call.method not in OF_MENUS]
    assert refused == []


async def test_names_full_of_markup_do_no_harm(chat: Chat, bot: Bot) -> None:
    evil = chat.person("<b>&amp; <i>Hoa", username="hoa_cdcs")
    await evil.starts()
    await evil.hears("Xin chào")
    assert bot.worker.failed == 0
