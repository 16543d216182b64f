"""The journal: pages of what was done, with the names of people and units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.access import AccessDeniedError, Right
from bot.hands.asking import Asking
from knowledge.forms import FormBook
from storage import audit, people, units
from storage.audit import CHANGED, Entry
from storage.units import Unit

SHOWN: Final = 15
MOVED: Final = "unit.moved"
"""The action whose `from` and `to` are units."""


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries, the latest first; `unit` is None for those of everywhere, names are by id: of whoever and whatever the
    entries speak of.
    """

    unit: Unit | None
    entries: tuple[Entry, ...]
    people: Mapping[int, str]
    places: Mapping[int, str]
    has_more: bool
    zone: ZoneInfo
    forms: FormBook


def list_managed(asking: Asking) -> tuple[Unit, ...] | None:
    """The topmost units whose journal somebody may read; None for everything.

    Raises:
        AccessDeniedError: there is none.
    """
    if asking.asker.is_admin:
        return None
    asking.require_anywhere(Right.MANAGE)
    return asking.asker.units(Right.MANAGE)


async def find_page(asking: Asking, unit_id: int, before: int) -> JournalPage:
    """The page that a button names.

    Raises:
        AccessDeniedError: the asker does not manage the unit, or everything for 0.
    """
    if unit_id:
        return await read_page(asking, await asking.get_unit(Right.MANAGE, unit_id), before)
    if not asking.asker.is_admin:
        raise AccessDeniedError(Right.MANAGE)
    return await read_page(asking, None, before)


async def read_page(asking: Asking, unit: Unit | None, before: int = 0) -> JournalPage:
    """What was done at a unit and below it, or everywhere, before an entry."""
    entries = await audit.list_entries(asking.db, within=unit, before_id=before or None, most=SHOWN + 1)
    shown = tuple(entries[:SHOWN])
    known = await people.get_people(asking.db, {found for each in shown for found in _list_people(each)})
    own = {each.unit_id for each in shown if each.unit_id is not None}
    places = await units.get_units(asking.db, own | {found for each in shown for found in _list_others(each)})
    return JournalPage(
        unit,
        shown,
        {each.id: each.name for each in known.values()},
        {each.id: each.name for each in places.values() if each.id in own or asking.asker.may(Right.SEE, each)},
        len(entries) > SHOWN,
        asking.zone,
        asking.forms,
    )


def find_concerned(entry: Entry) -> int | None:
    """The person something was done to, by the subject of an entry; None where it was done to something else. Pure."""
    kind, _, number = (entry.subject or "").partition(":")
    return int(number) if kind == "person" and number.isdecimal() else None


def find_sharer(key: str) -> int | None:
    """The unit whose share of a target was changed, by the key of the change; None for other changes. Pure."""
    kind, _, number = key.partition(":")
    return int(number) if kind == "share" and number.isdecimal() else None


def _list_people(entry: Entry) -> Iterator[int]:
    yield from (each for each in (entry.person_id, find_concerned(entry)) if each is not None)


def _list_others(entry: Entry) -> Iterator[int]:
    """The units beside its own that an entry speaks of."""
    keys = ("from", "to") if entry.action == MOVED else ("into",)
    yield from (each for key in keys if isinstance(each := entry.details.get(key), int))
    changed = entry.details.get(CHANGED)
    yield from (each for key in changed or () if isinstance(changed, dict) and (each := find_sharer(key)) is not None)
