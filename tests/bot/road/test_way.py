"""The way to Telegram: whoever answers in its place is found out, and the admins hear of it once it lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.responses import JSONResponse, Response

from bot import app
from bot.app import Bot
from bot.road import beginning, way
from bot.road.beginning import StartError
from bot.road.outages import HELD_FOR
from bot.road.reply import Reply
from bot.road.turn import post
from bot.road.way import Way
from bot.sandbox import MovableClock
from bot.settings import Settings, load_settings
from bot.terminal import doctor
from storage import messages
from storage.engine import Database
from storage.messages import MessageState
from tests.bot.road.conftest import ADMIN, TOKEN, register, until
from tests.bot.road.fake_api import FakeApi, message

METHODS = ("getUpdates", "sendMessage", "getMe", "answerCallbackQuery")
PAGE = Response("<html>blocked</html>", status_code=403, media_type="text/html")


@contextmanager
def blocked(api: FakeApi, *methods: str) -> Iterator[None]:
    """Whatever is called meanwhile, a page of the provider answers."""
    for method in methods or METHODS:
        api.answer(method, *[PAGE] * 1000)
    yield
    for method in methods or METHODS:
        api.script[method].clear()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outage lasts after a moment already."""
    monkeypatch.setattr(way, "LASTS", 0.3)
    monkeypatch.setattr("bot.road.outages.PROBE_EVERY", 0.2)
    monkeypatch.setattr("bot.road.outages.CATCH_UP", 1.0)
    monkeypatch.setattr("bot.road.intake.LONGEST_PAUSE", 0.2)
    monkeypatch.setattr("bot.road.dispatch.LONGEST_PAUSE", 0.3)


async def test_an_outage_is_told_once_with_its_end_and_loses_nothing(api: FakeApi, bot: Bot) -> None:
    await until(lambda: len(api.polls) == 2)  # the first comes back at once
    with blocked(api):
        api.hand_over(message(1, "chào"))
        await until(lambda: sum(method == "refused:sendMessage" for method, _ in api.calls) > 1)
        well, figures = await bot.health()
        assert not well
        assert "something that is not Telegram answers" in figures["problems"][0]
        assert "HTTP 403" in figures["problems"][0]
        await until(lambda: any(method == "refused:getMe" for method, _ in api.calls))
        async with bot.database.read() as db:
            assert MessageState.DEAD not in await messages.count_by_state(db)
    await until(lambda: api.texts(7) == ["Nghe: chào"])
    await until(lambda: len(api.texts(ADMIN)) == 1)
    assert "không phải của Telegram" in api.texts(ADMIN)[0]
    assert "Nay đã thông" in api.texts(ADMIN)[0]

    async def is_well() -> bool:
        return (await bot.health())[0]

    await until(is_well)
    assert len(api.texts(ADMIN)) == 1


async def test_where_only_updates_do_not_come_it_is_told_meanwhile(api: FakeApi, sqlite_bot: Bot) -> None:
    await until(lambda: len(api.polls) == 2)  # the first comes back at once
    with blocked(api, "getUpdates"):
        api.hand_over(message(1, "chào"))
        await until(lambda: len(api.texts(ADMIN)) == 1)
        assert "vẫn đang thử lại" in api.texts(ADMIN)[0]
    api.hand_over(message(2, "nữa"))
    await until(lambda: "Nghe: nữa" in api.texts(7))
    assert len(api.texts(ADMIN)) == 1


async def test_word_of_an_outage_outlives_the_process(
    api: FakeApi, settings: Settings, sqlite_database: Database, clock: MovableClock
) -> None:
    async with app.running(app.build(settings, sqlite_database, clock=clock, register=register)) as bot:
        await until(lambda: len(api.polls) == 2)  # the first comes back at once
        with blocked(api):
            async with bot.database.write() as db:
                await post(db, 7, Reply("một"), clock())
            api.hand_over(message(1, "chào"))
            await until(lambda: any(method == "refused:getMe" for method, _ in api.calls))
            await bot.stop()
    clock.move(HELD_FOR)
    async with app.running(app.build(settings, sqlite_database, clock=clock, register=register)):
        await until(lambda: len(api.texts(ADMIN)) == 1)
    assert "vẫn đang thử lại" in api.texts(ADMIN)[0]
    assert "một" in api.texts(7)


async def test_a_short_outage_and_one_slow_answer_are_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 0.0
    monkeypatch.setattr(way, "LASTS", 60)
    monkeypatch.setattr("bot.road.way.time.monotonic", lambda: seconds)
    found = Way()

    def problem() -> str:
        return found.problem or ""

    found.note_bad("sendMessage", "ReadTimeout", is_foreign=False)
    assert not problem()
    found.note_bad("sendMessage", "ReadTimeout", is_foreign=False)
    assert problem() == "Telegram does not answer, for 0 s (ReadTimeout)"
    seconds = 59
    found.note_bad("sendMessage", "HTTP 403", is_foreign=True)
    assert problem() == "something that is not Telegram answers, for 59 s (HTTP 403)"
    found.note_good("getUpdates")
    assert problem(), "updates come by a call of their own"
    found.note_good("sendMessage")
    assert not problem()
    found.note_bad("getMe", "HTTP 403", is_foreign=True)
    seconds = 200
    assert not problem(), "long ago, and nothing was tried since"
    assert found._lasting.empty()
    found.note_bad("getMe", "HTTP 403", is_foreign=True)
    found.note_bad("getUpdates", "HTTP 403", is_foreign=True)
    seconds = 300
    found.note_bad("getUpdates", "HTTP 403", is_foreign=True)
    assert found._lasting.qsize() == 1, "one outage, in both directions"


@pytest.mark.parametrize("status", [200, 302, 401, 404, 511])
async def test_a_start_behind_a_strange_page_says_so_once_and_goes_on_trying(
    api: FakeApi,
    settings: Settings,
    sqlite_database: Database,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(beginning, "RETRY_SECONDS", 0.0)
    api.answer("getMe", *[Response("<html>login</html>", status_code=status)] * 9)
    async with app.running(app.build(settings, sqlite_database, register=register)):
        told = [line.getMessage() for line in caplog.records if line.name == beginning.__name__ and line.levelno >= 40]
    assert len(told) == 1
    assert "not Telegram's" in told[0]
    assert "TELEGRAM_PROXY" in told[0]


async def test_an_api_that_does_not_answer_is_told_within_five_seconds(
    api: FakeApi, settings: Settings, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert beginning.FIRST_SECONDS < 5
    monkeypatch.setattr(beginning, "FIRST_SECONDS", 0.05)
    api.answer("getMe", "hang")
    async with app.running(app.build(settings, sqlite_database, register=register)):
        assert [method for method, _ in api.calls if method.endswith("getMe")][:2] == ["hung:getMe", "getMe"]


async def test_a_plain_refusal_at_the_start_ends_it_in_one_line(
    api: FakeApi, settings: Settings, sqlite_database: Database
) -> None:
    no = {"ok": False, "error_code": 400, "description": "Bad Request: logged out"}
    api.answer("getMe", JSONResponse(no, status_code=400))
    with pytest.raises(StartError, match="logged out"):
        async with app.running(app.build(settings, sqlite_database, register=register)):
            pass


async def test_the_doctor_says_who_answers(api: FakeApi, sqlite_database: Database) -> None:
    address = sqlite_database.url.render_as_string(hide_password=False).replace("+inline", "")
    asked = load_settings(telegram_bot_token=TOKEN, telegram_api_url=api.url, database_url=address)
    api.answer("getMe", Response("<html>login</html>", status_code=404))
    findings = {finding.subject: finding for finding in await doctor.examine(asked)}
    assert findings["telegram"].mark is not doctor.FindingMark.OK
    assert "not Telegram's" in findings["telegram"].says
    assert "TELEGRAM_PROXY" in findings["telegram"].says
