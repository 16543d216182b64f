"""Messages out: what each failure means, and what is done where nobody knows."""

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
    ConflictError,
    ForbiddenError,
    LostError,
    MigratedError,
    NotSentError,
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


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (401, b'{"ok":false,"description":"Unauthorized"}', BadTokenError),
        (404, b"<html>", BadTokenError),
        (403, b"{}", ForbiddenError),
        (409, b"{}", ConflictError),
        (413, b"Request Entity Too Large", TooLargeError),
        (429, b'{"ok":false,"parameters":{"retry_after":3}}', SlowDownError),
        (429, b"not json", SlowDownError),
        (400, b'{"ok":false,"description":"Bad Request: x"}', RefusedError),
        (400, b'{"ok":false,"parameters":{"migrate_to_chat_id":-100}}', MigratedError),
        (500, b'{"ok":false,"description":"restart"}', ServerFailedError),
        (502, b"<html>", ServerFailedError),
        (200, b'{"ok":false}', LostError),
        (200, b'{"ok":true}', LostError),
        (200, b'{"ok": tr', LostError),
        (200, b"\xff", LostError),
        (200, b"[]", LostError),
    ],
)
def test_every_answer_has_one_meaning(status: int, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        read_answer(status, content)
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("kind", "doubt", "doubts", "last_call", "edits", "again", "why"),
    [
        (MessageKind.REPLY, DeliveryDoubt.LOST, 0, False, False, False, "a lost answer is not repeated blindly"),
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
        (SlowDownError("x", None), MessageState.DUE, Effect.PAUSE),
        (SlowDownError("x", 30), MessageState.DUE, Effect.HALT),
        (BadTokenError(404, "x"), MessageState.DUE, Effect.BAD_TOKEN),
        (MigratedError("x", -100), MessageState.DUE, Effect.MIGRATED),
        (ForbiddenError(403, "x"), MessageState.DEAD, Effect.UNREACHABLE),
        (TooLargeError(413, "x"), MessageState.DEAD, Effect.NONE),
        (RefusedError(400, "Bad Request: chat not found"), MessageState.DEAD, Effect.UNREACHABLE),
        (RefusedError(400, "Bad Request: BUTTON_DATA_INVALID"), MessageState.DEAD, Effect.NONE),
        (RefusedError(418, "x"), MessageState.DUE, Effect.NONE),
        (LostError("ReadTimeout"), MessageState.DOUBT, Effect.NONE),
        (KeyError("anything else"), MessageState.DOUBT, Effect.NONE),
    ],
)
def test_what_a_failure_means(error: Exception, state: MessageState, effect: Effect) -> None:
    verdict = decide_after_failure(outgoing(), error)
    assert (verdict.state, verdict.effect) == (state, effect)


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


async def test_a_lost_answer_stays_in_doubt_and_is_not_sent_again(api: FakeApi, bot: Bot) -> None:
    api.answer("sendMessage", "lost")
    await say(bot, 7, Reply("một", key="a"))
    assert (await delivery(bot, "a")).state is MessageState.DOUBT
    await say(bot, 7, Reply("hai", key="b"))
    assert (await delivery(bot, "b")).state is MessageState.SENT
    assert api.texts() == ["một", "hai"]


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


async def test_nothing_in_bulk_goes_to_whom_it_cannot_reach(api: FakeApi, sqlite_bot: Bot, clock: MovableClock) -> None:
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
    assert api.texts() == []
    async with sqlite_bot.database.write() as db:
        await chats.note_reachable(db, 7)


async def test_a_wrong_token_stops_sending_and_keeps_the_message(api: FakeApi, sqlite_bot: Bot) -> None:
    api.answer("sendMessage", Response("nope", status_code=404), *[None] * 3)
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
