"""The dispatcher of the outbox: claims, sends and marks messages; replies first, then reminders, then broadcasts.

A message is committed as claimed before it is sent. So after a kill it is known of each message
whether it left, did not, or may have; what is done in the last case is decided by `verdicts.decide_again`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.road.carrier import Carrier, CarrierError, MigratedError, NotSentError, RefusedError
from bot.road.clock import Clock
from bot.road.intake import BAD_TOKEN_FOR, BadTokenForGoodError
from bot.road.reply import to_messages, to_plain
from bot.road.turn import Hooks, Later
from bot.road.verdicts import DeliveryDoubt, Effect, decide_after_failure, decide_again, is_edit
from storage import chats, messages
from storage.engine import Database
from storage.guard import is_fatal
from storage.messages import MessageState, Outcome, Outgoing

logger = logging.getLogger(__name__)

AT_ONCE = 64  # requests under way
LEASE = timedelta(seconds=60)
LEASE_MARGIN = 25.0  # seconds before its end in which nothing is begun any more
SEND_SECONDS = 15.0
GATHER = 0.004  # seconds to wait for more to mark and to claim while requests are under way
AHEAD = 0.4  # seconds for which slots are given out in advance
LONGEST_PAUSE = 30.0
HOOK_TRIES = 3

_NOT_MODIFIED = "message is not modified"
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "no text in the message", "message_id_invalid")
_BAD_HTML = ("can't parse", "unsupported start tag", "can't find end", "unclosed", "unmatched end tag", "entity")


def to_request(body: dict[str, Any], chat_id: int, *, again: bool) -> tuple[str, dict[str, Any]]:
    """Method and parameters for a stored body; a photo or document is added by the caller. Pure.

    Args:
        again: whether it is sent again after a doubt: then its preface goes before it.
    """
    text = str(body.get("text", ""))
    if again and body.get("preface"):
        text = f"{body['preface']}\n\n{text}"
    parameters: dict[str, Any] = {"chat_id": chat_id}
    if "buttons" in body:
        parameters["reply_markup"] = {"inline_keyboard": body["buttons"]}
    elif "keyboard" in body:
        keyboard = body["keyboard"]
        parameters["reply_markup"] = (
            {"keyboard": keyboard, "resize_keyboard": True, "is_persistent": True}
            | ({"input_field_placeholder": body["hint"][:64]} if "hint" in body else {})
            if keyboard
            else {"remove_keyboard": True}
        )
    if body.get("edits"):
        parameters |= {"message_id": body["edits"], "text": text, "parse_mode": "HTML"}
        return "editMessageText", parameters | {"link_preview_options": {"is_disabled": True}}
    if "answers" in body:
        parameters["reply_parameters"] = {"message_id": body["answers"], "allow_sending_without_reply": True}
    if "thread_id" in body:
        parameters["message_thread_id"] = body["thread_id"]
    if body.get("silent"):
        parameters["disable_notification"] = True
    for field, method in (("photo", "sendPhoto"), ("document", "sendDocument")):
        if field in body:
            return method, parameters | ({"caption": text, "parse_mode": "HTML"} if text else {})
    return "sendMessage", parameters | {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


class Dispatcher:
    """Sends what is in the outbox. `run()` goes on until `stop()`, then waits for what is under way.

    Attributes:
        sent: how many messages were delivered since the start.
        in_doubt: how many came into doubt.
        dead: how many could not be delivered.
    """

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        *,
        clock: Clock,
        hooks: Hooks,
        rate: float,
    ) -> None:
        """`rate`: messages a second, for all processes together; 0 for no limit."""
        self._database = database
        self._carrier = carrier
        self._clock = clock
        self._hooks = hooks
        self._rate = rate
        self._wake = asyncio.Event()
        self._stopping = False
        self._outcomes: list[Outcome] = []
        self._effects: list[Callable[[AsyncConnection], Any]] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._pause = 0.0
        self._paused_until = 0.0
        self._refused_since: float | None = None
        self._refused_for_good = False
        self._recovered_at = 0.0
        self._halt_known: float | None = None
        self._halted_until = 0.0
        self.sent = 0
        self.in_doubt = 0
        self.dead = 0

    def wake(self) -> None:
        """Look into the outbox at once: something was written."""
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more; what is under way is finished."""
        self._stopping = True
        self._wake.set()

    def drop(self) -> None:
        """Stop at once: what has not left does not leave."""
        self.stop()
        for task in self._under_way:
            task.cancel()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way and nothing waits to be marked."""
        return not self._under_way and not self._outcomes and not self._effects

    async def run(self) -> None:
        """Send until stopped; database failures are waited out. Raises BadTokenForGoodError."""
        recovered = False
        pause = 0.0
        while not (self._stopping and self.is_idle):
            self._wake.clear()
            try:
                if not recovered:
                    await self.recover(every=self._database.is_sqlite)
                    recovered = True
                elif not self._database.is_sqlite and time.monotonic() - self._recovered_at > LEASE.total_seconds() / 4:
                    await self.recover(every=False)
                busy = await self.step()
                pause = 0.0
            except Exception as error:
                if is_fatal(error):
                    raise
                pause = min(5.0, pause * 2 or 0.2)
                logger.error("outbox out of reach", extra={"error": type(error).__name__, "again_in": pause})  # noqa: TRY400
                await asyncio.sleep(pause)
                continue
            if self._refused_for_good:
                raise BadTokenForGoodError
            if not busy:
                await self._rest()
            if self._under_way:
                await asyncio.sleep(GATHER)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(1.0):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def recover(self, *, every: bool) -> None:
        """Decide about the messages that a dead process had claimed. Nothing is sent here."""
        self._recovered_at = time.monotonic()
        now = self._clock()
        async with self._database.write() as db:
            found = await messages.find_abandoned(db, every=every)
            outcomes = []
            for outgoing in found:
                again = decide_again(
                    outgoing.kind,
                    DeliveryDoubt.DIED,
                    doubts=outgoing.doubts,
                    last_call=outgoing.last_call,
                    edits=is_edit(outgoing.body),
                )
                state = MessageState.DUE if again else MessageState.DOUBT
                outcomes.append(
                    Outcome(outgoing.id, outgoing.generation, state, error=DeliveryDoubt.DIED.value, doubted=True)
                )
            await messages.finish(db, outcomes, now)
        if found:
            self.in_doubt += len(found)
            logger.warning("messages in doubt after a stop", extra={"count": len(found)})

    async def step(self) -> bool:
        """Mark what was sent, claim what is due, begin to send it; False where there was nothing to do."""
        now = self._clock()
        outcomes, self._outcomes = self._outcomes, []
        effects, self._effects = self._effects, []
        claimed: list[tuple[Outgoing, float]] = []
        try:
            async with self._database.write() as db:
                held = await messages.lock_pace(db)
                await messages.finish(db, outcomes, now)
                for effect in effects:
                    await effect(db)
                if effects:
                    held = await messages.lock_pace(db)
                epoch = time.time()
                if held.halt_until is not None and held.halt_until != self._halt_known:
                    self._halt_known = held.halt_until
                    self._halted_until = max(self._halted_until, time.monotonic() + held.halt_until - epoch)
                if self._may_claim():
                    claimed = await self._claim(db, held, now, epoch)
        except BaseException:
            self._outcomes = outcomes + self._outcomes
            self._effects = effects + self._effects
            raise
        for outgoing, delay in claimed:
            task = asyncio.create_task(self._deliver(outgoing, delay))
            self._under_way.add(task)
            task.add_done_callback(self._delivered)
        return bool(claimed or outcomes or effects)

    def _may_claim(self) -> bool:
        return not self._stopping and len(self._under_way) < AT_ONCE and not self.is_held

    @property
    def is_held(self) -> bool:
        """Whether nothing is sent at the moment: Telegram wants silence, refuses the token, or is out of reach."""
        return time.monotonic() < max(self._halted_until, self._paused_until)

    @property
    def halted_for(self) -> float:
        """For how many more seconds Telegram wants silence; 0 if it does not."""
        return max(0.0, self._halted_until - time.monotonic())

    def _delivered(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("sending failed unexpectedly", exc_info=task.exception())
        self._wake.set()

    async def _claim(
        self, db: AsyncConnection, held: messages.SendingPace, now: datetime, epoch: float
    ) -> list[tuple[Outgoing, float]]:
        """Messages to send, each with the seconds to wait for its slot."""
        taken: list[tuple[Outgoing, float]] = []
        for bulk in (False, True):
            room = AT_ONCE - len(self._under_way) - len(taken)
            if self._rate > 0:
                slots, _ = messages.decide_slots(held, epoch, rate=self._rate, count=room, spread=bulk)
                room = sum(slot <= epoch + AHEAD for slot in slots)
            if room <= 0:
                continue
            found = await messages.claim(db, now, most=room, lease=LEASE, bulk=bulk, epoch=epoch)
            found = [outgoing for each in found if (outgoing := await self._look_again(db, each, now)) is not None]
            if not found:
                continue
            slots, held = messages.decide_slots(held, epoch, rate=self._rate, count=len(found), spread=bulk)
            late = [(outgoing.id, slot) for outgoing, slot in zip(found, slots, strict=True) if slot > epoch + 0.02]
            await messages.keep_slots(db, late)
            taken += [(outgoing, slot - epoch) for outgoing, slot in zip(found, slots, strict=True)]
        if taken and self._rate > 0:
            await messages.keep_pace(db, held)
        return taken

    async def _look_again(self, db: AsyncConnection, outgoing: Outgoing, now: datetime) -> Outgoing | None:
        """The message as it is to be sent now; None where it is dropped, postponed or cannot be delivered."""
        if outgoing.kind.is_bulk:
            chat = await chats.find_chat(db, outgoing.chat_id)
            if chat is not None and not chat.is_reachable:
                await self._settle(db, outgoing, MessageState.DEAD, now, error="unreachable")
                return None
        hook = self._hooks.before_send.get(outgoing.kind)
        if hook is None:
            if outgoing.body:
                return outgoing
            await self._settle(db, outgoing, MessageState.DROPPED, now, error="nothing left to say")
            return None
        try:
            async with db.begin_nested():
                decided = await hook(db, outgoing, now)
        except Exception as error:
            logger.exception("message not made", extra={"outbox": outgoing.id, "error": type(error).__name__})
            state = MessageState.DUE if outgoing.attempts + 1 < HOOK_TRIES else MessageState.DEAD
            await self._settle(
                db, outgoing, state, now, error=type(error).__name__, again_at=now + timedelta(minutes=1), counted=True
            )
            return None
        if decided is None:
            await self._settle(db, outgoing, MessageState.DROPPED, now)
            return None
        if isinstance(decided, Later):
            await self._settle(db, outgoing, MessageState.DUE, now, again_at=decided.at)
            return None
        if decided.attachment is not None:
            await messages.keep_file(db, decided.attachment.sha256, decided.attachment.content, now)
        first, *others = to_messages(outgoing.chat_id, replace(decided, kind=outgoing.kind, key=outgoing.key))
        await messages.enqueue(db, others, now)
        return replace(outgoing, body=first.body)

    async def _settle(
        self,
        db: AsyncConnection,
        outgoing: Outgoing,
        state: MessageState,
        now: datetime,
        *,
        error: str | None = None,
        again_at: datetime | None = None,
        counted: bool = False,
    ) -> None:
        outcome = Outcome(outgoing.id, outgoing.generation, state, error=error, again_at=again_at, counted=counted)
        await messages.finish(db, [outcome], now)

    async def _deliver(self, outgoing: Outgoing, delay: float) -> None:
        """Send one message in its slot, unless sending has come to a halt or the claim has grown old meanwhile."""
        begun = time.monotonic()
        if delay > 0:
            await asyncio.sleep(delay)
        if self.is_held or time.monotonic() - begun > LEASE.total_seconds() - LEASE_MARGIN:
            outcome = Outcome(outgoing.id, outgoing.generation, MessageState.DUE, counted=False)
        else:
            outcome = await self._send(outgoing)
        self._outcomes.append(outcome)

    async def _send(self, outgoing: Outgoing) -> Outcome:
        try:
            message_id = await self._call(outgoing)
        except Exception as error:
            if not isinstance(error, CarrierError):
                logger.exception("message not sent", extra={"outbox": outgoing.id})
            return self._judge(outgoing, error)
        self._pause = 0.0
        self._refused_since = None
        self.sent += 1
        return Outcome(outgoing.id, outgoing.generation, MessageState.SENT, message_id=message_id)

    async def _call(self, outgoing: Outgoing) -> int | None:
        """Send a message; an edit that is not possible and HTML that is refused are tried again in another way."""
        body: dict[str, Any] = json.loads(outgoing.body)
        files: dict[str, tuple[str, bytes]] | None = None
        if "edits_key" in body or "photo" in body or "document" in body:
            try:
                async with self._database.read() as db:
                    if "edits_key" in body:
                        body["edits"] = await messages.find_message_id(db, body["edits_key"])
                    for field in ("photo", "document"):
                        if field in body:
                            sha256, name = body[field]
                            files = {field: (name, await messages.get_file(db, sha256))}
            except (SQLAlchemyError, OSError) as error:
                raise NotSentError(type(error).__name__) from error
        for _ in range(3):
            method, parameters = to_request(body, outgoing.chat_id, again=outgoing.doubts > 0)
            if body.get("plain"):
                parameters.pop("parse_mode", None)
            try:
                result = await self._carrier.call(
                    method, parameters, files=files, timeout=SEND_SECONDS if not files else 60.0 - LEASE_MARGIN
                )
            except RefusedError as error:
                reason = error.description.lower()
                if error.status != 400 or isinstance(error, MigratedError):
                    raise
                if body.get("edits") and _NOT_MODIFIED in reason:
                    return int(body["edits"])
                if body.get("edits") and any(sign in reason for sign in _NOT_EDITABLE):
                    del body["edits"]
                elif not body.get("plain") and any(sign in reason for sign in _BAD_HTML):
                    logger.warning("html refused, sent as plain text", extra={"outbox": outgoing.id})
                    body |= {"text": to_plain(str(body.get("text", ""))), "plain": True}
                    if body.get("preface"):
                        body["preface"] = to_plain(str(body["preface"]))
                else:
                    raise
                continue
            return result.get("message_id") if isinstance(result, dict) else None
        raise RefusedError(400, "refused as HTML and as plain text")

    def _judge(self, outgoing: Outgoing, error: Exception) -> Outcome:
        verdict = decide_after_failure(outgoing, error)
        logger.warning(
            "message not delivered",
            extra={
                "outbox": outgoing.id,
                "kind": outgoing.kind.value,
                "state": verdict.state.value,
                "error": verdict.error,
            },
        )
        now = self._clock()
        match verdict.effect:
            case Effect.PAUSE:
                self._pause = min(LONGEST_PAUSE, max(verdict.wait, self._pause * 1.5))
                self._paused_until = time.monotonic() + self._pause
            case Effect.HALT:
                until = time.time() + verdict.wait
                self._halted_until = max(self._halted_until, time.monotonic() + verdict.wait)
                self._effects.append(lambda db: messages.halt(db, until))
            case Effect.HOLD_CHAT:
                held_until = now + timedelta(seconds=verdict.wait)
                self._effects.append(lambda db: messages.hold_chat(db, outgoing.chat_id, held_until))
            case Effect.BAD_TOKEN:
                self._refused_since = self._refused_since or time.monotonic()
                self._refused_for_good = time.monotonic() - self._refused_since > BAD_TOKEN_FOR
                self._paused_until = time.monotonic() + verdict.wait
            case Effect.MIGRATED if isinstance(error, MigratedError):
                moved = error.chat_id
                self._effects.append(lambda db: self._follow(db, outgoing.chat_id, moved))
            case Effect.UNREACHABLE:
                self._effects.append(lambda db: self._lose(db, outgoing.chat_id, verdict.error, now))
        self.in_doubt += verdict.doubted
        self.dead += verdict.state is MessageState.DEAD
        again_at = (
            now + timedelta(seconds=verdict.wait) if verdict.counted and verdict.state is MessageState.DUE else None
        )
        return Outcome(
            outgoing.id,
            outgoing.generation,
            verdict.state,
            error=verdict.error,
            again_at=again_at,
            counted=verdict.counted,
            doubted=verdict.doubted,
        )

    async def _follow(self, db: AsyncConnection, old: int, new: int) -> None:
        await chats.note_migrated(db, old, new)
        await messages.move_chat(db, old, new)

    async def _lose(self, db: AsyncConnection, chat_id: int, why: str, now: datetime) -> None:
        if await chats.note_unreachable(db, chat_id, why, now):
            for hook in self._hooks.on_unreachable:
                await hook(db, chat_id, why, now)
