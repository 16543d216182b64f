"""The HTTP side: only Telegram gets in, and only what is stored is acknowledged."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot import app
from bot.app import Bot
from bot.sandbox import MovableClock
from bot.settings import Settings, load_settings
from storage.engine import Database
from tests.bot.road.conftest import TOKEN, register, until
from tests.bot.road.fake_api import FakeApi, free_port, message

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
    (webhook,) = [fields for method, fields in api.calls if method == "setWebhook"]
    assert webhook["secret_token"] == "a_secret"
    assert "drop_pending_updates" not in webhook


async def test_strangers_and_nonsense_are_turned_away(api: FakeApi, bot: Bot, client: httpx.AsyncClient) -> None:
    assert (await client.post(PATH, json=message(1))).status_code == 403
    wrong = {"X-Telegram-Bot-Api-Secret-Token": "sai"}
    assert (await client.post(PATH, json=message(1), headers=wrong)).status_code == 403
    assert (await client.post(PATH, content=b"not json", headers=SECRET)).status_code == 400
    assert (await client.post(PATH, content=b"[]", headers=SECRET)).status_code == 400
    assert (await client.post(PATH, content=b"x" * 1_000_001, headers=SECRET)).status_code == 413
    assert (await client.get(PATH, headers=SECRET)).status_code == 405
    assert api.texts() == []


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
