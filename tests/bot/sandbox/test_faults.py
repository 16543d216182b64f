"""Each misfortune as a client meets it, and whether the call took effect."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.sandbox import FaultKind, Sandbox
from bot.sandbox.faults import Fault
from tests.bot.sandbox.conftest import BINH, HOA, Api

AS_PTB_SEES_IT: list[tuple[FaultKind, dict[str, Any], type[Exception], bool]] = [
    (FaultKind.RETRY_AFTER, {"retry_after": 7}, RetryAfter, False),
    (FaultKind.TOO_MANY_BARE, {}, NetworkError, False),
    (FaultKind.INTERNAL, {}, NetworkError, False),
    (FaultKind.BAD_GATEWAY, {}, NetworkError, False),
    (FaultKind.OK_FALSE, {}, KeyError, False),
    (FaultKind.NOT_JSON, {}, TelegramError, False),
    (FaultKind.CUT, {}, NetworkError, True),
    (FaultKind.RESET, {}, NetworkError, False),
    (FaultKind.LOST_AFTER, {}, NetworkError, True),
    (FaultKind.HANG, {"seconds": 5.0}, TimedOut, False),
    (FaultKind.HANG_AFTER, {"seconds": 5.0}, TimedOut, True),
    (FaultKind.FORBIDDEN, {}, Forbidden, False),
    (FaultKind.BAD_REQUEST, {"description": "chat not found"}, BadRequest, False),
    (FaultKind.UNAUTHORIZED, {}, InvalidToken, False),
    (FaultKind.NOT_FOUND, {}, InvalidToken, False),
    (FaultKind.CONFLICT, {}, Conflict, False),
    (FaultKind.MIGRATE, {"migrate_to": -100777}, ChatMigrated, False),
]


@pytest.mark.parametrize("case", AS_PTB_SEES_IT, ids=lambda case: case[0].name)
async def test_fault_as_python_telegram_bot_sees_it(
    bot: Bot,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[FaultKind, dict[str, Any], type[Exception], bool],
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    kind, options, error, delivered = case
    sandbox.fault(kind, "sendMessage", **options)
    with pytest.raises(error):
        await bot.send_message(HOA, "một", read_timeout=0.2)
    assert [message.text for message in sandbox.chats[HOA].shown] == (["một"] if delivered else [])
    [call] = sandbox.calls("sendMessage")
    assert (call.fault, call.done) == (kind.value, delivered)
    await bot.send_message(HOA, "hai")
    assert sandbox.chats[HOA].shown[-1].text == "hai"


async def test_a_delay_is_only_late(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.fault(FaultKind.DELAY, seconds=0.02)
    assert (await bot.send_message(HOA, "chậm")).text == "chậm"


async def test_faults_pick_method_and_chat_and_count_down(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(FaultKind.INTERNAL, "sendmessage", HOA, times=2, skip=1))

    async def send(chat_id: int) -> int:
        return (await api.call("sendMessage", chat_id=chat_id, text="x"))[0]

    assert [await send(HOA), await send(BINH), await send(HOA), await send(HOA), await send(HOA)] == [
        200,
        200,
        500,
        500,
        200,
    ]
    assert sandbox.faults.waiting == ()
    sandbox.fault("500", times=None)
    assert [await send(HOA), await send(HOA)] == [500, 500]
    sandbox.faults.clear()
    assert await send(HOA) == 200


@pytest.mark.parametrize(("kind", "delivered"), [(FaultKind.KILL_BEFORE, False), (FaultKind.KILL_AFTER, True)])
async def test_a_process_is_killed_at_a_protocol_moment(sandbox: Sandbox, kind: FaultKind, delivered: bool) -> None:
    script = (
        "import sys, httpx\n"
        "sys.stdin.readline()\n"
        "httpx.post(sys.argv[1], data={'chat_id': sys.argv[2], 'text': 'x'})\n"
        "print('answered')"
    )
    url = f"{sandbox.url}/bot{sandbox.token}/sendMessage"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, url, str(HOA), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    sandbox.fault(kind, "sendMessage", pid=process.pid)
    output, _ = await process.communicate(b"\n")
    assert (process.returncode, output) == (-9, b"")
    assert bool(sandbox.chats[HOA].shown) is delivered


async def test_latency_and_malformed_updates(api: Api, sandbox: Sandbox) -> None:
    sandbox.latency = 0.02
    update_id = sandbox.inject_update({"message": "không phải một đối tượng"})
    [update] = await api.result("getUpdates")
    assert update == {"update_id": update_id, "message": "không phải một đối tượng"}


async def test_over_http(sandbox: Sandbox) -> None:
    async with httpx.AsyncClient(base_url=sandbox.url) as client:

        async def act(name: str, **body: Any) -> Any:
            response = await client.post(f"/sandbox/{name}", json=body)
            return response.status_code, response.json()

        assert await act("faults", kind="429", method="sendMessage", retry_after=3) == (200, {"ok": True})
        sent = await client.post(f"/bot{sandbox.token}/sendMessage", data={"chat_id": str(HOA), "text": "x"})
        assert (sent.status_code, sent.json()["parameters"]) == (429, {"retry_after": 3})
        assert (await act("say", person=HOA, text="chào"))[1]["text"] == "chào"
        assert (await act("say", person=HOA, text=" "))[0] == 409
        assert (await act("say", person=12345, text="x"))[0] == 400
        assert (await act("faults", kind="earthquake"))[0] == 400
        assert (await client.post("/sandbox/say", content=b"[")).status_code == 400
        assert (await act("clock", forward=3600))[1]["version"] == 1
        history = (await client.get("/sandbox/history", params={"method": "sendMessage"})).json()
        assert [(call["status"], call["fault"]) for call in history] == [(429, "429")]
        assert (await client.get("/")).headers["content-type"].startswith("text/html")
