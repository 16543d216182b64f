"""What units say to their shares, and what becomes of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bot.access import AccessDeniedError, Right
from bot.features.targets.giving.sources import Source, describe
from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.model.shares import Goal, SettledOpinion, Share, ShareAnswer
from storage import people, shares, units
from storage.people import Person, RoleName
from storage.units import Unit

LONGEST: Final = 500
SHORTEST: Final = 3
"""Letters: one or two are no opinion."""


@dataclass(frozen=True, slots=True)
class SharedUnit:
    """A share with its goal, whose it is and who gave it."""

    share: Share
    goal: Goal
    unit: Unit
    giver: Unit


@dataclass(frozen=True, slots=True)
class SaidOpinion:
    """An opinion that was just said, with the chats of those who decide on it."""

    about: SharedUnit
    by: str
    deciders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeptShare:
    """An opinion after which the share stays, and who hears of it."""

    about: SharedUnit
    remark: str
    hearers: tuple[Person, ...]


def is_said(text: str) -> bool:
    """Whether words say anything. Pure."""
    return sum(letter.isalpha() for letter in text) >= SHORTEST


async def _find(asking: Asking, share_id: int) -> SharedUnit | None:
    share = await shares.find_share_by_id(asking.db, share_id)
    goal = await shares.find_goal(asking.db, share.goal_id) if share is not None else None
    if share is None or goal is None or share.given_by is None:
        return None
    unit, giver = await units.get_unit(asking.db, share.unit_id), await units.get_unit(asking.db, share.given_by)
    return SharedUnit(share, goal, unit, giver)


def _list_own(asking: Asking) -> set[int]:
    """The units that somebody serves themselves: those whose shares they are told of."""
    return {held.unit.id for held in asking.asker.held if held.role in {RoleName.OFFICER, RoleName.SUPERVISOR}}


async def find_own(asking: Asking, share_id: int) -> SharedUnit | None:
    """A share that somebody may answer for its unit; None where it stands no more.

    Raises:
        AccessDeniedError: they serve neither that unit as officer nor as supervisor; whoever serves one above answers
            for that one alone.
    """
    found = await _find(asking, share_id)
    if found is None or found.unit.id not in _list_own(asking):
        raise AccessDeniedError(Right.SUBMIT)
    stands = found.share.is_current and found.share.value is not None and found.goal.closed_at is None
    return found if stands else None


async def find_opinion(asking: Asking, share_id: int) -> SharedUnit | None:
    """An opinion that somebody may decide on; None where somebody did, or the goal is followed no more.

    Raises:
        AccessDeniedError: they do not supervise the unit that gave the share.
    """
    found = await _find(asking, share_id)
    if found is None or not asking.asker.may(Right.SUPERVISE, found.giver):
        raise AccessDeniedError(Right.SUPERVISE)
    stands = found.share.is_open and found.share.is_current and found.goal.closed_at is None
    return found if stands else None


async def say_clear(asking: Asking, share_id: int) -> bool:
    """Keep that a unit has taken note; False where that, or an opinion, was said before. Raises AccessDeniedError."""
    found = await find_own(asking, share_id)
    if found is None:
        return False
    said = await shares.answer(asking.db, share_id, ShareAnswer.CLEAR, by=asking.person_id, now=asking.now)
    return said is not None


async def say_all_clear(asking: Asking, goal_id: int, giver_id: int) -> int:
    """The same for every share of a goal that the asker's very own units were given; how many were noted."""
    own = _list_own(asking)
    if not own:
        raise AccessDeniedError(Right.SUBMIT)
    given = [each for each in await shares.list_given(asking.db, goal_id, giver_id) if each.unit_id in own]
    said = [
        await shares.answer(asking.db, each.id, ShareAnswer.CLEAR, by=asking.person_id, now=asking.now)
        for each in given
    ]
    return sum(each is not None for each in said)


async def say(asking: Asking, share_id: int, text: str, admin_ids: Collection[int]) -> SaidOpinion | None:
    """Put an opinion to the supervisors of the giver; None where one was said before. Raises AccessDeniedError."""
    found = await find_own(asking, share_id)
    if found is None:
        return None
    remark = " ".join(text.split())[:LONGEST]
    share = await shares.answer(
        asking.db, share_id, ShareAnswer.OBJECTED, by=asking.person_id, now=asking.now, remark=remark
    )
    if share is None:
        return None
    await asking.note("share.objected", unit_id=found.unit.id, subject=f"share:{share.id}", details={"what": remark})
    above = await people.list_supervisors(asking.db, found.giver.id)
    chats = tuple(person.telegram_id for person in above if person.telegram_id is not None)
    about = SharedUnit(share, found.goal, found.unit, found.giver)
    return SaidOpinion(about, asking.asker.name, chats or tuple(sorted(admin_ids)))


async def keep(asking: Asking, share_id: int, text: str) -> KeptShare | None:
    """Leave the share as it is; None where somebody decided before. Raises AccessDeniedError."""
    found = await find_opinion(asking, share_id)
    if found is None:
        return None
    share = await shares.settle(asking.db, share_id, SettledOpinion.KEPT, by=asking.person_id, now=asking.now)
    if share is None:
        return None
    remark = " ".join(text.split())[:LONGEST]
    await asking.note(
        "share.kept", unit_id=found.unit.id, subject=f"share:{share.id}", details={"what": remark} if remark else {}
    )
    hearers = {
        person.id: person
        for _, person in await people.list_staff_of(asking.db, [found.unit.id], {RoleName.OFFICER, RoleName.SUPERVISOR})
    }
    if share.answered_by is not None and share.answered_by not in hearers:
        asked = await people.find_person(asking.db, share.answered_by)
        if asked is not None:
            hearers[asked.id] = asked
    return KeptShare(SharedUnit(share, found.goal, found.unit, found.giver), remark, tuple(hearers.values()))


async def find_source(asking: Asking, rules: Rules, unit: Unit, goal: Goal) -> Source:
    """A goal as a unit stands to it, to set shares of it."""
    held = await shares.find_share(asking.db, goal.id, unit.id)
    return await describe(asking, rules, goal, held.value if held is not None else None, unit)
