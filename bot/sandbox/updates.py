"""The queue of updates for the bot, with their expiry and confirmation, and the long poll that waits on it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice

from bot.sandbox.clock import MovableClock
from bot.sandbox.model import MESSAGE_KEPT, Json, Message, Update


@dataclass(slots=True)
class Webhook:
    """The webhook: the address to which updates are delivered instead of being polled."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: datetime | None = None


class Onlookers:
    """Open pages, which get every event, and waiters, who look again after each change."""

    def __init__(self) -> None:
        self._waiters: list[asyncio.Future[None]] = []
        self._subscribers: set[asyncio.Queue[Json | None]] = set()

    def emit(self, event: Json) -> None:
        """Sends an event to every open page."""
        for queue in self._subscribers:
            queue.put_nowait(event)

    def subscribe(self) -> asyncio.Queue[Json | None]:
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._subscribers.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Json | None]) -> None:
        self._subscribers.discard(queue)

    def dismiss(self) -> None:
        """Ends every event stream."""
        for queue in self._subscribers:
            queue.put_nowait(None)

    def notify(self) -> None:
        """Wakes everyone in `wait_until`."""
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def wait_until(self, condition: Callable[[], bool], timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        """Waits until `condition` holds, looking after each change; False after `timeout` real seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    waiter = asyncio.get_running_loop().create_future()
                    self._waiters.append(waiter)
                    await waiter
        except TimeoutError:
            return condition()
        return True


class UpdateQueue(Onlookers):
    """Updates that the bot has not confirmed, in order, as Telegram keeps them.

    Attributes:
        updates: those still unconfirmed.
        past_updates: the last ones that were confirmed.
        webhook: where updates are delivered instead of being polled; None while polling.
        allowed_updates: kinds that the bot asked for; empty for all.
    """

    def __init__(self, clock: MovableClock, first_update_id: int) -> None:
        super().__init__()
        self.clock = clock
        self.updates: deque[Update] = deque()
        self.past_updates: deque[Update] = deque(maxlen=2000)
        self.webhook: Webhook | None = None
        self.allowed_updates: frozenset[str] = frozenset()
        self.on_webhook: Callable[[], None] | None = None
        self._update_ids = count(first_update_id)
        self._last_offset = 0
        self._first_expiry: datetime | None = None
        self._poller: asyncio.Future[str] | None = None

    def renumber_updates(self, next_id: int) -> None:
        """The next update gets this id, as after a week of silence, when Telegram begins anew anywhere."""
        self._update_ids = count(next_id)

    def inject_update(self, payload: Json) -> int:
        """Puts anything into the queue as an update, however malformed; returns the update id it got."""
        update_id = next(self._update_ids)
        raw = {"update_id": update_id, **payload}
        self._append_update(Update(update_id, "injected", raw, ("injected", 0), self.clock() + MESSAGE_KEPT))
        return update_id

    def inject_raw(self, raw: bytes, update_id: int | None = None) -> int:
        """Puts bytes into the queue as an update, readable or not; `update_id` is the one that stands in them."""
        number = next(self._update_ids) if update_id is None else update_id
        expires_at = self.clock() + MESSAGE_KEPT
        self._append_update(Update(number, "injected", {}, ("injected", 0), expires_at, raw=raw))
        return number

    def redeliver(self, update_id: int, *, under_new_id: bool = False) -> Update:
        """Delivers an update again, known or confirmed, as it was or under the next update id. KeyError if unknown."""
        for update in (*self.updates, *reversed(self.past_updates)):
            if update.id == update_id:
                break
        else:
            raise KeyError(update_id)
        new_id = next(self._update_ids) if under_new_id else update.id
        again = Update(
            new_id,
            update.kind,
            {**update.json, "update_id": new_id},
            update.queue,
            update.expires_at,
            0,
            update.message,
            update.raw,
        )
        self._append_update(again)
        return again

    def pending_updates(self, allowed: frozenset[str] | None = None, limit: int = 100) -> list[Update]:
        """The first updates that wait, without the expired (which vanish, as on Telegram) and those not asked for."""
        now = self.clock()
        if self._first_expiry is not None and self._first_expiry <= now:
            self.updates = deque(update for update in self.updates if update.expires_at > now)
            self._first_expiry = min((update.expires_at for update in self.updates), default=None)
        if allowed:
            asked_for = (update for update in self.updates if update.kind in allowed or update.kind == "injected")
            return list(islice(asked_for, limit))
        return list(islice(self.updates, limit))

    def confirm_updates(self, offset: int) -> None:
        """Forgets what `getUpdates` with this offset confirms: everything up to update `offset - 1` in queue order.

        An offset beyond all known ids confirms only what was handed out before, so that ids that jumped down are not
        lost. The same offset once more, as after an answer that got lost, confirms nothing that came since.
        """
        again, self._last_offset = offset == self._last_offset, offset
        if offset < 0:
            while len(self.updates) > -offset:
                self.past_updates.append(self.updates.popleft())
            return
        if offset == 0 or not self.updates:
            return
        found = next((at for at, update in enumerate(self.updates) if update.id == offset - 1), None)
        if found is not None:
            for _ in range(found + 1):
                self.past_updates.append(self.updates.popleft())
            while self.updates and self.updates[0].times_handed and self.updates[0].id < offset:
                self.past_updates.append(self.updates.popleft())
        elif again:
            return
        elif offset > max(update.id for update in self.updates):
            while self.updates and self.updates[0].times_handed:
                self.past_updates.append(self.updates.popleft())
        else:
            while self.updates and self.updates[0].id < offset:
                self.past_updates.append(self.updates.popleft())

    def hand_out(self, updates: list[Update]) -> None:
        """Notes that these were handed to the bot, for the ticks on the page."""
        for update in updates:
            update.times_handed += 1
            if update.message is not None and not update.message.seen:
                update.message.seen = True
                if self._subscribers:
                    chat_id = update.message.json["chat"]["id"]
                    self.emit({"type": "seen", "chat": chat_id, "message_id": update.message.id})

    def become_poller(self) -> asyncio.Future[str]:
        """Registers a waiting long poll; an older one that still waits is ended with "conflict"."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result("conflict")
        self._poller = asyncio.get_running_loop().create_future()
        return self._poller

    def end_poll(self) -> None:
        """Ends a waiting long poll with "closing"."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result("closing")

    def _append_update(self, update: Update) -> None:
        self.updates.append(update)
        if self._first_expiry is None or update.expires_at < self._first_expiry:
            self._first_expiry = update.expires_at
        if self._poller is not None and not self._poller.done():
            self._poller.set_result("update")
        self.notify()

    def _enqueue(
        self, kind: str, payload: Json, queue: tuple[str, int], expires_at: datetime, message: Message | None = None
    ) -> Update:
        update_id = next(self._update_ids)
        update = Update(update_id, kind, {"update_id": update_id, kind: payload}, queue, expires_at, 0, message)
        self._append_update(update)
        return update
