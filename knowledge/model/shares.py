"""Targets handed down: a goal of one year, and what each unit is to reach of it, in versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from knowledge.model.plans import PERCENT

_MERGED: Final = re.compile(r"merged:(\d{1,18})")


class ShareAnswer(StrEnum):
    """What a unit said to the share it was given."""

    CLEAR = "clear"
    OBJECTED = "objected"


class SettledOpinion(StrEnum):
    """What became of a unit's opinion."""

    CHANGED = "changed"
    KEPT = "kept"


def merger_reason(other_id: int) -> str:
    """The reason of a version that a merger made: the id of the unit that came, or of the one it went into."""
    return f"merged:{other_id}"


@dataclass(frozen=True, slots=True)
class Goal:
    """Something of one year that a unit hands down.

    Attributes:
        unit_id: the unit that owns it.
        name: as it is shown, in the plan's words or the unit's own.
        measured_in: the unit of measure, "đoàn viên", "%".
        indicator: the subject it is about, where known.
        plan_id: the plan that sets it, and in it the id of the `target`; both None for one of the unit's own.
        closed_at: since when it is not followed any more.
    """

    id: int
    unit_id: int
    year: int
    name: str
    measured_in: str
    indicator: str | None = None
    plan_id: str | None = None
    target: str | None = None
    created_by: int | None = None
    created_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_percent(self) -> bool:
        """Whether it holds for each unit as it is, instead of being divided among them."""
        return self.measured_in == PERCENT


@dataclass(frozen=True, slots=True)
class Share:
    """One version of what a unit is to reach of a goal.

    Attributes:
        given_by: the unit right above that handed it down; None for the owner's own amount.
        number: of the version, from 1.
        value: in the goal's unit of measure, 0–100 for a percentage; None where it was taken back or ended by a merger.
        reason: why it differs from the version before, where that was said.
        set_by: a person's id, as are `answered_by` and `settled_by`.
        answer: what the unit said to it, `remark` with which words.
        settled: what became of an opinion; None while it is open.
    """

    id: int
    goal_id: int
    unit_id: int
    given_by: int | None
    number: int
    value: Decimal | None
    is_current: bool
    reason: str | None
    set_by: int | None
    set_at: datetime
    answer: ShareAnswer | None = None
    remark: str | None = None
    answered_by: int | None = None
    answered_at: datetime | None = None
    settled: SettledOpinion | None = None
    settled_by: int | None = None
    settled_at: datetime | None = None

    @property
    def merged_with(self) -> int | None:
        """The id of the unit that came with a merger, or into which the holder went; None for any other version."""
        found = _MERGED.fullmatch(self.reason or "")
        return int(found[1]) if found else None

    @property
    def is_open(self) -> bool:
        """Whether there is an opinion that nobody has decided on."""
        return self.answer is ShareAnswer.OBJECTED and self.settled is None


@dataclass(frozen=True, slots=True)
class HeldShare:
    """A goal with the share of it that holds for a unit: its own, or for a percentage that of the nearest above."""

    goal: Goal
    share: Share


@dataclass(frozen=True, slots=True)
class Changed:
    """A share before and after a change; `before` is None where there was none."""

    before: Share | None
    after: Share

    @property
    def old(self) -> Decimal | None:
        """What was to be reached before; None where nothing was."""
        return self.before.value if self.before else None
