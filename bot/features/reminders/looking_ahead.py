"""What falls due from now on: for an officer's units, below a supervisor, and by the plans."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from bot import access
from bot.access import Right
from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services.duties import Duty, list_duties
from bot.services.officer_records import read_officer_records
from bot.services.proofs import list_of_duties
from knowledge.calendar.duties import find_plan_occurrences
from knowledge.model.obligations import Obligation, ObligationKind
from knowledge.model.order import order_key
from knowledge.model.plans import Plan
from storage.people import RoleName

LOOKS_AHEAD: Final = timedelta(days=62)
PLANS_AHEAD: Final = timedelta(days=400)
SHOWN_OF_PLANS: Final = 12


@dataclass(frozen=True, slots=True)
class PlanDeadlineAhead:
    """The next day on which a plan sets something, in the plan's words: what, and when."""

    what: str
    due_on: date
    plan: str
    when: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """What falls due, each part the earliest first.

    Attributes:
        own: what the asker's units owe.
        below: what falls due at or below the units they supervise, and is not their own.
        plans: what plans set, for whoever belongs to no unit.
        has_unit: whether they are an officer of a unit.
        has_evidence: whether units they supervise have sent photos or files of work that was done.
    """

    today: date
    own: tuple[Obligation, ...]
    below: tuple[Duty, ...]
    plans: tuple[PlanDeadlineAhead, ...]
    has_unit: bool
    has_evidence: bool = False


async def look_ahead(asking: Asking, rules: Rules, plans: Iterable[Plan]) -> Ahead:
    """What is due from today on, as far as it concerns whoever asks."""
    own = await list_own(asking, rules)
    shown = {(each.title, each.falls_on) for each in own}
    tops = []
    if asking.asker.may_anywhere(Right.SUPERVISE):
        tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    below = await _list_below(asking, rules, [top.path for top in tops]) if tops else []
    return Ahead(
        asking.today,
        tuple(own),
        tuple(duty for duty in below if (duty.title, duty.due_on) not in shown),
        () if asking.asker.held else _list_planned(plans, asking.today),
        any(held.role is RoleName.OFFICER for held in asking.asker.held),
        bool(await list_of_duties(asking.db, [top.path for top in tops], group=None, most=1)),
    )


async def list_own(asking: Asking, rules: Rules) -> list[Obligation]:
    """What the asker's units owe from now on, and what they still owe from before, the earliest first."""
    if asking.person_id is None:
        return []
    duties = await list_duties(asking.db, rules, asking.today, ahead=LOOKS_AHEAD)
    records = await read_officer_records(asking.db, rules, duties, [asking.person_id], asking.now)
    owed = [
        each
        for each in records.of(asking.person_id)
        if each.is_asked(asking.today) and (each.falls_on >= asking.today or each.kind is not ObligationKind.PLAN)
    ]
    return sorted(
        owed, key=lambda each: (each.falls_on, each.due_time or time.max, each.title, order_key(each.unit_name))
    )


async def _list_below(asking: Asking, rules: Rules, paths: Collection[str]) -> list[Duty]:
    duties = await list_duties(asking.db, rules, asking.today, behind=timedelta(0), ahead=LOOKS_AHEAD)
    return sorted(
        (duty for duty in duties if any(map(duty.asked.may_lie_in, paths))),
        key=lambda duty: (duty.due_on, duty.title),
    )


def _list_planned(plans: Iterable[Plan], today: date) -> tuple[PlanDeadlineAhead, ...]:
    found = []
    for plan in plans:
        for deadline in plan.deadlines:
            following = next(find_plan_occurrences(plan, deadline, today, today + PLANS_AHEAD), None)
            if following is not None:
                found.append(PlanDeadlineAhead(deadline.what, following.on, plan.short, deadline.when))
    return tuple(sorted(found, key=lambda each: (each.due_on, each.what))[:SHOWN_OF_PLANS])
