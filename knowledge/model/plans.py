"""What a plan says: its identity, targets, deadlines, tasks and who is to carry them out.

Every value is a fact of one plan in the project's own words; `section` always tells where in the plan it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

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


class _Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a catalogue file; a key that is not known is a mistake and is named on loading.

    Where a fact has `lines`, they are the lines of the plan's text as it was received (1-based, blank ones counted).
    """


ANNUAL = "annual"
_HORIZON = re.compile(r"annual|20\d\d")
_DIGITS = re.compile(r"\d+(?:\.\d{3})*")


class Target(_Fact, frozen=True):
    """One figure that a plan sets.

    `value` (and `value_max` for a range) is in `unit`: percent is 0–100, people are people. `figure` is the figure as a
    reader is shown it, with the plan's own comparator words and unit ("từ 80% trở lên"). `scopes` are the populations
    it is measured on (ids of the glossary's scopes, any of them), `population` the same in words. `horizon` is
    "annual" or the year as text; `each_year` marks a yearly pace, also one set inside a staged horizon.
    """

    id: str
    indicator: str
    figure: str
    population: str
    section: str
    horizon: str
    comparator: Comparator
    value: int | None = None
    value_max: int | None = None
    unit: str | None = None
    scopes: tuple[str, ...] = ()
    each_year: bool = False
    note: str | None = None

    lines: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a target that contradicts itself: a range without an end, a figure that shows another number."""
        if not _HORIZON.fullmatch(self.horizon):
            raise ValueError(f"horizon must be 'annual' or a year, not {self.horizon!r}")
        if (self.value is None) != (self.comparator is Comparator.QUALITATIVE):
            raise ValueError("a target has a value unless its comparator is 'qualitative'")
        if (self.value_max is None) == (self.comparator is Comparator.RANGE):
            raise ValueError("value_max belongs to the comparator 'range', and only to it")
        if self.value is not None and self.unit is None:
            raise ValueError("a value needs its unit")
        shown = [int(number.replace(".", "")) for number in _DIGITS.findall(self.figure)]
        stated = [number for number in (self.value, self.value_max) if number is not None]
        if shown != stated:
            raise ValueError(f"figure shows {shown}, but the target states {stated}")


class OwnSubject(_Fact, frozen=True):
    """A subject that only this plan has: `id` is what its targets name as indicator, `names` what officers say."""

    id: str
    name: str
    names: tuple[str, ...] = ()
    short: str | None = None


class Deadline(_Fact, frozen=True):
    """Something that falls due once (`due`, a date) or again and again (`recurrence`), as the plan words it (`when`).

    `recurrence` is "yearly", "every 6 months", "every 3 months" or "regular" where the plan gives no interval; `rule`
    is the code of its days where the plan names them ("month/12:11.d15"). `owed_by` are the kinds of unit whose duty it
    is; empty where it is nobody's of the union.
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

    def __post_init__(self) -> None:
        """Refuse a deadline that never falls due, or an unknown recurrence."""
        neither = self.due is None and self.recurrence is None
        if (neither and self.kind not in {"meeting", "review"}) or (
            self.due is not None and self.recurrence is not None
        ):
            raise ValueError(
                "a deadline has either a due date or a recurrence; only a meeting or a review may have neither"
            )
        if self.recurrence not in {None, "yearly", "every 6 months", "every 3 months", "regular"}:
            raise ValueError(f"unknown recurrence {self.recurrence!r}")
        if self.rule is not None and self.recurrence is None:
            raise ValueError("only a deadline that recurs has a rule")
        if self.kind not in {"report", "meeting", "dialogue", "review", "task"}:
            raise ValueError(f"unknown kind of deadline {self.kind!r}")


class Task(_Fact, frozen=True):
    """A numbered task, or a point of the organisation part, in one line.

    `section` is the number an officer would look it up by ("III.4.3.2"); `label` is shown where the number alone would
    not find it. `lead` are those responsible where the plan says so, `with_` those who take part. `keywords` are words
    officers would search it by beyond those of `summary`; `refs` are the numbers of documents it cites.
    """

    section: str
    summary: str
    lead: tuple[str, ...] = ()
    with_: tuple[str, ...] = msgspec.field(default=(), name="with")
    keywords: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    label: str | None = None
    roles: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse unknown roles; `roles` tells what its lead does: leads, follows up, reports, inspects …"""
        unknown = set(self.roles) - {
            "lead",
            "follow_up",
            "report",
            "inspect",
            "publicise",
            "advise",
            "fund",
            "carry_out",
        }
        if unknown:
            raise ValueError(f"unknown roles {sorted(unknown)}")


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


def list_governing(plans: Mapping[str, Plan], plan_id: str) -> tuple[Plan, ...]:
    """The plans that speak for units where that one was set: those of its issuer, in force before ended, newest first.

    What has been replaced is not among them. Empty where the plan is not known.

    Args:
        plans: by id.
    """
    present = find_present(plans, plan_id)
    if present is None:
        return ()
    own = [plan for plan in plans.values() if plan.issuer == present.issuer and plan.state is not PlanState.REPLACED]
    return tuple(sorted(own, key=lambda plan: (plan.state is PlanState.ENDED, -plan.covers_from, plan is not present)))
