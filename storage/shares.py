"""Targets handed down: goals, and the shares of units in them, every version kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.plans import PERCENT
from knowledge.model.shares import Changed, Goal, HeldShare, SettledOpinion, Share, ShareAnswer
from storage.rows import chunks, columns_of, find_all, find_of_id, is_id, to_record
from storage.schema import goals, shares, units
from storage.submissions import from_stored, to_stored
from storage.units import Unit, fold_name, path_ids

_GOAL: Final = columns_of(Goal, goals)
_SHARE: Final = columns_of(Share, shares)
_YEARS: Final = range(1, 10_000)


def _to_share(row: Any) -> Share:
    return to_record(Share, row, value=None if row.value is None else from_stored(row.value))


async def find_shares(db: AsyncConnection, *conditions: ColumnElement[bool]) -> list[Share]:
    """The versions that fit some conditions, in the order in which they were written."""
    rows = await db.execute(select(*_SHARE).where(*conditions).order_by(shares.c.id))
    return [_to_share(row) for row in rows]


# --- Goals -----------------------------------------------------------------------------------------------------------


async def add_goal(
    db: AsyncConnection,
    owner: Unit,
    *,
    year: int,
    name: str,
    measured_in: str,
    by: int | None,
    now: datetime,
    indicator: str | None = None,
    plan_id: str | None = None,
    target: str | None = None,
) -> Goal:
    """A goal of a unit; the one it has open already where that is the same target, or has the same name and measure."""
    if db.dialect.name != "sqlite":  # one at a time, so that nobody opens it twice
        await db.execute(select(units.c.id).where(units.c.id == owner.id).with_for_update())
    wanted = Goal(0, owner.id, year, name[:250], measured_in[:60], plan_id=plan_id, target=target)
    for known in await list_goals(db, owner.id, year):
        if is_same_goal(known, wanted):
            return known
    row = await db.execute(
        insert(goals)
        .values(
            unit_id=owner.id,
            year=year,
            name=wanted.name,
            measured_in=wanted.measured_in,
            indicator=indicator,
            plan_id=plan_id,
            target=target,
            created_by=by,
            created_at=now,
        )
        .returning(*_GOAL)
    )
    return to_record(Goal, row.one())


def is_same_goal(one: Goal, other: Goal) -> bool:
    """Whether two goals are the same target of a plan, or have the same name and measure. Pure."""
    if (one.year, one.plan_id, one.target, one.measured_in) != (
        other.year,
        other.plan_id,
        other.target,
        other.measured_in,
    ):
        return False
    return one.plan_id is not None or fold_name(one.name) == fold_name(other.name)


async def find_goal(db: AsyncConnection, goal_id: int) -> Goal | None:
    """The goal of that id, for ids that somebody else sent."""
    return await find_of_id(db, Goal, select(*_GOAL), goals.c.id, goal_id)


async def list_goals(db: AsyncConnection, unit_id: int, year: int) -> list[Goal]:
    """The goals that a unit owns and that are open, the oldest first; none of a year that cannot be one."""
    if year not in _YEARS:
        return []
    query = select(*_GOAL).where(goals.c.unit_id == unit_id, goals.c.year == year, goals.c.closed_at.is_(None))
    return await find_all(db, Goal, query.order_by(goals.c.id))


async def list_goals_of(db: AsyncConnection, unit: Unit, year: int) -> list[HeldShare]:
    """What a unit is to reach in a year, the oldest goal first; of closed goals nothing.

    A count only where it was given to the unit or is its own; a percentage from the nearest unit above that has one.
    Nothing of a year that cannot be one: any number may be asked for.
    """
    if year not in _YEARS:
        return []
    query = (
        select(*(column.label(f"goal_{column.name}") for column in _GOAL), *_SHARE)
        .join(goals, goals.c.id == shares.c.goal_id)
        .where(
            shares.c.unit_id.in_(path_ids(unit.path)),
            shares.c.is_current,
            shares.c.value.is_not(None),
            goals.c.year == year,
            goals.c.closed_at.is_(None),
            or_(shares.c.unit_id == unit.id, goals.c.measured_in == PERCENT),
        )
    )
    nearest: dict[int, HeldShare] = {}
    depth = {unit_id: place for place, unit_id in enumerate(path_ids(unit.path))}
    for row in await db.execute(query):
        held = HeldShare(Goal(*row[: len(_GOAL)]), _to_share(row))
        known = nearest.get(held.goal.id)
        if known is None or depth[held.share.unit_id] > depth[known.share.unit_id]:
            nearest[held.goal.id] = held
    return [nearest[goal_id] for goal_id in sorted(nearest)]


async def close_goal(db: AsyncConnection, goal_id: int, now: datetime) -> bool:
    """Follow a goal no more; False where it was closed before."""
    closed = await db.execute(
        update(goals).where(goals.c.id == goal_id, goals.c.closed_at.is_(None)).values(closed_at=now)
    )
    return closed.rowcount > 0


# --- Shares ----------------------------------------------------------------------------------------------------------


async def find_share(db: AsyncConnection, goal_id: int, unit_id: int) -> Share | None:
    """What holds for a unit in a goal: its own share, or of a percentage that of the nearest unit above with one."""
    goal = await find_goal(db, goal_id)
    path: str | None = await db.scalar(select(units.c.path).where(units.c.id == unit_id)) if is_id(unit_id) else None
    if goal is None or path is None:
        return None
    line = path_ids(path) if goal.is_percent else (unit_id,)
    found = await list_shares(db, goal_id, line)
    return next((found[each] for each in reversed(line) if each in found), None)


async def find_share_by_id(db: AsyncConnection, share_id: int) -> Share | None:
    """One version by its id, for ids that somebody else sent."""
    found = await find_shares(db, shares.c.id == share_id) if is_id(share_id) else []
    return found[0] if found else None


async def list_shares(db: AsyncConnection, goal_id: int, unit_ids: Collection[int]) -> dict[int, Share]:
    """The shares that these very units hold in a goal, by unit; whoever holds none is left out."""
    found: dict[int, Share] = {}
    for some in chunks(sorted(set(unit_ids))):
        for share in await find_shares(
            db,
            shares.c.goal_id == goal_id,
            shares.c.unit_id.in_(some),
            shares.c.is_current,
            shares.c.value.is_not(None),
        ):
            found[share.unit_id] = share
    return found


async def list_given(db: AsyncConnection, goal_id: int, giver_id: int) -> list[Share]:
    """The shares of a goal that a unit handed down and that are held, those of units that are no more among them."""
    return await find_shares(
        db,
        shares.c.goal_id == goal_id,
        shares.c.given_by == giver_id,
        shares.c.is_current,
        shares.c.value.is_not(None),
    )


def _is_held(goal_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        shares.c.goal_id == goal_id,
        shares.c.given_by.is_not(None),
        shares.c.is_current,
        shares.c.value.is_not(None),
    )


async def list_holders(db: AsyncConnection, goal_id: int) -> list[Share]:
    """The shares of a goal that were handed down, at whatever level, and are held."""
    return await find_shares(db, *_is_held(goal_id))


async def count_holders(db: AsyncConnection, goal_id: int) -> int:
    """How many units hold a share of a goal that was handed down to them."""
    return await db.scalar(select(func.count()).select_from(shares).where(*_is_held(goal_id))) or 0


async def sum_given(db: AsyncConnection, goal: Goal) -> Share | None:
    """What the owner of a goal handed down in all, as its share where it named no amount of its own.

    None where nothing is handed down; of percentages, which do not add up, a share without a value.
    """
    given = await list_given(db, goal.id, goal.unit_id)
    if not given:
        return None
    total = None if goal.is_percent else sum((each.value or Decimal(0) for each in given), Decimal(0))
    latest = max(given, key=lambda each: each.set_at)
    return replace(latest, unit_id=goal.unit_id, given_by=None, number=1, value=total, reason=None, answer=None)


async def list_versions(db: AsyncConnection, goal_id: int, unit_id: int) -> list[Share]:
    """Every version of a unit's share, the oldest first."""
    return await find_shares(db, shares.c.goal_id == goal_id, shares.c.unit_id == unit_id)


async def hold_latest(db: AsyncConnection, goal_id: int, unit_id: int) -> int:
    """The id of the latest version of what a unit holds or handed down of a goal, 0 where there is none.

    Nobody else changes shares of the goal until this transaction ends.
    """
    await lock_goal(db, goal_id)
    return await find_latest(db, goal_id, unit_id)


async def find_latest(db: AsyncConnection, goal_id: int, unit_id: int) -> int:
    """The same for whoever only looks."""
    concerned = or_(shares.c.given_by == unit_id, shares.c.unit_id == unit_id)
    return await db.scalar(select(func.max(shares.c.id)).where(shares.c.goal_id == goal_id, concerned)) or 0


async def list_set_at(db: AsyncConnection, goal_id: int, giver_id: int, at: datetime) -> list[Changed]:
    """What a unit handed down of a goal in one moment and what stands since, with what was before."""
    now = await find_shares(
        db, shares.c.goal_id == goal_id, shares.c.given_by == giver_id, shares.c.set_at == at, shares.c.is_current
    )
    before: dict[tuple[int, int], Share] = {}
    for some in chunks([share.unit_id for share in now]):
        for share in await find_shares(db, shares.c.goal_id == goal_id, shares.c.unit_id.in_(some)):
            before[share.unit_id, share.number] = share
    return [Changed(before.get((share.unit_id, share.number - 1)), share) for share in now]


async def list_history(db: AsyncConnection, goal_id: int, giver_id: int, *, most: int) -> list[Changed]:
    """The latest changes of what a unit handed down of a goal, each with what was before, the last first."""
    given = shares.alias("given")
    held = select(given.c.unit_id).where(given.c.goal_id == goal_id, given.c.given_by == giver_id)
    rows = await db.execute(
        select(*_SHARE)
        .where(shares.c.goal_id == goal_id, shares.c.unit_id.in_(held))
        .order_by(shares.c.id.desc())
        .limit(most)
    )
    found = [_to_share(row) for row in rows]
    before: dict[tuple[int, int], Share] = {}
    for some in chunks(sorted({share.unit_id for share in found})):
        for share in await find_shares(db, shares.c.goal_id == goal_id, shares.c.unit_id.in_(some)):
            before[share.unit_id, share.number] = share
    return [Changed(before.get((share.unit_id, share.number - 1)), share) for share in found]


async def set_shares(
    db: AsyncConnection,
    goal: Goal,
    giver: Unit | None,
    values: Mapping[int, Decimal | None],
    *,
    by: int | None,
    now: datetime,
    reason: str | None = None,
) -> list[Changed]:
    """Hand down shares of a goal, by unit; a new version where something changes, and only there.

    An opinion on the version before that was open is settled by the change. All of it is one with the transaction.

    Args:
        giver: the unit that hands them down; None for the owner's own amount.
        values: in the goal's unit of measure; None takes a share back.

    Raises:
        ValueError: a value is negative or cannot be kept exactly.
    """
    for value in values.values():
        if value is not None and value < 0:
            raise ValueError(f"a share is not negative: {value}")
        if value is not None:
            to_stored(value)
    given_by = giver.id if giver else None
    await lock_goal(db, goal.id)
    wanted = [ShareVersion(unit_id, given_by, value, reason) for unit_id, value in values.items()]
    return await write_versions(db, goal.id, wanted, by, now)


@dataclass(frozen=True, slots=True)
class ShareVersion:
    """A version to be written; `given_by` None is the owner's own."""

    unit_id: int
    given_by: int | None
    value: Decimal | None
    reason: str | None

    def differs_from(self, known: Share | None) -> bool:
        if known is None or known.value is None or self.value is None:
            return (known.value if known else None) != self.value
        return (known.value, known.given_by) != (self.value, self.given_by)


async def lock_goal(db: AsyncConnection, goal_id: int) -> None:
    """Keep others from changing a goal until this transaction ends; SQLite has one writer anyway."""
    if db.dialect.name != "sqlite":
        await db.execute(select(goals.c.id).where(goals.c.id == goal_id).with_for_update())


async def list_latest(db: AsyncConnection, goal_id: int, unit_ids: Collection[int]) -> dict[int, Share]:
    """The latest version of each of these units, those without a value among them."""
    found: dict[int, Share] = {}
    for some in chunks(sorted(set(unit_ids))):
        for share in await find_shares(
            db, shares.c.goal_id == goal_id, shares.c.unit_id.in_(some), shares.c.is_current
        ):
            found[share.unit_id] = share
    return found


async def write_versions(
    db: AsyncConnection, goal_id: int, wanted: Sequence[ShareVersion], by: int | None, now: datetime
) -> list[Changed]:
    """Write what differs from what stands, of a goal that is held by `lock_goal`; opinions on that are settled."""
    known = await list_latest(db, goal_id, [each.unit_id for each in wanted])
    new = [each for each in wanted if each.differs_from(known.get(each.unit_id))]
    old = [known[each.unit_id] for each in new if each.unit_id in known]
    for some in chunks([share.id for share in old]):
        await db.execute(update(shares).where(shares.c.id.in_(some)).values(is_current=False))
    for some in chunks([share.id for share in old if share.is_open]):
        settled = {"settled": SettledOpinion.CHANGED.value, "settled_by": by, "settled_at": now}
        await db.execute(update(shares).where(shares.c.id.in_(some)).values(settled))
    rows = [
        {
            "goal_id": goal_id,
            "unit_id": each.unit_id,
            "given_by": each.given_by,
            "number": known[each.unit_id].number + 1 if each.unit_id in known else 1,
            "value": None if each.value is None else to_stored(each.value),
            "is_current": True,
            "reason": each.reason,
            "set_by": by,
            "set_at": now,
        }
        for each in new
    ]
    if rows:
        await db.execute(insert(shares), rows)
    after = await list_latest(db, goal_id, [each.unit_id for each in new])
    return [Changed(known.get(each.unit_id), after[each.unit_id]) for each in new]


# --- What units say to them ------------------------------------------------------------------------------------------


async def answer(
    db: AsyncConnection, share_id: int, said: ShareAnswer, *, by: int | None, now: datetime, remark: str | None = None
) -> Share | None:
    """Keep what a unit says to its share; None where it stands no more, or was answered so that nothing is to be added.

    Whoever said that it is clear may still have an opinion; an opinion stands, and there is one for each version.
    """
    before: list[ColumnElement[bool]] = [shares.c.answer.is_(None)]
    if said is ShareAnswer.OBJECTED:
        before.append(shares.c.answer == ShareAnswer.CLEAR.value)
    changed = await db.execute(
        update(shares)
        .where(shares.c.id == share_id, shares.c.is_current, shares.c.value.is_not(None), or_(*before))
        .values(answer=said.value, remark=remark, answered_by=by, answered_at=now)
    )
    return await find_share_by_id(db, share_id) if changed.rowcount else None


async def settle(
    db: AsyncConnection, share_id: int, settled: SettledOpinion, *, by: int | None, now: datetime
) -> Share | None:
    """Decide on a unit's opinion; None where there is none that is open."""
    changed = await db.execute(
        update(shares)
        .where(shares.c.id == share_id, shares.c.answer == ShareAnswer.OBJECTED.value, shares.c.settled.is_(None))
        .values(settled=settled.value, settled_by=by, settled_at=now)
    )
    return await find_share_by_id(db, share_id) if changed.rowcount else None
