"""The outbox: every message to a person is a row, written in the transaction it reports on, sent by the dispatcher.

A row is claimed (`sending`) and committed before the request leaves, so that after a kill it is known which messages
may or may not have arrived.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    Interval,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Topic, announce
from storage.mail import MessageKind, NewMessage
from storage.pace import WINDOW
from storage.purge import Stale
from storage.rows import chunks, columns_of, find_all, find_one, insert_into, to_record
from storage.schema import UtcDateTime, files, outbox
from storage.tallies import Tally, tally

REPLIES_KEPT_FOR = timedelta(days=3)
BODIES_KEPT_FOR = timedelta(days=30)
DELIVERED_KEPT_FOR = timedelta(days=190)  # half a year: as long as somebody asks whether a reminder came
ROWS_KEPT_FOR = timedelta(days=400)
COMMITTED_WITHIN = 5.0  # seconds from a claim to the word that it is committed
CLOCK_SLACK = timedelta(seconds=5)  # by which a time may lie ahead before the clock is taken to have been set back


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
class Claim:
    """A claim on messages: who sends them, until when they are believed to live (PostgreSQL), and when it is made.

    Attributes:
        by: the number of the process; None while it has none, so that the claim rests on its lease alone.
        lease: after how long others may conclude that it died.
        epoch: the machine's time, for the pace of each chat.
    """

    by: int | None
    lease: timedelta
    epoch: float


_DATABASE_NOW = literal_column("clock_timestamp()", UtcDateTime())  # PostgreSQL's clock, which all processes share
_taken_columns = columns_of(Outgoing, outbox)
# What is put off waits until `not_before`, unless the clock was set back since: then nobody knows how long is meant,
# and it goes at once.
_READY = "({0}.not_before <= :now OR coalesce({0}.put_off_at, {0}.created_at) > :ahead)"
_IN_THE_WAY = f"(e.state = 'sending' OR e.attempts > 0 OR {_READY.format('e')})"
# A message waits behind an earlier one of its chat and rank that is due, on its way or waits for its next try: so only
# what is really under way is ever claimed.
_CLAIMABLE = (
    "SELECT o.id FROM outbox o WHERE o.done_at IS NULL AND o.state = 'due'"  # noqa: S608
    f" AND {_READY.format('o')} AND o.priority BETWEEN :first AND :last"
    " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.done_at IS NULL AND e.chat_id = o.chat_id"
    " AND e.priority BETWEEN :first AND o.priority AND (e.priority < o.priority OR e.id < o.id)"
    f" AND {_IN_THE_WAY})"
)
_UNHURRIED = (
    " AND NOT EXISTS (SELECT 1 FROM outbox r WHERE r.chat_id = o.chat_id AND r.slot_at <= :epoch + 5"
    " AND r.slot_at > :epoch - CASE WHEN o.chat_id < 0 THEN :group_gap ELSE :gap END)"
)
_ORDER = " ORDER BY o.priority, o.id LIMIT :most"
_NOW_AND_AHEAD = (bindparam("now", type_=UtcDateTime), bindparam("ahead", type_=UtcDateTime))
_BEHIND = text(
    "EXISTS (SELECT 1 FROM outbox e WHERE e.done_at IS NULL AND e.chat_id = :chat_id AND e.priority <= :priority"  # noqa: S608
    f" AND {_IN_THE_WAY})"
).bindparams(*_NOW_AND_AHEAD)
_IS_DUE = text(
    f"SELECT 1 FROM outbox o WHERE o.done_at IS NULL AND o.state = 'due' AND {_READY.format('o')} LIMIT 1"  # noqa: S608
).bindparams(*_NOW_AND_AHEAD)
_finish = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.generation == bindparam("claimed"), text("state = 'sending'"))
    .values(
        state=bindparam("to_state"),
        message_id=func.coalesce(bindparam("message", type_=outbox.c.message_id.type), outbox.c.message_id),
        error=bindparam("why"),
        not_before=func.coalesce(bindparam("again", type_=UtcDateTime), outbox.c.not_before),
        put_off_at=func.coalesce(bindparam("put_off", type_=UtcDateTime), outbox.c.put_off_at),
        attempts=outbox.c.attempts + bindparam("counted"),
        doubts=outbox.c.doubts + bindparam("doubted"),
        doubted_at=func.coalesce(bindparam("doubt_at", type_=UtcDateTime), outbox.c.doubted_at),
        done_at=bindparam("done", type_=UtcDateTime),
        lease_until=None,
        claimed_by=None,
    )
)


@cache
def _claim_statement(dialect: str, *, bulk: bool) -> Executable:
    """Claiming in one statement. On PostgreSQL, rows that another process is just claiming are passed over."""
    found = _CLAIMABLE + (_UNHURRIED if bulk else "") + _ORDER
    chosen = f"IN ({found})" if dialect == "sqlite" else f"= ANY(ARRAY({found} FOR UPDATE OF o SKIP LOCKED))"
    lease = "NULL" if dialect == "sqlite" else "clock_timestamp() + make_interval(secs => :lease)"
    return (
        text(
            "UPDATE outbox SET state = 'sending', generation = generation + 1, claimed_by = :by, slot_at = :epoch,"  # noqa: S608
            f" lease_until = {lease} WHERE id {chosen}"
            f" RETURNING {', '.join(column.name for column in _taken_columns)}, priority"
        )
        .bindparams(*_NOW_AND_AHEAD)
        .columns(*_taken_columns, outbox.c.priority)
    )


@cache
def _write_leaving(dialect: str) -> Executable:
    """Writing one message that leaves at once, unless another of its chat is before it."""
    new = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(outbox)
    names = ("key", "chat_id", "kind", "priority", "last_call", "body", "created_at", "claimed_by", "slot_at")
    values: dict[str, Any] = {name: bindparam(name, type_=outbox.c[name].type) for name in names}
    values |= {
        "not_before": bindparam("now", type_=UtcDateTime),
        "generation": 1,
        "state": case((_BEHIND, literal_column("'due'")), else_=literal_column("'sending'")),
    }
    if dialect != "sqlite":
        values["lease_until"] = _DATABASE_NOW + bindparam("lease", type_=Interval)
    return new.values(values).on_conflict_do_nothing().returning(outbox.c.id, outbox.c.state)


def _moments(now: datetime) -> dict[str, object]:
    """The parameters of `_READY`."""
    return {"now": now, "ahead": now + CLOCK_SLACK}


def _to_row(message: NewMessage, now: datetime) -> dict[str, object]:
    return {
        "key": message.key,
        "chat_id": message.chat_id,
        "kind": message.kind.value,
        "priority": message.kind.priority,
        "last_call": message.last_call,
        "body": message.body,
        "created_at": now,
    }


async def enqueue(db: AsyncConnection, new: Sequence[NewMessage], now: datetime) -> None:
    """Write messages into the outbox, in this order; one whose key is known already is left out."""
    if not new:
        return
    announce(db, Topic.OUTBOX)
    rows = [_to_row(message, now) | {"not_before": message.not_before or now} for message in new]
    await db.execute(insert_into(db, outbox).on_conflict_do_nothing(), rows)


async def enqueue_leaving(
    db: AsyncConnection, new: Sequence[NewMessage], now: datetime, claim: Claim
) -> list[Outgoing]:
    """Write messages that the caller sends as soon as this is committed; returns those of them that it may send.

    The others wait behind an earlier message of their chat, and are due; one whose key is known already is left out.
    """
    taken = []
    for message in new:
        values = _to_row(message, now) | _moments(now) | {"claimed_by": claim.by, "slot_at": claim.epoch}
        if db.dialect.name != "sqlite":
            values["lease"] = claim.lease
        row = (await db.execute(_write_leaving(db.dialect.name), values)).first()
        if row is not None and row.state != MessageState.SENDING.value:
            announce(db, Topic.OUTBOX)
        elif row is not None:
            taken.append(
                Outgoing(
                    row.id, message.chat_id, message.kind, message.key, message.body, 0, 0, 1, message.last_call, now
                )
            )
    return taken


async def claim(db: AsyncConnection, now: datetime, claim: Claim, *, most: int, bulk: bool) -> list[Outgoing]:
    """Claim the next due messages, at most one a chat; the claim is in the row before anything is sent.

    Args:
        now: the product's time, against which `not_before` is held.
        bulk: reminders and broadcasts (one a chat and second) instead of replies and receipts.
    """
    values = _moments(now) | {"by": claim.by, "epoch": claim.epoch}
    values |= {"first": 1 if bulk else 0, "last": 2 if bulk else 0, "most": most}
    if bulk:
        values |= {"gap": WINDOW, "group_gap": 3 * WINDOW}
    if db.dialect.name != "sqlite":
        values["lease"] = claim.lease.total_seconds()
    rows = await db.execute(_claim_statement(db.dialect.name, bulk=bulk), values)
    return [to_record(Outgoing, row) for row in sorted(rows, key=lambda row: (row.priority, row.id))]


async def finish(db: AsyncConnection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write the outcomes of claimed messages. A claim that was taken over meanwhile changes nothing."""
    if not outcomes:
        return
    for outcome in outcomes:
        if outcome.state.is_final:
            tally(db, Tally.DELIVERY, outcome.state.value)
        elif outcome.counted or outcome.doubted:
            tally(db, Tally.RETRY)
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
                "put_off": now if outcome.again_at is not None else None,
                "counted": int(outcome.counted),
                "doubted": int(outcome.doubted),
                "doubt_at": now if outcome.doubted else None,
                "done": now if outcome.state.is_final else None,
            }
            for outcome in outcomes
        ],
    )


async def find_abandoned(db: AsyncConnection, *, alive: Collection[int] | None = None) -> list[Outgoing]:
    """Messages claimed by a process that died.

    Args:
        alive: the numbers of all living processes; others' claims are free at once, theirs when the lease ran out. None
            where no other process can be: then every claim is of one that died.
    """
    query = select(*_taken_columns).where(outbox.c.done_at.is_(None), outbox.c.state == MessageState.SENDING.value)
    if alive is not None:
        free: list[ColumnElement[bool]] = [outbox.c.claimed_by.not_in(alive)]
        if db.dialect.name != "sqlite":
            free.append(outbox.c.lease_until < _DATABASE_NOW)
        query = query.where(or_(*free)).with_for_update(skip_locked=True)
    return await find_all(db, Outgoing, query.order_by(outbox.c.id))


async def find_unsent(db: AsyncConnection, claim: Claim, known: Collection[int]) -> list[Outgoing]:
    """Messages that this process claimed and knows nothing of: their commit was answered by nobody, so none was sent.

    Args:
        known: the ids of those that are on their way or about to be marked.
    """
    query = select(*_taken_columns).where(
        outbox.c.done_at.is_(None),
        outbox.c.state == MessageState.SENDING.value,
        outbox.c.claimed_by == claim.by,
        outbox.c.slot_at < claim.epoch - COMMITTED_WITHIN,
        outbox.c.id.not_in(known),
    )
    return await find_all(db, Outgoing, query.order_by(outbox.c.id))


async def is_due(db: AsyncConnection, now: datetime) -> bool:
    """Whether any message may leave now, as far as its own time goes."""
    return await db.scalar(_IS_DUE, _moments(now)) is not None


async def move_chat(db: AsyncConnection, old: int, new: int) -> None:
    """Readdress unsent messages: a group became a supergroup."""
    await db.execute(update(outbox).where(outbox.c.chat_id == old, outbox.c.done_at.is_(None)).values(chat_id=new))


async def hold_chat(db: AsyncConnection, chat_id: int, until: datetime, now: datetime) -> None:
    """Send nothing to this chat before `until`: Telegram limits each group by itself."""
    await db.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.done_at.is_(None), outbox.c.not_before < until)
        .values(not_before=until, put_off_at=now)
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
    announce(db, Topic.OUTBOX)
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
    tally(db, Tally.DELIVERY, MessageState.DROPPED.value, times=changed.rowcount)
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


async def forget_chat(db: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Empty what a chat was told, and drop what has not been sent; what is on its way empties with the purge."""
    theirs = outbox.c.chat_id == chat_id
    await db.execute(
        update(outbox)
        .where(theirs, outbox.c.state == MessageState.DUE.value)
        .values(state=MessageState.DROPPED.value, done_at=now)
    )
    await db.execute(update(outbox).where(theirs, outbox.c.done_at.is_not(None)).values(body=""))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: replies that were sent after three days, the text of all others after thirty; that others
    were sent, after half a year, and that one was not or may not have been, after a year.
    """
    delivered = outbox.c.state.in_((MessageState.SENT.value, MessageState.DROPPED.value))
    sent_replies = and_(
        outbox.c.done_at < now - REPLIES_KEPT_FOR,
        outbox.c.kind == MessageKind.REPLY.value,
        delivered,
    )
    bodies = and_(outbox.c.done_at < now - BODIES_KEPT_FOR, outbox.c.body != "")
    return [
        Stale(outbox, sent_replies, along=outbox.c.done_at),
        Stale(outbox, bodies, along=outbox.c.done_at, emptied={"body": ""}),
        Stale(outbox, and_(outbox.c.done_at < now - DELIVERED_KEPT_FOR, delivered), along=outbox.c.done_at),
        Stale(outbox, outbox.c.done_at < now - ROWS_KEPT_FOR, along=outbox.c.done_at),
        Stale(files, files.c.created_at < now - BODIES_KEPT_FOR, along=files.c.created_at),
    ]
