"""Broadcasts: drafted, shown, confirmed; then written in portions, behind every reply and reminder, and counted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import Right
from bot.features.broadcasts.dialogs import BroadcastDraft
from bot.hands.asking import Asking
from bot.hands.scopes import (
    Addressed,
    OfferedScopes,
    ScopeChoice,
    find_addressed,
    get_chosen_scope,
    get_whole_scope,
    may_choose_other,
    offer_scopes,
)
from bot.road.reply import Reply, to_messages
from bot.rules import Rules
from knowledge.addressees import list_addressed
from knowledge.model.broadcasts import BroadcastAudience
from storage import audit, broadcasts, messages
from storage.broadcasts import Broadcast, Counts, Stage, Unreached
from storage.messages import MessageState
from storage.units import Unit

EVERY: Final = timedelta(seconds=3)
PEOPLE_AT_ONCE: Final = 500
UNREACHED_SHOWN: Final = 20
SHOWN_STEPS: Final = 20
"""How often at most the message that shows the progress is changed."""


@dataclass(frozen=True, slots=True)
class Departure:
    """When what waits for the quiet hours to end is sent (local); `overnight` where that is tomorrow."""

    at: datetime
    overnight: bool


@dataclass(frozen=True, slots=True)
class BroadcastPreview:
    """A broadcast before it is sent.

    Attributes:
        sender: the name of the unit in whose name it is sent.
        counts: how many people each choice reaches.
        leaves: when it would be sent; None for at once.
    """

    words: str
    sender: str
    unit_name: str
    to: BroadcastAudience
    counts: Mapping[BroadcastAudience, int]
    token: str
    may_narrow: bool = False
    leaves: Departure | None = None


@dataclass(frozen=True, slots=True)
class ConfirmedBroadcast:
    """A broadcast that was just confirmed: to how many people it goes, and when (None: at once)."""

    expected: int
    progress_key: str
    leaves: Departure | None


# Writing one ---------------------------------------------------------------------------------------------------------


async def begin(asking: Asking) -> BroadcastDraft:
    """An empty draft for the whole of what somebody supervises; raises AccessDeniedError."""
    unit = await get_whole_scope(asking)
    return BroadcastDraft(unit.id, BroadcastAudience.OFFICERS, "", secrets.token_urlsafe(9))


async def choose_scope(asking: Asking, draft: BroadcastDraft, choice: ScopeChoice) -> BroadcastDraft:
    """The draft for another part of the tree; raises AccessDeniedError."""
    unit = await get_chosen_scope(asking, draft.unit, choice)
    return msgspec.structs.replace(draft, unit=unit.id, choosing=False)


async def take_addressees(
    asking: Asking, draft: BroadcastDraft, text: str, *, is_asking: bool = False
) -> Addressed[BroadcastDraft]:
    """The draft for the units that stand before the colon of a notice, "cho các CĐCS khu Bắc: …"; else its words all.

    Raises AccessDeniedError.

    Args:
        is_asking: whether what stands before the colon asks for the notice, and is no part of it.
    """
    head, _, words = (part.strip() for part in text.partition(":"))
    whole = Addressed(draft, words if is_asking else text)
    read = [who for before, who in list_addressed(head) if is_asking or not before]
    who = next((each for each in read if each.is_sure), read[0] if read else None)
    if who is None or not (words or is_asking):
        return whole
    if not who.unit:
        return Addressed(draft, words)
    found = await find_addressed(asking, who)
    if len(found) == 1:
        return Addressed(msgspec.structs.replace(draft, unit=found[0].id), words)
    if not who.is_sure or not words:
        return whole
    offered = OfferedScopes(found) if found else await offer_scopes(asking, draft.unit)
    return Addressed(draft, words, offered, who.said)


async def preview(asking: Asking, rules: Rules, draft: BroadcastDraft) -> BroadcastPreview:
    """What a draft comes to now; raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, draft.unit)
    maker = asking.person_id or 0
    counts = {to: await broadcasts.count_readers(asking.db, unit.path, to, without=maker) for to in BroadcastAudience}
    return BroadcastPreview(
        draft.words,
        await _find_sender(asking, unit),
        unit.name,
        draft.to,
        counts,
        draft.token,
        await may_choose_other(asking, unit),
        find_departure(rules, asking.now),
    )


async def _find_sender(asking: Asking, unit: Unit) -> str:
    """The name of the unit for which the asker supervises `unit`, which is the one that speaks."""
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    return next((top.name for top in tops if unit.lies_in(top)), unit.name)


async def confirm(asking: Asking, rules: Rules, draft: BroadcastDraft) -> ConfirmedBroadcast | None:
    """Have it sent; None where it was confirmed before. Raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, draft.unit)
    made_by = (await asking.as_actor()).person_id or 0
    expected = await broadcasts.count_readers(asking.db, unit.path, draft.to, without=made_by)
    broadcast, is_new = await broadcasts.confirm(
        asking.db,
        unit_id=unit.id,
        to=draft.to,
        words=draft.words,
        made_by=made_by,
        chat_id=asking.chat_id,
        token=draft.token,
        expected=expected,
        now=asking.now,
        sender=await _find_sender(asking, unit),
    )
    if not is_new:
        return None
    await audit.note(
        asking.db,
        "broadcast.confirmed",
        asking.now,
        by=made_by,
        unit_id=unit.id,
        subject=str(broadcast.id),
        details={"to": draft.to.value, "expected": expected},
    )
    return ConfirmedBroadcast(expected, broadcast.progress_key, find_departure(rules, asking.now))


async def was_confirmed(asking: Asking, token: str) -> bool:
    """Whether a broadcast of that token was confirmed."""
    return await broadcasts.find_by_token(asking.db, token) is not None


# Carrying it out -----------------------------------------------------------------------------------------------------


def find_departure(rules: Rules, now: datetime) -> Departure | None:
    """When a broadcast may leave, where that is not at once: quiet hours are everybody's."""
    local = now.astimezone(rules.zone)
    if not rules.quiet.covers(local.time()):
        return None
    at = rules.quiet.next_allowed(local)
    return Departure(at, at.date() > local.date())


async def spread(db: AsyncConnection, rules: Rules, broadcast: Broadcast, said: Reply, now: datetime) -> bool:
    """Write the messages for the next people; False where everyone has one."""
    readers = await broadcasts.take_next(db, broadcast, PEOPLE_AT_ONCE)
    leaves = find_departure(rules, now)
    new = [
        message
        for _, chat_id, key in readers
        for message in to_messages(chat_id, replace(said, key=key, not_before=leaves.at if leaves else None))
    ]
    await messages.enqueue(db, new, now)
    return bool(readers)


@dataclass(frozen=True, slots=True)
class BroadcastProgress:
    """How far a broadcast has come; `is_done` where every message is settled, and then whom it did not reach."""

    counts: Counts
    is_done: bool
    unreached: Unreached


async def find_news(db: AsyncConnection, rules: Rules, broadcast: Broadcast, now: datetime) -> BroadcastProgress | None:
    """What is worth telling of a broadcast that has not been told; told now, it is not told again."""
    counts = await broadcasts.count(db, broadcast.id)
    is_done = broadcast.stage is Stage.SPREAD and counts.open == 0
    step = counts.done * SHOWN_STEPS // max(1, broadcast.expected)
    told = "done" if is_done else str(step)
    if told == (broadcast.told or "0"):
        return None
    shown = await messages.find_delivery(db, broadcast.progress_key)
    if not is_done and (shown is None or shown.state is not MessageState.SENT):
        return None
    await broadcasts.note_told(db, broadcast.id, told, done_at=now if is_done else None)
    if not is_done:
        return BroadcastProgress(counts, is_done, Unreached())
    unreached = await broadcasts.find_unreached(db, broadcast, rules.today(now), most=UNREACHED_SHOWN)
    return BroadcastProgress(counts, is_done, unreached)
