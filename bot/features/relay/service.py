"""Whom an officer turns to, questions that go up to them, and the answers that come back.

The answer is a person's word to a person: it is passed on and kept nowhere, so it can never become an answer of ours.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot import access
from bot.access import Right
from bot.features.relay.taps import AskAbove
from bot.hands.asking import Asking
from bot.road.turn import Surroundings
from storage import audit, conversations, people, relays, units
from storage.people import Person, RoleName
from storage.relays import Relay, RelayState
from storage.units import Unit

A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 20
LONGEST: Final = 1500
MOST_TOLD: Final = 5
"""Units for which /lienhe names people; more would not fit a phone."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to turn to: the role that makes them one, and the unit at which they hold it."""

    person: Person
    role: RoleName
    unit: Unit


@dataclass(frozen=True, slots=True)
class WayUp:
    """Whom somebody turns to for a unit that they serve.

    Attributes:
        above: the nearest supervisors, those who have not joined among them; an admin where no supervisor has joined.
        admins: the names of the admins by the settings, as far as known; asked only where nobody above has joined.
        can_ask: whether a question would reach anybody.
    """

    unit: Unit
    above: tuple[Contact, ...]
    admins: tuple[str, ...]
    can_ask: bool


class NotPassed(StrEnum):
    """Why a question does not go up."""

    NO_UNIT = "no unit"
    TOO_MANY = "too many"
    NOBODY_ABOVE = "nobody above"
    WAITS_ALREADY = "waits already"


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A question on its way, asked for a unit.

    Attributes:
        chats: those of the supervisors who get it.
        is_unanswered: whether the plans were asked before, and had no answer.
    """

    id: int
    question: str
    unit_name: str
    chats: tuple[int, ...]
    is_unanswered: bool


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


async def list_ways_up(asking: Asking, admins: Collection[int]) -> tuple[tuple[WayUp, ...], int]:
    """Whom the asker turns to for each of their units, and for how many more units that is not told.

    Args:
        admins: the Telegram ids of the admins by the settings.
    """
    served = list({held.unit.id: held.unit for held in asking.asker.held}.values())
    others = sorted(set(admins) - {asking.asker.telegram_id})
    known = [await people.find_by_telegram(asking.db, admin) for admin in others]
    names = tuple(person.name for person in known if person is not None and person.name)
    ways = []
    for unit in served[:MOST_TOLD]:
        above = await _find_contacts(asking, unit)
        is_reached = any(each.person.has_joined for each in above)
        ways.append(WayUp(unit, tuple(above), () if is_reached else names, is_reached or bool(others)))
    return tuple(ways), len(served) - len(ways)


def find_served(asking: Asking, unit_id: int) -> Unit | None:
    """The unit of an id from outside, if the asker serves that very unit."""
    return next((held.unit for held in asking.asker.held if held.unit.id == unit_id), None)


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
    asker = asking.asker
    kept = await conversations.find_button(asking.db, token, person_id=asker.telegram_id)
    question = str(kept.get("relay", "")) if kept else ""
    if not question:
        return None
    unit = asker.held[0].unit if asker.held else None
    return await _pass_on(asking, unit, question, admins, is_unanswered=True)


async def pass_on_written(asking: Asking, unit_id: int, text: str, admins: Collection[int]) -> PassedOn | NotPassed:
    """Pass on what the asker wrote for a unit that they serve; `admins` as for `pass_on`."""
    unit = find_served(asking, unit_id)
    return await _pass_on(asking, unit, text.strip()[:LONGEST], admins, is_unanswered=False)


async def _pass_on(
    asking: Asking, unit: Unit | None, question: str, admins: Collection[int], *, is_unanswered: bool
) -> PassedOn | NotPassed:
    asker, now = asking.asker, asking.now
    if unit is None or asker.id is None:
        return NotPassed.NO_UNIT
    if await relays.count_since(asking.db, asker.id, now - A_DAY) >= MOST_A_DAY:
        return NotPassed.TOO_MANY
    above = [each.person.telegram_id for each in await _find_contacts(asking, unit)]
    chats = [chat for chat in above if chat is not None] or sorted(set(admins) - {asker.telegram_id})
    if not chats:
        return NotPassed.NOBODY_ABOVE
    relay, is_new = await relays.add(
        asking.db, asked_by=asker.id, chat_id=asking.chat_id, unit_id=unit.id, question=question, now=now
    )
    if not is_new:
        return NotPassed.WAITS_ALREADY
    await audit.note(asking.db, "relay.asked", now, by=asker.id, unit_id=unit.id, subject=f"relay:{relay.id}")
    return PassedOn(relay.id, question, unit.name, tuple(chats), is_unanswered)


async def _find_contacts(asking: Asking, unit: Unit) -> list[Contact]:
    """Whom the asker turns to for a unit: the supervisors of the nearest unit at or above it where any has joined.

    Where none has, its admins by the same rule. Nearer ones who have not joined go before them, of one unit only.
    """
    places = [unit, *reversed(await units.list_ancestors(asking.db, unit))]
    staff = [(place, await people.list_staff(asking.db, place.id)) for place in places]
    nearest: list[Contact] = []
    for role in (RoleName.SUPERVISOR, RoleName.ADMIN):
        for place, held_there in staff:
            here = [
                Contact(person, role, place)
                for held, person in held_there
                if held.role is role and person.id != asking.asker.id
            ]
            if any(each.person.has_joined for each in here):
                known = {each.person.id for each in here}
                return [*(each for each in nearest if each.person.id not in known), *here]
            nearest = nearest or here
    return nearest


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


forget = relays.forget_person


def join(around: Surroundings) -> None:
    """Let old questions be forgotten."""
    around.hooks.stale.append(relays.stale)
