"""What is known of plans beside what they say: their status, what they replace, for which units they are set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from dataclasses import replace as replace_in
from datetime import date, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import AccessDeniedError, Right
from bot.features.plans import changes
from bot.features.plans.taps import mark_of, mark_of_waiting
from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.issuers import standing
from knowledge.model.broadcasts import BroadcastAudience
from knowledge.model.plans import Plan, PlanState, find_present
from knowledge.model.stored_plans import PlanStatus
from knowledge.plans import find_original as load_original
from knowledge.plans import load_plans
from storage import broadcasts, owing, units
from storage import plans as kept
from storage.plans import PlanRefusedError
from storage.units import Unit

CATALOGUE_FILE: Final = ".toml"
"""What a plan was entered as by an operator; its original is another file."""
MOST_OFFERED: Final = 6
"""Plans offered on one page."""
PAGE: Final = 8
"""Plans of the list on one page."""
MOST_PLACES: Final = 8
"""Units for which a plan is set that are named."""


class PlanChangedError(Exception):
    """A plan is no longer as it was shown: somebody else was quicker. Nothing was done."""


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan with what became of it.

    Attributes:
        status: `read` while it waits for approval; `in_force` also for one that ended with its term.
        places: the units for which it is set, each with all below, the topmost first; only where asked for.
        begins_on: the day from which it is in force, where that is still to come.
    """

    plan: Plan
    status: PlanStatus
    places: tuple[Unit, ...] = ()
    begins_on: date | None = None

    @property
    def mark(self) -> str:
        """What its buttons carry."""
        return (mark_of_waiting if self.status is PlanStatus.READ else mark_of)(self.plan.id)

    @property
    def is_answered_from(self) -> bool:
        """Whether questions are answered from it."""
        return self.status in {PlanStatus.IN_FORCE, PlanStatus.REPLACED} and self.begins_on is None


@dataclass(frozen=True, slots=True)
class PlansPage:
    """Some of the plans, and where in their list they stand. `page` from 0, `first` the number of the first of them."""

    plans: tuple[KnownPlan, ...]
    count: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """The number of the first plan on the page, from 1."""
        return self.page * PAGE + 1


@dataclass(frozen=True, slots=True)
class NewsReach:
    """Units whose officers are told that a plan is in force, with all below them, and how many they are."""

    counts: tuple[tuple[Unit, int], ...] = ()

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units."""
        return tuple(unit for unit, _ in self.counts)

    @property
    def people(self) -> int:
        """How many officers they have together."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Teller:
    """In whose name officers are told: a row of people, 0 for nobody; and the chat that learns how far it is, or 0."""

    person_id: int
    chat_id: int


async def list_known(db: AsyncConnection, answered: Mapping[str, Plan], *, for_admin: bool) -> list[KnownPlan]:
    """The plans: waiting for approval, in force, of a reorganised issuer, ended, replaced, and withdrawn ones last.

    Args:
        answered: the plans that questions are answered from, by id.
        for_admin: also with those that wait for approval or were withdrawn.
    """
    unseen = await _list_unseen(db, answered) if for_admin else []
    shown = [KnownPlan(plan, _status_of(plan)) for plan in answered.values()]
    shown.sort(key=lambda each: standing(each.plan))
    before = [each for each in unseen if each.status is not PlanStatus.WITHDRAWN]
    return [*before, *shown, *(each for each in unseen if each.status is PlanStatus.WITHDRAWN)]


async def _list_unseen(db: AsyncConnection, answered: Mapping[str, Plan]) -> list[KnownPlan]:
    """The plans that are not answered from: waiting for approval or for their day, or withdrawn."""
    shipped = {plan.id: plan for plan in load_plans()}
    found = []
    for each in await kept.list_plans(db):
        plan = each.plan or shipped.get(each.plan_id)
        is_seen = each.status is not PlanStatus.READ and each.plan_id in answered
        if plan is not None and not is_seen:
            begins_on = each.in_force_from if each.status is PlanStatus.IN_FORCE else None
            found.append(KnownPlan(plan, each.status, begins_on=begins_on))
    return found


def _status_of(plan: Plan) -> PlanStatus:
    return PlanStatus.REPLACED if plan.state is PlanState.REPLACED else PlanStatus.IN_FORCE


def make_page(known: Sequence[KnownPlan], page: int) -> PlansPage:
    """One page of them; the last one where there are fewer."""
    pages = max(1, -(-len(known) // PAGE))
    page = min(page, pages - 1)
    return PlansPage(tuple(known[page * PAGE : (page + 1) * PAGE]), len(known), page, pages)


async def find(db: AsyncConnection, answered: Mapping[str, Plan], named: str, *, for_admin: bool) -> KnownPlan | None:
    """The plan that a button names by its mark or id; None where it is gone or not to be seen."""
    unseen = await _list_unseen(db, answered) if for_admin else []
    shown = (KnownPlan(plan, _status_of(plan)) for plan in answered.values())
    known = [*(each for each in unseen if each.mark == named), *shown, *unseen]
    return next((each for each in known if named in _marks_of(each.plan.id)), None)


def _marks_of(plan_id: str) -> frozenset[str]:
    """What may name a plan: its id, as earlier buttons did, or a mark, that of its waiting text before or after."""
    return frozenset({plan_id, mark_of(plan_id), mark_of_waiting(plan_id)})


async def find_original(db: AsyncConnection, plan_id: str) -> tuple[str, bytes] | None:
    """The text of a plan as it was received: file name and content; None where none is kept."""
    shipped = load_original(plan_id)
    if shipped is not None:
        return shipped
    stored = await kept.find_plan(db, plan_id)
    found = await kept.find_file(db, stored.file) if stored is not None and stored.file is not None else None
    return None if found is None or found[0].lower().endswith(CATALOGUE_FILE) else found


# For ADMIN_IDS -------------------------------------------------------------------------------------------------------


def require_operator(asking: Asking) -> None:
    """Raise AccessDeniedError for anybody but the admins that the operator named: plans are for everybody."""
    if not asking.asker.is_admin:
        raise AccessDeniedError(Right.MANAGE)


async def with_places(db: AsyncConnection, known: KnownPlan, answered: Mapping[str, Plan]) -> KnownPlan:
    """The plan with the units for which it is set, or a plan that it replaced."""
    set_for = [
        units.path_ids(path)[-1]
        for path, plan in await owing.list_plan_places(db)
        if plan == known.plan.id or getattr(find_present(answered, plan), "id", None) == known.plan.id
    ]
    found = await units.get_units(db, set_for)
    ordered = sorted(found.values(), key=lambda unit: (unit.path.count("/"), unit.order))
    return replace_in(known, places=tuple(ordered))


def list_replaceable(rules: Rules, plan: Plan) -> list[Plan]:
    """The plans in force that a new one most likely replaces: of the same issuer, on some of the same subjects."""
    subjects, issuer = {target.indicator for target in plan.targets}, rules.issuer_of(plan)
    return [
        other
        for other in rules.plans.values()
        if other.id != plan.id
        and other.state is not PlanState.REPLACED
        and rules.issuer_of(other) == issuer
        and (not subjects or not other.targets or subjects & {target.indicator for target in other.targets})
    ]


def list_successors(answered: Mapping[str, Plan], plan: Plan) -> list[Plan]:
    """The plans in force by which another may be replaced: those of its issuer first, then the newest."""
    others = [
        other
        for other in answered.values()
        if other.id != plan.id and other.state not in {PlanState.REPLACED, PlanState.ENDED}
    ]
    return sorted(others, key=lambda other: (other.issuer != plan.issuer, -other.covers_from, other.short))


async def approve(asking: Asking, plan_id: str, replaces: str | None) -> date | None:
    """Put a plan in force, from its own date or today; the day where it is still to come.

    Raises:
        AccessDeniedError: the asker is not among ADMIN_IDS.
        PlanChangedError: it does not wait for approval any more, or what it replaces is not in force.
        CatalogueError: it does not fit the plans that are known by now.
    """
    acting = await _acting(asking)
    async with _unless_refused(asking.db):
        found = await changes.approve(
            asking.db, plan_id, asking.today, replaces=replaces, by=acting.person_id, now=asking.now
        )
    begins = found.in_force_from
    return begins if begins is not None and begins > asking.today else None


async def replace(asking: Asking, old_id: str, new_id: str) -> None:
    """Have one plan stand in the place of another; raises like `approve`."""
    acting = await _acting(asking)
    async with _unless_refused(asking.db):
        await changes.replace(asking.db, old_id, new_id, asking.today, by=acting.person_id, now=asking.now)


async def withdraw(asking: Asking, plan_id: str) -> tuple[str, ...]:
    """Take a plan back: what it replaced is in force again, the ids of that; raises like `approve`."""
    acting = await _acting(asking)
    async with _unless_refused(asking.db):
        return await changes.withdraw(asking.db, plan_id, asking.today, by=acting.person_id, now=asking.now)


async def discard(asking: Asking, plan_id: str) -> None:
    """Drop a plan that waits for approval; raises like `approve`."""
    acting = await _acting(asking)
    async with _unless_refused(asking.db):
        await kept.discard(asking.db, plan_id, by=acting.person_id, now=asking.now)


async def restore(asking: Asking, plan_id: str) -> None:
    """Take a withdrawal back; raises like `approve`."""
    acting = await _acting(asking)
    async with _unless_refused(asking.db):
        await changes.restore(asking.db, plan_id, asking.today, by=acting.person_id, now=asking.now)


@asynccontextmanager
async def _unless_refused(db: AsyncConnection) -> AsyncIterator[None]:
    """Do it whole or not at all, as the turn goes on and says why."""
    try:
        async with db.begin_nested():
            yield
    except PlanRefusedError as error:
        raise PlanChangedError(error.why.value) from error


async def set_unit(asking: Asking, plan_id: str, unit_id: int) -> Unit:
    """Set a plan for a unit and all below it; raises AccessDeniedError."""
    return await _set_unit(asking, unit_id, plan_id)


async def clear_unit(asking: Asking, plan_id: str, unit_id: int, answered: Mapping[str, Plan]) -> Unit | None:
    """Set no plan for a unit itself; None where another one is set by now, that this one does not stand for.

    Raises AccessDeniedError.
    """
    unit = await asking.get_unit(Right.MANAGE, unit_id)
    is_set = unit.plan == plan_id or getattr(find_present(answered, unit.plan or ""), "id", None) == plan_id
    return await _set_unit(asking, unit_id, "") if is_set else None


def is_over(plan: Plan, today: date) -> bool:
    """Whether a plan no longer speaks, so that its coming into force is no news: replaced, or its years are over."""
    return plan.state in {PlanState.REPLACED, PlanState.ENDED} or plan.covers_to < today.year


async def _set_unit(asking: Asking, unit_id: int, plan_id: str) -> Unit:
    acting = await _acting(asking)
    before = await asking.get_unit(Right.MANAGE, unit_id)
    unit = await units.change(asking.db, unit_id, plan=plan_id)
    if unit.plan != before.plan:
        await acting.note("unit.changed", unit_id=unit_id, details={"plan": unit.plan, "before": before.plan})
    return unit


async def foresee_telling(db: AsyncConnection, places: Sequence[Unit], *, without: int) -> NewsReach:
    """The officers who are told of a plan that is set for these units; `without` the person who tells, 0 for nobody."""
    tops = [unit for unit in places if not any(unit.id != other.id and unit.lies_in(other) for other in places)]
    counts = [
        (unit, await broadcasts.count_readers(db, unit.path, BroadcastAudience.ALL, without=without)) for unit in tops
    ]
    return NewsReach(tuple((unit, count) for unit, count in counts if count))


async def tell_officers(
    db: AsyncConnection, plan: Plan, said: str, told: NewsReach, teller: Teller, now: datetime
) -> None:
    """Have them told that a plan is in force, each unit's once for ever, as a notice that shows how far it is."""
    for unit, count in told.counts:
        await broadcasts.confirm(
            db,
            unit_id=unit.id,
            to=BroadcastAudience.ALL,
            words=said,
            made_by=teller.person_id,
            chat_id=teller.chat_id,
            token=f"plan:{mark_of(plan.id)}:{unit.id}",
            expected=count,
            now=now,
        )


async def tell_unit(asking: Asking, plan: Plan, said: str, unit: Unit) -> NewsReach:
    """Have the officers of a unit told at once, in the asker's name; those whom a plan in force begins to govern."""
    acting = await _acting(asking)
    told = await foresee_telling(asking.db, [unit], without=acting.person_id or 0)
    await tell_officers(asking.db, plan, said, told, Teller(acting.person_id or 0, asking.chat_id), asking.now)
    return told


async def list_governed(db: AsyncConnection, rules: Rules, plan: Plan, replaces: str | None = None) -> list[Unit]:
    """The units for which a plan in force speaks: where it is set, what it replaces, or another of its issuer."""
    places, issuer = [], rules.issuer_of(plan)
    for path, set_for in await owing.list_plan_places(db):
        present = find_present(rules.plans, set_for)
        same_issuer = present is not None and rules.issuer_of(present) == issuer
        if same_issuer or {set_for, present.id if present is not None else None} & {plan.id, replaces} - {None}:
            places.append(units.path_ids(path)[-1])
    return list((await units.get_units(db, places)).values())


async def _acting(asking: Asking) -> Asking:
    require_operator(asking)
    return await asking.as_actor()
