"""The delivery of updates to the webhook, in order within a queue, and again after a refusal.

As on Telegram, messages queue by chat and taps by person, and the head of a queue blocks only its own queue. A
refusal is retried at once, then after a pause that doubles; `Retry-After` is honoured.
"""

from __future__ import annotations

import asyncio
import contextlib

import httpx
import msgspec

from bot.sandbox.model import Update
from bot.sandbox.state import Sandbox
from bot.sandbox.updates import Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (a header's name)


class WebhookCourier:
    """The task that delivers updates while a webhook is set. `first_pause` and `longest_pause` are in seconds."""

    def __init__(self, sandbox: Sandbox, *, first_pause: float = 2.0, longest_pause: float = 60.0) -> None:
        self._sandbox = sandbox
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._task: asyncio.Task[None] | None = None
        self._busy: dict[tuple[str, int], asyncio.Task[None]] = {}
        sandbox.on_webhook = self.begin

    def begin(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        tasks = [task for task in (self._task, *self._busy.values()) if task is not None]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        sandbox = self._sandbox
        async with httpx.AsyncClient(timeout=30) as client:
            while sandbox.webhook is not None and not sandbox.closing:
                await sandbox.wait_until(
                    lambda: bool(self._next_ones()) or sandbox.webhook is None or sandbox.closing, 60
                )
                for update in self._next_ones():
                    self._busy[update.queue] = asyncio.create_task(self._deliver(client, update))
                await asyncio.sleep(0)

    def _next_ones(self) -> list[Update]:
        """The head of each idle queue, as many as connections allow."""
        sandbox = self._sandbox
        if sandbox.webhook is None:
            return []
        room = sandbox.webhook.max_connections - len(self._busy)
        heads: dict[tuple[str, int], Update] = {}
        for update in sandbox.pending_updates(sandbox.allowed_updates, limit=10_000):
            if len(heads) >= room:
                break
            if update.queue not in self._busy:
                heads.setdefault(update.queue, update)
        return list(heads.values())

    async def _deliver(self, client: httpx.AsyncClient, update: Update) -> None:
        sandbox, failures = self._sandbox, 0
        try:
            while (webhook := sandbox.webhook) is not None and update in sandbox.updates:
                sandbox.hand_out([update])
                retry_after = await self._post(client, webhook, update)
                if retry_after is None:
                    with contextlib.suppress(ValueError):
                        sandbox.updates.remove(update)
                    sandbox.past_updates.append(update)
                    return
                pause = 0.0 if failures == 0 else min(self._longest_pause, self._first_pause * 2 ** (failures - 1))
                failures += 1
                await asyncio.sleep(max(pause, retry_after))
        finally:
            self._busy.pop(update.queue, None)
            sandbox.notify()

    async def _post(self, client: httpx.AsyncClient, webhook: Webhook, update: Update) -> float | None:
        """Posts one update; None when accepted, otherwise the seconds the other side asked to wait (0 for none)."""
        headers = {"content-type": "application/json"}
        if webhook.secret:
            headers[SECRET_HEADER] = webhook.secret
        try:
            response = await client.post(
                webhook.url, content=update.raw or msgspec.json.encode(update.json), headers=headers
            )
        except httpx.HTTPError as error:
            webhook.last_error = f"Connection failed: {type(error).__name__}"
        else:
            if response.is_success:
                return None
            webhook.last_error = f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
            webhook.last_error_at = self._sandbox.clock()
            given = response.headers.get("retry-after", "")
            return float(given) if given.isdigit() else 0.0
        webhook.last_error_at = self._sandbox.clock()
        return 0.0
