"""The outbox: every message to a person is a row, written in the transaction it reports on, sent by the dispatcher.

A row is claimed (`sending`) and committed before the request leaves, so that after a kill it is known which messages
may or may not have arrived.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, literal_column, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.mail import MessageKind, NewMessage
from storage.rows import chunks, columns_of, find_all, find_one, insert_into, to_record
from storage.schema import UtcDateTime, files, outbox, pace

REPLIES_KEPT_FOR = timedelta(days=3)
BODIES_KEPT_FOR = timedelta(days=30)
ROWS_KEPT_FOR = timedelta(days=800)
SLOTS_UP_TO_RATE = 200  # beyond this many messages a second, slots are spaced evenly instead of remembered
WINDOW = 1.05  # seconds in which at most `rate` messages leave; a little over one, for the jitter of the network


class MessageState(StrEnum):
    """The state of a message. The last four are final."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    DOUBT = "doubt"
    DEAD = "dead"
    DROPPED = "dropped"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will be done with it."""
        return self not in (MessageState.DUE, MessageState.SENDING)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that the dispatcher has claimed."""

    id: int
    chat_id: int
    kind: MessageKind
    key: str | None
    body: str
    attempts: int
    doubts: int
    generation: int
    last_call: bool
    created_at: datetime


class Outcome(NamedTuple):
    """The outcome of a claimed message; written only where `generation` is still the claim's own.

    `counted` adds a try, `doubted` a doubt. `again_at` None keeps the old time.
    """

    id: int
    generation: int
    state: MessageState
    message_id: int | None = None
    error: str | None = None
    again_at: datetime | None = None
    counted: bool = True
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of a message: its state, with tries, doubts and times."""

    key: str | None
    chat_id: int
    kind: MessageKind
    state: MessageState
    message_id: int | None
    error: str | None
    attempts: int
    doubts: int
    created_at: datetime
    doubted_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class SendingPace:
    """The common clock of sending: recent slots (epoch seconds, oldest first) and until when Telegram wants silence."""

    slots: tuple[float, ...] = ()
    halt_until: float | None = None


_taken_columns = columns_of(Outgoing, outbox)
# A message waits behind an earlier one of its chat and rank that is due, on its way or waits for its next try: so only
# what is really under way is ever claimed.
_claimable = (
    "SELECT o.id FROM outbox o WHERE o.done_at IS NULL AND o.state = 'due' AND o.not_before <= :now"
    " AND o.priority BETWEEN :first AND :last"
    " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.done_at IS NULL AND e.chat_id = o.chat_id"
    " AND e.priority BETWEEN :first AND o.priority AND (e.priority < o.priority OR e.id < o.id)"
    " AND (e.state = 'sending' OR e.attempts > 0 OR e.not_before <= :now))"
)
_unhurried = (
    " AND NOT EXISTS (SELECT 1 FROM outbox r WHERE r.chat_id = o.chat_id"
    " AND r.slot_at > CASE WHEN o.chat_id < 0 THEN :group_since ELSE :since END)"
)
_claim_replies = text(_claimable + " ORDER BY o.priority, o.id LIMIT :most").bindparams(
    bindparam("now", type_=UtcDateTime)
)
_claim_bulk = text(_claimable + _unhurried + " ORDER BY o.priority, o.id LIMIT :most").bindparams(
    bindparam("now", type_=UtcDateTime)
)
_mark_sqlite_claim = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="sending",
        generation=outbox.c.generation + 1,
        lease_until=bindparam("lease", type_=UtcDateTime),
        slot_at=bindparam("slot"),
    )
    .returning(*_taken_columns)
)
_slot = update(outbox).where(outbox.c.id == bindparam("row")).values(slot_at=bindparam("slot"))
_finish = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.generation == bindparam("claimed"), text("state = 'sending'"))
    .values(
        state=bindparam("to_state"),
        message_id=func.coalesce(bindparam("message", type_=outbox.c.message_id.type), outbox.c.message_id),
        error=bindparam("why"),
        not_before=func.coalesce(bindparam("again", type_=UtcDateTime), outbox.c.not_before),
        attempts=outbox.c.attempts + bindparam("counted"),
        doubts=outbox.c.doubts + bindparam("doubted"),
        doubted_at=func.coalesce(bindparam("doubt_at", type_=UtcDateTime), outbox.c.doubted_at),
        done_at=bindparam("done", type_=UtcDateTime),
        lease_until=None,
    )
)


async def enqueue(db: AsyncConnection, new: Sequence[NewMessage], now: datetime) -> None:
    """Write messages into the outbox, in this order; one whose key is known already is left out."""
    if not new:
        return
    rows = [
        {
            "key": message.key,
            "chat_id": message.chat_id,
            "kind": message.kind.value,
            "priority": message.kind.priority,
            "last_call": message.last_call,
            "body": message.body,
            "not_before": message.not_before or now,
            "created_at": now,
        }
        for message in new
    ]
    await db.execute(insert_into(db, outbox).on_conflict_do_nothing(), rows)


async def lock_pace(db: AsyncConnection) -> SendingPace:
    """The common pace, locked by this transaction: claims of all processes go one after the other."""
    query = select(pace.c.slots, pace.c.halt_until).where(pace.c.name == "send")
    row = (await db.execute(query.with_for_update())).first()
    if row is None:
        await db.execute(insert_into(db, pace).values(name="send", slots="[]").on_conflict_do_nothing())
        return await lock_pace(db)
    return SendingPace(tuple(json.loads(row.slots)), row.halt_until)


async def keep_pace(db: AsyncConnection, kept: SendingPace) -> None:
    """Store a changed pace; `lock_pace` comes before."""
    await db.execute(
        update(pace)
        .where(pace.c.name == "send")
        .values(slots=json.dumps([round(slot, 4) for slot in kept.slots]), halt_until=kept.halt_until)
    )


async def halt(db: AsyncConnection, until: float) -> None:
    """Stop all sending until `until` (epoch seconds), across restarts."""
    held = await lock_pace(db)
    if held.halt_until is None or held.halt_until < until:
        await keep_pace(db, SendingPace(held.slots, until))


def decide_slots(
    held: SendingPace, now: float, *, rate: float, count: int, spread: bool
) -> tuple[list[float], SendingPace]:
    """When the next `count` messages may leave (epoch seconds), and the pace after them. Pure.

    At most `rate` slots lie in any window of a little over a second, for all kinds together.

    Args:
        rate: messages a second; 0 for no limit.
        spread: keep even gaps (bulk) instead of spending the window at once (replies).
    """
    if rate <= 0:
        return [now] * count, held
    recent = list(held.slots)
    if recent and recent[-1] > now + 60:  # the wall clock was set back
        recent = []
    gap = WINDOW / rate
    if rate > SLOTS_UP_TO_RATE:
        last = recent[-1] if recent else 0.0
        given = []
        for _ in range(count):
            last = max(now, last + gap)
            given.append(last)
        return given, SendingPace((last,), held.halt_until)
    window = max(1, int(rate))
    given = []
    for _ in range(count):
        slot = max(now, recent[-1] if recent else now)
        if len(recent) >= window:
            slot = max(slot, recent[-window] + WINDOW)
        if spread and recent:
            slot = max(slot, recent[-1] + gap)
        given.append(slot)
        recent.append(slot)
    return given, SendingPace(tuple(recent[-window:]), held.halt_until)


async def claim(
    db: AsyncConnection,
    now: datetime,
    *,
    most: int,
    lease: timedelta,
    bulk: bool,
    epoch: float | None = None,
) -> list[Outgoing]:
    """Claim the next due messages, at most one a chat; the claim is in the row before anything is sent.

    Args:
        now: the product's time, against which `not_before` is held.
        bulk: reminders and broadcasts (one a chat and second) instead of replies and receipts.
        lease: after how long another process may conclude that this one died (PostgreSQL).
        epoch: the machine's time, for the pace; now by default.
    """
    since = time.time() if epoch is None else epoch
    statement = _claim_bulk if bulk else _claim_replies
    values: dict[str, object] = {"now": now, "first": 1 if bulk else 0, "last": 2 if bulk else 0, "most": most}
    if bulk:
        values |= {"since": since - WINDOW, "group_since": since - 3 * WINDOW}
    ids = list((await db.execute(statement, values)).scalars())
    if not ids:
        return []
    held_until = await _database_now(db) + lease
    rows = await db.execute(_mark_sqlite_claim, {"ids": ids, "lease": held_until, "slot": since})
    taken = [to_record(Outgoing, row) for row in rows]
    order = {row: place for place, row in enumerate(ids)}
    return sorted(taken, key=lambda outgoing: order[outgoing.id])


async def keep_slots(db: AsyncConnection, slots: Sequence[tuple[int, float]]) -> None:
    """Note when claimed messages are to leave, where that is not at once: the per-chat pace reads it."""
    if slots:
        await db.execute(_slot, [{"row": row, "slot": slot} for row, slot in slots])


async def finish(db: AsyncConnection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write the outcomes of claimed messages. A claim that was taken over meanwhile changes nothing."""
    if not outcomes:
        return
    await db.execute(
        _finish,
        [
            {
                "row": outcome.id,
                "claimed": outcome.generation,
                "to_state": outcome.state.value,
                "message": outcome.message_id,
                "why": outcome.error[:200] if outcome.error else None,
                "again": outcome.again_at,
                "counted": int(outcome.counted),
                "doubted": int(outcome.doubted),
                "doubt_at": now if outcome.doubted else None,
                "done": now if outcome.state.is_final else None,
            }
            for outcome in outcomes
        ],
    )


async def find_abandoned(db: AsyncConnection, *, every: bool) -> list[Outgoing]:
    """Messages claimed by a process that died: those whose lease ran out, or `every` where no other process can be."""
    query = select(*_taken_columns).where(outbox.c.done_at.is_(None), outbox.c.state == MessageState.SENDING.value)
    if not every:
        query = query.where(outbox.c.lease_until < await _database_now(db)).with_for_update(skip_locked=True)
    return await find_all(db, Outgoing, query.order_by(outbox.c.id))


async def move_chat(db: AsyncConnection, old: int, new: int) -> None:
    """Readdress unsent messages: a group became a supergroup."""
    await db.execute(update(outbox).where(outbox.c.chat_id == old, outbox.c.done_at.is_(None)).values(chat_id=new))


async def hold_chat(db: AsyncConnection, chat_id: int, until: datetime) -> None:
    """Send nothing to this chat before `until`: Telegram limits each group by itself."""
    await db.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.done_at.is_(None), outbox.c.not_before < until)
        .values(not_before=until)
    )


async def count_open(db: AsyncConnection, now: datetime) -> int:
    """How many messages are due or on their way."""
    return (
        await db.scalar(
            select(func.count()).select_from(outbox).where(outbox.c.done_at.is_(None), outbox.c.not_before <= now)
        )
        or 0
    )


async def count_by_state(db: AsyncConnection) -> dict[MessageState, int]:
    """How many messages are in each state."""
    found = await db.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {MessageState(state): count for state, count in found}


_delivery_columns = columns_of(Delivery, outbox)


async def find_delivery(db: AsyncConnection, key: str) -> Delivery | None:
    """The delivery of the message with this key; None where none was written, or its row was purged."""
    return await find_one(db, Delivery, select(*_delivery_columns).where(outbox.c.key == key))


async def find_deliveries(db: AsyncConnection, keys: Collection[str]) -> dict[str, Delivery]:
    """The deliveries of the messages with these keys; those unknown are left out."""
    found: dict[str, Delivery] = {}
    for some in chunks(keys):
        rows = await db.execute(select(*_delivery_columns).where(outbox.c.key.in_(some)))
        for row in rows:
            found[row.key] = to_record(Delivery, row)
    return found


async def list_troubled(db: AsyncConnection, *, since: datetime, most: int = 100) -> list[Delivery]:
    """Messages that are or were in doubt, or could not be delivered, the latest first."""
    rows = await db.execute(
        select(*_delivery_columns)
        .where(
            or_(
                outbox.c.state.in_((MessageState.DOUBT.value, MessageState.DEAD.value)),
                outbox.c.doubted_at.is_not(None),
            ),
            outbox.c.created_at >= since,
        )
        .order_by(outbox.c.id.desc())
        .limit(most)
    )
    return [to_record(Delivery, row) for row in rows]


async def find_message_id(db: AsyncConnection, key: str) -> int | None:
    """Telegram's number of the sent message with this key, for editing it."""
    found: int | None = await db.scalar(select(outbox.c.message_id).where(outbox.c.key == key))
    return found


async def reword(db: AsyncConnection, message: NewMessage, now: datetime) -> None:
    """Give the message of that key another text and let it go; nothing where it was claimed already."""
    await db.execute(
        update(outbox)
        .where(outbox.c.key == message.key, outbox.c.state == MessageState.DUE.value, outbox.c.done_at.is_(None))
        .values(body=message.body, not_before=now)
    )


async def withdraw(db: AsyncConnection, key: str, now: datetime) -> bool:
    """Delete a message that was not claimed yet; False where it was, or never existed."""
    changed = await db.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.state == MessageState.DUE.value, outbox.c.done_at.is_(None))
        .values(state=MessageState.DROPPED.value, done_at=now, error="withdrawn")
    )
    return changed.rowcount > 0


async def keep_file(db: AsyncConnection, sha256: str, content: bytes, now: datetime) -> None:
    """Keep a photo or document until the messages that carry it are gone."""
    new = insert_into(db, files).values(sha256=sha256, content=content, created_at=now)
    await db.execute(new.on_conflict_do_update(index_elements=["sha256"], set_={"created_at": now}))


async def get_file(db: AsyncConnection, sha256: str) -> bytes:
    """The content kept under this hash; raises LookupError where it is gone."""
    content: bytes | None = await db.scalar(select(files.c.content).where(files.c.sha256 == sha256))
    if content is None:
        raise LookupError(f"no file {sha256[:12]}")
    return content


async def purge(db: AsyncConnection, now: datetime) -> None:
    """Remove sent replies after three days, the text of all else after thirty, the rows after two years."""
    await db.execute(
        delete(outbox).where(
            outbox.c.done_at < now - REPLIES_KEPT_FOR,
            outbox.c.kind == MessageKind.REPLY.value,
            outbox.c.state.in_((MessageState.SENT.value, MessageState.DROPPED.value)),
        )
    )
    await db.execute(
        update(outbox).where(outbox.c.done_at < now - BODIES_KEPT_FOR, outbox.c.body != "").values(body="")
    )
    await db.execute(delete(outbox).where(outbox.c.done_at < now - ROWS_KEPT_FOR))
    await db.execute(delete(files).where(files.c.created_at < now - BODIES_KEPT_FOR))


async def _database_now(db: AsyncConnection) -> datetime:
    """The time by the database's clock, which all processes share; on SQLite, of one process, by the machine's."""
    if db.dialect.name == "sqlite":
        return datetime.now().astimezone()
    found: datetime = (await db.execute(select(literal_column("clock_timestamp()", UtcDateTime())))).scalar_one()
    return found
