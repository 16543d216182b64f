"""Outcomes of reading words about time: due dates, and the reasons why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any


class DateReason(StrEnum):
    """Why words about time were not understood; each deserves its own answer."""

    EMPTY = "empty"
    UNKNOWN_WORDS = "unknown_words"
    NO_DATE = "no_date"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_TIME = "no_such_time"
    VAGUE = "vague"
    AMBIGUOUS = "ambiguous"
    LUNAR = "lunar"
    DAY_MISSING = "day_missing"
    MONTH_MISSING = "month_missing"
    PAST = "past"


@dataclass(frozen=True)
class Unclear:
    """Words about time that have no one meaning here.

    `words` are those that stood in the way, as written; `choices` are readings that could be offered.
    """

    reason: DateReason
    words: str = ""
    choices: tuple[Any, ...] = ()


class NotClearError(ValueError):
    """Raised where words about time are not clear, and caught inside this package; `choices` as in `Unclear`."""

    def __init__(self, reason: DateReason, choices: tuple[Any, ...] = ()) -> None:
        """Remember why."""
        super().__init__(reason.value)
        self.reason = reason
        self.choices = choices


@dataclass(frozen=True)
class DueDate:
    """A day by which something is due, with the time of day where one was given.

    `assumed` names what was filled in: `time` for a part of the day.
    """

    on: date
    at: time | None = None
    wording: str = field(default="", compare=False)
    assumed: frozenset[str] = field(default=frozenset(), compare=False)
