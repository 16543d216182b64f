"""Who owes what is asked of many units at once: the one rule, and its twin in SQL in `storage.owing`.

A form's period, a campaign, a deadline set by hand and a plan's deadline all have one common due day. A unit OWES it if

1. it is of a kind and in a part of the tree that is asked (a form's period: from the first that it is asked for);
2. it was registered by a given day: for a form's period the period's last day (a unit owes from the month it was
   registered in), otherwise the due day;
3. it was not dissolved on or before the due day (for a form's period: the later of its last day and the due day). A
   unit dissolved while a campaign runs never came to owe it: nobody was left to send when it fell due.

That is settled on the due day and does not change afterwards: a later end rewrites no history, so what was expected
stays comparable from one month to the next. A unit is STILL ASKED if it owes it and exists today: for a dissolved unit
nobody can send any more, so it is not reminded, not pressed, and nothing is opened for it.

What is counted as expected goes by OWES; reminders and everything one can act on go by STILL ASKED. The date granted
to a single unit changes neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from knowledge.model.forms import Form, due_on
from knowledge.model.periods import Period
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind


class Audience(StrEnum):
    """Which units below the one it is set at owe a deadline."""

    GRASSROOTS = "grassroots"
    DIRECT = "direct"
    ALL = "all"


class TreeUnit(Protocol):
    """What the rule looks at in a unit. `path` is the ids from the root to it, "/1/5/9/"; `dissolved_on` the first day
    on which it is no more."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> UnitKind: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def path(self) -> str: ...
    @property
    def registered_on(self) -> date: ...
    @property
    def dissolved_on(self) -> date | None: ...


def exists_on(day: date, dissolved_on: date | None) -> bool:
    """Whether a unit that ended on `dissolved_on` (None: it did not) is still there on `day`."""
    return dissolved_on is None or dissolved_on > day


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit and all below it, by its path; `excepted` are the paths of branches further down that do not belong."""

    path: str
    excepted: tuple[str, ...] = ()

    @property
    def root_id(self) -> int:
        """The id of its topmost unit."""
        return int(self.path.rstrip("/").rpartition("/")[2])

    def contains(self, path: str) -> bool:
        """Whether the unit at that path belongs to it."""
        return path.startswith(self.path) and not path.startswith(self.excepted)


@dataclass(frozen=True, slots=True)
class AskedUnits:
    """The units that owe one thing: those that meet every condition given.

    Attributes:
        registered_by: the last day on which a unit must be registered to owe it.
        outlives: the last day that a unit must not end on or before.
        kinds: kinds of unit; None for every kind.
        branches: parts of the tree; empty for all of it.
        parent_id: only the units right below this one; it lies in one of the branches.
        without_id: all but this unit.
    """

    registered_by: date
    outlives: date
    kinds: frozenset[UnitKind] | None = None
    branches: tuple[Branch, ...] = ()
    parent_id: int | None = None
    without_id: int | None = None

    @classmethod
    def of_period(cls, form: Form, period: Period) -> AskedUnits:
        """Those that owe a form for a period of its own calendar, nobody for one that the form does not cover.

        ValueError for a campaign form.
        """
        kinds = form.owed_by if form.covers(period) else frozenset[UnitKind]()
        return cls(period.end, max(period.end, due_on(form, period)), kinds)

    @classmethod
    def of_campaign(cls, kinds: frozenset[UnitKind], path: str, due: date) -> AskedUnits:
        """Those that owe a form in a campaign: units of these kinds at a path and below it."""
        return cls(due, due, kinds, (Branch(path),))

    @classmethod
    def of_deadline(
        cls, audience: Audience, unit_id: int, path: str, due: date, *, is_grassroots: bool = False
    ) -> AskedUnits:
        """Those that owe a deadline set at a unit, which is not among them; a grassroots union owes its own."""
        if is_grassroots or audience is Audience.GRASSROOTS:
            return cls(due, due, GRASSROOTS_KINDS, (Branch(path),))
        if audience is Audience.DIRECT:
            return cls(due, due, branches=(Branch(path),), parent_id=unit_id)
        return cls(due, due, branches=(Branch(path),), without_id=unit_id)

    @classmethod
    def of_plan(cls, kinds: frozenset[UnitKind], branches: tuple[Branch, ...], due: date) -> AskedUnits:
        """Those that owe a deadline of a plan: units of these kinds in the branches that it governs."""
        return cls(due, due, kinds, branches)

    def includes(self, unit: TreeUnit) -> bool:
        """Whether that unit owes it."""
        return (
            self.has_kind(unit.kind)
            and (self.parent_id is None or unit.parent_id == self.parent_id)
            and (self.without_id is None or unit.id != self.without_id)
            and unit.registered_on <= self.registered_by
            and exists_on(self.outlives, unit.dissolved_on)
            and (not self.branches or any(branch.contains(unit.path) for branch in self.branches))
        )

    def still_asked(self, today: date) -> AskedUnits:
        """Those of them that are still asked today: who owes it and exists."""
        return replace(self, outlives=max(self.outlives, today))

    def has_kind(self, kind: UnitKind) -> bool:
        """Whether units of that kind can be among them."""
        return self.kinds is None or kind in self.kinds

    @property
    def root_ids(self) -> tuple[int, ...]:
        """The units at or below one of which all of them lie; empty where they may be anywhere."""
        return tuple(branch.root_id for branch in self.branches)

    def may_lie_in(self, path: str) -> bool:
        """Whether any of them can lie at that path or below it, as far as the shape of the tree tells."""
        return not self.branches or any(
            path.startswith(branch.path) or branch.path.startswith(path) for branch in self.branches
        )
