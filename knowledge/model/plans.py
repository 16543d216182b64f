"""What a plan says: its identity, targets, deadlines, tasks and who is to carry them out.

Every value is a fact of one plan in the project's own words; `section` always tells where in the plan it stands.
`docs/plan-file.md` tells every key as whoever writes a plan's file needs it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from knowledge.model.figures import find_shown, shows, size_of
from knowledge.model.units import UnitKind


class Comparator(StrEnum):
    """How a figure binds, in the signs of the outside interface."""

    AT_LEAST = ">="
    AT_MOST = "<="
    MORE_THAN = ">"
    LESS_THAN = "<"
    EXACTLY = "="
    RANGE = "range"
    QUALITATIVE = "qualitative"


class _Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A row of a catalogue file; a key that is not known is a mistake and is named on loading.

    Where a fact has `lines`, they are the lines of the plan's text as it was received (1-based, blank ones counted);
    `quote` is the plan's own sentence where it is kept.
    """


ANNUAL = "annual"
PERCENT = "%"
_HORIZON = re.compile(r"annual|(?:19|20|21)\d\d")
_RECURRENCE = re.compile(r"monthly|yearly|regular|every (?:[2-9]|[1-9]\d) (?:months|years)")
_KINDS = ("report", "meeting", "dialogue", "review", "task")
_ROLES = ("lead", "follow_up", "report", "inspect", "publicise", "advise", "fund", "carry_out")


class Target(_Fact, frozen=True):
    """One figure that a plan sets.

    `value` (and `value_max` for a range) is exact and in `unit`: percent is 0–100, people are people, and a rate has
    its base in the unit ("ca/100.000 lao động"). `figure` is the figure as the plan writes it and a reader is shown it,
    with the plan's own comparator words and unit ("từ 92,5% trở lên"). `scopes` are the populations it is measured on
    (ids of the glossary's scopes, any of them), `population` the same in words. `horizon` is "annual", the year as
    text, or None where the plan names none: it then holds for the plan's whole term. `each_year` marks a yearly pace,
    also one set inside a staged horizon. `indicator` is the subject (id) that it measures; one that names none is no
    part of a catalogue yet.
    """

    id: str
    figure: str
    population: str
    section: str
    comparator: Comparator
    indicator: str = ""
    horizon: str | None = None
    value: Decimal | None = None
    value_max: Decimal | None = None
    unit: str | None = None
    scopes: tuple[str, ...] = ()
    each_year: bool = False
    note: str | None = None
    quote: str | None = None

    lines: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a target that contradicts itself: a range without an end, a figure that shows another number."""
        if self.horizon is not None and not _HORIZON.fullmatch(self.horizon):
            raise ValueError(f"horizon must be 'annual', a year or left out, not {self.horizon!r}")
        if (self.value is None) != (self.comparator is Comparator.QUALITATIVE):
            raise ValueError("a target has a value unless its comparator is 'qualitative'")
        if (self.value_max is None) == (self.comparator is Comparator.RANGE):
            raise ValueError("value_max belongs to the comparator 'range', and only to it")
        if self.value is not None and self.unit is None:
            raise ValueError("a value needs its unit")
        stated = self.values
        if any(not value.is_finite() or value < 0 for value in stated):
            raise ValueError("a value is a number from 0 up; a fall is written as its size, and told in `figure`")
        if stated != tuple(sorted(set(stated))):
            raise ValueError("value_max must be greater than value")
        shown = find_shown(self.figure, self.unit)
        if not shows(shown, stated):
            raise ValueError(self._differing([number.text for number in shown if not number.optional]))

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The numbers that it states: none, one, or both ends of a range."""
        return tuple(value for value in (self.value, self.value_max) if value is not None)

    @property
    def size(self) -> Decimal:
        """What its values are multiplied by where they are written out: 12,5 "triệu đồng" are 12.500.000."""
        return size_of(self.unit)

    @property
    def year(self) -> int | None:
        """The year by which it is to be met; None for a yearly one and where the plan names none."""
        return None if self.horizon is None or self.horizon == ANNUAL else int(self.horizon)

    @property
    def order(self) -> tuple[int, int]:
        """Its place among others by horizon: yearly ones, then the years, then those without a year."""
        return (0 if self.horizon == ANNUAL else 2 if self.horizon is None else 1, self.year or 0)

    def _differing(self, shown: list[str]) -> str:
        stated = " and ".join(f"{value:f}" for value in self.values) or "no number"
        mend = (
            "write the same numbers in both, and the number of a base ('…/100.000') in `unit` too"
            if self.values
            else "give value, unit and a comparator, or leave the numbers out of `figure`"
        )
        return f"figure shows {' and '.join(shown) or 'no number'}, but the target states {stated}: {mend}"


class OwnSubject(_Fact, frozen=True):
    """A subject that only this plan has: `id` is what its targets name as indicator, `names` what officers say."""

    id: str
    name: str
    names: tuple[str, ...] = ()
    short: str | None = None


class Deadline(_Fact, frozen=True):
    """Something that falls due once (`due`, a date) or again and again (`recurrence`), as the plan words it (`when`).

    `recurrence` is "monthly", "every 3 months" (any number of months or years), "yearly", or "regular" where the plan
    gives no interval. `rule` is the code of its days (`knowledge.calendar.rules`, read where plans are read):
    "month/12:10.d30-1" is "trước ngày 30/11 hằng năm", the 29th at the latest. Without one the days are those that
    `when` names, or the last day of each cycle. `owed_by` are the kinds of unit whose duty it is; empty where it is
    nobody's of the union.
    """

    id: str
    what: str
    when: str
    who: str
    section: str
    due: date | None = None
    recurrence: str | None = None
    to: str | None = None
    via: str | None = None
    keywords: tuple[str, ...] = ()
    kind: str = "task"
    lines: tuple[int, ...] = ()
    owed_by: tuple[UnitKind, ...] = ()
    rule: str | None = None
    quote: str | None = None

    def __post_init__(self) -> None:
        """Refuse a deadline that never falls due, or an unknown recurrence."""
        neither = self.due is None and self.recurrence is None
        if (neither and self.kind not in {"meeting", "review"}) or (
            self.due is not None and self.recurrence is not None
        ):
            raise ValueError(
                "a deadline has either a due date or a recurrence; only a meeting or a review may have neither"
            )
        if self.recurrence is not None and not _RECURRENCE.fullmatch(self.recurrence):
            raise ValueError(
                f"unknown recurrence {self.recurrence!r}: write monthly, 'every 3 months', yearly, 'every 2 "
                "years' or regular"
            )
        if self.rule is not None and self.recurrence is None:
            raise ValueError("only a deadline that recurs has a rule")
        if self.kind not in _KINDS:
            raise ValueError(f"unknown kind of deadline {self.kind!r}: write {', '.join(_KINDS)}")


class Task(_Fact, frozen=True):
    """A numbered task, or a point of the organisation part, in one line.

    `section` is the number an officer would look it up by ("III.4.3.2"); `label` is shown where the number alone would
    not find it. `lead` are those responsible where the plan says so, `with_` those who take part. `keywords` are words
    officers would search it by beyond those of `summary`; `refs` are the numbers of documents it cites. `quoted` where
    it is no task but words of the plan that nothing else was made of: they are only quoted.
    """

    section: str
    summary: str
    lead: tuple[str, ...] = ()
    with_: tuple[str, ...] = msgspec.field(default=(), name="with")
    keywords: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    label: str | None = None
    roles: tuple[str, ...] = ()
    quote: str | None = None
    lines: tuple[int, ...] = ()
    quoted: bool = False

    def __post_init__(self) -> None:
        """Refuse unknown roles; `roles` tells what its lead does: leads, follows up, reports, inspects …"""
        unknown = set(self.roles) - set(_ROLES)
        if unknown:
            raise ValueError(f"unknown roles {sorted(unknown)}: write {', '.join(_ROLES)}")


class PlanState(StrEnum):
    """What became of a plan after it was issued."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    REPLACED = "replaced"
    ISSUER_REORGANISED = "issuer_reorganised"


class Plan(_Fact, frozen=True):
    """A plan or action programme with everything the catalogue knows of it.

    Identity fields are null where the text is silent. `covers_from`/`covers_to` are the years for which its annual
    targets speak. `short` is the name in answers; `aliases` are what officers call it, its issuer or its place.
    """

    id: str
    kind: str
    title: str
    short: str
    issuer: str
    place: str
    carries_out: tuple[str, ...]
    aliases: tuple[str, ...]
    covers_from: int
    covers_to: int
    scope: str
    number: str | None = None
    issued_on: date | None = None
    signer: str | None = None
    signer_title: str | None = None
    issued_at: str | None = None
    state: PlanState = PlanState.IN_FORCE
    state_since: date | None = None
    state_note: str | None = None
    replaced_by: str | None = None
    recipients: tuple[str, ...] = ()
    subjects: tuple[OwnSubject, ...] = ()
    targets: tuple[Target, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    tasks: tuple[Task, ...] = ()

    @property
    def given_tasks(self) -> tuple[Task, ...]:
        """The tasks that it gives, without words that are only quoted."""
        return tuple(task for task in self.tasks if not task.quoted)

    @property
    def citation(self) -> str:
        """How an answer names the plan: by its number if it has one, otherwise by its issuer."""
        return f"{self.number} ({self.short})" if self.number else self.short


def find_present(plans: Mapping[str, Plan], plan_id: str) -> Plan | None:
    """The plan of that id, or the one that stands in its place since it was replaced; None where it is not known.

    Args:
        plans: by id.
    """
    passed: set[str] = set()
    plan = plans.get(plan_id)
    while plan is not None and plan.id not in passed:
        passed.add(plan.id)
        follower = plans.get(plan.replaced_by or "")
        if follower is None:
            break
        plan = follower
    return plan
