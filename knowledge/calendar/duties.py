"""Deadlines of plans as duties: which kinds of unit they bind, on which days, and how often to remind of them.

Only what a union unit itself reports or does is its duty, as the plan's data names it: meetings, dialogues and reviews
that others hold are not, nor is what recurs at no stated interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.calendar.rules import Rule
from knowledge.model.obligations import DEFAULT_STEPS
from knowledge.model.plans import Deadline
from knowledge.model.units import UnitKind

# Steps for a day that the plan does not set: it says "every year", so the year's end is meant only as a reminder.
ASSUMED_STEPS = (-7, -1)

_CYCLES = {"yearly": 12, "every 6 months": 6, "every 3 months": 3}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day on which a deadline falls; `assumed` where the plan names only the year, half-year or quarter."""

    on: date
    assumed: bool = False


def find_debtors(deadline: Deadline) -> frozenset[UnitKind]:
    """The kinds of unit that a plan's deadline binds, as its data names them; empty where it binds none.

    Example: `owed_by = ["cong_doan_nganh"]` binds sector unions.
    """
    return frozenset(deadline.owed_by)


def find_occurrences(deadline: Deadline, first: date, last: date) -> Iterator[Occurrence]:
    """The days from `first` to `last` on which a plan's deadline falls; none where it names no interval.

    A `rule` tells its days; an interval alone is taken to end on the last day of its cycle, which is then assumed.
    Raises ValueError where the rule is none.
    """
    if deadline.due is not None:
        if first <= deadline.due <= last:
            yield Occurrence(deadline.due)
        return
    cycle = _CYCLES.get(deadline.recurrence or "")
    if deadline.rule is None and cycle is None:
        return
    rule = Rule.parse(deadline.rule or f"month/{cycle}:{(cycle or 1) - 1}.last")
    for day in rule.occurrences(first - timedelta(days=1)):
        if day > last:
            return
        yield Occurrence(day, assumed=deadline.rule is None)


def fitting_steps(due_on: date, neighbours: Sequence[date]) -> tuple[int, ...]:
    """The steps for something that comes again: none so far from its day that it would be taken for the next one.

    A daily duty keeps the morning of the day alone, a weekly one three days either side, a monthly one all.
    """
    gap = min((abs(day - due_on) for day in neighbours if day != due_on), default=timedelta(days=365))
    return tuple(days for days in DEFAULT_STEPS if abs(days) * 2 < gap.days)
