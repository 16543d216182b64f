"""Who is told what a merger did to shares of targets: those of the unit that stays, and those who handed them down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.model.shares import Changed, Goal
from storage import people, share_mergers, units
from storage.people import RoleName
from storage.units import Unit

_TOLD = frozenset({RoleName.OFFICER, RoleName.SUPERVISOR})


class MovedShare(StrEnum):
    """What happened to a unit's share, or to what it hands down."""

    CHANGED = "changed"
    GIVES_NO_MORE = "gives_no_more"
    GIVES_NOW = "gives_now"


@dataclass(frozen=True, slots=True)
class MergedShare:
    """One unit in one goal: what it was to reach and is to reach now, or what it hands down no more, or now."""

    goal: Goal
    unit_id: int
    unit_name: str
    what: MovedShare
    old: Decimal | None
    new: Decimal | None


@dataclass(frozen=True, slots=True)
class MergedTold:
    """Somebody who is told of their units, in one message; said twice (`key`), it is sent once."""

    chat_id: int
    key: str
    gone: Unit
    into: Unit
    shares: tuple[MergedShare, ...]
    on: date
    leaves_at: datetime | None


async def list_told(asking: Asking, rules: Rules, gone: Unit, into: Unit) -> tuple[MergedTold, ...]:
    """Whoever serves a unit whose share, or what it hands down, was changed by this merger; not whoever made it."""
    found = await share_mergers.list_merged_at(asking.db, gone, into, asking.now)
    names = {unit.id: unit.name for unit in (await units.get_units(asking.db, _list_concerned(found))).values()}
    moved = [each for goal, changed in found.items() for each in _say(goal, changed, gone, into, names)]
    staff = await people.list_staff_of(asking.db, sorted({each.unit_id for each in moved}), _TOLD)
    by_person: dict[tuple[int, int], set[int]] = {}
    for unit_id, person in staff:
        if person.telegram_id is not None and person.id != asking.person_id:
            by_person.setdefault((person.id, person.telegram_id), set()).add(unit_id)
    local = asking.now.astimezone(rules.zone)
    leaves_at = rules.quiet.next_allowed(local) if rules.quiet.covers(local.time()) else None
    return tuple(
        MergedTold(
            chat_id,
            f"merged:{gone.id}:{into.id}:{asking.today}:{person_id}",
            gone,
            into,
            tuple(each for each in moved if each.unit_id in own),
            asking.today,
            leaves_at,
        )
        for (person_id, chat_id), own in by_person.items()
    )


def _list_concerned(found: Mapping[Goal, Sequence[Changed]]) -> list[int]:
    every = [each for changed in found.values() for each in changed]
    givers = {share.given_by for each in every for share in (each.before, each.after) if share is not None}
    return sorted({each.after.unit_id for each in every} | {giver for giver in givers if giver is not None})


def _say(
    goal: Goal, changed: Sequence[Changed], gone: Unit, into: Unit, names: Mapping[int, str]
) -> Iterator[MergedShare]:
    known = {each.after.unit_id: each for each in changed}
    for unit_id, each in known.items():
        if unit_id != gone.id:
            name = names.get(unit_id, "")
            yield MergedShare(goal, unit_id, name, MovedShare.CHANGED, each.old, each.after.value)
    ended, stands = known.get(gone.id), known.get(into.id)
    before = ended.before.given_by if ended is not None and ended.before is not None else None
    now = stands.after.given_by if stands is not None else None
    if ended is None or before == now or goal.is_percent:
        return
    if before is not None and before not in known and before != into.id:
        yield MergedShare(goal, before, names.get(before, ""), MovedShare.GIVES_NO_MORE, ended.old, None)
    if now is not None and now not in known and stands is not None:
        yield MergedShare(goal, now, names.get(now, ""), MovedShare.GIVES_NOW, stands.old, stands.after.value)
