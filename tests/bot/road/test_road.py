"""The road: what Telegram hands over is stored, handled once in order, and answered, whatever happens meanwhile."""

import asyncio
from typing import Any

import pytest
from telegram import Update

from bot.app import Bot
from bot.road.worker import PREPARATIONS
from storage import chats, inbox, messages
from storage.messages import MessageState
from tests.bot.road.conftest import ADMIN, until
from tests.bot.road.fake_api import FakeApi, message, refusal, tap


async def test_a_message_is_answered(api: FakeApi, bot: Bot) -> None:
    api.hand_over(message(1, "chào"))
    await until(lambda: api.texts(7) == ["Nghe: chào"])
    await until(lambda: api.updates == [])


async def test_many_chats_are_answered_each_in_order(api: FakeApi, bot: Bot) -> None:
    api.hand_over(*(message(number, f"{number}", chat=1 + number % 10) for number in range(1, 201)))
    await until(lambda: len(api.sent()) == 200)
    for chat in range(1, 11):
        numbers = [int(text.removeprefix("Nghe: ")) for text in api.texts(chat)]
        assert numbers == sorted(numbers)
        assert len(numbers) == 20


async def test_the_same_update_and_the_same_message_again_have_one_effect(api: FakeApi, bot: Bot) -> None:
    api.hand_over(message(5, "một"), message(5, "một"), message(6, "một", message_id=5), tap(7, "x", query="q"))
    await until(lambda: len(api.sent()) == 2)
    api.hand_over(message(5, "một"), tap(9, "x", query="q"), message(10, "hai"))
    await until(lambda: "Nghe: hai" in api.texts())
    assert api.texts() == ["Nghe: một", "Bấm: x", "Nghe: hai"]


async def test_update_ids_that_jump_down_are_handled(api: FakeApi, sqlite_bot: Bot) -> None:
    api.hand_over(message(900, "trước"))
    await until(lambda: len(api.sent()) == 1)
    await until(lambda: api.updates == [])
    api.hand_over(message(17, "sau"))
    await until(lambda: api.texts() == ["Nghe: trước", "Nghe: sau"])


async def test_what_cannot_be_read_is_put_aside_and_blocks_nobody(api: FakeApi, bot: Bot) -> None:
    api.hand_over(
        message(1, "trước"),
        '{"update_id": 2, "message": {"message_id": "x", "chat": 5, "date": "never"}}',
        '{"no": "number"}',
        "[1, 2]",
        '{"update_id": 3, "a_kind_from_the_future": {"chat": {"id": 7}}}',
        message(4, "sau"),
    )
    await until(lambda: api.texts(7) == ["Nghe: trước", "Nghe: sau"])
    await until(lambda: len(api.texts(ADMIN)) == 3)
    async with bot.database.read() as db:
        assert await inbox.count_by_state(db) == {"done": 3, "parked": 3}


async def test_a_handler_that_raises_leaves_nothing_and_after_three_tries_says_sorry(api: FakeApi, bot: Bot) -> None:
    api.hand_over(message(1, "vỡ"), message(2, "sau", chat=8), message(3, "tiếp"))
    await until(lambda: len(api.texts(7)) == 2)
    assert api.texts(8) == ["Nghe: sau"]
    assert "Xin lỗi" in api.texts(7)[0]
    assert api.texts(7)[1] == "Nghe: tiếp"
    await until(lambda: len(api.texts(ADMIN)) == 1)
    assert "RuntimeError" in api.texts(ADMIN)[0]
    assert "secret" not in api.texts(ADMIN)[0]
    assert (bot.worker.failed, bot.worker.parked) == (3, 1)


async def test_a_tap_is_answered_at_once_even_if_the_answer_fails(api: FakeApi, sqlite_bot: Bot) -> None:
    api.answer("answerCallbackQuery", refusal(400, "Bad Request: query is too old and response timeout expired"))
    api.hand_over(tap(1, "x"), tap(2, "y"))
    await until(lambda: api.texts() == ["Bấm: x", "Bấm: y"])
    await until(lambda: any(method == "answerCallbackQuery" for method, _ in api.calls))


async def test_getupdates_survives_what_telegram_does_to_it(api: FakeApi, sqlite_bot: Bot) -> None:
    api.answer(
        "getUpdates",
        refusal(401, "Unauthorized"),
        refusal(502, "Bad Gateway"),
        refusal(429, "Too Many Requests", retry_after=0.1),
    )
    api.hand_over(message(1))
    await until(lambda: len(api.sent()) == 1)


async def test_telegram_is_never_told_to_drop_or_to_delete(api: FakeApi, sqlite_bot: Bot) -> None:
    api.hand_over(message(1))
    await until(lambda: len(api.sent()) == 1)
    assert {method for method, _ in api.calls} == {"getMe", "getWebhookInfo", "sendMessage"}


async def test_stopping_answers_what_was_taken(api: FakeApi, bot: Bot) -> None:
    api.latency = 0.02
    api.hand_over(*(message(number, chat=number) for number in range(1, 81)))
    await until(lambda: len(api.sent()) > 3)
    await bot.stop()
    async with bot.database.read() as db:
        stands = await messages.count_by_state(db)
        waiting = await inbox.count_waiting(db)
    assert stands == {MessageState.SENT: len(api.sent())}
    assert waiting == 0


EDIT = {"update_id": 2, "edited_message": message(2, "sửa")["message"] | {"edit_date": 1_790_000_100}}


@pytest.mark.parametrize("act", [message(2), tap(2, "x"), EDIT], ids=["writes", "taps", "edits"])
async def test_a_blocked_person_is_marked_and_known_again_by_what_they_do(
    api: FakeApi, bot: Bot, act: dict[str, Any]
) -> None:
    api.answer("sendMessage", refusal(403, "Forbidden: bot was blocked by the user"))
    api.hand_over(message(1))

    async def is_reachable() -> bool | None:
        async with bot.database.read() as db:
            chat = await chats.find_chat(db, 7)
        return None if chat is None else chat.is_reachable

    async def is_marked() -> bool:
        return await is_reachable() is False

    async def is_known_again() -> bool:
        return await is_reachable() is True

    await until(is_marked)
    api.hand_over(act)
    await until(is_known_again)


async def test_only_so_many_preparations_run_at_once(api: FakeApi, sqlite_bot: Bot) -> None:
    running: list[int] = []
    most = 0

    async def prepare(update: Update, _bot: object) -> object:
        nonlocal most
        running.append(update.update_id)
        most = max(most, len(running))
        await asyncio.sleep(0.02)
        running.remove(update.update_id)
        return None

    sqlite_bot.hooks.prepare(lambda _update: True, prepare)
    api.hand_over(*(message(number, f"{number}", chat=number) for number in range(1, 21)))
    await until(lambda: len(api.sent()) == 20)
    assert most == PREPARATIONS


async def test_a_preparation_with_a_bound_is_given_up_its_turn_included(api: FakeApi, sqlite_bot: Bot) -> None:
    async def prepare(_update: Update, _bot: object) -> object:
        await asyncio.Event().wait()
        return None

    sqlite_bot.hooks.prepare(lambda _update: True, prepare, within=0.2)
    api.hand_over(*(message(number, f"{number}", chat=number) for number in range(1, 3 * PREPARATIONS)))
    await until(lambda: len(api.sent()) == 3 * PREPARATIONS - 1)
