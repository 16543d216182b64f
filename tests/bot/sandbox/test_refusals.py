"""What Telegram refuses, the sandbox refuses, with the same code and words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.limits import Limits, Pace
from bot.sandbox.model import TAP_KEPT
from tests.bot.sandbox.conftest import BINH, HOA, KHOI, Api

PARSE = "Bad Request: can't parse entities: "

BAD_HTML = [
    ("Dưới < 5 người", PARSE + 'Unsupported start tag "" at byte offset 8'),
    ("<h1>Tin</h1>", PARSE + 'Unsupported start tag "h1" at byte offset 0'),
    ("<b>đậm", PARSE + 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b><i>chéo</b></i>", PARSE + 'Unmatched end tag at byte offset 11, expected "</i>", found "</b>"'),
    ("hết</b>", PARSE + "Unexpected end tag at byte offset 5"),
    ("<b>x</b", PARSE + "Unclosed end tag at byte offset 4"),
    ("<b", PARSE + "Unclosed start tag at byte offset 0"),
    ("<span class='x'>x</span>", PARSE + 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("Sở A & Sở B", PARSE + 'Unescaped "&" at byte offset 7 (the sandbox is strict here)'),
]


@pytest.mark.parametrize(("text", "description"), BAD_HTML)
async def test_html_that_cannot_be_parsed(api: Api, text: str, description: str) -> None:
    assert await api.refusal("sendMessage", chat_id=HOA, text=text, parse_mode="HTML") == description
    assert (await api.call("sendMessage", chat_id=HOA, text=text))[0] == 200


WRONG_CALLS: list[tuple[str, dict[str, Any], int, str]] = [
    ("sendMessage", {"chat_id": HOA, "text": ""}, 400, "Bad Request: message text is empty"),
    ("sendMessage", {"chat_id": HOA, "text": "  \n "}, 400, "Bad Request: text must be non-empty"),
    (
        "sendMessage",
        {"chat_id": HOA, "text": "<b></b>", "parse_mode": "HTML"},
        400,
        "Bad Request: text must be non-empty",
    ),
    ("sendMessage", {"chat_id": HOA, "text": "ạ" * 4097}, 400, "Bad Request: message is too long"),
    ("sendMessage", {"chat_id": HOA, "text": "😀" * 2049}, 400, "Bad Request: message is too long"),
    ("sendMessage", {"chat_id": HOA, "text": "x", "parse_mode": "XML"}, 400, "Bad Request: unsupported parse_mode"),
    ("sendMessage", {"text": "x"}, 400, "Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": 999, "text": "x"}, 400, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "ai đó", "text": "x"}, 400, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": KHOI, "text": "x"}, 403, "Forbidden: bot can't initiate conversation with a user"),
    (
        "sendMessage",
        {"chat_id": HOA, "text": "x", "reply_parameters": {"message_id": 77}},
        400,
        "Bad Request: message to be replied not found",
    ),
    (
        "sendDocument",
        {"chat_id": HOA, "document": "khong-co"},
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
    ),
    ("sendDocument", {"chat_id": HOA}, 400, "Bad Request: there is no document in the request"),
    ("sendChatAction", {"chat_id": HOA, "action": "dancing"}, 400, "Bad Request: wrong parameter action in request"),
    (
        "editMessageText",
        {"chat_id": HOA, "message_id": 99, "text": "x"},
        400,
        "Bad Request: message to edit not found",
    ),
    ("deleteMessage", {"chat_id": HOA, "message_id": 99}, 400, "Bad Request: message to delete not found"),
    ("getFile", {"file_id": "khong-co"}, 400, "Bad Request: invalid file_id"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "BaoCao", "description": "Nộp"}]},
        400,
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "baocao", "description": ""}]},
        400,
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    ("setWebhook", {"url": "ftp://x"}, 400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
    ("sendCarrierPigeon", {"chat_id": HOA}, 404, "Not Found: method not found"),
]


@pytest.mark.parametrize(("method", "params", "code", "description"), WRONG_CALLS)
async def test_wrong_call(api: Api, method: str, params: dict[str, Any], code: int, description: str) -> None:
    status, body = await api.call(method, **params)
    assert (status, body["description"]) == (code, description)


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


WRONG_MARKUP: list[tuple[dict[str, Any], str]] = [
    (inline({"text": "Gửi", "callback_data": "ữ" * 22}), "BUTTON_DATA_INVALID"),
    (inline({"text": "Gửi", "callback_data": ""}), "BUTTON_DATA_INVALID"),
    (inline({"text": " ", "callback_data": "a"}), "inline keyboard button text must be non-empty"),
    (
        inline({"text": "Gửi"}),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (inline({"text": "Mở", "url": "không"}), "inline keyboard button URL 'không' is invalid: Wrong HTTP URL"),
    (inline(*[{"text": "x", "callback_data": str(number)} for number in range(101)]), "REPLY_MARKUP_TOO_LONG"),
    ({"keyboard": [[""]]}, "keyboard button text must be non-empty"),
    ({"keyboard": []}, "reply keyboard must be non-empty"),
    ({"buttons": []}, "can't parse reply keyboard markup JSON object"),
]


@pytest.mark.parametrize(("markup", "reason"), WRONG_MARKUP)
async def test_wrong_keyboard(api: Api, markup: dict[str, Any], reason: str) -> None:
    assert await api.refusal("sendMessage", chat_id=HOA, text="x", reply_markup=markup) == f"Bad Request: {reason}"


async def test_text_at_its_limits_is_taken(api: Api) -> None:
    longest = "<b>" + "ạ" * 4095 + "&amp;</b>"
    sent = await api.result("sendMessage", chat_id=HOA, text=longest, parse_mode="HTML")
    assert len(sent["text"]) == 4096
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]
    data = "ữ" * 21 + "x"
    await api.result("sendMessage", chat_id=HOA, text="x", reply_markup=inline({"text": "Gửi", "callback_data": data}))


async def test_caption_has_a_limit_of_its_own(api: Api, sandbox: Sandbox) -> None:
    stored = sandbox.store_file("a.txt", b"a")
    refusal = await api.refusal("sendDocument", chat_id=HOA, document=stored.id, caption="x" * 1025)
    assert refusal == "Bad Request: message caption is too long"
    await api.result("sendDocument", chat_id=HOA, document=stored.id, caption="x" * 1024)


async def test_an_edit_that_changes_nothing(api: Api, sandbox: Sandbox) -> None:
    keyboard = inline({"text": "Đúng", "callback_data": "a"})
    sent = await api.result("sendMessage", chat_id=HOA, text="Chào", reply_markup=keyboard)
    where = {"chat_id": HOA, "message_id": sent["message_id"]}
    same = await api.refusal("editMessageText", **where, text="<i></i>Chào", parse_mode="HTML", reply_markup=keyboard)
    assert same.startswith("Bad Request: message is not modified: specified new message content")
    without_keyboard = await api.result("editMessageText", **where, text="Chào")
    assert "reply_markup" not in without_keyboard
    assert (await api.refusal("editMessageReplyMarkup", **where)).startswith("Bad Request: message is not modified")
    said = sandbox.say(HOA, "của tôi")
    refusal = await api.refusal("editMessageText", chat_id=HOA, message_id=said.id, text="x")
    assert refusal == "Bad Request: message can't be edited"


async def test_who_blocked_the_bot_hears_nothing(api: Api, sandbox: Sandbox) -> None:
    sandbox.block(HOA)
    assert await api.refusal("sendMessage", chat_id=HOA, text="x") == "Forbidden: bot was blocked by the user"
    sandbox.unblock(HOA)
    await api.result("sendMessage", chat_id=HOA, text="x")
    statuses = [u["my_chat_member"]["new_chat_member"]["status"] for u in await api.result("getUpdates")]
    assert statuses == ["kicked", "member"]


async def test_groups_left_and_groups_that_moved(api: Api, sandbox: Sandbox) -> None:
    left = sandbox.add_group("Rời", [HOA])
    sandbox.remove_bot_from_group(left.id, HOA)
    refusal = await api.refusal("sendMessage", chat_id=left.id, text="x")
    assert refusal == "Forbidden: bot was kicked from the supergroup chat"
    moved = sandbox.add_group("Chuyển", [HOA], kind="group")
    new = sandbox.migrate_group(moved.id)
    status, body = await api.call("sendMessage", chat_id=moved.id, text="x")
    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": new.id})
    await api.result("sendMessage", chat_id=new.id, text="x")


async def test_a_tap_can_be_answered_once_and_for_150_seconds(api: Api, sandbox: Sandbox) -> None:
    sent = await api.result(
        "sendMessage", chat_id=HOA, text="?", reply_markup=inline({"text": "Đúng", "callback_data": "a"})
    )
    first, late = sandbox.tap(HOA, sent["message_id"], "a"), sandbox.tap(HOA, sent["message_id"], "a")
    await api.result("answerCallbackQuery", callback_query_id=first.id, text="Cảm ơn")
    assert "query is too old" in await api.refusal("answerCallbackQuery", callback_query_id=first.id)
    too_long = await api.refusal("answerCallbackQuery", callback_query_id=late.id, text="x" * 201)
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    sandbox.clock.move(TAP_KEPT)
    assert "query is too old" in await api.refusal("answerCallbackQuery", callback_query_id=late.id)
    assert await api.result("getUpdates") == []


async def test_messages_vanish_after_a_day(api: Api, sandbox: Sandbox) -> None:
    sandbox.say(HOA, "hôm qua")
    sandbox.clock.move(timedelta(hours=12))
    sandbox.say(HOA, "hôm nay")
    sandbox.clock.move(timedelta(hours=12))
    assert [update["message"]["text"] for update in await api.result("getUpdates")] == ["hôm nay"]


async def test_inline_answers_are_checked(api: Api, sandbox: Sandbox) -> None:
    def card(card_id: str = "1", text: str = "x") -> dict[str, Any]:
        content = {"message_text": text, "parse_mode": "HTML"}
        return {"type": "article", "id": card_id, "title": "Chỉ tiêu", "input_message_content": content}

    query = sandbox.ask_inline(HOA, "tưlđtt 2025")

    async def refused(*cards: dict[str, Any]) -> str:
        return await api.refusal("answerInlineQuery", inline_query_id=query.id, results=list(cards))

    assert await refused(*[card(str(number)) for number in range(51)]) == "Bad Request: RESULTS_TOO_MUCH"
    assert await refused(card(), card()) == "Bad Request: RESULT_ID_DUPLICATE"
    assert await refused(card("x" * 65)) == "Bad Request: RESULT_ID_INVALID"
    assert (await refused(card(text="<h1>"))).startswith(PARSE)
    assert await refused(card(text="")) == "Bad Request: message text is empty"
    await api.result("answerInlineQuery", inline_query_id=query.id, results=[card(text="<b>80%</b>")])
    assert "query is too old" in await refused(card())


async def test_large_files_cannot_be_fetched(api: Api, sandbox: Sandbox) -> None:
    sandbox.send_file(HOA, "lớn.xlsx", b"x", declared_size=20 * 1024 * 1024 + 1)
    [update] = await api.result("getUpdates")
    refusal = await api.refusal("getFile", file_id=update["message"]["document"]["file_id"])
    assert refusal == "Bad Request: file is too big"


@pytest.mark.parametrize(("token", "code"), [("7100000001:" + "x" * 35, 401), ("mã-sai", 404), ("", 404)])
async def test_wrong_token(api: Api, token: str, code: int) -> None:
    response = await api.client.get(f"/bot{token}/getMe")
    assert (response.status_code, response.json()["ok"]) == (code, False)


async def test_a_private_chat_takes_a_short_burst_then_one_a_second(api: Api, sandbox: Sandbox) -> None:
    sandbox.limiter.limits = Limits(overall=None, private_chat=Pace(1, 3), group=Pace(20 / 60, 2))
    answers = [await api.call("sendMessage", chat_id=HOA, text=str(number)) for number in range(4)]
    assert [status for status, _ in answers] == [200, 200, 200, 429]
    assert answers[-1][1]["description"] == "Too Many Requests: retry after 1"
    assert answers[-1][1]["parameters"] == {"retry_after": 1}
    assert (await api.call("sendMessage", chat_id=BINH, text="x"))[0] == 200
    group = sandbox.add_group("Nhóm", [HOA])
    statuses = [(await api.call("sendMessage", chat_id=group.id, text=str(n)))[0] for n in range(3)]
    assert statuses == [200, 200, 429]
    assert sandbox.limiter.refused == 2


async def test_the_overall_pace_holds_across_chats(api: Api, sandbox: Sandbox) -> None:
    sandbox.limiter.limits = Limits(overall=Pace(0.5, 2), private_chat=None, group=None)
    statuses = [(await api.call("sendMessage", chat_id=chat, text="x"))[0] for chat in (HOA, BINH, HOA)]
    assert statuses == [200, 200, 429]
