"""The dispatcher of the outbox: marks, claims and sends messages; replies first, then reminders, then broadcasts.

A message is committed as claimed in the moment before it goes on the wire, and never more of them than the wire and the
pace take now. So after a kill it is known of each message whether it left, did not, or may have; what is done in the
last case is decided by `verdicts.decide_again`. A reply that can leave at once is claimed by the turn that writes it
(`enqueue`, `hand_over`); everything else lies in the outbox as due, and is looked for only after a `wake`, at the time
known to be next, and once a second, for what other processes wrote.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.road.carrier import Carrier, CarrierError, MigratedError
from bot.road.clock import Clock
from bot.road.intake import BAD_TOKEN_FOR, BadTokenForGoodError
from bot.road.opening import Opener
from bot.road.reply import to_messages
from bot.road.sending import send
from bot.road.turn import Hooks, Later
from bot.road.verdicts import DeliveryDoubt, Effect, decide_after_failure, decide_again, is_edit
from storage import chats, messages
from storage import pace as paces
from storage.engine import Database, Topic
from storage.guard import is_fatal
from storage.mail import NewMessage
from storage.messages import Claim, MessageState, Outcome, Outgoing
from storage.pace import SendingPace
from storage.processes import Presence, list_alive

logger = logging.getLogger(__name__)

AT_ONCE: Final = 64
"""Requests under way."""
LEASE: Final = timedelta(seconds=60)
"""Longer than any message is on the wire."""
GATHER: Final = 0.004
"""Seconds to wait for more to mark while requests are under way."""
LOOK_EVERY: Final = 1.0
"""Seconds between two looks for what other processes wrote."""
RECOVER_EVERY: Final = 2.0
"""Seconds between two looks for claims of processes that died."""
ONE_BY_ONE_UP_TO: Final = 60.0
"""Messages a second up to which each of bulk is claimed by itself: between two there is time to send one."""
LONGEST_PAUSE: Final = 30.0
HOOK_TRIES: Final = 3


class Dispatcher:
    """Sends what is in the outbox. `run()` goes on until `stop()`, then waits for what is under way.

    Attributes:
        sent: how many messages were delivered since the start.
        in_doubt: how many came into doubt.
        dead: how many could not be delivered.
        turned_at: when it last came round, by the monotonic clock: one that is stuck stops moving it.
    """

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        *,
        clock: Clock,
        hooks: Hooks,
        presence: Presence,
        rate: float,
    ) -> None:
        """`presence` is under whose number messages are claimed; `rate` messages a second of all together."""
        self._database = database
        self._carrier = carrier
        self._clock = clock
        self._hooks = hooks
        self._presence = presence
        self._rate = rate
        self._shares_pace = rate > 0 and not database.is_sqlite
        self._pace = SendingPace()
        self._wake = asyncio.Event()
        database.listen(Topic.OUTBOX, self.wake)
        self._stopping = False
        self._outcomes: list[Outcome] = []
        self._effects: list[Callable[[AsyncConnection], Any]] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._known: set[int] = set()
        self._opener = Opener(carrier, on_opened=self.wake, on_failed=self._hold_all)
        self._look_at: float | None = 0.0
        self._looked_at = 0.0
        self._pause = 0.0
        self._paused_until = 0.0
        self._tried_again: set[int] = set()
        self._refused_since: float | None = None
        self._refused_for_good = False
        self._recovered_at: float | None = None
        self._halt_known: float | None = None
        self._halted_until = 0.0
        self.sent = 0
        self.in_doubt = 0
        self.dead = 0
        self.turned_at = time.monotonic()

    def wake(self) -> None:
        """Look into the outbox at once: something was written."""
        self._look_at = 0.0
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more; what is under way is finished."""
        self._stopping = True
        self._wake.set()

    def drop(self) -> None:
        """Stop at once: what has not left does not leave."""
        self.stop()
        self._opener.cancel()
        for task in self._under_way:
            task.cancel()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way and nothing waits to be marked."""
        return not self._under_way and not self._outcomes and not self._effects

    @property
    def is_held(self) -> bool:
        """Whether nothing is sent at the moment: Telegram wants silence, refuses the token, or is out of reach."""
        return time.monotonic() < self._held_until

    @property
    def halted_for(self) -> float:
        """For how many more seconds Telegram wants silence; 0 if it does not."""
        return max(0.0, self._halted_until - time.monotonic())

    @property
    def _held_until(self) -> float:
        return max(self._halted_until, self._paused_until)

    @property
    def _may_send(self) -> bool:
        """Whether any more message may go on the wire."""
        return not (self._stopping or self.is_held) and len(self._under_way) < AT_ONCE

    def _count_room(self, *, bulk: bool) -> int:
        """How many more messages the wire takes, over connections that are open.

        What comes again after a doubt, an answer, may wait for a connection to be opened; then it is the only one.
        """
        if not self._may_send:
            return 0
        ready = self._carrier.count_ready(AT_ONCE - len(self._under_way))
        return ready or (0 if bulk or self._under_way else 1)

    async def enqueue(self, db: AsyncConnection, said: Sequence[NewMessage], now: datetime) -> list[Outgoing]:
        """Write what a turn says, in its transaction; what of it is to be handed over as soon as that is committed."""
        leaving = 0
        if said and self._recovered_at is not None and not self._shares_pace:
            while leaving < len(said) and self._may_leave(said[leaving], now):
                leaving += 1
            leaving, self._pace = self._pace.take_slots(
                time.time(), rate=self._rate, bulk=False, most=min(leaving, self._count_room(bulk=False))
            )
        taken = await messages.enqueue_leaving(db, said[:leaving], now, self._make_claim()) if leaving else []
        await messages.enqueue(db, said[leaving:], now)
        return taken

    def _may_leave(self, message: NewMessage, now: datetime) -> bool:
        postponed = message.not_before is not None and message.not_before > now
        return not (message.kind.is_bulk or postponed or message.kind in self._hooks.before_send)

    def hand_over(self, taken: Sequence[Outgoing]) -> None:
        """Send messages that `enqueue` claimed, now that this is committed."""
        for outgoing in taken:
            self._known.add(outgoing.id)
            task = asyncio.create_task(self._deliver(outgoing))
            self._under_way.add(task)
            task.add_done_callback(self._delivered)

    async def run(self) -> None:
        """Send until stopped; database failures are waited out. Raises BadTokenForGoodError."""
        pause = 0.0
        while not (self._stopping and self.is_idle):
            self._wake.clear()
            self.turned_at = time.monotonic()
            try:
                await self.recover()
                await self.step()
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
            await self._rest()

    async def _rest(self) -> None:
        """Wait for something to do; what comes while requests are under way is gathered for a moment."""
        if self._outcomes or self._effects:
            return
        seconds = LOOK_EVERY
        if self._look_at is not None and (self._may_send or self.is_held):
            seconds = min(seconds, max(self._look_at, self._held_until) - time.monotonic())
        if seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._wake.wait()
        if self._under_way:
            await asyncio.sleep(GATHER)

    async def recover(self) -> None:
        """Decide about the messages that a dead process had claimed, at the start and, with several, ever again."""
        begun = time.monotonic()
        if self._recovered_at is not None and (
            self._database.is_sqlite or begun - self._recovered_at < RECOVER_EVERY or self._stopping
        ):
            return
        now = self._clock()
        async with self._database.write() as db:
            self._note_halt(await paces.find_pace(db))
            found = await messages.find_abandoned(db, alive=None if self._database.is_sqlite else await list_alive(db))
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
            unsent = [] if self._database.is_sqlite else await messages.find_unsent(db, self._make_claim(), self._known)
            outcomes += [
                Outcome(outgoing.id, outgoing.generation, MessageState.DUE, counted=False) for outgoing in unsent
            ]
            await messages.finish(db, outcomes, now)
        self._recovered_at = begun
        if outcomes:
            self._look_at = 0.0
        if found:
            self.in_doubt += len(found)
            logger.warning("messages in doubt after a stop", extra={"count": len(found)})

    async def step(self) -> None:
        """Mark what was sent, claim what may leave now, begin to send it."""
        looks = await self._is_to_look()
        if not (looks or self._outcomes or self._effects):
            return
        now = self._clock()
        outcomes, self._outcomes = self._outcomes, []
        effects, self._effects = self._effects, []
        claimed: list[Outgoing] = []
        try:
            async with self._database.write() as db:
                await messages.finish(db, outcomes, now)
                for effect in effects:
                    await effect(db)
                if looks:
                    claimed = await self._claim(db, now)
        except BaseException:
            self._outcomes = outcomes + self._outcomes
            self._effects = effects + self._effects
            raise
        self._known.difference_update(outcome.id for outcome in outcomes)
        self.hand_over(claimed)

    async def _is_to_look(self) -> bool:
        """Whether messages may be due: it is time, one was finished (others wait behind it), or somebody wrote some."""
        if not self._may_send:
            return False
        moment = time.monotonic()
        if self._look_at is not None:
            return self._look_at <= moment or bool(self._outcomes)
        if moment - self._looked_at < LOOK_EVERY:
            return False
        self._looked_at = moment
        async with self._database.read() as db:
            return await messages.is_due(db, self._clock())

    def _make_claim(self) -> Claim:
        return Claim(self._presence.number, LEASE, time.time())

    async def _claim(self, db: AsyncConnection, now: datetime) -> list[Outgoing]:
        """Messages to send now; sets when to look again."""
        held = await paces.lock_pace(db) if self._shares_pace else self._pace
        if self._shares_pace:
            self._note_halt(held)
            if self.is_held:
                return []
        self._looked_at = time.monotonic()
        self._look_at = None
        claim = self._make_claim()
        taken: list[Outgoing] = []
        for bulk in (False, True):
            wire = max(0, self._count_room(bulk=bulk) - len(taken))
            if bulk and 0 < self._rate <= ONE_BY_ONE_UP_TO:
                wire = min(wire, 1)
            room, _ = held.take_slots(claim.epoch, rate=self._rate, bulk=bulk, most=wire)
            found = await messages.claim(db, now, claim, most=room, bulk=bulk) if room else []
            _, held = held.take_slots(claim.epoch, rate=self._rate, bulk=bulk, most=len(found))
            for each in found:
                outgoing = await self._look_again(db, each, now)
                if outgoing is not None:
                    taken.append(outgoing)
            if wire and len(found) == room:
                wait = held.find_slot(claim.epoch, rate=self._rate, bulk=bulk) - claim.epoch
                self._look_at = self._looked_at + wait
        if self._shares_pace:
            await paces.keep_pace(db, held)
        else:
            self._pace = held
        if (self._look_at is None or not self._count_room(bulk=True) - len(taken)) and await messages.is_due(db, now):
            self._look_at = self._look_at or self._looked_at + LOOK_EVERY
            self._opener.open_more(AT_ONCE - len(self._under_way))
        return taken

    def _note_halt(self, held: SendingPace) -> None:
        """Keep the silence that is stored, once: it is a wait, whatever the clock does meanwhile."""
        if held.halt_until is not None and held.halt_until != self._halt_known:
            self._halt_known = held.halt_until
            self._halted_until = max(self._halted_until, time.monotonic() + held.halted_for(time.time()))

    def _delivered(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("sending failed unexpectedly", exc_info=task.exception())
        self._wake.set()

    async def _look_again(self, db: AsyncConnection, outgoing: Outgoing, now: datetime) -> Outgoing | None:
        """The message as it is to be sent now; None where it is dropped, postponed or cannot be delivered."""
        if outgoing.kind.is_bulk:
            chat = await chats.find_chat(db, outgoing.chat_id)
            if chat is not None and not chat.is_tried(now):
                await self._settle(db, outgoing, MessageState.DEAD, now, error="unreachable")
                return None
            if chat is not None and not chat.is_reachable:
                self._tried_again.add(outgoing.chat_id)
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

    async def _deliver(self, outgoing: Outgoing) -> None:
        """Send one message, unless sending has come to a halt meanwhile."""
        if self.is_held:
            outcome = Outcome(outgoing.id, outgoing.generation, MessageState.DUE, counted=False)
            self._look_at = 0.0
        else:
            outcome = await self._send(outgoing)
        self._outcomes.append(outcome)

    async def _send(self, outgoing: Outgoing) -> Outcome:
        try:
            message_id = await send(self._database, self._carrier, outgoing)
        except Exception as error:
            if not isinstance(error, CarrierError):
                logger.exception("message not sent", extra={"outbox": outgoing.id})
            return self._judge(outgoing, error)
        self._pause = 0.0
        self._refused_since = None
        self.sent += 1
        if outgoing.chat_id in self._tried_again:
            self._tried_again.discard(outgoing.chat_id)
            self._effects.append(lambda db: chats.note_reachable(db, outgoing.chat_id))
        return Outcome(outgoing.id, outgoing.generation, MessageState.SENT, message_id=message_id)

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
            case Effect.PAUSE | Effect.HALT | Effect.BAD_TOKEN:
                self._hold_all(verdict.effect, verdict.wait)
            case Effect.HOLD_CHAT:
                held_until = now + timedelta(seconds=verdict.wait)
                self._effects.append(lambda db: messages.hold_chat(db, outgoing.chat_id, held_until, now))
            case Effect.MIGRATED if isinstance(error, MigratedError):
                moved = error.chat_id
                self._effects.append(lambda db: self._follow(db, outgoing.chat_id, moved))
            case Effect.UNREACHABLE:
                self._effects.append(lambda db: self._lose(db, outgoing.chat_id, verdict.error, now))
        if verdict.state is MessageState.DUE:
            self._look_at = 0.0
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

    def _hold_all(self, effect: Effect, wait: float) -> None:
        """Send nothing for `wait` seconds, or for longer where it goes on."""
        moment = time.monotonic()
        match effect:
            case Effect.PAUSE:
                if moment >= self._paused_until:  # grows once for all that fail together
                    self._pause *= 1.5
                self._pause = min(LONGEST_PAUSE, max(wait, self._pause))
                self._paused_until = moment + self._pause
            case Effect.HALT:
                halted_at = time.time()
                self._halted_until = max(self._halted_until, moment + wait)
                self._effects.append(lambda db: paces.halt(db, halted_at, wait))
            case Effect.BAD_TOKEN:
                self._refused_since = self._refused_since or moment
                self._refused_for_good = moment - self._refused_since > BAD_TOKEN_FOR
                self._paused_until = moment + wait

    async def _follow(self, db: AsyncConnection, old: int, new: int) -> None:
        await chats.note_migrated(db, old, new)
        await messages.move_chat(db, old, new)

    async def _lose(self, db: AsyncConnection, chat_id: int, why: str, now: datetime) -> None:
        self._tried_again.discard(chat_id)
        if await chats.note_unreachable(db, chat_id, why, now):
            for hook in self._hooks.on_unreachable:
                await hook(db, chat_id, why, now)
