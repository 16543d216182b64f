"""Updates in: long polls, confirmation, what people can do, and the webhook."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import MovableClock, Sandbox, Unplayable, following
from bot.sandbox.model import Json
from tests.bot.sandbox.conftest import BINH, HOA, KHOI, NOON, Api
from tests.pictures import make_png


def texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_again_until_the_offset_confirms_them(api: Api, sandbox: Sandbox) -> None:
    for text in ("một", "hai", "ba"):
        sandbox.say(HOA, text)
    first = await api.result("getUpdates", limit=2)
    assert texts(first) == ["một", "hai"]
    assert texts(await api.result("getUpdates")) == ["một", "hai", "ba"]
    assert texts(await api.result("getUpdates", offset=first[0]["update_id"] + 1)) == ["hai", "ba"]
    assert texts(await api.result("getUpdates", offset=-1)) == ["ba"]
    assert await api.result("getUpdates", offset=first[0]["update_id"] + 3) == []
    assert not sandbox.updates


async def test_ids_that_jump_down_lose_nothing(api: Api, sandbox: Sandbox) -> None:
    sandbox.renumber_updates(900)
    sandbox.say(HOA, "trước")
    assert texts(await api.result("getUpdates")) == ["trước"]
    sandbox.renumber_updates(17)
    sandbox.say(HOA, "sau")
    [after] = await api.result("getUpdates", offset=901)
    assert (after["update_id"], after["message"]["text"]) == (17, "sau")
    assert await api.result("getUpdates", offset=901) == [after], "the answer may have got lost on its way"
    assert await api.result("getUpdates", offset=18) == []


async def test_an_update_can_be_delivered_again(api: Api, sandbox: Sandbox) -> None:
    sandbox.say(HOA, "một")
    [first] = await api.result("getUpdates")
    await api.result("getUpdates", offset=first["update_id"] + 1)
    sandbox.redeliver(first["update_id"])
    sandbox.redeliver(first["update_id"], under_new_id=True)
    again = await api.result("getUpdates")
    assert [update["update_id"] - first["update_id"] for update in again] == [0, 1]
    assert again[0]["message"] == again[1]["message"] == first["message"]
    assert await api.result("getUpdates", offset=again[1]["update_id"] + 1) == []


async def test_bytes_that_no_json_can_hold_go_out_as_they_are(api: Api, sandbox: Sandbox) -> None:
    own_id = sandbox.inject_raw(b'{"update_id":7,"message":{"text":"\\ud800"}}', update_id=7)
    sandbox.say(HOA, "sau")
    answer = await api.client.get(f"/bot{sandbox.token}/getUpdates")
    assert b'[{"update_id":7,"message":{"text":"\\ud800"}},{"update_id":' in answer.content
    assert texts(await api.result("getUpdates", offset=own_id + 1)) == ["sau"]


async def test_a_long_poll_waits_for_an_update(api: Api, sandbox: Sandbox) -> None:
    poll = asyncio.create_task(api.result("getUpdates", timeout=20))
    assert await sandbox.wait_until(lambda: sandbox.counts.get("getUpdates") == 1)
    sandbox.say(HOA, "chào")
    assert texts(await poll) == ["chào"]


async def test_a_second_poller_ends_the_first(api: Api, sandbox: Sandbox) -> None:
    first = asyncio.create_task(api.call("getUpdates", timeout=20))
    assert await sandbox.wait_until(lambda: sandbox.counts.get("getUpdates") == 1)
    second = asyncio.create_task(api.call("getUpdates", timeout=20))
    status, body = await first
    assert status == 409
    assert body["description"].startswith("Conflict: terminated by other getUpdates request")
    sandbox.say(HOA, "chào")
    assert (await second)[0] == 200


async def test_only_the_kinds_asked_for(api: Api, sandbox: Sandbox) -> None:
    sandbox.block(HOA)
    sandbox.unblock(HOA)
    sandbox.say(HOA, "chào")
    assert texts(await api.result("getUpdates", allowed_updates=["message"])) == ["chào"]
    assert texts(await api.result("getUpdates")) == ["chào"], "the choice is kept for the next call"
    assert len(await api.result("getUpdates", allowed_updates=[])) == 3


async def test_what_people_send_has_telegrams_shape(api: Api, sandbox: Sandbox) -> None:
    said = sandbox.say(HOA, "/baocao@troly_congdoan_bot 🙂 gửi @ai_do")
    sandbox.edit(HOA, said.id, "sửa rồi")
    sandbox.share_contact(HOA)
    sandbox.share_contact(HOA, of=sandbox.get_person(BINH))
    sandbox.send_file(HOA, "bảng.xlsx", b"PK", caption="tháng 10")
    sandbox.send_photo(HOA, make_png(10, 20))
    sandbox.send_voice(HOA)
    sandbox.send_sticker(HOA)
    updates = await api.result("getUpdates")
    command, edited, own, other, document, photo, voice, sticker = [
        update.get("message") or update["edited_message"] for update in updates
    ]
    assert command["entities"] == [
        {"type": "bot_command", "offset": 0, "length": 26},
        {"type": "mention", "offset": 34, "length": 6},
    ]
    assert command["text"] == "/baocao@troly_congdoan_bot 🙂 gửi @ai_do"
    assert edited["text"] == "sửa rồi"
    assert edited["edit_date"] == edited["date"] == int(NOON.timestamp())
    assert own["contact"]["user_id"] == own["from"]["id"]
    assert other["contact"]["user_id"] == BINH
    assert document["document"]["file_name"] == "bảng.xlsx"
    assert (photo["photo"][0]["width"], photo["photo"][0]["height"]) == (10, 20)
    assert {"voice", "sticker"} <= voice.keys() | sticker.keys()


async def test_pressing_finds_the_newest_button(api: Api, sandbox: Sandbox) -> None:
    for data in ("cũ", "mới"):
        keyboard = {"inline_keyboard": [[{"text": "Đúng", "callback_data": data}]]}
        await api.result("sendMessage", chat_id=HOA, text=data, reply_markup=keyboard)
    await api.result(
        "sendMessage",
        chat_id=HOA,
        text="số",
        reply_markup={"keyboard": [["Gửi"], [{"text": "Chia sẻ số điện thoại", "request_contact": True}]]},
    )
    sandbox.press(HOA, "Đúng")
    sandbox.press(HOA, "Gửi")
    sandbox.press(HOA, "Chia sẻ số điện thoại")
    tap, sent, contact = await api.result("getUpdates")
    assert (tap["callback_query"]["data"], tap["callback_query"]["message"]["text"]) == ("mới", "mới")
    assert sent["message"]["text"] == "Gửi"
    assert contact["message"]["contact"]["phone_number"] == "+84901000003"
    with pytest.raises(Unplayable, match="no button “Hủy”"):
        sandbox.press(HOA, "Hủy")


def test_what_the_apps_do_not_allow(sandbox_state: Sandbox) -> None:
    with pytest.raises(Unplayable, match="start parameter"):
        sandbox_state.start(HOA, "mã có dấu")
    with pytest.raises(Unplayable, match="start parameter"):
        sandbox_state.start(HOA, "x" * 65)
    with pytest.raises(Unplayable, match="4,096"):
        sandbox_state.say(HOA, "x" * 4097)
    sandbox_state.block(HOA)
    with pytest.raises(Unplayable, match="blocked"):
        sandbox_state.say(HOA, "chào")
    sandbox_state.start(HOA, "Ma-so_1")
    assert sandbox_state.chats[HOA].shown[-1].text == "/start Ma-so_1"


@pytest.fixture
def sandbox_state(sandbox: Sandbox) -> Sandbox:
    return sandbox


async def test_in_groups_the_bot_hears_what_is_meant_for_it(api: Api, sandbox: Sandbox) -> None:
    group = sandbox.add_group("Nhóm", [HOA, BINH])
    asked = await api.result("sendMessage", chat_id=group.id, text="Tôi đây")
    sandbox.say(HOA, "nói chuyện riêng", chat_id=group.id)
    sandbox.say(HOA, "@troly_congdoan_bot tưlđtt 2025", chat_id=group.id)
    sandbox.say(BINH, "còn 2030?", chat_id=group.id, reply_to=asked["message_id"])
    sandbox.say(BINH, "/han", chat_id=group.id)
    sandbox.say(BINH, "/han@bot_khac", chat_id=group.id)
    added, *heard = await api.result("getUpdates")
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert texts(heard) == ["@troly_congdoan_bot tưlđtt 2025", "còn 2030?", "/han"]
    with pytest.raises(Unplayable, match="is not in"):
        sandbox.say(KHOI, "chào", chat_id=group.id)


async def test_a_card_is_chosen_and_edited_later(api: Api, sandbox: Sandbox) -> None:
    group = sandbox.add_group("Nhóm", [HOA])
    query = sandbox.ask_inline(HOA, "tưlđtt", chat_id=group.id)
    card = {
        "type": "article",
        "id": "a",
        "title": "Chỉ tiêu",
        "input_message_content": {"message_text": "<b>80%</b>", "parse_mode": "HTML"},
        "reply_markup": {"inline_keyboard": [[{"text": "Nguồn", "callback_data": "s"}]]},
    }
    await api.result("answerInlineQuery", inline_query_id=query.id, results=[card])
    message = sandbox.choose_inline(HOA, query.id, "a")
    assert (message.text, message.json["via_bot"]["is_bot"]) == ("80%", True)
    assert await api.result("editMessageText", inline_message_id=message.inline_message_id, text="81%") is True
    assert message.text == "81%"
    sandbox.tap(HOA, message.id, "s", chat_id=group.id)
    kinds = [next(key for key in update if key != "update_id") for update in await api.result("getUpdates")]
    assert kinds == ["my_chat_member", "inline_query", "message", "chosen_inline_result", "callback_query"]


# The clock


async def test_another_process_can_follow_the_clock(sandbox: Sandbox) -> None:
    async with following(sandbox.url) as clock:
        moved = asyncio.Event()
        clock.on_move(moved.set)
        sandbox.clock.move(timedelta(days=1))
        async with asyncio.timeout(5):
            await moved.wait()
        assert abs(clock() - sandbox.clock()) < timedelta(seconds=5)


def test_clocks_stand_or_run() -> None:
    standing = MovableClock(stopped_at=NOON)
    assert standing.move(timedelta(hours=1)) == standing() == NOON + timedelta(hours=1)
    running = MovableClock(start_at=NOON)
    assert timedelta() <= running() - NOON < timedelta(seconds=5)
    with pytest.raises(ValueError, match="zone"):
        running.move_to(NOON.replace(tzinfo=None))


# The webhook


class Hook:
    """An endpoint that answers with the scripted statuses, then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.taken: list[Json] = []
        self.secrets: set[str] = set()
        self.url = ""

    async def __call__(self, request: Request) -> Response:
        self.secrets.add(request.headers.get("x-telegram-bot-api-secret-token", ""))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.taken.append(await request.json())
        return Response(status_code=status)


@pytest_asyncio.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = Starlette(routes=[Route("/hook", hook.__call__, methods=["POST"])])
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="error", lifespan="off", ws="none"))
    task = asyncio.create_task(server._serve([listener]))
    hook.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    yield hook
    server.should_exit = True
    await task


async def test_the_webhook_gets_updates_in_order_and_again_after_failures(
    api: Api, sandbox: Sandbox, hook: Hook
) -> None:
    hook.statuses = [500, 502, 503]
    await api.result("setWebhook", url=hook.url, secret_token="bi-mat", allowed_updates=["message"])
    for text in ("một", "hai", "ba"):
        sandbox.say(HOA, text)
    assert await sandbox.wait_until(lambda: not sandbox.updates)
    assert texts(hook.taken) == ["một", "hai", "ba"]
    assert hook.secrets == {"bi-mat"}
    info = await api.result("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (hook.url, 0)
    assert info["last_error_message"].startswith("Wrong response from the webhook: 50")
    status, body = await api.call("getUpdates")
    assert (status, body["description"][:33]) == (409, "Conflict: can't use getUpdates me")
    await api.result("deleteWebhook")
    assert await api.result("getUpdates") == []
