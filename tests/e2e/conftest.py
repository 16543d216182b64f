"""The product at work in a sandbox, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.app import Bot
from bot.sandbox import Sandbox
from bot.settings import Settings, load_settings
from storage.engine import Database
from tests.e2e.chat import Chat

ADMIN_ID = 4999


def settings_for(sandbox: Sandbox, database_url: str = "sqlite:///unused.db", **given: Any) -> Settings:
    """Settings that lead to a sandbox; no limit on the rate. What is `given` goes before."""
    usual: dict[str, Any] = {
        "telegram_bot_token": sandbox.token,
        "telegram_api_url": sandbox.url,
        "database_url": database_url,
        "admin_ids": frozenset({ADMIN_ID}),
        "send_rate": 0,
        "webhook_url": None,
        "listen": None,
        "telegram_proxy": None,
        "reader_url": None,
        "reader_key": None,
        "reader_model": None,
        "bot_name": None,
    }
    return load_settings(_env_file=None, **{**usual, **given})


@pytest.fixture
async def stage() -> AsyncIterator[Chat]:
    """A sandbox without a bot."""
    async with Chat() as chat:
        yield chat


@pytest.fixture
async def bot(stage: Chat, sqlite_database: Database) -> AsyncIterator[Bot]:
    """The product, running against the sandbox; both read the sandbox's clock."""
    settings = settings_for(stage.sandbox)
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)) as running:
        yield running


@pytest.fixture
async def chat(stage: Chat, bot: Bot) -> Chat:
    """A sandbox with the product in it."""
    return stage


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material beside the repository; tests skip where it is absent."""
    folder = Path(__file__).resolve().parents[3] / "shared"
    if not folder.is_dir():
        pytest.skip("the shared questions are not beside the repository")
    return folder
