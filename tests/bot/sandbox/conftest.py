"""The sandbox served for one test, and clients that speak to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox import NO_LIMITS, MovableClock, Player, Sandbox, SandboxServer

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
HOA, BINH, KHOI = 11, 12, 13


class Api:
    """Raw calls: returns HTTP status and decoded body."""

    def __init__(self, client: httpx.AsyncClient, sandbox: Sandbox) -> None:
        self.client = client
        self.sandbox = sandbox

    async def call(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        response = await self.client.post(f"/bot{self.sandbox.token}/{method}", json=params)
        body: dict[str, Any] = response.json()
        assert body["ok"] == response.is_success
        return response.status_code, body

    async def result(self, method: str, **params: Any) -> Any:
        status, body = await self.call(method, **params)
        assert status == 200, body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """The description of an expected refusal, after its code."""
        status, body = await self.call(method, **params)
        assert not body["ok"]
        assert status == body["error_code"]
        return str(body["description"])


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with SandboxServer(clock=MovableClock(stopped_at=NOON), limits=NO_LIMITS, webhook_pause=0.01) as served:
        served.add_person(Player(HOA, "Nguyễn Thị", "Hoa", phone="+84901000003"), started=True)
        served.add_person(Player(BINH, "Phạm Quốc", "Bình", phone="+84901000004"), started=True)
        served.add_person(Player(KHOI, "Đỗ Minh", "Khôi"))
        yield served


@pytest_asyncio.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(base_url=sandbox.url, timeout=10) as client:
        yield Api(client, sandbox)


@pytest_asyncio.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    request = HTTPXRequest(connection_pool_size=8)
    async with Bot(
        sandbox.token, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot", request=request
    ) as made:
        yield made


@pytest.fixture
def hoa(sandbox: Sandbox) -> Player:
    return sandbox.get_person(HOA)
