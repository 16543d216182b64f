"""Questions that go up to a supervisor, and the answers that come back.

The answer is a person's word to a person: it is passed on and kept nowhere, so it can never become an answer of ours.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot import access
from bot.access import Right
from bot.features.relay.taps import AskAbove
from bot.hands.asking import Asking
from bot.road.turn import Surroundings
from storage import audit, conversations, people, relays, units
from storage.engine import Database
from storage.relays import Relay, RelayState
from storage.units import Unit

A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 20
LONGEST: Final = 1500


class NotPassed(StrEnum):
    """Why a question does not go up."""

    NO_UNIT = "no unit"
    TOO_MANY = "too many"
    NOBODY_ABOVE = "nobody above"
    WAITS_ALREADY = "waits already"


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A question on its way, asked for a unit; `chats` are those of the supervisors who get it."""

    id: int
    question: str
    unit_name: str
    chats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WaitingRelay:
    """A question that somebody may answer: its id, its words, the name of whoever asked it."""

    id: int
    question: str
    asked_by: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class AnsweredRelay:
    """A question whose answer has come.

    Attributes:
        chat_id: where the answer is to go.
        asked_by: the name of whoever asked.
        unit_name: the unit for which its author answers; None for an admin by the settings.
        is_first: False where somebody else was quicker, so that this answer goes nowhere.
    """

    chat_id: int
    question: str
    asked_by: str
    unit_name: str | None
    is_first: bool


async def offer(asking: Asking, text: str) -> AskAbove | None:
    """Keep a question that nothing answers; the button that passes it on, None for whoever has nobody above."""
    if not asking.asker.held or not text.strip():
        return None
    payload = {"relay": text.strip()[:LONGEST]}
    person = asking.asker.telegram_id
    return AskAbove(await conversations.keep_button(asking.db, payload, asking.now, person_id=person))


async def pass_on(asking: Asking, token: str, admins: Collection[int]) -> PassedOn | NotPassed | None:
    """Pass on the question that a button keeps; None where it keeps none.

    Args:
        admins: the chats of the admins by the settings, who get it where nobody supervises the asker.
    """
    asker, now = asking.asker, asking.now
    kept = await conversations.find_button(asking.db, token, person_id=asker.telegram_id)
    question = str(kept.get("relay", "")) if kept else ""
    if not question:
        return None
    if not asker.held or asker.id is None:
        return NotPassed.NO_UNIT
    if await relays.count_since(asking.db, asker.id, now - A_DAY) >= MOST_A_DAY:
        return NotPassed.TOO_MANY
    unit = asker.held[0].unit
    chats = await _find_chats_above(asking, unit) or sorted(set(admins) - {asker.telegram_id})
    if not chats:
        return NotPassed.NOBODY_ABOVE
    relay, is_new = await relays.add(
        asking.db, asked_by=asker.id, chat_id=asking.chat_id, unit_id=unit.id, question=question, now=now
    )
    if not is_new:
        return NotPassed.WAITS_ALREADY
    await audit.note(asking.db, "relay.asked", now, by=asker.id, unit_id=unit.id, subject=f"relay:{relay.id}")
    return PassedOn(relay.id, question, unit.name, tuple(chats))


async def _find_chats_above(asking: Asking, unit: Unit) -> list[int]:
    """The chats of the nearest supervisors above the asker."""
    place: Unit | None = unit
    while place is not None:
        found = await people.list_supervisors(asking.db, place.id)
        joined = [each.telegram_id for each in found if each.telegram_id is not None and each.id != asking.asker.id]
        if joined:
            return joined
        place = await units.find_unit_by_id(asking.db, place.parent_id) if place.parent_id is not None else None
    return []


async def find_waiting(asking: Asking, relay_id: int) -> WaitingRelay | None:
    """A question, for whoever may answer it."""
    found = await _find_answerable(asking, relay_id)
    if found is None:
        return None
    relay, _ = found
    name = await _find_name(asking, relay.asked_by)
    return WaitingRelay(relay.id, relay.question, name, relay.state is RelayState.ANSWERED)


async def close(asking: Asking, relay_id: int) -> AnsweredRelay | None:
    """Note that somebody answers a question; None where they may not."""
    found = await _find_answerable(asking, relay_id)
    if found is None:
        return None
    relay, unit = found
    by = await access.get_acting_id(asking.db, asking.asker, asking.now)
    is_first = await relays.answer(asking.db, relay.id, by=by, now=asking.now)
    if is_first:
        subject = f"relay:{relay.id}"
        await audit.note(asking.db, "relay.answered", asking.now, by=by, unit_id=unit.id, subject=subject)
    place = next((held.unit.name for held in asking.asker.held if unit.lies_in(held.unit)), None)
    name = await _find_name(asking, relay.asked_by)
    return AnsweredRelay(relay.chat_id, relay.question, name, place, is_first)


async def _find_answerable(asking: Asking, relay_id: int) -> tuple[Relay, Unit] | None:
    """A question and the asker's unit, for whoever supervises it; nobody answers their own question."""
    relay = await relays.find(asking.db, relay_id)
    unit = await units.find_unit_by_id(asking.db, relay.unit_id) if relay is not None else None
    if relay is None or unit is None or asking.person_id == relay.asked_by:
        return None
    return (relay, unit) if asking.asker.may(Right.SUPERVISE, unit) else None


async def _find_name(asking: Asking, person_id: int) -> str:
    found = await people.find_person(asking.db, person_id)
    return found.name if found is not None else ""


PURGE_EVERY: Final = timedelta(hours=12)

forget = relays.forget_person


def join(around: Surroundings) -> None:
    """Let old questions be forgotten."""
    around.hooks.every(PURGE_EVERY, _purge, name="relays purge")


async def _purge(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await relays.purge(db, now)
