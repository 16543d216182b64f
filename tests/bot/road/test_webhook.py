"""The HTTP side: only Telegram gets in, and only what is stored is acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import httpx
import pytest
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import app
from bot.app import Bot
from bot.road import webhook
from bot.road.intake import ALARMS_AN_HOUR
from bot.sandbox import MovableClock
from bot.settings import Settings, load_settings
from storage import inbox
from storage.engine import Database
from storage.inbox import Received
from tests.bot.road.conftest import ADMIN, TOKEN, register, until
from tests.bot.road.fake_api import FakeApi, free_port, message
from tests.bot.road.test_updates import POISON

PATH = "/telegram/updates"
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "a_secret"}


@pytest.fixture
async def bot(api: FakeApi, database: Database, clock: MovableClock) -> AsyncIterator[Bot]:
    settings = load_settings(
        telegram_bot_token=TOKEN,
        telegram_api_url=api.url,
        send_rate=0,
        webhook_url=f"https://bot.example.vn{PATH}",
        webhook_secret="a_secret",
        listen=f"127.0.0.1:{free_port()}",
        admin_ids=str(ADMIN),
    )
    async with app.running(app.build(settings, database, clock=clock, register=register)) as running:
        yield running


@pytest.fixture
async def client(bot: Bot) -> AsyncIterator[httpx.AsyncClient]:
    assert bot.web is not None
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{bot.web.port}") as client:
        yield client


async def test_an_update_is_stored_answered_and_known_when_it_comes_again(
    api: FakeApi, bot: Bot, client: httpx.AsyncClient
) -> None:
    for _ in range(3):
        assert (await client.post(PATH, json=message(1, "chào"), headers=SECRET)).status_code == 200
    await client.post(PATH, json=message(2, "nữa"), headers=SECRET)
    await until(lambda: api.texts() == ["Nghe: chào", "Nghe: nữa"])
    (hook,) = [fields for method, fields in api.calls if method == "setWebhook"]
    assert hook["secret_token"] == "a_secret"
    assert "drop_pending_updates" not in hook


async def test_strangers_and_nonsense_are_turned_away(api: FakeApi, bot: Bot, client: httpx.AsyncClient) -> None:
    assert (await client.post(PATH, json=message(1))).status_code == 403
    wrong = {"X-Telegram-Bot-Api-Secret-Token": "sai"}
    assert (await client.post(PATH, json=message(1), headers=wrong)).status_code == 403
    assert (await client.post(PATH, content=b"not json", headers=SECRET)).status_code == 400
    assert (await client.post(PATH, content=b"[]", headers=SECRET)).status_code == 400
    assert (await client.post(PATH, content=b"x" * 1_000_001, headers=SECRET)).status_code == 413
    assert (await client.post(PATH, content=b"{" * 1_000_001, headers=wrong)).status_code == 403
    assert (await client.get(PATH, headers=SECRET)).status_code == 405
    assert (await client.post(f"{PATH}/", json=message(1), headers=SECRET)).status_code == 404
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post(PATH, content=b'{"update_id":1}', headers=SECRET | form)).status_code == 415
    assert api.texts() == []


async def test_a_body_without_end_is_read_no_further(
    bot: Bot, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LARGEST_READ", 2_000_000)
    assert (await client.post(PATH, content=b"{" * 3_000_000, headers=SECRET)).status_code == 413
    assert (await client.post(PATH, json=message(1), headers=SECRET)).status_code == 200


async def test_what_cannot_be_read_is_put_aside_and_acknowledged(
    api: FakeApi, bot: Bot, client: httpx.AsyncClient
) -> None:
    bodies = [raw for raw in POISON.values() if raw.startswith(b"{")]
    bodies.append(b'{"update_id":9,"message":"' + b"x" * 5_000_000 + b'"}')
    for body in (*bodies, *bodies):
        assert (await client.post(PATH, content=body, headers=SECRET)).status_code == 200
    assert (await client.post(PATH, json=message(1, "chào"), headers=SECRET)).status_code == 200
    await until(lambda: api.texts(7) == ["Nghe: chào"])
    async with bot.database.read() as db:
        assert (await inbox.count_by_state(db))["parked"] == len(bodies)
    await until(lambda: len(api.texts(ADMIN)) == ALARMS_AN_HOUR + 1)


async def test_one_that_the_database_does_not_take_spoils_only_itself(
    api: FakeApi, bot: Bot, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = inbox.store

    async def refuse(db: AsyncConnection, bot_id: int, batch: Sequence[Received], now: datetime) -> None:
        if any(received.update_id == 2 for received in batch):
            raise DataError("", {}, Exception())
        await store(db, bot_id, batch, now)

    monkeypatch.setattr(inbox, "store", refuse)
    posts = (client.post(PATH, json=message(number, f"{number}"), headers=SECRET) for number in (1, 2, 3))
    assert [answer.status_code for answer in await asyncio.gather(*posts)] == [200, 200, 200]
    await until(lambda: sorted(api.texts(7)) == ["Nghe: 1", "Nghe: 3"])
    await until(lambda: len(api.texts(ADMIN)) == 1)


async def test_what_cannot_be_stored_is_not_acknowledged(
    api: FakeApi, bot: Bot, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as broken:
        broken.setattr(bot.store, "put_batch", fail)
        assert (await client.post(PATH, json=message(1, "chào"), headers=SECRET)).status_code == 503
    assert (await client.post(PATH, json=message(1, "chào"), headers=SECRET)).status_code == 200
    await until(lambda: api.texts() == ["Nghe: chào"])


async def test_a_database_that_hangs_is_not_waited_for_and_fills_no_memory(
    api: FakeApi, bot: Bot, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = asyncio.Event()

    async def hang(*_: object) -> None:
        await hanging.wait()

    with monkeypatch.context() as broken:
        broken.setattr(bot.store, "put_batch", hang)
        broken.setattr(webhook, "STORE_SECONDS", 0.05)
        for number in range(3):
            assert (await client.post(PATH, json=message(number, "chào"), headers=SECRET)).status_code == 503
        assert bot.store._waiting == []
    hanging.set()
    assert (await client.post(PATH, json=message(1, "chào"), headers=SECRET)).status_code == 200
    await until(lambda: api.texts() == ["Nghe: chào"])


async def test_health_and_figures_are_shown(api: FakeApi, bot: Bot, client: httpx.AsyncClient) -> None:
    await client.post(PATH, json=message(1), headers=SECRET)
    await until(lambda: len(api.texts()) == 1)
    health = await client.get("/healthz")
    assert (health.status_code, health.json()["status"]) == (200, "ok")
    metrics = (await client.get("/metrics")).text
    assert "troly_updates_handled_total 1.0" in metrics
    assert TOKEN not in metrics + health.text


async def test_health_turns_red_when_getupdates_goes_quiet(
    api: FakeApi, settings: Settings, sqlite_database: Database
) -> None:
    api.answer("getUpdates", *["hang"] * 9)
    async with app.running(app.build(settings, sqlite_database, register=register)) as bot:
        well, figures = await bot.health()
    assert not well
    assert figures["problems"] == ["getUpdates has gone quiet"]
