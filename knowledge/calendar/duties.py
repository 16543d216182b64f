"""Deadlines of plans as duties: which kinds of unit they bind, on which days, and how often to remind of them.

Only what a union unit itself reports or does is its duty, as the plan's data names it: meetings, dialogues and reviews
that others hold are not, nor is what recurs at no stated interval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.rules import Frequency, Rule
from knowledge.model.obligations import DEFAULT_STEPS
from knowledge.model.plans import Deadline, Plan, PlanState
from knowledge.model.units import UnitKind

# Steps for a day that the plan does not set: it says "every year", so the year's end is meant only as a reminder.
ASSUMED_STEPS = (-7, -1)

_CYCLES = {"monthly": 1, "yearly": 12}
_EVERY = re.compile(r"every (\d+) (months|years)")


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

    A `rule` tells its days, or the plan's own words do; an interval alone is taken to end on the last day of its cycle,
    which is then assumed. Raises ValueError where the rule is none.

    Example: `when` "trước ngày 30/11 hằng năm" falls on the 29th of each November.
    """
    if deadline.due is not None:
        if first <= deadline.due <= last:
            yield Occurrence(deadline.due)
        return
    named = find_rule(deadline)
    rule = named or _cycle_of(deadline.recurrence or "")
    if rule is None:
        return
    for day in rule.occurrences(first - timedelta(days=1)):
        if day > last:
            return
        yield Occurrence(day, assumed=named is None)


def find_plan_occurrences(plan: Plan, deadline: Deadline, first: date, last: date) -> Iterator[Occurrence]:
    """The days from `first` to `last` on which a deadline of a plan falls while the plan holds.

    None of a plan that was replaced; of one that came into force here on a day (`state_since`), none before that day;
    what comes again ends with the plan's term. Raises as `find_occurrences`.
    """
    if plan.state is PlanState.REPLACED:
        return
    if plan.state is PlanState.IN_FORCE and plan.state_since is not None:
        first = max(first, plan.state_since)
    if deadline.recurrence is not None:
        last = min(last, date(plan.covers_to, 12, 31))
    yield from find_occurrences(deadline, first, last)


def find_rule(deadline: Deadline) -> Rule | None:
    """The days that a plan names for what recurs, by rule or in its words; None where it names none.

    Raises ValueError where its rule is none.
    """
    if deadline.rule is not None:
        return Rule.parse(deadline.rule)
    return _said(deadline.when) if deadline.recurrence is not None else None


def check_rule(deadline: Deadline) -> None:
    """Raise ValueError, with the mend, where a deadline's rule is no rule of days that come again."""
    if deadline.rule is None:
        return
    try:
        wrong = Rule.parse(deadline.rule).frequency is Frequency.ONCE
    except ValueError:
        wrong = True
    if wrong:
        said = _said(deadline.when)
        mend = f"rule = {said.code!r} is what {deadline.when!r} says" if said else "'month/12:10.d30' is each 30/11"
        raise ValueError(f"{deadline.rule!r} is no rule of days that come again: {mend}")


@lru_cache(maxsize=4096)
def _said(when: str) -> Rule | None:
    """The days of a month that a plan's words name for what recurs; None where they name none, or not clearly.

    A month alone ("trong tháng 5 hằng năm") means its last day.
    """
    if not any(letter.isdecimal() for letter in when):
        return None
    rule = parse_rule(when, date(2000, 1, 1))
    is_named = isinstance(rule, Rule) and rule.frequency is Frequency.MONTHLY and "start" not in rule.assumed
    return rule if isinstance(rule, Rule) and is_named and rule.anchor is None else None


def _cycle_of(recurrence: str) -> Rule | None:
    """The last day of each cycle; of years, of those that the number of years divides."""
    every = _EVERY.fullmatch(recurrence)
    months = _CYCLES.get(recurrence, 0)
    if every is not None:
        months = int(every[1]) * (12 if every[2] == "years" else 1)
    if not months:
        return None
    return Rule.parse(f"month{f'/{months}' if months > 1 else ''}:{months - 1}.last")


def fitting_steps(due_on: date, neighbours: Sequence[date]) -> tuple[int, ...]:
    """The steps for something that comes again: none so far from its day that it would be taken for the next one.

    A daily duty keeps the morning of the day alone, a weekly one three days either side, a monthly one all.
    """
    gap = min((abs(day - due_on) for day in neighbours if day != due_on), default=timedelta(days=365))
    return tuple(days for days in DEFAULT_STEPS if abs(days) * 2 < gap.days)
