"""Messages out: what each failure means, and what is done where nobody knows."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from bot import app
from bot.app import Bot
from bot.road.carrier import (
    BadTokenError,
    CarrierError,
    ConflictError,
    ForbiddenError,
    LostError,
    MigratedError,
    NotSentError,
    NotTelegramError,
    RefusedError,
    ServerFailedError,
    SlowDownError,
    TooLargeError,
    read_answer,
)
from bot.road.lanes import Lanes
from bot.road.reply import Attachment, Button, Reply
from bot.road.turn import Later, post
from bot.road.verdicts import DeliveryDoubt, Effect, decide_after_failure, decide_again
from bot.sandbox import MovableClock
from bot.settings import Settings
from storage import chats, messages
from storage.engine import Database
from storage.mail import MessageKind, NewMessage
from storage.messages import Delivery, MessageState, Outgoing
from tests.bot.road.conftest import register, until
from tests.bot.road.fake_api import FakeApi, message, refusal


def said_by_telegram(code: int, description: str, **parameters: object) -> bytes:
    content = {"ok": False, "error_code": code, "description": description}
    return json.dumps(content | ({"parameters": parameters} if parameters else {})).encode()


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (401, said_by_telegram(401, "Unauthorized"), BadTokenError),
        (404, said_by_telegram(404, "Not Found"), BadTokenError),
        (403, said_by_telegram(403, "Forbidden: bot was blocked by the user"), ForbiddenError),
        (409, said_by_telegram(409, "Conflict"), ConflictError),
        (413, said_by_telegram(413, "Request Entity Too Large"), TooLargeError),
        (429, said_by_telegram(429, "Too Many Requests", retry_after=3), SlowDownError),
        (429, said_by_telegram(429, "Too Many Requests"), SlowDownError),
        (400, said_by_telegram(400, "Bad Request: x"), RefusedError),
        (400, said_by_telegram(400, "Bad Request: x", migrate_to_chat_id=-100), MigratedError),
        (500, said_by_telegram(500, "Internal Server Error: restart"), ServerFailedError),
        (502, said_by_telegram(502, "Bad Gateway"), ServerFailedError),
        (200, b'{"ok":false}', LostError),
        (200, b'{"ok":true}', LostError),
        (200, b'{"ok": tr', LostError),
    ],
)
def test_every_answer_has_one_meaning(status: int, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        read_answer(status, content)
    assert type(raised.value) is error


FOREIGN = (
    b"",
    b"<html><body>blocked</body></html>",
    b"not json",
    b"\xff",
    b"[]",
    b"null",
    b'"ok"',
    b"{}",
    b'{"error":"forbidden","error_code":403,"description":"blocked"}',
    b'{"ok":"false","error_code":403,"description":"blocked"}',
    b"[" * 100_000,
)


@pytest.mark.parametrize("status", [*range(200, 227), *range(300, 309), *range(400, 452), *range(500, 512), 520, 524])
def test_whatever_is_not_telegrams_own_json_is_no_verdict(status: int) -> None:
    is_doubtful = 500 <= status <= 504 or status > 511
    half = (b'{"ok":false,"error_code":"403"}', b'{"ok":false,"description":"no code"}', b'{"ok":true,"result":1}')
    for content in FOREIGN if status == 200 else (*FOREIGN, *half):
        with pytest.raises(CarrierError) as raised:
            read_answer(status, content)
        assert type(raised.value) is (ServerFailedError if is_doubtful else NotTelegramError), content


@pytest.mark.parametrize(
    ("kind", "doubt", "doubts", "last_call", "edits", "again", "why"),
    [
        (MessageKind.REPLY, DeliveryDoubt.LOST, 0, False, False, True, "silence costs more than a double"),
        (MessageKind.REPLY, DeliveryDoubt.LOST, 1, False, False, False, "once"),
        (MessageKind.REPLY, DeliveryDoubt.SERVER_FAILED, 0, False, False, True, "a question gets its answer"),
        (
            MessageKind.REPLY,
            DeliveryDoubt.DIED,
            0,
            False,
            False,
            True,
            "whoever asked is answered, whatever was killed",
        ),
        (MessageKind.REPLY, DeliveryDoubt.DIED, 4, False, False, True, "and however often"),
        (MessageKind.REPLY, DeliveryDoubt.SERVER_FAILED, 1, False, False, False, "a stumble is waited out once"),
        (MessageKind.REPLY, DeliveryDoubt.LOST, 3, False, True, True, "changing a message twice does no harm"),
        (MessageKind.RECEIPT, DeliveryDoubt.LOST, 0, False, False, True, "a receipt carries its own number"),
        (MessageKind.RECEIPT, DeliveryDoubt.LOST, 3, False, False, False, "and even that has an end"),
        (MessageKind.REMINDER, DeliveryDoubt.LOST, 0, False, False, False, "the next step covers an early one"),
        (MessageKind.REMINDER, DeliveryDoubt.DIED, 0, True, False, True, "the last one goes out again and says so"),
        (MessageKind.REMINDER, DeliveryDoubt.LOST, 1, True, False, False, "once"),
        (MessageKind.BROADCAST, DeliveryDoubt.SERVER_FAILED, 0, False, False, False, "never"),
    ],
)
def test_what_is_sent_again_after_a_doubt(
    kind: MessageKind, doubt: DeliveryDoubt, doubts: int, last_call: bool, edits: bool, again: bool, why: str
) -> None:
    assert decide_again(kind, doubt, doubts=doubts, last_call=last_call, edits=edits) is again, why


def outgoing(kind: MessageKind = MessageKind.REPLY, chat_id: int = 7) -> Outgoing:
    from datetime import UTC

    return Outgoing(1, chat_id, kind, None, '{"text":"x"}', 0, 0, 1, False, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("error", "state", "effect"),
    [
        (NotSentError("ConnectError"), MessageState.DUE, Effect.PAUSE),
        (NotTelegramError("HTTP 403"), MessageState.DUE, Effect.PAUSE),
        (SlowDownError("x", None), MessageState.DUE, Effect.PAUSE),
        (SlowDownError("x", 30), MessageState.DUE, Effect.HALT),
        (BadTokenError(404, "x"), MessageState.DUE, Effect.BAD_TOKEN),
        (MigratedError("x", -100), MessageState.DUE, Effect.MIGRATED),
        (ForbiddenError(403, "x"), MessageState.DEAD, Effect.UNREACHABLE),
        (TooLargeError(413, "x"), MessageState.DEAD, Effect.NONE),
        (RefusedError(400, "Bad Request: chat not found"), MessageState.DEAD, Effect.UNREACHABLE),
        (RefusedError(400, "Bad Request: BUTTON_DATA_INVALID"), MessageState.DEAD, Effect.NONE),
        (RefusedError(418, "x"), MessageState.DUE, Effect.NONE),
        (LostError("ReadTimeout"), MessageState.DUE, Effect.NONE),
        (KeyError("anything else"), MessageState.DUE, Effect.NONE),
    ],
)
def test_what_a_failure_means(error: Exception, state: MessageState, effect: Effect) -> None:
    verdict = decide_after_failure(outgoing(), error)
    assert (verdict.state, verdict.effect) == (state, effect)


@pytest.mark.parametrize("kind", [MessageKind.REMINDER, MessageKind.BROADCAST])
def test_what_nobody_waits_for_is_not_sent_again_in_doubt(kind: MessageKind) -> None:
    assert decide_after_failure(outgoing(kind), LostError("ReadTimeout")).state is MessageState.DOUBT
    assert decide_after_failure(outgoing(kind), NotTelegramError("HTTP 200")).state is MessageState.DUE


def test_a_group_that_is_limited_holds_only_itself() -> None:
    assert decide_after_failure(outgoing(chat_id=-5), SlowDownError("x", 30)).effect is Effect.HOLD_CHAT


async def say(bot: Bot, chat_id: int, reply: Reply) -> None:
    async with bot.database.write() as db:
        await post(db, chat_id, reply, bot.clock())
    bot.dispatcher.wake()


async def delivery(bot: Bot, key: str) -> Delivery:
    found: list[Delivery] = []

    async def is_final() -> bool:
        async with bot.database.read() as db:
            known = await messages.find_delivery(db, key)
        if known is not None and known.state.is_final:
            found.append(known)
        return bool(found)

    await until(is_final)
    return found[0]


async def test_a_lost_answer_is_sent_once_more(api: FakeApi, bot: Bot, clock: MovableClock) -> None:
    api.answer("sendMessage", "lost")
    await say(bot, 7, Reply("một", key="a"))
    await until(lambda: bot.dispatcher.in_doubt == 1 and bot.dispatcher.is_idle)
    clock.move(timedelta(seconds=5))
    bot.dispatcher.wake()
    found = await delivery(bot, "a")
    assert (found.state, found.doubts) == (MessageState.SENT, 1)
    api.answer("sendMessage", "lost", "lost")
    await say(bot, 7, Reply("hai", key="b"))
    await until(lambda: bot.dispatcher.in_doubt == 2 and bot.dispatcher.is_idle)
    clock.move(timedelta(seconds=5))
    bot.dispatcher.wake()
    assert (await delivery(bot, "b")).state is MessageState.DOUBT
    assert api.texts() == ["một", "một", "hai", "hai"]


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 413, 429, 511])
async def test_a_page_that_is_not_telegrams_is_nobodys_verdict(api: FakeApi, sqlite_bot: Bot, status: int) -> None:
    api.answer("sendMessage", Response("<html>blocked</html>", status_code=status, media_type="text/html"))
    kinds = (MessageKind.REPLY, MessageKind.REMINDER, MessageKind.BROADCAST)
    for chat, kind in enumerate(kinds, start=1):
        await say(sqlite_bot, chat, Reply(f"{chat}", key=f"{chat}", kind=kind))
    for chat in range(1, 4):
        found = await delivery(sqlite_bot, f"{chat}")
        assert (found.state, found.attempts, found.doubts) == (MessageState.SENT, 1, 0)
        async with sqlite_bot.database.read() as db:
            assert (known := await chats.find_chat(db, chat)) is None or known.is_reachable
    assert sorted(api.texts()) == ["1", "2", "3"]


async def test_a_page_that_is_badly_packed_is_no_lost_answer(api: FakeApi, sqlite_bot: Bot) -> None:
    packed = Response(b"no gzip", status_code=403, headers={"Content-Encoding": "gzip"})
    api.answer("sendMessage", packed)
    await say(sqlite_bot, 7, Reply("một", key="a", kind=MessageKind.REMINDER))
    found = await delivery(sqlite_bot, "a")
    assert (found.state, found.doubts) == (MessageState.SENT, 0)


async def test_the_pause_grows_once_for_all_that_fail_together(api: FakeApi, sqlite_bot: Bot) -> None:
    page = Response("<html>", status_code=403)
    await asyncio.gather(*(sqlite_bot.carrier.open_another() for _ in range(12)))
    api.answer("sendMessage", *[page] * 12)
    async with sqlite_bot.database.write() as db:
        for chat in range(1, 13):
            await post(db, chat, Reply(f"{chat}", key=f"{chat}"), sqlite_bot.clock())
    sqlite_bot.dispatcher.wake()
    await until(lambda: sum(method == "refused:sendMessage" for method, _ in api.calls) == 12)
    assert sqlite_bot.dispatcher._pause <= 1.5
    await until(lambda: len(api.texts()) == 12, within=10)


async def test_the_last_reminder_in_doubt_goes_out_again_and_says_so(
    api: FakeApi, sqlite_bot: Bot, clock: MovableClock
) -> None:
    api.answer("sendMessage", "lost")
    await say(
        sqlite_bot, 7, Reply("Hạn", key="a", kind=MessageKind.REMINDER, last_call=True, preface="Tin này có thể đã gửi")
    )
    await until(lambda: api.texts() == ["Hạn"])
    clock.move(timedelta(minutes=5))
    sqlite_bot.dispatcher.wake()
    found = await delivery(sqlite_bot, "a")
    assert (found.state, found.doubts) == (MessageState.SENT, 1)
    assert api.texts() == ["Hạn", "Tin này có thể đã gửi\n\nHạn"]


async def test_a_halt_holds_everything_back_and_outlives_a_restart(
    api: FakeApi, settings: Settings, database: Database, clock: MovableClock
) -> None:
    async with app.running(app.build(settings, database, clock=clock, register=register)) as bot:
        api.answer("sendMessage", refusal(429, "Too Many Requests: retry after 2", retry_after=1.2))
        await say(bot, 7, Reply("một", key="a"))
        await until(lambda: any(method == "refused:sendMessage" for method, _ in api.calls))
        await until(lambda: bot.dispatcher.halted_for > 0 and bot.dispatcher.is_idle)
    async with app.running(app.build(settings, database, clock=clock, register=register)) as bot:
        await say(bot, 8, Reply("hai", key="b"))
        await until(lambda: bot.dispatcher.halted_for > 0)
        assert api.texts() == []
        assert (await delivery(bot, "b")).state is MessageState.SENT
        assert (await delivery(bot, "a")).attempts == 1
    assert sorted(api.texts()) == ["hai", "một"]


async def test_a_moved_group_is_followed(api: FakeApi, bot: Bot) -> None:
    api.answer("sendMessage", refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100))
    await say(bot, -5, Reply("chào", key="a"))
    assert (await delivery(bot, "a")).chat_id == -100
    assert api.texts(-100) == ["chào"]


async def test_refused_html_goes_out_as_plain_text(api: FakeApi, sqlite_bot: Bot) -> None:
    api.answer("sendMessage", refusal(400, "Bad Request: can't parse entities: Unsupported start tag"))
    await say(sqlite_bot, 7, Reply("<b>1 &lt; 2</b> <x>", key="a"))
    await delivery(sqlite_bot, "a")
    assert api.sent()[0]["text"] == "1 < 2 "
    assert "parse_mode" not in api.sent()[0]


async def test_an_edit_that_changes_nothing_is_well_and_one_that_cannot_be_is_sent(
    api: FakeApi, sqlite_bot: Bot
) -> None:
    api.answer(
        "editMessageText",
        refusal(400, "Bad Request: message is not modified: specified new message content"),
        refusal(400, "Bad Request: message to edit not found"),
    )
    await say(sqlite_bot, 7, Reply("cũ", edits=5, key="a"))
    assert (await delivery(sqlite_bot, "a")).message_id == 5
    await say(sqlite_bot, 7, Reply("mới", edits=6, key="b"))
    await delivery(sqlite_bot, "b")
    assert api.texts() == ["mới"]
    await say(sqlite_bot, 7, Reply("mới hơn", edits_key="b", key="c"))
    found = await delivery(sqlite_bot, "c")
    async with sqlite_bot.database.read() as db:
        assert found.message_id == await messages.find_message_id(db, "b")


async def test_what_is_said_arrives_with_buttons_keyboards_and_files(api: FakeApi, sqlite_bot: Bot) -> None:
    await say(sqlite_bot, 7, Reply("a", buttons=((Button("Gửi", "x"),),)))
    await say(sqlite_bot, 7, Reply("b", keyboard=(("Gửi", "Hủy"),), answers=3))
    await say(sqlite_bot, 7, Reply("c", keyboard=()))
    await say(sqlite_bot, 7, Reply("d", document=Attachment(b"PK\x03", "tháng 10.xlsx"), key="d"))
    await delivery(sqlite_bot, "d")
    first, second, third = api.sent()
    assert json.loads(first["reply_markup"]) == {"inline_keyboard": [[{"text": "Gửi", "callback_data": "x"}]]}
    assert json.loads(second["reply_markup"])["keyboard"] == [[{"text": "Gửi"}, {"text": "Hủy"}]]
    assert json.loads(second["reply_parameters"])["message_id"] == 3
    assert json.loads(third["reply_markup"]) == {"remove_keyboard": True}
    (document,) = [fields for method, fields in api.calls if method == "sendDocument"]
    assert b"PK\x03" in document["multipart"]
    assert document["caption"] == "d"


async def test_a_file_is_sent_once_the_database_gives_it(
    api: FakeApi, sqlite_bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_file, failures = messages.get_file, [OperationalError("SELECT", {}, OSError("gone"))]

    async def get_later(db: AsyncConnection, sha256: str) -> bytes:
        if failures:
            raise failures.pop()
        return await get_file(db, sha256)

    monkeypatch.setattr(messages, "get_file", get_later)
    await say(sqlite_bot, 7, Reply("d", document=Attachment(b"PK\x03", "tháng 10.xlsx"), key="d"))
    assert (await delivery(sqlite_bot, "d")).state is MessageState.SENT
    assert [method for method, _ in api.calls if method == "sendDocument"] == ["sendDocument"]


async def test_a_reminder_is_looked_at_again_in_the_moment_it_leaves(
    api: FakeApi, sqlite_bot: Bot, clock: MovableClock
) -> None:
    async def look(db: AsyncConnection, reminder: Outgoing, now: datetime) -> Reply | Later | None:
        match json.loads(reminder.body)["text"]:
            case "drop":
                return None
            case "later":
                return Later(reminder.created_at + timedelta(minutes=10)) if reminder.generation == 1 else Reply("nay")
            case "break":
                raise RuntimeError
        return Reply("Còn 3 ngày")

    sqlite_bot.hooks.before_send[MessageKind.REMINDER] = look
    async with sqlite_bot.database.write() as db:
        new = [
            NewMessage(chat, json.dumps({"text": text}), MessageKind.REMINDER, text)
            for chat, text in enumerate(("drop", "later", "break", "say"), start=1)
        ]
        await messages.enqueue(db, new, clock())
    sqlite_bot.dispatcher.wake()
    assert (await delivery(sqlite_bot, "drop")).state is MessageState.DROPPED
    assert (await delivery(sqlite_bot, "say")).state is MessageState.SENT
    assert api.texts() == ["Còn 3 ngày"]
    clock.move(timedelta(minutes=11))
    sqlite_bot.dispatcher.wake()
    assert (await delivery(sqlite_bot, "later")).state is MessageState.SENT
    clock.move(timedelta(minutes=11))
    sqlite_bot.dispatcher.wake()
    await until(lambda: len(api.texts()) == 2)
    clock.move(timedelta(minutes=11))
    sqlite_bot.dispatcher.wake()
    assert (await delivery(sqlite_bot, "break")).state is MessageState.DEAD


async def test_nothing_in_bulk_goes_to_whom_it_cannot_reach_for_a_day(
    api: FakeApi, sqlite_bot: Bot, clock: MovableClock
) -> None:
    told: list[int] = []

    async def tell(db: AsyncConnection, chat_id: int, why: str, now: datetime) -> None:
        told.append(chat_id)

    sqlite_bot.hooks.on_unreachable.append(tell)
    api.answer("sendMessage", refusal(403, "Forbidden: bot was blocked by the user"))
    await say(sqlite_bot, 7, Reply("một", key="a", kind=MessageKind.BROADCAST))
    assert (await delivery(sqlite_bot, "a")).state is MessageState.DEAD
    await until(lambda: told == [7])
    await say(sqlite_bot, 7, Reply("hai", key="b", kind=MessageKind.BROADCAST))
    assert (await delivery(sqlite_bot, "b")).error == "unreachable"
    api.answer("sendMessage", refusal(403, "Forbidden: bot was blocked by the user"))
    clock.move(timedelta(days=1))
    await say(sqlite_bot, 7, Reply("ba", key="c", kind=MessageKind.BROADCAST))
    assert "blocked" in str((await delivery(sqlite_bot, "c")).error)
    await until(lambda: sqlite_bot.dispatcher.is_idle)
    await say(sqlite_bot, 7, Reply("bốn", key="d", kind=MessageKind.REMINDER))
    assert (await delivery(sqlite_bot, "d")).error == "unreachable"
    assert (told, api.texts()) == ([7], [])
    clock.move(timedelta(days=1))
    await say(sqlite_bot, 7, Reply("năm", key="e", kind=MessageKind.REMINDER))
    assert (await delivery(sqlite_bot, "e")).state is MessageState.SENT

    async def is_reachable() -> bool:
        async with sqlite_bot.database.read() as db:
            chat = await chats.find_chat(db, 7)
        return chat is not None and chat.is_reachable

    await until(is_reachable)


async def test_a_wrong_token_stops_sending_and_keeps_the_message(api: FakeApi, sqlite_bot: Bot) -> None:
    api.answer("sendMessage", refusal(404, "Not Found"), *[None] * 3)
    await say(sqlite_bot, 7, Reply("một", key="a"))
    await say(sqlite_bot, 8, Reply("hai", key="b"))
    await until(lambda: any(method == "refused:sendMessage" for method, _ in api.calls))
    await until(lambda: sqlite_bot.dispatcher.is_idle)
    async with sqlite_bot.database.read() as db:
        assert (await messages.count_by_state(db)).get(MessageState.DEAD, 0) == 0


async def test_an_outage_of_the_network_loses_and_doubles_nothing(
    settings: Settings, sqlite_database: Database, clock: MovableClock, api: FakeApi
) -> None:
    async with app.running(app.build(settings, sqlite_database, clock=clock, register=register)) as bot:
        bot.carrier._lanes, there = Lanes("http://127.0.0.1:1", proxy=None, most=4), bot.carrier._lanes
        for number in range(5):
            await say(bot, 7, Reply(f"{number}", key=f"{number}"))
        await until(lambda: bot.dispatcher._pause > 0)
        bot.carrier._lanes = there
        await delivery(bot, "4")
        api.hand_over(message(1, "xong"))
        await until(lambda: "Nghe: xong" in api.texts())
    assert api.texts()[:5] == ["0", "1", "2", "3", "4"]
