"""A plan as the database keeps it: what became of it, since when, and its content where it has one there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from knowledge.model.plans import Plan


class PlanStatus(StrEnum):
    """What became of a plan: read → in force → replaced or withdrawn."""

    READ = "read"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan of the database.

    Attributes:
        version: the row of this content; another content of the same plan has another one.
        plan: what it says; None for a plan that comes with the program, of which only the status is kept.
        replaced_by: the id of the plan that replaced it, only while its status is `replaced`.
        in_force_from: the day from which it holds; None where it holds since it was approved.
        by: who changed it last, a row of people; None for an operator at the command line.
        file: the hash of the file it was read from.
    """

    version: int
    plan_id: str
    status: PlanStatus
    plan: Plan | None
    replaced_by: str | None
    in_force_from: date | None
    added_at: datetime
    changed_at: datetime
    by: int | None = None
    file: str | None = None
