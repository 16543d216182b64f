"""One figure that is said of a row, and the time that it is of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from knowledge.numbers import Reason


class Time(Enum):
    """The time that a figure is of, seen from the period reported."""

    UNSAID = auto()
    OWN = auto()
    YEAR = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class FigureTold:
    """One figure said of a row.

    `values` are its readings, the likeliest first, none for a `reason`; `is_shaken` where it is no sure one; `is_part`
    where it is said to be a part of another.
    """

    at: int
    end: int
    values: tuple[Decimal, ...]
    time: Time = Time.UNSAID
    is_shaken: bool = False
    is_part: bool = False
    reason: Reason | None = None
